import type { Settings } from "../connect/resources";
import type { ContainerTemplate, ScramLogin } from "../kafka/resources";
import type { KubernetesObject } from "../kubernetes/objects";
import type { PodResources } from "../kubernetes/workload";

/** Workers that copy topics of other clusters. */
export interface KafkaMirrorMaker2 extends KubernetesObject {
  readonly apiVersion: "kafka.strimzi.io/v1";
  readonly kind: "KafkaMirrorMaker2";
  readonly spec: {
    readonly version: string;
    readonly replicas: number;
    readonly resources: PodResources;
    readonly template: { readonly connectContainer: ContainerTemplate };
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
        /** No certificates of our own: the system's trust store is used. */
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
