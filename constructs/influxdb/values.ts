import type { PodResources } from "../kubernetes/workload";

/** The keys that we set of influxdb's values; those below `config` are the keys of influxdb.conf. */
export interface InfluxdbValues {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly persistence: { readonly enabled: true; readonly existingClaim: string };
  readonly serviceAccount: { readonly create: false };
  readonly securityContext: {
    readonly runAsUser: number;
    readonly runAsGroup: number;
    readonly fsGroup: number;
    readonly fsGroupChangePolicy: "OnRootMismatch";
    readonly runAsNonRoot: true;
    readonly seccompProfile: { readonly type: "RuntimeDefault" };
  };
  readonly resources: PodResources;
  /** Settings that the chart cannot write. */
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly startupProbe: { readonly enabled: true; readonly failureThreshold: number; readonly periodSeconds: number };
  readonly volumes: readonly {
    readonly name: string;
    readonly configMap: { readonly name: string; readonly defaultMode: number };
  }[];
  readonly mountPoints: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath: string;
    readonly readOnly: true;
  }[];
  /** Starts the pod anew when its configuration or its script changes, which the chart itself does not do. */
  readonly podAnnotations: { readonly "efd/config": string };
  readonly config: {
    readonly reporting_disabled: true;
    readonly http: {
      readonly "auth-enabled": true;
      readonly "pprof-auth-enabled": true;
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
