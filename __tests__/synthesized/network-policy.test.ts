import { ingressPolicy, mayConnect } from "../../synthesized/network-policy";

const policy = (spec: object) => ingressPolicy({ metadata: { name: "p", namespace: "kafka" }, spec })!;
const pod = (namespace: string, labels: Record<string, string> = {}) => ({ namespace, labels });
const registry = pod("kafka", { app: "registry" });

/** As Terraform writes it. */
const ours = policy({
  pod_selector: { match_labels: { app: "registry" } },
  policy_types: ["Ingress"],
  ingress: [
    {
      from: [
        { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "telegraf" } } },
        { pod_selector: { match_labels: { app: "registry" } } },
      ],
      ports: [{ port: "8081", protocol: "TCP" }],
    },
  ],
});

test.each([
  ["a namespace that is named", pod("telegraf"), 8081, true],
  ["another port", pod("telegraf"), 8082, false],
  ["a pod that is named", registry, 8081, true],
  ["a pod with these labels in another namespace", pod("love", { app: "registry" }), 8081, false],
  ["another pod of the namespace", pod("kafka", { app: "broker" }), 8081, false],
])("%s", (_who, from, port, wanted) => {
  expect(mayConnect([ours], from, registry, port)).toBe(wanted);
});

test("a pod that no policy closes is open, and policies add to one another", () => {
  expect(mayConnect([ours], pod("love"), pod("kafka", { app: "broker" }), 9092)).toBe(true);
  const forAll = policy({ podSelector: {}, ingress: [{ ports: [{ port: 8081 }] }] });
  expect(mayConnect([ours, forAll], pod("love"), registry, 8081)).toBe(true);
});

test("an empty list lets nobody in, an empty rule everybody", () => {
  const closed = policy({ pod_selector: {}, policy_types: ["Ingress"] });
  expect(mayConnect([closed], registry, registry, 8081)).toBe(false);
  expect(mayConnect([policy({ podSelector: {}, ingress: [{}] })], pod("love"), registry, 1)).toBe(true);
});

test("an empty selector of namespaces means all of them, with the labels beside it", () => {
  const operator = policy({
    podSelector: {},
    ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { kind: "operator" } } }] }],
  });
  expect(mayConnect([operator], pod("strimzi", { kind: "operator" }), registry, 9091)).toBe(true);
  expect(mayConnect([operator], pod("strimzi"), registry, 9091)).toBe(false);
});

test("what is not understood is said, and what goes out is not looked at", () => {
  expect(() => policy({ podSelector: { matchExpressions: [] } })).toThrow(/selectors by labels/);
  expect(() => policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] })).toThrow(
    /pods and namespaces/,
  );
  expect(ingressPolicy({ metadata: {}, spec: { policyTypes: ["Egress"] } })).toBeUndefined();
});
