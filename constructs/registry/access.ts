import { NAMESPACE } from "../../ground/namespaces";
import type { SystemAccess } from "../accounts/account";
import type { KafkaTopicSpec } from "../kafka/kafka-accounts";
import { mayJoin } from "../kafka/rights";
import { REGISTRY_ROUTE } from "./secrets";

/** Account of the registry, and its consumer group. */
export const REGISTRY = "schema-registry";

/** Topic of the schemas. It keeps the last schema of each key for ever. */
export const SCHEMAS_TOPIC: KafkaTopicSpec = {
  name: "_schemas",
  partitions: 1,
  config: { "cleanup.policy": "compact" },
};

/** What the registry asks of Kafka, and the login of its route. */
export function registryAccess(): SystemAccess {
  const acls = [
    {
      resource: { type: "topic", name: SCHEMAS_TOPIC.name, patternType: "literal" },
      operations: ["Read", "Write", "Describe", "DescribeConfigs"],
    },
    { resource: { type: "topic", name: "__consumer_offsets", patternType: "literal" }, operations: ["Describe"] },
    mayJoin(REGISTRY),
  ] as const;
  return {
    accounts: [{ name: REGISTRY, kafka: { acls } }],
    logins: [{ of: "schema registry", secret: REGISTRY_ROUTE, namespace: NAMESPACE.kafka }],
    topics: [SCHEMAS_TOPIC],
  };
}
