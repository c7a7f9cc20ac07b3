import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InfluxdbSite } from "../../environments/systems/influxdb";
import { NAMESPACE } from "../../ground/namespaces";
import { IMAGES } from "../../ground/versions";
import { hours } from "../../ground/units";
import { literals, shortHash, stableJson } from "../../synthesized/text";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { withoutTokens } from "../kubernetes/default-account";
import { letIn, podsWith } from "../kubernetes/network-policy";
import { labels, metadataOf } from "../kubernetes/objects";
import { pvc, type Volumes } from "../kubernetes/pvc";
import { Route } from "../kubernetes/route";
import type { Web } from "../kubernetes/web";
import { SETUP_PODS } from "./influxdb-setup";
import type { InfluxdbValues } from "./values";

const NAME = "influxdb";
const PORT = 8086;
/** User and group of the image since 1.11. */
const USER = 1500;
/** Seconds between two looks at an InfluxDB that starts. */
const STARTUP_PERIOD = 10;
/** Seconds that Helm waits beyond the start: for the image, and for the old pod to end. */
const HELM_MARGIN = 600;

/** ConfigMap with the script that the image runs before each start. */
const BEFORE_START = `${NAME}-before-start`;
/** The image's entrypoint runs the file of this name. The chart takes no command, and no container of ours before its own. */
const HOOK = "init-influxdb.sh";
const SCRIPT = readFileSync(join(__dirname, "before-start.sh"), "utf8");

/** Where programs find InfluxDB. */
export interface Database {
  /** URL inside the cluster. */
  readonly url: string;
}

/** Host of InfluxDB outside the cluster. */
export function influxdbHost(web: Web): string {
  return web.host(NAME);
}

/** InfluxDB 1.x. */
export interface InfluxdbProps {
  readonly spec: Pick<InfluxdbSite["influxdb"], "disk" | "resources" | "startup">;
  readonly volumes: Volumes;
  readonly source: ChartSource;
  /** @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * InfluxDB with authentication on, on a PVC of its own. Databases and users come from {@link InfluxdbSetup}. As long as
 * it has no administrator anybody may make one, so only the setup may connect until {@link InfluxdbAccess} lets others
 * in.
 */
export class Influxdb extends Construct implements Database {
  /** The release; it has no databases yet. */
  readonly ready: ITerraformDependable;
  readonly url = `http://${NAME}.${NAMESPACE.influxdb}:${PORT}`;
  /** Service in its own namespace. */
  readonly service = { host: NAME, port: PORT };

  constructor(scope: Construct, id: string, props: InfluxdbProps) {
    super(scope, id);
    const { spec, volumes, source, dependsOn } = props;
    const namespace = NAMESPACE.influxdb;
    const volume = pvc(this, { name: NAME, namespace, storageClass: volumes.className, size: spec.disk });
    // InfluxdbAccess adds a policy of its own: policies add up.
    const closed = new NetworkPolicyV1(this, "network-policy", {
      ...letIn({ metadata: metadataOf(NAME, namespace), from: [podsWith(SETUP_PODS)], port: PORT }),
      dependsOn,
    });
    const script = new ConfigMapV1(this, "before-start", {
      metadata: metadataOf(BEFORE_START, namespace),
      data: literals({ [HOOK]: SCRIPT }),
      dependsOn,
    });
    this.ready = new ChartRelease(this, "chart", {
      chart: "influxdb",
      name: NAME,
      namespace,
      values: influxdbValues(spec),
      source,
      // Helm would roll back what still starts, and the next deploy would begin anew.
      timeout: startupSeconds(spec) + HELM_MARGIN,
      pvcs: [volume],
      dependsOn: [closed, script, withoutTokens(this, namespace), ...(dependsOn ?? [])],
    }).ready;
  }
}

/**
 * What waits for Kapacitor in memory. By default a thousand writes of each database, of up to 25 MB each. The limit in
 * bytes must be reached before the one in writes: InfluxDB 1.12.4 goes on counting the bytes of a write that it refuses
 * because the queue is full, and after enough of them refuses all others for ever. They are variables of the environment, since
 * the chart would write such numbers with an exponent, with which InfluxDB does not start.
 */
const SUBSCRIBER = {
  /** 32 MiB, shared by all databases: half a minute of 1 MB/s. */
  TOTAL_BUFFER_BYTES: String(32 * 2 ** 20),
  /** Writes of each database; 80 bytes each, also while the queue is empty. */
  WRITE_BUFFER_SIZE: "100000",
} as const;

type Spec = InfluxdbProps["spec"];

const startupSeconds = ({ startup }: Pick<Spec, "startup">): number => hours(startup) * 3600;

function influxdbValues({ resources, startup }: Spec): InfluxdbValues {
  const config: InfluxdbValues["config"] = {
    reporting_disabled: true,
    // All of /debug is for administrators: /debug/pprof, /debug/vars and /debug/requests. It takes pprof-enabled, on by
    // default: without it the last two ask for no login.
    http: { "auth-enabled": true, "pprof-auth-enabled": true, "max-row-limit": 0, "flux-enabled": true },
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
  return {
    image: IMAGES.influxdb,
    persistence: { enabled: true, existingClaim: NAME },
    serviceAccount: { create: false },
    securityContext: {
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      // Once for each volume: by default a kubelet looks at every file at each start.
      fsGroupChangePolicy: "OnRootMismatch",
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources,
    env: Object.entries(SUBSCRIBER).map(([name, value]) => ({ name: `INFLUXDB_SUBSCRIBER_${name}`, value })),
    startupProbe: {
      enabled: true,
      failureThreshold: startupSeconds({ startup }) / STARTUP_PERIOD,
      periodSeconds: STARTUP_PERIOD,
    },
    volumes: [{ name: BEFORE_START, configMap: { name: BEFORE_START, defaultMode: 0o555 } }],
    mountPoints: [{ name: BEFORE_START, mountPath: `/${HOOK}`, subPath: HOOK, readOnly: true }],
    podAnnotations: { "efd/config": shortHash(stableJson(config) + SCRIPT) },
    config,
  };
}

/** Who may use InfluxDB, and under which name. */
export interface InfluxdbAccessProps {
  readonly web: Web;
  /** The setup, which makes the first administrator. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Port 8086 of InfluxDB for everybody with a password, inside the cluster and outside. The port for backups, 8088, asks
 * for no password and stays closed.
 */
export class InfluxdbAccess extends Construct {
  /** Host name outside the cluster. */
  readonly host: string;

  constructor(scope: Construct, id: string, { web, dependsOn }: InfluxdbAccessProps) {
    super(scope, id);
    const namespace = NAMESPACE.influxdb;
    const open = new NetworkPolicyV1(this, "network-policy", {
      ...letIn({ metadata: { name: `${NAME}-clients`, namespace, labels: labels(NAME) }, port: PORT }),
      dependsOn,
    });
    this.host = new Route(this, "route", {
      name: NAME,
      namespace,
      service: NAME,
      port: PORT,
      web,
      dependsOn: [open],
    }).host;
  }
}
