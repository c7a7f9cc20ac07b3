import { letIn, podsIn, podsWith } from "../../../constructs/kubernetes/network-policy";
import { metadataOf } from "../../../constructs/kubernetes/objects";

const metadata = metadataOf("app", "toy");

test("lets named peers reach one port of some pods", () => {
  expect(letIn({ metadata, pods: { app: "a" }, from: [podsIn("other"), podsWith({ app: "b" })], port: 8080 })).toEqual({
    metadata,
    spec: {
      podSelector: { matchLabels: { app: "a" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } },
            { podSelector: { matchLabels: { app: "b" } } },
          ],
          ports: [{ port: "8080", protocol: "TCP" }],
        },
      ],
    },
  });
});

test("without peers everybody may reach the port, without pods it is about all of the namespace", () => {
  expect(letIn({ metadata, port: 8080 }).spec).toEqual({
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [{ ports: [{ port: "8080", protocol: "TCP" }] }],
  });
});

test("a list of no peers is refused: Kubernetes would let everybody in", () => {
  expect(() => letIn({ metadata, from: [], port: 8080 })).toThrow("network policy app: got no peer.");
});
