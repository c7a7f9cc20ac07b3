import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ConnectSite } from "../../environments/systems/connect/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { bytes } from "../../ground/units";
import { INPUTS, input } from "../core/inputs";
import type { Brokers } from "../kafka/kafka-cluster";
import { KAFKA_CLUSTER, KAFKA_GROUP } from "../kafka/resources";
import { CustomResources } from "../kubernetes/custom-resources";
import { metadataOf } from "../kubernetes/objects";
import type { Registry } from "../registry/schema-registry";
import { CONNECT, CONNECT_PREFIX } from "./access";
import { BROKERS_REPLICATION, scramLogin, workerTopics } from "./framework";
import type { KafkaConnectResource, Settings } from "./resources";
import { INFLUXDB_CONNECT, S3_ACCOUNT } from "./secrets";

/** Connect of a site. */
export type Connect = NonNullable<ConnectSite["connect"]>;

/** Workers that run connectors. */
export interface KafkaConnectProps {
  readonly spec: Connect;
  readonly kafka: Brokers;
  readonly registry: Registry;
  readonly dependsOn: ITerraformDependable[];
}

/** Kafka Connect under Strimzi. Its image brings the plugins; Strimzi's start script looks for them below /opt/kafka/plugins. */
export class KafkaConnect extends Construct {
  /** Workers that take connectors. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KafkaConnectProps) {
    super(scope, id);
    const { spec, dependsOn } = props;
    const image = spec.image ?? input(this, INPUTS.connectImage);
    const namespace = NAMESPACE.kafka;
    this.ready = new CustomResources(this, "workers", {
      name: "kafka-connect",
      namespace,
      resources: [workers(props, image)],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkaconnects"], timeout: 900 },
      dependsOn: [...dependsOn, ...this.rights(props)],
    }).ready;
  }

  /** The workers may read the Secrets that their connectors name. A role that names none would allow all. */
  private rights({ spec, dependsOn }: KafkaConnectProps): ITerraformDependable[] {
    const secrets = [...(spec.sinks.length > 0 ? [INFLUXDB_CONNECT.name] : []), ...(spec.s3 ? [S3_ACCOUNT.name] : [])];
    if (secrets.length === 0) return [];
    const namespace = NAMESPACE.kafka;
    const metadata = metadataOf("connect-secrets", namespace);
    const role = new RoleV1(this, "role", {
      metadata,
      rule: [{ apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["get"] }],
      dependsOn,
    });
    const binding = new RoleBindingV1(this, "binding", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      // Strimzi makes it: <cluster>-connect.
      subject: [{ kind: "ServiceAccount", name: `${KAFKA_CLUSTER}-connect`, namespace }],
    });
    return [binding];
  }
}

function workers({ spec, kafka, registry }: KafkaConnectProps, image: string): KafkaConnectResource {
  const { replicas, heap, resources } = spec;
  const megabytes = `${Math.floor(bytes(heap) / 2 ** 20)}m`;
  const converter = (of: "key" | "value"): Settings => ({
    [`${of}.converter`]: "io.confluent.connect.avro.AvroConverter",
    [`${of}.converter.schema.registry.url`]: registry.url,
  });
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaConnect",
    metadata: { name: KAFKA_CLUSTER, annotations: { "strimzi.io/use-connector-resources": "true" } },
    spec: {
      version: kafka.version,
      image,
      replicas,
      bootstrapServers: kafka.bootstrap,
      authentication: scramLogin(CONNECT),
      ...workerTopics(CONNECT_PREFIX),
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
