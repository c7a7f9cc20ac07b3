import { identitiesOf, movedIdentities } from "../../../tools/identities";
import { StackView } from "../../../synthesized/stack";

const pool = (ids: string) => `
  - apiVersion: kafka.strimzi.io/v1
    kind: KafkaNodePool
    metadata: { name: broker, annotations: { helm.sh/resource-policy: keep, strimzi.io/next-node-ids: "${ids}" }, labels: { strimzi.io/cluster: efd } }
    spec: { replicas: 3, roles: [broker], storage: { type: jbod, volumes: [{ id: 0, size: 15Gi, class: fast }] } }
  - { apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: { name: t, labels: { strimzi.io/cluster: efd } }, spec: { topicName: lsst.t, partitions: 2 } }
`;
const stack = (ids: string, address: string) =>
  new StackView(
    "s",
    "efd",
    JSON.stringify({
      resource: {
        helm_release: {
          other: { name: "o", namespace: "n", chart: "o", values: ["resources: { requests: { cpu: 1 } }"] },
          k: { name: "k", namespace: "kafka", chart: "./assets/x", values: [`resources:${pool(ids)}`] },
        },
        kubernetes_persistent_volume_claim_v1: {
          [address]: {
            metadata: { name: "efd", namespace: "influxdb" },
            spec: { storage_class_name: "fast", resources: { requests: { storage: "1Ti" } } },
          },
        },
      },
    }),
    [],
  );
const of = (ids: string, address: string) =>
  identitiesOf([stack(ids, address)], new Set([`s-efd: kubernetes_persistent_volume_claim_v1.${address}`]));

test("lists what holds data", () => {
  expect(of("[6-8]", "data")).toEqual({
    stateful: ["efd: kubernetes_persistent_volume_claim_v1.data (influxdb/efd)"],
    releases: ["efd: helm_release.k (kafka/k)"],
    claims: ["influxdb/efd: 1Ti of class fast"],
    kafkas: [],
    pools: ["kafka/broker of efd: ids [6-8], 3 × broker, volumes 0=15Gi fast"],
    topics: ["kafka/t of efd: lsst.t, 2 partitions"],
    users: [],
  });
});

test("says what moved, and nothing when nothing did", () => {
  expect(movedIdentities(of("[6-8]", "data"), of("[6-8]", "data"))).toEqual([]);
  expect(movedIdentities(of("[6-8]", "data"), of("[0-2]", "moved"))).toEqual([
    "- stateful: efd: kubernetes_persistent_volume_claim_v1.data (influxdb/efd)",
    "+ stateful: efd: kubernetes_persistent_volume_claim_v1.moved (influxdb/efd)",
    "- pools: kafka/broker of efd: ids [6-8], 3 × broker, volumes 0=15Gi fast",
    "+ pools: kafka/broker of efd: ids [0-2], 3 × broker, volumes 0=15Gi fast",
  ]);
});
