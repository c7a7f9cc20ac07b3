/** The keys that we set in the values of InfluxData's charts. */
import type { PodResources } from "../kafka/kafka-cluster";

interface ImageValues {
  readonly repository: string;
  readonly tag: string;
}

/** influxdb; keys below `config` are those of influxdb.conf. */
export interface InfluxdbValues {
  readonly image: ImageValues;
  readonly persistence: { readonly enabled: true; readonly existingClaim: string };
  readonly securityContext: {
    readonly runAsUser: number;
    readonly runAsGroup: number;
    readonly fsGroup: number;
    readonly runAsNonRoot: true;
    readonly seccompProfile: { readonly type: "RuntimeDefault" };
  };
  readonly resources: PodResources;
  readonly startupProbe: { readonly enabled: true; readonly failureThreshold: number; readonly periodSeconds: number };
  /** The chart does not start its pod anew when its configuration changes: this does. */
  readonly podAnnotations: { readonly "efd/config": string };
  readonly config: {
    readonly reporting_disabled: true;
    readonly http: {
      readonly "auth-enabled": true;
      readonly "max-row-limit": number;
      readonly "flux-enabled": boolean;
    };
    readonly coordinator: {
      readonly "write-timeout": string;
      readonly "max-concurrent-queries": number;
      readonly "query-timeout": string;
      readonly "log-queries-after": string;
    };
    readonly data: {
      readonly "cache-max-memory-size": number;
      readonly "index-version": "tsi1";
      readonly "wal-fsync-delay": string;
      readonly "max-series-per-database": number;
      readonly "max-values-per-tag": number;
    };
    readonly continuous_queries: { readonly enabled: boolean };
  };
}

/** chronograf. */
export interface ChronografValues {
  readonly image: ImageValues;
  readonly persistence: { readonly enabled: false };
  readonly updateStrategy: { readonly type: "Recreate" };
  readonly resources: PodResources;
  readonly env: Readonly<Record<string, string>>;
  readonly envFromSecret: string;
  readonly volumes: readonly {
    readonly name: string;
    readonly persistentVolumeClaim: { readonly claimName: string };
  }[];
  readonly mountPoints: readonly { readonly name: string; readonly mountPath: string }[];
}

/** kapacitor. */
export interface KapacitorValues {
  readonly image: ImageValues;
  readonly influxURL: string;
  readonly existingSecret: string;
  readonly persistence: { readonly enabled: true; readonly existingClaim: string };
  readonly strategy: { readonly type: "Recreate" };
  readonly resources: PodResources;
  readonly rbac: { readonly create: boolean };
  readonly envVars?: Readonly<Record<string, string>>;
}
