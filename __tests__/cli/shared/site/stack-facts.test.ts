import { dockerResources, figuresOf, requiredInputs } from "../../../../cli/shared/site/stack-facts";
import { StackView, type TerraformJson } from "../../../../synthesized/stack";
import { overviewTable } from "../../../../cli/start";

const stackOf = (json: TerraformJson) => new StackView("toy", "efd" as const, JSON.stringify(json), []);

const pool = `
resources:
  - kind: KafkaNodePool
    metadata: {name: broker}
    spec:
      replicas: 3
      storage: {type: jbod, volumes: [{id: 0, size: 10Gi}, {id: 1, size: 5Gi}]}
  - kind: KafkaNodePool
    metadata: {name: controller}
    spec: {replicas: 1, storage: {type: persistent-claim, size: 1Gi}}
  - kind: IngressRoute
    metadata: {name: ui}
    spec: {routes: [{match: "Host(\`ui.example.org\`)"}]}
`;

const stack = stackOf({
  terraform: { required_providers: { kubernetes: {}, helm: {} } },
  resource: {
    helm_release: {
      ours: { name: "kafka", chart: "./assets/resources", values: [pool] },
      upstream: { name: "influxdb", chart: "influxdb", repository: "https://charts.example.org", values: ["a: 1"] },
      mirrored: { name: "chronograf", chart: "/charts/chronograf-1.2.6.tgz" },
    },
    kubernetes_persistent_volume_claim_v1: {
      a: { spec: { resources: { requests: { storage: "8Gi" } } } },
      b: { spec: [{ resources: [{ requests: { storage: "512Mi" } }] }] },
    },
    kubernetes_ingress_v1: {
      a: { metadata: { name: "influxdb" }, spec: { rule: [{ host: "influxdb.example.org" }] } },
    },
  },
});

test("figures are read from the stack", () => {
  expect(figuresOf(stack)).toEqual({
    resources: 6,
    providers: ["helm", "kubernetes"],
    charts: ["chronograf", "influxdb"],
    hosts: ["influxdb.example.org", "ui.example.org"],
    storage: (8 + 0.5 + 3 * 15 + 1) * 2 ** 30,
  });
});

test("the hosts of a cluster are its Docker hosts", () => {
  const docker = [
    { alias: "a", host: "ssh://one" },
    { alias: "b", host: "ssh://two" },
  ];
  expect(figuresOf(stackOf({ provider: { docker } }))).toMatchObject({
    hosts: ["ssh://one", "ssh://two"],
    resources: 0,
    storage: 0,
  });
});

test("the overview has a row for each layer", () => {
  const text = overviewTable([stack]);
  expect(text.split("\n")).toEqual([
    "site  layer  resources  providers        charts  hosts  storage",
    "----  -----  ---------  ---------------  ------  -----  -------",
    "toy   efd            6  helm kubernetes       2      2  54.5Gi",
  ]);
});

test("objects are read from our own chart's values only where they are objects", () => {
  expect(stack.customResources().map((one) => one.kind)).toEqual(["KafkaNodePool", "KafkaNodePool", "IngressRoute"]);
});

test("required inputs are the variables without default, each once", () => {
  const variable = { a: { description: "what it is" }, b: { default: "" }, c: {} };
  expect(requiredInputs([stackOf({ variable }), stackOf({ variable })])).toEqual([
    { name: "a", description: "what it is", secret: false },
    { name: "c", description: "not described", secret: false },
  ]);
});

test("what stands on Docker hosts is found through its provider", () => {
  const stack = stackOf({
    provider: { docker: [{ host: "unix:///sock" }, { alias: "far", host: "ssh://far" }] },
    resource: {
      docker_container: { a: { name: "a" }, b: { name: "b", provider: "docker.far" } },
      docker_image: { k3s: { name: "k3s:v1", provider: "docker.far" } },
    },
  });
  expect(dockerResources(stack, {})).toEqual([
    { address: "docker_container.a", kind: "container", name: "a", host: "unix:///sock" },
    { address: "docker_container.b", kind: "container", name: "b", host: "ssh://far" },
    { address: "docker_image.k3s", kind: "image", name: "k3s:v1", host: "ssh://far" },
  ]);
});
