import { Testing, TerraformStack } from "cdktf";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../../../synthesized/yaml";
import { CustomResources, type CustomResourcesProps } from "../../../constructs/kubernetes/custom-resources";
import { addressOf, at, built, only, readyJob, references } from "../support";

const thing = (name: string, spec: object = {}) => ({
  apiVersion: "example.org/v1",
  kind: "Thing",
  metadata: { name, labels: { own: "label" } },
  spec,
});
const awaited = { group: "example.org", kinds: ["things", "others"], timeout: 300 };

const view = (props: Partial<CustomResourcesProps> = {}) =>
  built((stack) => {
    new CustomResources(stack, "things", {
      name: "things",
      namespace: "toy",
      resources: [thing("one"), thing("two")],
      awaited,
      ...props,
    });
  });

test("goes through our own chart, rolled back when it fails", () => {
  const chart = readYaml(readFileSync(join(__dirname, "../../../charts/resources/Chart.yaml"), "utf8"));
  expect(only(view(), "helm_release")).toMatchObject({
    name: "things",
    namespace: "toy",
    chart: expect.stringMatching(/^\.\/assets\/resources-chart\//) as string,
    version: at(chart, "version"),
    atomic: true,
    wait: true,
    max_history: 5,
  });
  expect(view().resources("helm_release")[0]?.id).toBe("toy_things");
});

test("every object carries the release's label beside its own", () => {
  expect(view().customResources("Thing")).toMatchObject([
    { metadata: { name: "one", labels: { own: "label", "efd-release": "things" } } },
    { metadata: { name: "two", labels: { own: "label", "efd-release": "things" } } },
  ]);
});

test("one name of one kind is applied once", () => {
  const twice = { resources: [thing("one"), thing("two"), thing("one")] };
  expect(() => view(twice)).toThrow(
    "release things: got Thing toy/one twice. Allowed: once. Rename or remove one of them.",
  );
  const elsewhere = { ...thing("one"), metadata: { name: "one", namespace: "other" } };
  expect(() => view({ resources: [thing("one"), elsewhere, { ...thing("one"), kind: "Other" }] })).not.toThrow();
  expect(() =>
    view({ resources: [thing("one"), { ...elsewhere, metadata: { name: "one", namespace: "toy" } }] }),
  ).toThrow(/twice/);
});

test("a stack holds the chart once, however many releases it has", () => {
  const stack = new TerraformStack(Testing.app(), "toy");
  for (const name of ["one", "two", "three"])
    new CustomResources(stack, name, { name, namespace: "toy", resources: [thing(name)] });
  const charts = stack.node.findAll().filter((node) => node.constructor.name === "TerraformAsset");
  expect(charts).toHaveLength(1);
  const json = JSON.parse(Testing.synth(stack)) as { resource: { helm_release: Record<string, { chart: string }> } };
  expect(new Set(Object.values(json.resource.helm_release).map(({ chart }) => chart)).size).toBe(1);
});

test("the Job waits for this release's objects, after the release", () => {
  const one = view();
  const job = one.resource(readyJob(one, "things"));
  expect(at(job, "spec.template.spec.container.0.args")).toEqual([
    "wait",
    "--for=condition=Ready",
    "--timeout=300s",
    "--all-namespaces",
    "--selector=efd-release=things",
    "things.example.org,others.example.org",
  ]);
  expect(references(one).get(readyJob(one, "things"))).toContain(addressOf(one, "helm_release", "things"));
});

test.each([
  ["the Job", { awaited }, true],
  ["the release, where only the apply waits", { awaited: { ...awaited, dependentsWait: false } }, true],
  ["the release, where nothing is waited for", {}, false],
])("what depends on it waits for %s", (what, props, hasJob) => {
  const one = built((stack) => {
    const { ready } = new CustomResources(stack, "things", {
      name: "things",
      namespace: "toy",
      resources: [thing("one")],
      ...props,
    });
    new CustomResources(stack, "next", { name: "next", namespace: "toy", resources: [], dependsOn: [ready] });
  });
  expect(one.resource("helm_release.toy_next")["depends_on"]).toEqual([
    what === "the Job" ? readyJob(one, "things") : "helm_release.toy_things",
  ]);
  expect(one.resources("kubernetes_job_v1")).toHaveLength(hasJob ? 1 : 0);
});

test("other content is another Job, the same content the same", () => {
  const name = (props: Partial<CustomResourcesProps>) => at(only(view(props), "kubernetes_job_v1"), "metadata.name");
  const first = name({});
  expect(first).toMatch(/^ready-things-[0-9a-f]{8}$/);
  expect(name({})).toBe(first);
  expect(name({ resources: [thing("one"), thing("two", { a: 1 })] })).not.toBe(first);
  expect(name({ resources: [thing("one")] })).not.toBe(first);
});

test("what it needs comes before", () => {
  const two = built((stack) => {
    const operator = new CustomResources(stack, "first", { name: "first", namespace: "toy", resources: [] });
    new CustomResources(stack, "second", {
      name: "second",
      namespace: "toy",
      resources: [],
      dependsOn: [operator.ready],
    });
  });
  expect(two.resource("helm_release.toy_second")["depends_on"]).toEqual(["helm_release.toy_first"]);
});

test("an object's own namespace stays", () => {
  const [object] = view({
    resources: [{ ...thing("one"), metadata: { name: "one", namespace: "elsewhere" } }],
  }).customResources();
  expect(object?.metadata.namespace).toBe("elsewhere");
});
