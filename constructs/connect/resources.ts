import type { PodResources } from "../kafka/kafka-cluster";
import type { KubernetesObject } from "../kubernetes/objects";

/** How a client of Strimzi's logs in with SCRAM. */
export interface ScramLogin {
  readonly type: "scram-sha-512";
  readonly username: string;
  readonly passwordSecret: { readonly secretName: string; readonly password: string };
}

/** Settings of a worker, a connector or a client, as their own documentation names them. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Workers that run connectors. */
export interface KafkaConnect extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaConnect";
  readonly spec: {
    readonly version: string;
    readonly image: string;
    readonly replicas: number;
    readonly bootstrapServers: string;
    readonly authentication: ScramLogin;
    readonly groupId: string;
    readonly configStorageTopic: string;
    readonly offsetStorageTopic: string;
    readonly statusStorageTopic: string;
    readonly config: Settings;
    readonly jvmOptions: { readonly "-Xms": string; readonly "-Xmx": string };
    readonly logging: { readonly type: "inline"; readonly loggers: Readonly<Record<string, string>> };
    readonly resources: PodResources;
  };
}

/** A connector. */
export interface KafkaConnector extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaConnector";
  readonly spec: {
    readonly class: string;
    readonly tasksMax: number;
    readonly autoRestart: { readonly enabled: boolean };
    readonly config: Settings;
  };
}

/** Workers that copy topics of other clusters. */
export interface KafkaMirrorMaker2 extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaMirrorMaker2";
  readonly spec: {
    readonly version: string;
    readonly replicas: number;
    readonly resources: PodResources;
    readonly target: {
      readonly alias: string;
      readonly bootstrapServers: string;
      readonly authentication: ScramLogin;
      readonly groupId: string;
      readonly configStorageTopic: string;
      readonly offsetStorageTopic: string;
      readonly statusStorageTopic: string;
      readonly config: Settings;
    };
    readonly mirrors: readonly {
      readonly source: {
        readonly alias: string;
        readonly bootstrapServers: string;
        readonly authentication: ScramLogin;
        /** Without certificates of our own: those that every system knows. */
        readonly tls: { readonly trustedCertificates: readonly [] };
      };
      readonly sourceConnector: {
        readonly tasksMax: number;
        readonly autoRestart: { readonly enabled: boolean };
        readonly config: Settings;
      };
      readonly topicsPattern: string;
    }[];
  };
}
