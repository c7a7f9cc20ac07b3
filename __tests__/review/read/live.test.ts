/** What of a live object counts as changed by hand. */
import { liveOf } from "../../../review/read/live";

const deployment = (spec: object, more: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "toy", ...more },
  spec,
});
const pod = (containers: readonly object[], more: object = {}) => ({ template: { spec: { containers, ...more } } });
const book = (manager: string, fieldsV1: object, more: object = {}) => ({
  managedFields: [{ manager, operation: "Update", time: "2026-01-02T03:04:05Z", fieldsV1, ...more }],
});
const env = (name: string, value: string) => ({ name, value });
const hand = (...keys: string[]) => keys.reduceRight<object>((inner, key) => ({ [key]: inner }), {});

test("what the API server fills in is nobody's change", () => {
  const manifest = deployment(pod([{ name: "a", image: "x", ports: [{ containerPort: 80 }], securityContext: {} }]));
  const live = deployment(
    {
      replicas: 1,
      template: {
        spec: {
          containers: [
            { name: "a", image: "x", ports: [{ containerPort: 80, protocol: "TCP" }], imagePullPolicy: "Always" },
          ],
          dnsPolicy: "ClusterFirst",
        },
      },
    },
    {
      uid: "1",
      annotations: { "deployment.kubernetes.io/revision": "1" },
      labels: { "app.kubernetes.io/managed-by": "Helm" },
    },
  );
  expect(liveOf(manifest, live).object).toEqual(manifest);
});

test.each([
  ["limits", { cpu: "1000m", memory: "1024Mi" }, { cpu: "1", memory: "1Gi" }],
  ["requests", { cpu: 1, "ephemeral-storage": "1000M" }, { cpu: "1", "ephemeral-storage": "1G" }],
])("quantities of %s in another spelling are the same, and another quantity is not", (key, written, kept) => {
  const manifest = deployment(pod([{ name: "a", resources: { [key]: written } }]));
  const live = (value: object) => deployment(pod([{ name: "a", resources: { [key]: value } }]));
  expect(liveOf(manifest, live(kept)).object).toEqual(manifest);
  expect(liveOf(manifest, live({ ...kept, cpu: "3" })).object).not.toEqual(manifest);
});

test("a text that looks like a quantity is a text elsewhere", () => {
  const map = (size: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { size } });
  expect(liveOf(map("1000m"), map("1")).object).toEqual(map("1"));
});

test("containers, variables and ports are known by name, not by place", () => {
  const [a, b] = [{ name: "a", env: [env("X", "1"), env("Y", "2")] }, { name: "b" }];
  const manifest = deployment(pod([a, b]));
  expect(liveOf(manifest, deployment(pod([b, { ...a, env: [env("Y", "2"), env("X", "1")] }]))).object).toEqual(
    manifest,
  );
  const changed = liveOf(manifest, deployment(pod([b, { ...a, env: [env("Y", "3"), env("X", "1")] }]))).object;
  expect(changed).toEqual(deployment(pod([{ ...a, env: [env("X", "1"), env("Y", "3")] }, b])));
});

test("what a controller adds to a merged list is no change, what kubectl adds is one, with its writer", () => {
  const manifest = deployment(pod([{ name: "a", env: [env("X", "1")] }]));
  const live = (meta: object) =>
    deployment(pod([{ name: "a", env: [env("X", "1"), env("NEW", "2")] }, { name: "sidecar" }]), meta);
  const path = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"a"}', "f:env", 'k:{"name":"NEW"}', "."];
  expect(liveOf(manifest, live(book("injector", hand(...path)))).object).toEqual(manifest);
  const found = liveOf(manifest, live(book("kubectl-set", hand(...path))));
  expect(found.object).toEqual(deployment(pod([{ name: "a", env: [env("X", "1"), env("NEW", "2")] }])));
  expect(found.writers).toEqual([{ manager: "kubectl-set", time: "2026-01-02T03:04:05Z" }]);
});

test("a list that is not merged belongs to its manifest: what comes, goes or moves is a change", () => {
  const kafka = (listeners: readonly object[]) => ({
    apiVersion: "kafka.strimzi.io/v1",
    kind: "Kafka",
    metadata: { name: "k" },
    spec: { listeners },
  });
  const [a, b] = [
    { name: "plain", port: 9092 },
    { name: "tls", port: 9093 },
  ];
  expect(liveOf(kafka([a]), kafka([a, b])).object).toEqual(kafka([a, b]));
  expect(liveOf(kafka([a, b]), kafka([b])).object).toEqual(kafka([b]));
  const args = (of: string[]) => deployment(pod([{ name: "a", args: of }]));
  expect(liveOf(args(["-x"]), args(["-x", "-y"])).object).toEqual(args(["-x", "-y"]));
});

test("a field that only kubectl wrote is a change; a restart and kubectl's own marks are none", () => {
  const manifest = deployment({ replicas: 1 }, { annotations: {} });
  const live = (key: string, manager = "kubectl-annotate") =>
    deployment(
      { replicas: 1 },
      { annotations: { [key]: "yes" }, ...book(manager, hand("f:metadata", "f:annotations", `f:${key}`)) },
    );
  expect(liveOf(manifest, live("strimzi.io/pause-reconciliation")).object["metadata"]).toEqual(
    expect.objectContaining({ annotations: { "strimzi.io/pause-reconciliation": "yes" } }),
  );
  for (const key of ["kubectl.kubernetes.io/restartedAt", "kubectl.kubernetes.io/last-applied-configuration"])
    expect(liveOf(manifest, live(key)).object).toEqual(manifest);
  // The schedule of restarts marks templates through the API, as controllers do.
  expect(liveOf(manifest, live("efd/secrets", "curl")).object).toEqual(manifest);
});

test("who applied the whole manifest by hand has not written what the API server filled in", () => {
  const from = (fieldRef: object) => deployment(pod([{ name: "a", env: [{ name: "N", valueFrom: { fieldRef } }] }]));
  const manifest = from({ fieldPath: "metadata.name" });
  const owned = hand(
    ...["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"a"}', "f:env", 'k:{"name":"N"}', "f:valueFrom"],
    "f:fieldRef",
  );
  const live = {
    ...from({ fieldPath: "metadata.name", apiVersion: "v1" }),
    metadata: { ...manifest.metadata, ...book("kubectl", owned) },
  };
  expect(liveOf(manifest, live).object).toEqual(manifest);
});

test("an autoscaler's replicas and a webhook's certificate are theirs", () => {
  expect(liveOf(deployment({ replicas: 1 }), deployment({ replicas: 5 }), true).object["spec"]).toEqual({});
  expect(liveOf(deployment({ replicas: 1 }), deployment({ replicas: 5 })).object["spec"]).toEqual({ replicas: 5 });
  const hook = (caBundle: string, path = "/a") => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "h" },
    webhooks: [{ name: "a", clientConfig: { caBundle, service: { path } } }],
  });
  expect(liveOf(hook(""), hook("injected")).object).toEqual(hook(""));
  expect(liveOf(hook(""), hook("injected", "/b")).object).toEqual(hook("", "/b"));
});

test("a Secret's texts are what the API keeps of them", () => {
  const secret = (rest: object) => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...rest });
  const kept = (text: string) => secret({ data: { a: Buffer.from(text).toString("base64") } });
  expect(liveOf(secret({ stringData: { a: "x" } }), kept("x")).object).toEqual(kept("x"));
  expect(liveOf(secret({ stringData: { a: "x" } }), kept("y")).object).toEqual(kept("y"));
});
