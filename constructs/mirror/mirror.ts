import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { MirrorSite } from "../../environments/systems/mirror";
import { topicRegExp } from "../../environments/systems/kafka/topics";
import { NAMESPACE } from "../../ground/namespaces";
import { BROKERS_REPLICATION, scramLogin, workerTopics } from "../connect/framework";
import type { Brokers } from "../kafka/kafka-cluster";
import { CONTAINER_SECURITY, KAFKA_GROUP } from "../kafka/resources";
import { CustomResources } from "../kubernetes/custom-resources";
import { MIRROR, MIRROR_PREFIX } from "./access";
import type { KafkaMirrorMaker2 } from "./resources";
import { MIRROR_SOURCE } from "./secrets";

/** The copy of topics of another site. */
export interface MirrorProps {
  readonly spec: NonNullable<MirrorSite["mirror"]>;
  readonly kafka: Brokers;
  readonly dependsOn: ITerraformDependable[];
}

/** MirrorMaker 2 under Strimzi: topics keep their names, and the other cluster is only read. */
export class Mirror extends Construct {
  /** The mirror is copying. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: MirrorProps) {
    super(scope, id);
    this.ready = new CustomResources(this, "mirror", {
      name: "kafka-mirror",
      namespace: NAMESPACE.kafka,
      resources: [mirrorMaker(props)],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkamirrormaker2s"], timeout: 900 },
      dependsOn: props.dependsOn,
    }).ready;
  }
}

function mirrorMaker({ spec, kafka }: MirrorProps): KafkaMirrorMaker2 {
  const { source, alias, topics, tasks, resources } = spec;
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaMirrorMaker2",
    metadata: { name: "replicator" },
    spec: {
      version: kafka.version,
      replicas: 1,
      resources,
      template: { connectContainer: { securityContext: CONTAINER_SECURITY } },
      target: {
        alias,
        bootstrapServers: kafka.bootstrap,
        authentication: scramLogin(MIRROR),
        ...workerTopics(MIRROR_PREFIX),
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
              // This side keeps its own settings and rights.
              "sync.topic.configs.enabled": false,
              "sync.topic.acls.enabled": false,
              // The account of the other side may write nothing there.
              "offset-syncs.topic.location": "target",
              "offset-syncs.topic.replication.factor": -1,
              "refresh.topics.interval.seconds": 60,
              // The producer's default is 1 MiB; a larger message would end the task.
              "producer.override.max.request.size": kafka.maxMessageBytes,
              // Messages are copied byte by byte, because schemas are copied with their ids.
              "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
              "value.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
            },
          },
          topicsPattern: topics.map(topicRegExp).join("|"),
        },
      ],
    },
  };
}
