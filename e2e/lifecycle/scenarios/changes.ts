/** What a change of the data changes, and nothing else. */
import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "../../../synthesized/stack";
import { killTerraform } from "../site/processes";
import { Watched } from "../site/revisions";
import { limited, SUNK_TOPIC, TOPIC } from "../site/smallest";
import { type SiteChange, expect, type TestSite } from "../site/test-site";

/** One value: one release. */
export async function oneValue(testSite: TestSite): Promise<string> {
  const { done } = await testSite.change(limited("777Mi"), "efd");
  expect(
    done.join() === "helm_release.chronograf_efd",
    `more than Chronograf changed: ${done.join(", ") || "nothing"}`,
  );
  return done.join(", ");
}

/** A topic leaves the data: its object stays, and the user is told. */
export async function topicRemoved(testSite: TestSite): Promise<string> {
  const topics = async () =>
    (await testSite.items("/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkatopics")).map(
      ({ spec }) => spec?.["topicName"],
    );
  expect((await topics()).includes(TOPIC), `${TOPIC} was not there to begin with`);
  const { printed, done } = await testSite.change((one) => ({ ...one, kafka: { ...one.kafka, topics: [] } }), "efd");
  expect((await topics()).includes(TOPIC), `${TOPIC} is gone from the cluster, and its data with it`);
  expect(
    /stays in the cluster.*: KafkaTopic kafka\/lsst\.sal\.test\.logevent-heartbeat/.test(printed),
    `nobody said that the topic stays:\n${printed}`,
  );
  return `the KafkaTopic stayed; ${done.length} changes`;
}

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
  const switched: SiteChange = ({ connect, telegraf, ...one }) => ({
    ...one,
    connect: connect && { ...connect, sinks: [] },
    telegraf: { consumers: [...(telegraf?.consumers ?? []), { name: "moved", topics: [SUNK_TOPIC] }] },
  });
  const { done, gone, came } = await Watched.during(testSite, [CONNECTORS, CONSUMERS], async (watched) => ({
    done: (await testSite.change(switched, "efd")).done,
    gone: await watched.happened({ type: "DELETED", name: "moving" }),
    came: await watched.happened({ type: "ADDED", name: "telegraf-moved" }),
  }));
  const [connectors, consumer] = ["helm_release.kafka_kafka-connectors", "kubernetes_deployment_v1.telegraf-moved"].map(
    (address) => done.findIndex((one) => one.startsWith(address)),
  ) as [number, number];
  expect(connectors >= 0 && connectors < consumer, `Terraform did it in another order: ${done.join(", ")}`);
  expect(gone < came, `the consumer came at ${came}, before the connector went at ${gone}`);
  const now = await kept(testSite);
  const missing = before.filter((object) => !now.includes(object));
  expect(missing.length === 0, `not the same any more: ${missing.join(", ")}`);
  return `the connector went ${came - gone} revisions before the consumer came; ${before.length} objects stayed`;
}

/** Seconds after which the deployment counts as hanging; Terraform itself waits for 20 minutes. */
const PATIENCE = 600;

/** All claims move to another class of volumes, which the site allows: their programs go first, so nothing waits. */
export async function volumesReplaced(testSite: TestSite): Promise<string> {
  const pause = new AbortController();
  const late = sleep(PATIENCE * 1000, "late", { signal: pause.signal }).catch(() => "in time");
  const moving = testSite.change((one) => ({ ...one, storage: { className: "moved" } }));
  const deployed = await Promise.race([moving, late]).finally(() => pause.abort());
  if (typeof deployed === "string") {
    killTerraform(testSite.outdir, true);
    await moving.catch(() => undefined);
    throw new Error(`a claim still waits for its pod after ${PATIENCE} s`);
  }
  const pvcs = (await testSite.items("/api/v1/persistentvolumeclaims")).filter(({ metadata }) =>
    ["influxdb", "chronograf", "kapacitor"].includes(metadata.namespace ?? ""),
  );
  const elsewhere = pvcs.filter((one) => inside(one, "spec", "storageClassName") !== "moved");
  expect(pvcs.length === 6 && elsewhere.length === 0, `${elsewhere.length} of ${pvcs.length} claims did not move`);
  // No backup was made since: what waits for its first pod is not bound.
  const mounted = pvcs.filter(({ metadata }) => !metadata.name.endsWith("-backup"));
  const waiting = mounted.filter((one) => inside(one, "status", "phase") !== "Bound");
  expect(waiting.length === 0, `no pod mounts ${waiting.map(({ metadata }) => metadata.name).join()}`);
  return `${pvcs.length} claims, each after its program: ${deployed.done.length} changes`;
}
