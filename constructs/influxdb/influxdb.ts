import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { HostNames } from "../kubernetes/hosts";
import { shortHash, stableJson } from "../../synthesized/text";
import { IMAGES } from "../../ground/versions";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import type { InfluxdbValues } from "./values";
import type { PodResources } from "../kafka/kafka-cluster";
import { claim } from "../kubernetes/pvc";
import type { DnsTarget } from "../kubernetes/dns";
import { labels } from "../kubernetes/objects";
import { Route } from "../kubernetes/route";
import type { CertificateSource } from "../certificates/certificates";
import { SETUP_PODS } from "./influxdb-setup";

const NAME = "influxdb";
const PORT = 8086;
/** User and group of the image since 1.11. */
const USER = 1500;

/** Its Service. */
export const INFLUXDB_SERVICE = { host: NAME, port: PORT } as const;

/** Where programs inside the cluster find InfluxDB. */
export function influxdbUrl(namespace: string): string {
  return `http://${NAME}.${namespace}:${PORT}`;
}

/** InfluxDB 1.x. */
export interface InfluxdbProps {
  readonly namespace: string;
  readonly storageClass: string;
  /** Size of its volume. */
  readonly disk: string;
  readonly resources: PodResources;
  readonly source: ChartSource;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * InfluxDB with authentication on, on a claim of its own. Databases and users come from {@link InfluxdbSetup}. While
 * it has no administrator anybody may make one: {@link InfluxdbAccess} lets others than the setup in.
 */
export class Influxdb extends Construct {
  /** What needs InfluxDB depends on it. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: InfluxdbProps) {
    super(scope, id);
    const { namespace } = props;
    const volume = claim(this, { name: NAME, namespace, storageClass: props.storageClass, size: props.disk });
    const config: InfluxdbValues["config"] = {
      reporting_disabled: true,
      http: { "auth-enabled": true, "max-row-limit": 0, "flux-enabled": true },
      // Sasquatch, 2026-08.
      coordinator: {
        "write-timeout": "1h",
        "max-concurrent-queries": 500,
        "query-timeout": "15s",
        "log-queries-after": "15s",
      },
      data: {
        "cache-max-memory-size": 0,
        // On disk: the cameras' tags would not fit in memory, and a later change has to rebuild the index.
        "index-version": "tsi1",
        "wal-fsync-delay": "100ms",
        "max-series-per-database": 0,
        "max-values-per-tag": 0,
      },
      continuous_queries: { enabled: false },
    };
    const values: InfluxdbValues = {
      image: IMAGES.influxdb,
      persistence: { enabled: true, existingClaim: NAME },
      securityContext: {
        runAsUser: USER,
        runAsGroup: USER,
        fsGroup: USER,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
      resources: props.resources,
      // Opening the shards of a large volume takes minutes.
      startupProbe: { enabled: true, failureThreshold: 90, periodSeconds: 10 },
      podAnnotations: { "efd/config": shortHash(stableJson(config)) },
      config,
    };
    // A policy of its own beside InfluxdbAccess's: of several, each admits what it names.
    const closed = admit(this, NAME, namespace, [{ podSelector: { matchLabels: SETUP_PODS } }], props.dependsOn);
    this.ready = new ChartRelease(this, "chart", {
      chart: "influxdb",
      name: NAME,
      namespace,
      values,
      source: props.source,
      timeout: 1200,
      claims: [volume],
      dependsOn: [closed, ...(props.dependsOn ?? [])],
    }).ready;
  }
}

/** Who may use InfluxDB, and under which name. */
export interface InfluxdbAccessProps {
  readonly namespace: string;
  readonly hosts: HostNames;
  readonly dns: DnsTarget;
  readonly certificate: CertificateSource;
  /** The setup, which makes the first administrator. */
  readonly dependsOn: ITerraformDependable[];
}

/** InfluxDB's port for everybody with a password, inside the cluster and outside. */
export class InfluxdbAccess extends Construct {
  constructor(scope: Construct, id: string, props: InfluxdbAccessProps) {
    super(scope, id);
    const { namespace, dependsOn } = props;
    const open = admit(this, `${NAME}-clients`, namespace, undefined, dependsOn);
    new Route(this, "route", {
      name: NAME,
      namespace,
      host: props.hosts.of(NAME),
      service: NAME,
      port: PORT,
      dns: props.dns,
      certificate: props.certificate,
      dependsOn: [open],
    });
  }
}

/** Lets these peers, or all, reach port 8086, which asks for a password; the one for backups, 8088, does not and stays closed. */
function admit(
  scope: Construct,
  name: string,
  namespace: string,
  from: { podSelector: { matchLabels: Record<string, string> } }[] | undefined,
  dependsOn: ITerraformDependable[] | undefined,
): NetworkPolicyV1 {
  return new NetworkPolicyV1(scope, "network-policy", {
    metadata: { name, namespace, labels: labels(NAME) },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from, ports: [{ port: String(PORT), protocol: "TCP" }] }],
    },
    dependsOn,
  });
}
