/** Stub charts, against what the real ones make where that is known. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crdsOf } from "../../../../e2e/rehearsal/charts/crds";
import { chartName, makeStubs, STUBS } from "../../../../e2e/rehearsal/charts/stubs";
import { readYaml } from "../../../../synthesized/yaml";
import { CHARTS } from "../../../../ground/versions";
import { CHECKOUT, SITE_NAMES, stack } from "../../../support/sites";
import { ends } from "../../../cli/support";

const OBJECTS = join(CHECKOUT, "..", "shared", "data", "charts", "objects.tsv");
const KINDS = ["Deployment", "StatefulSet", "Service", "Secret"];
/** Rendered only with values that we set and the table's defaults do not. */
const BY_OUR_VALUES = ["kapacitor Deployment x-kapacitor "];

const [site = ""] = SITE_NAMES;
const stacks = () => [stack(site, "platform"), stack(site, "efd")];

test("there is a stub for every chart of the catalogue", () => {
  expect(Object.keys(STUBS)).toEqual(expect.arrayContaining(Object.values(CHARTS).map(({ chart }) => chart)));
});

const known = existsSync(OBJECTS) ? test : test.skip;
known("stubs make what the real charts make", () => {
  const rows = readFileSync(OBJECTS, "utf8")
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));
  for (const { chart, version } of Object.values(CHARTS)) {
    const real = rows
      .filter(([name, number, kind]) => name === chart && number === version && KINDS.includes(kind ?? ""))
      .map(([name, , kind, object, , ports]) => `${name} ${kind} ${object} ${ports}`);
    const ours = (STUBS[chart] ?? []).map(({ kind, name, ports = "" }) => `${chart} ${kind} ${name} ${ports}`);
    expect(ours.filter((one) => !BY_OUR_VALUES.includes(one)).sort()).toEqual(real.sort());
  }
});

test("every chart that a site's stacks name becomes a package with its version, and a CRD for every kind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-stubs-"));
  try {
    const packed: string[] = [];
    const run = (_command: string, args: readonly string[]) => {
      packed.push(String(args[1]));
      return Promise.resolve({ code: 0, stdout: "", stderr: "" });
    };
    const madeUp = await makeStubs(stacks(), { folder, run, env: {} });
    expect(madeUp).toEqual(expect.arrayContaining(["Kafka", "ExternalSecret", "Certificate"]));
    const strimzi = `${CHARTS.strimzi.chart}-${CHARTS.strimzi.version}`;
    expect(packed).toContain(join(folder, `${strimzi}.tgz`));
    const inside = join(folder, "source", strimzi, CHARTS.strimzi.chart);
    expect(readYaml(readFileSync(join(inside, "Chart.yaml"), "utf8"))).toMatchObject({
      version: CHARTS.strimzi.version,
    });
    // Otherwise Helm would pass on the null by which we take the chart's own limit away.
    expect(readYaml(readFileSync(join(inside, "values.yaml"), "utf8"))).toEqual({
      resources: { limits: { cpu: "taken away" } },
    });
    expect(readdirSync(join(inside, "crds"))).toContain("kafkas.kafka.strimzi.io.yaml");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what no stub is known for is told", async () => {
  const other = {
    releases: () => [{ name: "a", namespace: "a", body: { chart: "unknown", version: "1.0.0" }, values: {} }],
  };
  const props = { folder: "/nonexistent", run: ends({}), env: {} };
  await expect(makeStubs([other as never], props)).rejects.toThrow(/no stub for the chart unknown/);
});

test("a made-up CRD is of the scope that its kind has", () => {
  const { crds } = crdsOf(stacks());
  const scope = (name: string) =>
    (readYaml(crds.find((one) => one.name === name)?.text ?? "{}") as { spec: { scope: string } }).spec.scope;
  expect(scope("clusterissuers.cert-manager.io")).toBe("Cluster");
  expect(scope("kafkatopics.kafka.strimzi.io")).toBe("Namespaced");
});

test("a chart is called the same out of a folder and out of its repository", () => {
  expect(chartName({ chart: "influxdb", version: "4.12.5" })).toBe("influxdb");
  expect(chartName({ chart: "/charts/cert-manager-v1.21.1.tgz", version: "v1.21.1" })).toBe("cert-manager");
});
