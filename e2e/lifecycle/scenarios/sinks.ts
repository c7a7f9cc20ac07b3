/** A topic that moves from one sink to another. */
import { happened, revision } from "../site/revisions";
import { SUNK_TOPIC } from "../site/smallest";
import { expect, type TestSite } from "../site/test-site";

const CONNECTORS = "/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkaconnectors";
const CONSUMERS = "/apis/apps/v1/namespaces/telegraf/deployments";
/** What holds data, or the place where somebody stopped to read. */
const KEPT = [
  "/api/v1/persistentvolumeclaims",
  "/apis/kafka.strimzi.io/v1/kafkas",
  "/apis/kafka.strimzi.io/v1/kafkatopics",
  "/apis/kafka.strimzi.io/v1/kafkausers",
  "/apis/kafka.strimzi.io/v1/kafkaconnects",
  "/apis/apps/v1/statefulsets",
];

/** The same objects, not others of the same names. */
async function kept(testSite: TestSite): Promise<string[]> {
  const lists = await Promise.all(KEPT.map((path) => testSite.items(path)));
  return lists
    .flat()
    .map(({ kind, metadata }) => `${kind ?? ""} ${metadata.namespace}/${metadata.name} ${String(metadata["uid"])}`)
    .sort();
}

/** A topic moves from Connect to Telegraf in one change: the connector goes before the consumer comes, data stay. */
export async function sinkSwitched(testSite: TestSite): Promise<string> {
  const before = await kept(testSite);
  expect((await testSite.items(CONNECTORS)).length === 1, "the connector was not there to begin with");
  const since = await revision(testSite);
  const { done } = await testSite.change(
    ({ connect, telegraf, ...one }) => ({
      ...one,
      connect: connect && { ...connect, sinks: [] },
      telegraf: { consumers: [...(telegraf?.consumers ?? []), { name: "moved", topics: [SUNK_TOPIC] }] },
    }),
    "efd",
  );
  const [connectors, consumer] = ["helm_release.kafka_kafka-connectors", "kubernetes_deployment_v1.telegraf-moved"].map(
    (address) => done.findIndex((one) => one.startsWith(address)),
  ) as [number, number];
  expect(connectors >= 0 && connectors < consumer, `Terraform did it in another order: ${done.join(", ")}`);
  const gone = await happened(testSite, since, { type: "DELETED", path: CONNECTORS, name: "moving" });
  const came = await happened(testSite, since, { type: "ADDED", path: CONSUMERS, name: "telegraf-moved" });
  expect(gone < came, `the consumer came at ${came}, before the connector went at ${gone}`);
  const now = await kept(testSite);
  const missing = before.filter((object) => !now.includes(object));
  expect(missing.length === 0, `not the same any more: ${missing.join(", ")}`);
  return `the connector went ${came - gone} revisions before the consumer came; ${before.length} objects stayed`;
}
