import type { TerraformJson } from "../../../synthesized/stack";
import { type LayerInput, review } from "../../../review/build";
import { compareStacks, stackGone } from "../../../review/read/revisions";
import { verdict } from "../../../review/render/verdict";
import { allStacks } from "../../support/sites";

const SITE_STACKS = allStacks().map(({ name, json }) => [name, json] as const);

function compared(base: TerraformJson, head: TerraformJson) {
  return review({
    site: "toy",
    title: "toy",
    comparison: { kind: "base", base: "main" },
    allowDestroys: [],
    layers: [{ layer: "cluster", stack: "toy-cluster", plan: compareStacks(base, head) }],
  });
}

/** A copy of a stack, its text changed. */
function edited(json: TerraformJson, from: string | RegExp, to: string): TerraformJson {
  const text = JSON.stringify(json);
  const changed = text.replaceAll(from instanceof RegExp ? new RegExp(from, "g") : from, to);
  expect(changed).not.toBe(text);
  return JSON.parse(changed) as TerraformJson;
}

test.each(SITE_STACKS)("%s does not differ from itself", (_name, json) => {
  const { findings, layers, risk } = compared(json, json);
  expect({ findings, changes: layers[0]?.changes, risk }).toEqual({ findings: [], changes: [], risk: undefined });
});

const stack = (name: string): TerraformJson => {
  const found = SITE_STACKS.find(([each]) => each === name);
  if (!found) throw new Error(`no stack ${name}`);
  return found[1];
};

const findingsOf = (base: TerraformJson, head: TerraformJson): string[] =>
  compared(base, head).findings.map(({ risk, what }) => `${risk}: ${what}`);

test("another release of k3s replaces every node", () => {
  const cluster = stack("local-cluster");
  const image = /rancher\/k3s:v1\.\d+\.\d+-k3s1/;
  expect(
    findingsOf(edited(cluster, image, "rancher/k3s:v1.36.0-k3s1"), edited(cluster, image, "rancher/k3s:v1.37.1-k3s1")),
  ).toEqual(
    expect.arrayContaining([
      "interrupts: k3s goes from v1.36.0-k3s1 to v1.37.1-k3s1 on master",
      "interrupts: k3s goes from v1.36.0-k3s1 to v1.37.1-k3s1 on kube-0",
      "interrupts: the k3s server master is replaced",
      "interrupts: the k3s agent kube-0 is replaced",
    ]),
  );
  expect(
    findingsOf(edited(cluster, image, "rancher/k3s:v1.37.1-k3s1"), edited(cluster, image, "rancher/k3s:v1.36.0-k3s1")),
  ).toContain("loses data: k3s goes down from v1.37.1-k3s1 to v1.36.0-k3s1 on master");
});

test("a Docker volume with another name loses the datastore", () => {
  const cluster = stack("local-cluster");
  expect(findingsOf(cluster, edited(cluster, '"name":"master-k3s"', '"name":"master-data"'))).toContain(
    "loses data: Docker volume master-k3s is replaced",
  );
});

test("a cluster or node pool of Google in another place is replaced", () => {
  const cluster = stack("gcp-cluster");
  const found = findingsOf(cluster, edited(cluster, /"location":"[^"]+"/, '"location":"europe-west1-b"'));
  expect(found).toContainEqual(expect.stringMatching(/^loses data: GKE cluster .* is replaced$/));
  expect(found).toContainEqual(expect.stringMatching(/^interrupts: node pool .* is replaced$/));
});

test("a protection that goes and another provider are seen", () => {
  const platform = stack("summit-platform");
  expect(findingsOf(platform, edited(platform, '"prevent_destroy":true', '"prevent_destroy":false'))).toEqual([
    expect.stringMatching(
      /^harmless: namespace cert-manager is no longer protected; the same for \d+ more: namespace /,
    ),
  ]);
  const helm = platform.terraform?.required_providers?.["helm"]?.version ?? "";
  expect(findingsOf(platform, edited(platform, `"version":"${helm}"`, '"version":"9.9.9"'))).toEqual([
    `harmless: the provider helm goes from ${helm} to 9.9.9`,
  ]);
});

test("a site that leaves the program is the first thing that is said, and nothing of it is destroyed", () => {
  const input = (...layers: LayerInput[]) =>
    review({ site: "toy", title: "toy", comparison: { kind: "base", base: "main" }, allowDestroys: [], layers });
  const gone = (layer: string) => ({ layer, stack: `toy-${layer}`, plan: stackGone(`toy-${layer}`) });
  const whole = input(gone("cluster"), gone("efd"));
  expect(whole.findings.map(({ rule, stack: of }) => [rule, of])).toEqual([
    ["stack-leaves", "toy-cluster"],
    ["stack-leaves", "toy-efd"],
  ]);
  expect(whole.layers.map(({ counts }) => counts)).toEqual([{ forget: 1 }, { forget: 1 }]);
  expect(verdict(whole).headline).toMatch(/^The site leaves the program: nothing is destroyed/);
  expect(whole.findings[0]?.remedy).toContain("npm run destroy -- toy cluster before this is merged");
  const layer = stack("summit-efd");
  const part = input({ layer: "efd", stack: "toy-efd", plan: compareStacks(layer, layer) }, gone("cluster"));
  expect(verdict(part).headline).not.toMatch(/site leaves/);
  expect(verdict(part).notes).toContain("Left without a program, for it is no longer in this one: toy-cluster.");
});

test("an upgrade of a chart says both versions", () => {
  const platform = stack("summit-platform");
  const version = /("chart":"strimzi-kafka-operator"[^}]*?"version":")[^"]+/;
  const head = JSON.parse(JSON.stringify(platform).replace(version, "$19.0.0")) as TerraformJson;
  const found = compared(platform, head);
  expect(found.findings.map(({ rule, risk }) => [rule, risk])).toEqual([["chart-upgrade", "restarts"]]);
  expect(found.layers[0]?.changes[0]?.release?.chart.to).toBe("9.0.0");
});

test("a site that is new is made, and nothing of it is at risk", () => {
  const found = compared({}, stack("summit-efd"));
  expect(found.layers[0]?.changes.every(({ action }) => action === "create")).toBe(true);
  expect(found.findings.filter(({ risk }) => risk === "loses data" || risk === "interrupts")).toEqual([]);
});

describe("a route at another address", () => {
  const efd = stack("local-efd");
  const [address = "", body] = Object.entries(efd.resource?.["kubernetes_ingress_v1"] ?? {}).find(([, ingress]) =>
    JSON.stringify(ingress).includes('"influxdb-local-efd.'),
  ) ?? ["", undefined];
  const without = (): TerraformJson => {
    const copy = structuredClone(efd);
    Reflect.deleteProperty(copy.resource?.["kubernetes_ingress_v1"] ?? {}, address);
    return copy;
  };
  const moved = without();
  Object.assign(moved.resource?.["kubernetes_ingress_v1"] ?? {}, { elsewhere: structuredClone(body) });

  test("cuts nobody off for good where another one has its host", () => {
    const lines = findingsOf(efd, moved);
    expect(lines.filter((line) => line.includes("nothing answers"))).toEqual([]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^interrupts: ingress .* is deleted, ingress .* answers at influxdb-local-efd\.localhost/),
    );
  });

  test("cuts its clients off where none has it", () => {
    expect(findingsOf(efd, without())).toContainEqual(
      expect.stringMatching(/^interrupts: nothing answers at influxdb-local-efd\.localhost any more/),
    );
  });
});
