import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { kubernetesName } from "../core/names";
import { CustomResources } from "../kubernetes/custom-resources";
import { KEEP } from "../kubernetes/objects";
import { type SecretTarget, secretValue } from "../secrets/secret-source";
import { kafkaUser } from "../secrets/secret-spec";
import { CLUSTER_LABEL, KAFKA_ADMIN } from "./kafka-cluster";
import { type Acl, KAFKA_GROUP, type KafkaTopic, type KafkaUser } from "./resources";

/** An account that logs in with SCRAM. */
export interface KafkaAccount {
  readonly name: string;
  readonly acls: readonly Acl[];
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
  readonly namespace: string;
  readonly accounts: readonly KafkaAccount[];
  readonly topics: readonly KafkaTopicSpec[];
  /** Copies of each topic. */
  readonly replication: number;
  readonly dependsOn: ITerraformDependable[];
}

/** Secret with the password of an account, in whatever namespace it is read. */
export function passwordSecret(user: string, namespace: string): SecretTarget {
  return { name: kafkaUser(user).name, namespace, values: { password: secretValue(kafkaUser(user), "password") } };
}

/** Rights to read topics and to see how they are set, as a mirror does: all that begin with one of these words. */
export function mayRead(...prefixes: string[]): Acl[] {
  return prefixes.map((name) => ({
    resource: { type: "topic", name, patternType: "prefix" },
    operations: ["Read", "Describe", "DescribeConfigs"],
  }));
}

/** Rights to read every topic. */
export const MAY_READ_ALL: Acl = {
  resource: { type: "topic", name: "*", patternType: "literal" },
  operations: ["Read", "Describe"],
};

/** Every right on topics that begin with one of these words. */
export function mayUse(...prefixes: string[]): Acl[] {
  return prefixes.map((name) => ({ resource: { type: "topic", name, patternType: "prefix" }, operations: ["All"] }));
}

/** Membership in consumer groups that begin with this word; `*` for all. */
export function mayJoin(group: string): Acl {
  return {
    resource: { type: "group", name: group, patternType: group === "*" ? "literal" : "prefix" },
    operations: group === "*" ? ["All"] : ["Read", "Describe"],
  };
}

/** What SAL's producers ask of the cluster before they write. */
export const MAY_DESCRIBE_CLUSTER: Acl = { resource: { type: "cluster" }, operations: ["Describe", "DescribeConfigs"] };

/** KafkaUsers with their ACLs, and KafkaTopics, which stay when they leave this program. */
export class KafkaAccounts extends Construct {
  /** What logs in to Kafka depends on it. */
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
      namespace: props.namespace,
      resources: [admin, ...props.accounts.map(user), ...props.topics.map((spec) => topic(spec, props.replication))],
      awaited: { group: KAFKA_GROUP, kinds: ["kafkausers", "kafkatopics"], timeout: 600 },
      dependsOn: props.dependsOn,
    }).ready;
  }
}

function user({ name, acls }: KafkaAccount): KafkaUser {
  return {
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaUser",
    metadata: { name, labels: CLUSTER_LABEL },
    spec: {
      authentication: {
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
