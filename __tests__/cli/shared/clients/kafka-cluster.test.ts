import { Duplex } from "node:stream";
import { kafkaOfCluster } from "../../../../cli/shared/clients/kafka-cluster";
import type { BrokerWays } from "../../../../cli/shared/clients/kafka-connections";
import type { LiveObject } from "../../../../cli/shared/kubernetes/client";

let mockWays: BrokerWays | undefined;
jest.mock("../../../../cli/shared/clients/kafka-over", () => ({
  kafkaOver: (ways: BrokerWays) => {
    mockWays = ways;
    return {};
  },
}));

const pod = (name: string, ready: boolean) =>
  ({
    metadata: { name, uid: name },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  }) as unknown as LiveObject;

test("brokers are reached by their pods, the ready ones first, as the administrator", async () => {
  const opened: object[] = [];
  const lists: string[] = [];
  await kafkaOfCluster({
    cluster: {
      list: (path) => {
        lists.push(path);
        return Promise.resolve([pod("efd-broker-8", true), pod("efd-broker-6", false), pod("efd-broker-7", true)]);
      },
    },
    secret: (...words) => Promise.resolve(words.join("/")),
    open: (to) => {
      opened.push(to);
      return Promise.resolve(new Duplex());
    },
    signal: new AbortController().signal,
  });
  expect(lists).toEqual([
    "/api/v1/namespaces/kafka/pods?labelSelector=strimzi.io%2Fcluster%3Defd%2Cstrimzi.io%2Fpool-name%3Dbroker",
  ]);
  expect(await mockWays?.ids()).toEqual([7, 8]);
  expect(mockWays?.tls).toEqual({
    ca: "kafka/efd-cluster-ca-cert/ca.crt",
    cert: "kafka/kafka-admin/user.crt",
    key: "kafka/kafka-admin/user.key",
    servername: "efd-kafka-bootstrap.kafka.svc",
  });
  await mockWays?.open(6);
  expect(opened).toEqual([{ namespace: "kafka", pod: "efd-broker-6", port: 9093 }]);
  expect(() => mockWays?.open(9)).toThrow("broker 9 has no pod efd-broker-9 in namespace kafka");
});
