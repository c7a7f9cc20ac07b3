import { whyBlocked } from "../../../cli/shared/session/layer-results";
import { exitCodeOfLayers, type LayerResult, printLayerResults } from "../../../cli/shared/session/layer-results";
import type { Session } from "../../../cli/shared/session/session";
import { deploy } from "../../../cli/deploy";
import { destroy } from "../../../cli/destroy";
import { LAYERS, type Layer } from "../../../environments/derived/layers";
import { SITE_NAMES } from "../../support/sites";
import { context } from "../support";

function session(applied: Partial<Record<Layer, string[]>>) {
  return {
    environment: { name: "toy" },
    upstream: (layer: Layer) => LAYERS[LAYERS.indexOf(layer) - 1],
    stack: (layer: Layer) => ({ name: `toy-${layer}` }),
    applied: (layer: Layer) => Promise.resolve(applied[layer] ?? []),
  } as unknown as Session;
}

const result = (layer: Layer, status: LayerResult["status"]): LayerResult => ({
  layer,
  stack: `toy-${layer}`,
  status,
  lines: [],
});

test("a layer is blocked while the one below is not applied, and told what to run", async () => {
  expect(await whyBlocked(session({ cluster: ["a.b"] }), "efd", [])).toBe(
    "it depends on toy-platform, which is not applied: npm run deploy -- toy platform",
  );
  expect(await whyBlocked(session({}), "efd", [])).toBe(
    "it depends on toy-platform, which is not applied: npm run deploy -- toy",
  );
});

test("the first layer stands on nothing, and an applied one carries", async () => {
  expect(await whyBlocked(session({}), "cluster", [])).toBeUndefined();
  expect(await whyBlocked(session({ platform: ["a.b"] }), "efd", [])).toBeUndefined();
});

test("a layer that failed in the same run carries nothing, however much of it stands", async () => {
  const stands = session({ platform: ["a.b"] });
  expect(await whyBlocked(stands, "efd", [result("platform", "failed")])).toBe("toy-platform was not applied");
  expect(await whyBlocked(stands, "efd", [result("platform", "unchanged")])).toBeUndefined();
});

test("exit codes", () => {
  expect(exitCodeOfLayers([result("cluster", "applied"), result("efd", "unchanged"), result("efd", "kept")])).toBe(0);
  for (const status of ["failed", "blocked", "declined"] as const)
    expect(exitCodeOfLayers([result("cluster", "applied"), result("efd", status)])).toBe(1);
});

test("results are a table, then what there is to say", () => {
  const { output, out } = context();
  printLayerResults(output, [
    { ...result("cluster", "applied"), changes: { add: 3, change: 1, remove: 0 }, seconds: 4.2 },
    { ...result("efd", "failed"), lines: ["release.a: odd"] },
  ]);
  expect(out.text).toBe(
    [
      "layer        status   resources  time",
      "-----------  -------  ---------  -----",
      "toy-cluster  applied  +3 ~1 -0   4.2 s",
      "toy-efd      failed   -          -",
      "toy-efd: release.a: odd",
      "",
    ].join("\n"),
  );
});

test.each(SITE_NAMES)("without a terminal nothing happens to %s, and nothing runs", async (site) => {
  await expect(deploy(context(), site, undefined, {})).rejects.toThrow(/^there is no terminal to ask on: add --yes/);
  await expect(destroy(context(), site, undefined, {})).rejects.toThrow(/^there is no terminal .*--confirm/);
});

test("a yes is not enough to destroy a site with a layer that may not be destroyed", async () => {
  const precious = SITE_NAMES.filter((site) => site !== "local");
  expect(precious.length).toBeGreaterThan(0);
  for (const site of precious)
    await expect(destroy(context(), site, undefined, { yes: true })).rejects.toThrow(/--confirm/);
});
