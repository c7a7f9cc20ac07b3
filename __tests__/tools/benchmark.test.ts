import { madeUpSites } from "../../tools/benchmark/programs";
import { type Cost, median, medians, ratios, text } from "../../tools/benchmark/report";

const cost = (work: number, total: number): Cost => ({ stacks: 3, work, total, memory: 100 });

test("a median is not moved by one run that was disturbed", () => {
  expect(median([1, 100, 2])).toBe(2);
  expect(median([1, 2, 3, 100])).toBe(2.5);
  expect(medians([cost(1, 2), cost(9, 9), cost(1, 4)])).toEqual(cost(1, 4));
});

test("ratios compare the whole process with an empty one, and the work of one site among many with one among few", () => {
  const costs = { empty: cost(0, 2), sites: cost(1, 3), copy: cost(1, 2), few: cost(10, 12), many: cost(240, 250) };
  expect(ratios(costs, 5, 100).map(({ ratio, goal }) => [ratio, goal])).toEqual([
    [1.5, 1.3],
    [1, undefined],
    [1.2, 1.1],
  ]);
  expect(text([{ program: "p", runs: [cost(1, 2)] }], ratios(costs, 5, 100)).match(/missed/g)).toHaveLength(2);
});

test("made-up sites are sites, each with a name of its own", async () => {
  expect((await madeUpSites(2)).map(({ name }) => name)).toEqual(["made-up-0", "made-up-1"]);
});
