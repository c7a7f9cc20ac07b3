import { review } from "../../review/build";
import { readPlan } from "../../review/read/plan";
import { madeUpPlan } from "../../tools/benchmark/made-up-plan";
import { bindings, madeUpSites } from "../../tools/benchmark/programs";
import { type Cost, median, medians, figures, reportText } from "../../tools/benchmark/report";
import { allStacks } from "../support/sites";

const cost = (work: number, total: number): Cost => ({ size: 3, work, total, memory: 100 });

test("a median is not moved by one run that was disturbed", () => {
  expect(median([1, 100, 2])).toBe(2);
  expect(median([1, 2, 3, 100])).toBe(2.5);
  expect(medians([cost(1, 2), cost(9, 9), cost(1, 4)])).toEqual(cost(1, 4));
});

test("figures compare whole processes with an empty one and seconds with a goal, and work by its size", () => {
  const costs = {
    empty: cost(0, 2),
    bindings: cost(0, 2.5),
    sites: cost(1, 3),
    copy: cost(1, 2),
    love: cost(3, 6),
    loveless: cost(2, 5),
    few: { ...cost(10, 12), size: 15 },
    many: { ...cost(240, 250), size: 300 },
    review: { ...cost(1, 1.5), size: 1000 },
    large: { ...cost(4.2, 5), size: 4000 },
  };
  expect(figures(costs).map(({ is, goal }) => [Number(is.toFixed(6)), goal])).toEqual([
    [1.5, 1.3],
    [1.25, undefined],
    [1, undefined],
    [1.2, 1.5],
    [1.5, undefined],
    [1.2, 1.1],
    [1.5, 2],
    [1.05, 1.1],
  ]);
  const shown = reportText([{ program: "p", runs: [cost(1, 2)] }], figures(costs));
  expect([shown.match(/missed/g)?.length, shown.match(/\bmet\b/g)?.length]).toEqual([2, 3]);
});

test("a made-up plan is a plan with so many changes, of every action, in Helm values too", () => {
  const plan = readPlan(madeUpPlan(allStacks(), 400));
  expect(new Set(plan.resources.map(({ address }) => address)).size).toBe(400);
  expect([...new Set(plan.resources.map(({ action }) => action))].sort()).toEqual([
    "create",
    "delete",
    "replace",
    "update",
  ]);
  const layers = [{ layer: "efd", stack: "made-up-efd", plan }];
  const found = review({ site: "made-up", title: "", comparison: { kind: "plan" }, allowDestroys: [], layers });
  const changes = found.layers.flatMap((layer) => layer.changes);
  expect(changes).toHaveLength(400);
  expect(
    changes.filter(({ release }) => release?.objects.some(({ action }) => action === "update")).length,
  ).toBeGreaterThan(3);
  expect(changes.filter(({ release }) => (release?.values.length ?? 0) > 0).length).toBeGreaterThan(3);
});

test("made-up sites are sites, each with a name of its own", async () => {
  expect((await madeUpSites(2)).map(({ name }) => name)).toEqual(["made-up-0", "made-up-1"]);
});

test("the bindings are the modules of provider packages that constructs and stacks load", () => {
  const found = bindings();
  expect(found).toContain("@cdktf/provider-kubernetes/lib/deployment-v1");
  expect(
    found.filter(
      (name) => !/^@cdktf\/provider-(docker|google|helm|kubernetes|local|random|tls)\/lib\/[a-z0-9-]+$/.test(name),
    ),
  ).toEqual([]);
});
