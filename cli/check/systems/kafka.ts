/** Kafka: what Strimzi says of its objects, and what the brokers say of themselves. */
import { KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import { saysDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";
import { strimziVerdicts } from "./strimzi";
import { topicVerdicts } from "./kafka-topics";
import { volumeVerdicts } from "./volumes";

async function brokers({ site, clients, signal }: CheckProps): Promise<Verdict[]> {
  const kafka = await clients.kafka();
  try {
    const [{ ids, controller }, topics] = await Promise.all([kafka.brokers(), kafka.topics()]);
    const settings = await kafka.settings(
      topics.map(({ name }) => name),
      ["min.insync.replicas"],
    );
    return [
      brokersVerdict(site.kafka, ids),
      controllerVerdict(controller),
      ...topicVerdicts(site.kafka, topics, settings),
    ];
  } catch (error) {
    if (!saysDown(error, signal)) throw error;
    return [
      {
        level: "fail",
        what: "brokers",
        measured: error.message,
        healthy: "an answer",
        remedy: `see whether their pods run: kubectl -n ${NAMESPACE.kafka} get pods -l strimzi.io/pool-name=broker`,
        page: "docs/operations.md",
      },
    ];
  }
}

/** Every broker of the site's file is in the cluster. */
function brokersVerdict({ brokers }: CheckProps["site"]["kafka"], ids: readonly number[]): Verdict {
  const wanted = brokers.map(({ id }) => id);
  const missing = wanted.filter((id) => !ids.includes(id));
  const verdict = {
    what: "brokers",
    measured:
      missing.length === 0 ? `${ids.length} in the cluster: ${ids.join(", ")}` : `missing: ${missing.join(", ")}`,
    healthy: `all of ${wanted.join(", ")}`,
  };
  if (missing.length === 0) return { level: "ok", ...verdict };
  const pods = missing.map((id) => `${KAFKA_CLUSTER}-broker-${id}`).join(" ");
  return {
    level: "fail",
    ...verdict,
    remedy: `see why: kubectl -n ${NAMESPACE.kafka} describe pod ${pods}`,
    page: "docs/operations.md",
  };
}

function controllerVerdict(controller: number): Verdict {
  const verdict = { what: "controller", healthy: "one leads" };
  if (controller >= 0) return { level: "ok", ...verdict, measured: `${controller} leads` };
  return {
    level: "fail",
    ...verdict,
    measured: "none leads: topics cannot be made, and no partition gets a new leader",
    remedy: `most controllers must run: kubectl -n ${NAMESPACE.kafka} get pods -l strimzi.io/pool-name=controller`,
  };
}

/** Brokers' volumes; Strimzi calls their claims after the volume's id, the cluster and the pod. */
async function disks({ site, clients }: CheckProps): Promise<Verdict[]> {
  const claims = site.kafka.brokers.map(({ id }) => `data-0-${KAFKA_CLUSTER}-broker-${id}`);
  return volumeVerdicts(clients.cluster, NAMESPACE.kafka, claims, "the broker stops");
}

/** Checks of Kafka. */
export const kafkaChecks: readonly Check[] = [
  { subject: "kafka", title: "what Strimzi says of its objects", seconds: 20, run: strimziVerdicts },
  { subject: "kafka", title: "brokers, controller, topics and copies of partitions", seconds: 30, run: brokers },
  { subject: "kafka", title: "volumes of brokers", seconds: 20, run: disks },
];
