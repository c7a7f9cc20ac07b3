import { applyLayers, isSound, removeLayers } from "../../../../e2e/rehearsal/layers/apply";
import type { RehearsedLayer } from "../../../../e2e/rehearsal/layers/layer";
import { Interrupted, UserError } from "../../../../ground/errors";

const OUTCOME = { ok: true, changed: false, changes: { add: 2, change: 0, remove: 0 }, actions: [], errors: [] };

/** A layer whose apply, plan or removal fails. */
function layer(name: string, done: string[], fails?: "apply" | "plan" | "remove", error?: Error): RehearsedLayer {
  const step = (what: string, result: unknown) => () => {
    done.push(`${what} ${name}`);
    return what === fails
      ? Promise.reject(error ?? new UserError(`${name}: broken\n${name}: twice`))
      : Promise.resolve(result);
  };
  const stack = { name, resources: () => [] };
  return { stack, plan: step("plan", OUTCOME), apply: step("apply", OUTCOME), remove: step("remove", 1.5) } as never;
}

const status = (reports: { stack: string; status: string }[]) => reports.map((one) => `${one.stack} ${one.status}`);

test("each layer is planned, applied and planned again", async () => {
  const done: string[] = [];
  const reports = await applyLayers([layer("a", done), layer("b", done)]);
  expect(done).toEqual(["plan a", "apply a", "plan a", "plan b", "apply b", "plan b"]);
  expect(reports.every(isSound)).toBe(true);
});

test("above a layer that failed the plans are judged; with fail-fast nothing is", async () => {
  const done: string[] = [];
  const layers = [layer("a", done, "apply"), layer("b", done), layer("c", done, "plan")];
  const reports = await applyLayers(layers);
  expect(status(reports)).toEqual(["a failed", "b planned", "c failed"]);
  expect(reports[0]?.errors).toEqual(["broken", "twice"]);
  expect(status(await applyLayers(layers, { failFast: true }))).toEqual(["a failed", "b not run", "c not run"]);
  expect(reports.some(isSound)).toBe(false);
});

test("what was applied is removed, topmost first, also where a removal fails", async () => {
  const done: string[] = [];
  const layers = [layer("a", done), layer("b", done, "remove"), layer("c", done, "plan")];
  const reports = await removeLayers(layers, await applyLayers(layers));
  expect(done.filter((one) => one.startsWith("remove"))).toEqual(["remove c", "remove b", "remove a"]);
  expect(reports.map(({ destroy }) => destroy)).toEqual([1.5, undefined, 1.5]);
  expect(reports[1]?.errors).toEqual(["not removed: broken", "not removed: twice"]);
});

test("an interruption and our own mistakes end everything", async () => {
  await expect(applyLayers([layer("a", [], "apply", new Interrupted())])).rejects.toThrow(Interrupted);
  await expect(applyLayers([layer("a", [], "apply", new TypeError("ours"))])).rejects.toThrow(TypeError);
});
