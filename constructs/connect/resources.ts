import type { ScramLogin } from "../kafka/resources";
import type { KubernetesObject } from "../kubernetes/objects";
import type { PodResources } from "../kubernetes/workload";

/** Settings of a worker, a connector or a client, as their own documentation names them. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Workers that run connectors. */
export interface KafkaConnectResource extends KubernetesObject {
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
