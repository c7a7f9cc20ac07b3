import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { bytes } from "../../ground/units";
import { CustomResources } from "../kubernetes/custom-resources";
import { type KafkaAccount, MAY_READ_ALL, mayJoin, mayUse } from "../kafka/kafka-accounts";
import { internalBootstrap, type PodResources } from "../kafka/kafka-cluster";
import { KAFKA_GROUP } from "../kafka/resources";
import { labels } from "../kubernetes/objects";
import { kafkaUser } from "../secrets/secret-spec";
import type { KafkaConnect as KafkaConnectResource, ScramLogin, Settings } from "./resources";

/** Name of the workers' cluster; its pods and its Service begin with it. */
export const CONNECT_CLUSTER = "efd";
/** Labels of the workers' pods. */
export const CONNECT_PODS = { "strimzi.io/kind": "KafkaConnect", "strimzi.io/cluster": CONNECT_CLUSTER } as const;
/** Account of Kafka Connect, in Kafka and in InfluxDB. */
export const CONNECT = "connect";

/** Begins the names of the workers' group and topics, and, as Kafka Connect has it, of every sink's consumer group. */
const PREFIX = "connect-";

/** The Kafka account of the workers and of the sinks in them. */
export const CONNECT_ACCOUNT: KafkaAccount = {
  name: CONNECT,
  acls: [MAY_READ_ALL, mayJoin(PREFIX), ...mayUse(PREFIX)],
};

/** Workers that run connectors. */
export interface KafkaConnectProps {
  readonly namespace: string;
  /** Image with the plugins, made from Strimzi's own for this version of Kafka. */
  readonly image: string;
  /** Version of Kafka. */
  readonly version: string;
  readonly replicas: number;
  /** Heap, as a Kubernetes quantity. */
  readonly heap: string;
  readonly resources: PodResources;
  /** Address of the schema registry. */
  readonly registry: string;
  /** Secrets of the namespace that connectors read. */
  readonly secrets: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/** Login of an account of ours. */
export function scramLogin(username: string): ScramLogin {
  const passwordSecret = { secretName: kafkaUser(username).name, password: "password" };
  return { type: "scram-sha-512", username, passwordSecret };
}

/** Where workers keep what they know, each in a topic of its own. */
export function workerTopics(prefix: string) {
  return {
    groupId: `${prefix}cluster`,
    configStorageTopic: `${prefix}configs`,
    offsetStorageTopic: `${prefix}offsets`,
    statusStorageTopic: `${prefix}status`,
  };
}

/** As many copies of the workers' topics as the brokers keep of any other. */
export const BROKERS_REPLICATION: Settings = {
  "config.storage.replication.factor": -1,
  "offset.storage.replication.factor": -1,
  "status.storage.replication.factor": -1,
};

/** How a connector names a key of a Secret: it reads the value itself, whenever one of its tasks starts. */
export function secretReference(namespace: string, secret: string, key: string): string {
  return `\${secrets:${namespace}/${secret}:${key}}`;
}

/** Kafka Connect under Strimzi. Its image brings the plugins; Strimzi's start script looks for them below /opt/kafka/plugins. */
export class KafkaConnect extends Construct {
  /** What needs the workers depends on it. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KafkaConnectProps) {
    super(scope, id);
    const { namespace, secrets, dependsOn } = props;
    const metadata = { name: "connect-secrets", namespace, labels: labels("connect-secrets") };
    const role = new RoleV1(this, "role", {
      metadata,
      rule: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [...secrets], verbs: ["get"] }],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, "binding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      // Strimzi makes it: <cluster>-connect.
      subject: [{ kind: "ServiceAccount", name: `${CONNECT_CLUSTER}-connect`, namespace }],
    });
    this.ready = new CustomResources(this, "workers", {
      name: "kafka-connect",
      namespace,
      resources: [workers(props)],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkaconnects"], timeout: 900 },
      dependsOn: [...dependsOn, binding],
    }).ready;
  }
}

function workers({
  namespace,
  image,
  version,
  replicas,
  heap,
  resources,
  registry,
}: KafkaConnectProps): KafkaConnectResource {
  const megabytes = `${Math.floor(bytes(heap) / 2 ** 20)}m`;
  const converter = (of: "key" | "value"): Settings => ({
    [`${of}.converter`]: "io.confluent.connect.avro.AvroConverter",
    [`${of}.converter.schema.registry.url`]: registry,
  });
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaConnect",
    metadata: { name: CONNECT_CLUSTER, annotations: { "strimzi.io/use-connector-resources": "true" } },
    spec: {
      version,
      image,
      replicas,
      bootstrapServers: internalBootstrap(namespace),
      authentication: scramLogin(CONNECT),
      ...workerTopics(PREFIX),
      config: {
        ...BROKERS_REPLICATION,
        ...converter("key"),
        ...converter("value"),
        "config.providers": "secrets",
        "config.providers.secrets.class": "io.strimzi.kafka.KubernetesSecretConfigProvider",
      },
      jvmOptions: { "-Xms": megabytes, "-Xmx": megabytes },
      logging: {
        type: "inline",
        loggers: {
          "rootLogger.level": "INFO",
          // At INFO the sink prints its settings, the password among them.
          "logger.sink.name": "io.lenses.streamreactor",
          "logger.sink.level": "WARN",
        },
      },
      resources,
    },
  };
}
