import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResources } from "../kubernetes/custom-resources";
import { type KafkaAccount, mayJoin, mayUse } from "../kafka/kafka-accounts";
import { internalBootstrap, type PodResources } from "../kafka/kafka-cluster";
import { type Acl, KAFKA_GROUP } from "../kafka/resources";
import { MIRROR_SOURCE } from "../secrets/secret-spec";
import { BROKERS_REPLICATION, scramLogin, workerTopics } from "../connect/kafka-connect";
import type { KafkaMirrorMaker2 } from "../connect/resources";

/** Kafka account of the mirror on this side. */
export const MIRROR = "mirror";

const PREFIX = "mirror-";

/** The copy of topics of another site. */
export interface MirrorProps {
  readonly namespace: string;
  /** Version of Kafka. */
  readonly version: string;
  readonly source: {
    /** Short name of the other cluster. */
    readonly alias: string;
    /** Host and port. */
    readonly bootstrap: string;
    /** Account there. */
    readonly user: string;
  };
  /** Short name of this cluster. */
  readonly alias: string;
  /** Regular expressions of whole names. */
  readonly topics: readonly string[];
  readonly tasks: number;
  /** Largest message, in bytes. */
  readonly maxMessageBytes: number;
  readonly resources: PodResources;
  readonly dependsOn: ITerraformDependable[];
}

/** Rights to make and to fill topics: those that begin with the text before a pattern's first `*`. */
function mayFill(pattern: string): Acl {
  const [name = "", ...rest] = pattern.split("*");
  return {
    resource: { type: "topic", name, patternType: rest.length > 0 ? "prefix" : "literal" },
    operations: ["Create", "Write", "Describe", "DescribeConfigs", "Alter"],
  };
}

/** The Kafka account of the mirror for these patterns of topics. */
export function mirrorAccount(patterns: readonly string[]): KafkaAccount {
  const data = new Map(patterns.map(mayFill).map((acl) => [JSON.stringify(acl), acl]));
  return { name: MIRROR, acls: [mayJoin(PREFIX), ...mayUse(PREFIX, "mm2-offset-syncs."), ...data.values()] };
}

/** MirrorMaker 2 under Strimzi: topics keep their names, and the other cluster is only read. */
export class Mirror extends Construct {
  constructor(scope: Construct, id: string, props: MirrorProps) {
    super(scope, id);
    new CustomResources(this, "mirror", {
      name: "kafka-mirror",
      namespace: props.namespace,
      resources: [mirrorMaker(props)],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkamirrormaker2s"], timeout: 900 },
      dependsOn: props.dependsOn,
    });
  }
}

function mirrorMaker(props: MirrorProps): KafkaMirrorMaker2 {
  const { namespace, version, source, alias, topics, tasks, maxMessageBytes, resources } = props;
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaMirrorMaker2",
    metadata: { name: "replicator" },
    spec: {
      version,
      replicas: 1,
      resources,
      target: {
        alias,
        bootstrapServers: internalBootstrap(namespace),
        authentication: scramLogin(MIRROR),
        ...workerTopics(PREFIX),
        config: BROKERS_REPLICATION,
      },
      mirrors: [
        {
          source: {
            alias: source.alias,
            bootstrapServers: source.bootstrap,
            authentication: {
              type: "scram-sha-512",
              username: source.user,
              passwordSecret: { secretName: MIRROR_SOURCE.name, password: "password" },
            },
            tls: { trustedCertificates: [] },
          },
          sourceConnector: {
            tasksMax: tasks,
            autoRestart: { enabled: true },
            config: {
              "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
              "replication.factor": -1,
              // Settings and rights of this side are this side's.
              "sync.topic.configs.enabled": false,
              "sync.topic.acls.enabled": false,
              // The account of the other side may write nothing there.
              "offset-syncs.topic.location": "target",
              "offset-syncs.topic.replication.factor": -1,
              "refresh.topics.interval.seconds": 60,
              // Beyond its own limit of 1 MiB a message ends the task, and the copy with it.
              "producer.override.max.request.size": maxMessageBytes,
              // Bytes as they are: schemas are copied with their ids.
              "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
              "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            },
          },
          topicsPattern: topics.join("|"),
        },
      ],
    },
  };
}
