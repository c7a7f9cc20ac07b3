import { dnsAnnotations } from "../../../constructs/kubernetes/dns";
import { fromNamespaces, KEEP, labels, RESTARTABLE, selectorLabels } from "../../../constructs/kubernetes/objects";
import { RESTRICTED_CONTAINER, restrictedPod } from "../../../constructs/kubernetes/workload";

test("pods are found by a part of their labels that never changes", () => {
  expect(selectorLabels("telegraf", "telegraf-test")).toEqual({
    "app.kubernetes.io/name": "telegraf",
    "app.kubernetes.io/instance": "telegraf-test",
  });
  expect(labels("telegraf", "telegraf-test")).toEqual({
    ...selectorLabels("telegraf", "telegraf-test"),
    "app.kubernetes.io/managed-by": "terraform",
    "app.kubernetes.io/part-of": "efd",
  });
  expect(selectorLabels("influxdb")).toEqual(selectorLabels("influxdb", "influxdb"));
});

test("Helm leaves what holds data in the cluster", () => {
  expect(KEEP).toEqual({ "helm.sh/resource-policy": "keep" });
});

test("a record where the site has DNS, none where it has not", () => {
  expect(dnsAnnotations({ kind: "address", address: "192.0.2.1" }, "a.example.org")).toEqual({
    "external-dns.alpha.kubernetes.io/hostname": "a.example.org",
    "external-dns.alpha.kubernetes.io/target": "192.0.2.1",
  });
  expect(dnsAnnotations({ kind: "none" }, "a.example.org")).toBeUndefined();
});

test("pods are what the Pod Security level restricted asks for", () => {
  expect(restrictedPod(1000)).toEqual({
    runAsNonRoot: true,
    runAsUser: "1000",
    runAsGroup: "1000",
    fsGroup: "1000",
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(RESTRICTED_CONTAINER).toMatchObject({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
  });
});

test("peers of a network policy are the pods of exactly the named namespaces", () => {
  expect(fromNamespaces(["a", "b"])).toEqual([
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "a" } } },
    { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "b" } } },
  ]);
  // A rule without peers would let everybody in: who writes it must give at least one.
  expect(fromNamespaces([])).toEqual([]);
});

test("Terraform leaves the marks of restarts, and nothing else, as they are", () => {
  expect(RESTARTABLE).toEqual({
    ignoreChanges: [
      'spec[0].template[0].metadata[0].annotations["kubectl.kubernetes.io/restartedAt"]',
      'spec[0].template[0].metadata[0].annotations["efd/secrets"]',
      'spec[0].template[0].metadata[0].annotations["efd/topics"]',
    ],
  });
});
