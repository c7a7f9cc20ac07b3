import { type Inventory, lossesOf, takeInventory } from "../../../e2e/rehearsal/inventory";
import type { Cluster, LiveObject } from "../../../cli/shared/kubernetes/client";

const inventory = (entries: Record<string, object>) => new Map(Object.entries(entries)) as unknown as Inventory;

test("what stays as it was, or is new, is no loss", () => {
  const before = inventory({ "Kafka kafka/efd": { uid: "1" }, "Secret a/b": { uid: "2", holds: "x" } });
  const after = inventory({
    "Kafka kafka/efd": { uid: "1" },
    "Secret a/b": { uid: "2", holds: "x" },
    new: { uid: "3" },
  });
  expect(lossesOf(before, after)).toEqual([]);
});

test.each<[string, object | undefined]>([
  ["gone", undefined],
  ["made anew", { uid: "2", bound: "v1", holds: "x" }],
  ["on another volume", { uid: "1", bound: "v2", holds: "x" }],
  ["holds other values", { uid: "1", bound: "v1", holds: "y" }],
])("a thing that is %s is lost", (what, after) => {
  const before = inventory({ thing: { uid: "1", bound: "v1", holds: "x" } });
  expect(lossesOf(before, inventory(after ? { thing: after } : {}))).toEqual([{ object: "thing", what }]);
});

test("a claim that gets its first volume lost nothing", () => {
  const before = inventory({ pvc: { uid: "1", bound: undefined } });
  expect(lossesOf(before, inventory({ pvc: { uid: "1", bound: "v1" } }))).toEqual([]);
});

test("Helm's records, tokens of accounts and what is about to go are no data that is kept; claims name their volume, Secrets what they hold", async () => {
  const object = (name: string, more: object = {}) => ({ metadata: { name, namespace: "n", uid: name }, ...more });
  const objects: Record<string, object[]> = {
    "/api/v1/secrets": [
      object("sh.helm.release.v1.a.v1", { type: "helm.sh/release.v1" }),
      object("token", { type: "kubernetes.io/service-account-token" }),
      object("own", { type: "Opaque", data: { a: "eA==" } }),
    ],
    "/api/v1/persistentvolumeclaims": [
      object("claim", { spec: { volumeName: "pv" } }),
      { metadata: { name: "doomed", namespace: "n", uid: "doomed", deletionTimestamp: "2020-01-01T00:00:00Z" } },
    ],
  };
  const api = { list: (path: string) => Promise.resolve((objects[path] ?? []) as LiveObject[]) } as Cluster;
  expect([...(await takeInventory(api))]).toEqual([
    ["PersistentVolumeClaim n/claim", { uid: "claim", bound: "pv", holds: undefined }],
    ["Secret n/own", { uid: "own", bound: undefined, holds: '{"a":"eA=="}' }],
  ]);
});
