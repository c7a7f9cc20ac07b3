import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { kubernetesName } from "../core/names";
import { CustomResources } from "../kubernetes/custom-resources";
import { KEEP } from "../kubernetes/objects";
import { KAFKA_ADMIN } from "./kafka-cluster";
import { type Acl, CLUSTER_LABEL, KAFKA_GROUP, type KafkaTopic, type KafkaUser } from "./resources";
import { kafkaUser } from "./secrets";

/**
 * How an account logs in: with the password of its Secret ({@link kafkaUser}), or with a certificate that Strimzi makes
 * and keeps in a Secret with the account's name.
 */
export type KafkaLogin = "scram" | "tls";

/** An account. */
export interface KafkaAccount {
  readonly name: string;
  readonly acls: readonly Acl[];
  readonly login: KafkaLogin;
}

/** A topic that this program makes. */
export interface KafkaTopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** Settings that differ from the brokers'. @default - none */
  readonly config?: Readonly<Record<string, string | number>>;
}

/** Accounts and topics of the Kafka cluster. */
export interface KafkaAccountsProps {
  readonly accounts: readonly KafkaAccount[];
  readonly topics: readonly KafkaTopicSpec[];
  /** Copies of each topic. */
  readonly replication: number;
  readonly dependsOn: ITerraformDependable[];
}

/** KafkaUsers with their ACLs, and KafkaTopics, which stay when they leave this program. */
export class KafkaAccounts extends Construct {
  /** Accounts that can log in, and topics. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: KafkaAccountsProps) {
    super(scope, id);
    const admin: KafkaUser = {
      apiVersion: "kafka.strimzi.io/v1",
      kind: "KafkaUser",
      metadata: { name: KAFKA_ADMIN, labels: CLUSTER_LABEL },
      spec: { authentication: { type: "tls" } },
    };
    this.ready = new CustomResources(this, "accounts", {
      name: "kafka-accounts",
      namespace: NAMESPACE.kafka,
      resources: [admin, ...props.accounts.map(user), ...props.topics.map((spec) => topic(spec, props.replication))],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkausers", "kafkatopics"], timeout: 600 },
      dependsOn: props.dependsOn,
    }).ready;
  }
}

function user({ name, acls, login }: KafkaAccount): KafkaUser {
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaUser",
    metadata: { name, labels: CLUSTER_LABEL },
    spec: {
      authentication:
        login === "tls"
          ? { type: "tls" }
          : {
              type: "scram-sha-512",
              password: { valueFrom: { secretKeyRef: { name: kafkaUser(name).name, key: "password" } } },
            },
      authorization: { type: "simple", acls },
    },
  };
}

function topic({ name, partitions, config = {} }: KafkaTopicSpec, replicas: number): KafkaTopic {
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaTopic",
    metadata: { name: kubernetesName(name), labels: CLUSTER_LABEL, annotations: KEEP },
    spec: { topicName: name, partitions, replicas, config },
  };
}
