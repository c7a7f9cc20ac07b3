/** Kafka: brokers and controllers, their operator, topics and accounts. */
import { NAMESPACE } from "../../../ground/namespaces";
import type { IngestSite } from "../../general/ingest";
import { fixedPods, type Share, type System } from "../../values/system";
import type { ClusterSite } from "../cluster/schema";
import type { DnsSite } from "../dns/schema";
import type { StorageSite } from "../storage/schema";
import { appsOf } from "./brokers";
import { rules } from "./rules";
import { type KafkaSite, schema } from "./schema";
import { versionRules } from "./versions";
import { warnings } from "./warnings";

/** Strimzi, the operator of Kafka. */
export const STRIMZI = { cpu: "200m", memory: "384Mi", limit: "512Mi" } as const satisfies Share;

/** Kafka. */
export const kafka = {
  schema,
  rules: [...versionRules, ...rules],
  warnings,
  pods: ({ kafka }) => [
    fixedPods(STRIMZI),
    { path: ["kafka", "controllerResources"], ...kafka.controllerResources, pods: kafka.controllerIds.length },
    { path: ["kafka", "brokerResources"], ...kafka.brokerResources, pods: kafka.brokers.length },
    // Topic operator and user operator.
    { path: ["kafka", "entityOperatorResources"], ...kafka.entityOperatorResources, pods: 1, containers: 2 },
  ],
  volumes: ({ kafka }) => [
    { size: kafka.brokerDisk, volumes: kafka.brokers.length },
    { size: kafka.controllerDisk, volumes: kafka.controllerIds.length },
  ],
  hosts: ({ kafka }) => appsOf(kafka),
  nodePorts: ({ kafka: { access, brokers } }) => [
    ...(access.kind === "nodeport" ? [{ name: "kafka.access.bootstrapNodePort", port: access.bootstrapNodePort }] : []),
    ...brokers.flatMap(({ nodePort }, i) =>
      nodePort === undefined ? [] : [{ name: `kafka.brokers[${i}].nodePort`, port: nodePort }],
    ),
  ],
  namespaces: () => [NAMESPACE.strimzi, NAMESPACE.kafka],
  topics: ({ kafka }) => [
    ...kafka.clients.flatMap(({ prefixes, topics }, i) => [
      { path: ["kafka", "clients", i, "prefixes"], names: prefixes, kind: "prefixes" as const },
      { path: ["kafka", "clients", i, "topics"], names: topics, kind: "whole" as const },
    ]),
    { path: ["kafka", "topics"], names: kafka.topics.map(({ name }) => name), kind: "made" },
  ],
  uniqueNames: ({ kafka }) => [
    { path: ["kafka", "clients"], names: kafka.clients.map(({ name }) => name) },
    { path: ["kafka", "topics"], names: kafka.topics.map(({ name }) => name) },
  ],
  reservedNames: {
    accounts: ["kafka-admin", "admin"],
    topics: ["__consumer_offsets", "__transaction_state"],
    secrets: ["kafka-external-tls"],
  },
} satisfies System<KafkaSite & ClusterSite & StorageSite & DnsSite & IngestSite>;
