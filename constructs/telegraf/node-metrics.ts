import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "smol-toml";
import { NODE_METRICS } from "../../environments/systems/telegraf";
import { NAMESPACE } from "../../ground/namespaces";
import { image } from "../../ground/versions";
import { literal } from "../../synthesized/text";
import type { Database } from "../influxdb/influxdb";
import { metadataOf, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import type { Restart } from "../kubernetes/restarts";
import { fromSecret, restrictedTemplate, shareResources } from "../kubernetes/workload";
import { OWN_DATABASE } from "./access";
import { INFLUXDB_TELEGRAF } from "./secrets";
import { influxdbOutput, PASSWORD_VARIABLES } from "./telegraf-config";

/**
 * The file system on which nodes keep images, logs and temporary files (Container-Optimized OS), and an empty folder
 * on it. Any folder is enough to measure its file system, and an empty one shows no data.
 */
const NODE_DISK = { mountPoint: "/mnt/stateful_partition", folder: "/var/lib/efd-telegraf" };
/** Where the node's folders are mounted in the pod. */
const NODE_ROOT = "/node";
const NAME = "telegraf-nodes";

/** Telegraf on every node. */
export interface NodeMetricsProps {
  readonly influxdb: Database;
  readonly dependsOn: ITerraformDependable[];
}

/** Telegraf's TOML: CPU, memory, disks, network and processes of the node it runs on. */
export function nodeMetricsConfig(influxdb: Database): string {
  return stringify({
    agent: {
      interval: "10s",
      round_interval: true,
      metric_buffer_limit: 10000,
      flush_interval: "10s",
      flush_jitter: "5s",
      hostname: "${NODE_NAME}",
      logformat: "structured",
    },
    inputs: {
      cpu: [{ percpu: true, totalcpu: true, collect_cpu_time: false, report_active: false }],
      disk: [{ mount_points: [NODE_DISK.mountPoint] }],
      diskio: [{ skip_serial_number: true }],
      kernel: [{}],
      mem: [{}],
      net: [{}],
      processes: [{}],
      swap: [{}],
      system: [{}],
    },
    outputs: { http: [influxdbOutput(influxdb, OWN_DATABASE)] },
  });
}

/**
 * Telegraf on every node. It uses the node's network, to measure it, and sees the node's processes. It does not run as
 * root, has no capabilities, writes nothing, and mounts nothing else of the node.
 */
export class NodeMetrics extends Construct {
  /** The DaemonSet. */
  readonly ready: ITerraformDependable;
  /** It reads its password when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, { influxdb, dependsOn }: NodeMetricsProps) {
    super(scope, id);
    // A namespace whose Pod Security level lets pods mount folders of the node.
    const namespace = NAMESPACE.telegrafDs;
    const metadata = metadataOf(NAME, namespace);
    const text = nodeMetricsConfig(influxdb);
    const config = new ConfigMapV1(this, "config", { metadata, data: { "telegraf.conf": literal(text) } });
    const mounts = [
      { name: "processes", mountPath: `${NODE_ROOT}/proc` },
      { name: "disk", mountPath: `${NODE_ROOT}${NODE_DISK.mountPoint}` },
      { name: "config", mountPath: "/etc/telegraf" },
    ];
    this.ready = new DaemonSetV1(this, "daemon-set", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn,
      waitForRollout: true,
      spec: {
        selector: { matchLabels: selectorLabels(NAME) },
        template: restrictedTemplate({
          labels: metadata.labels,
          user: 1000,
          config: text,
          pod: {
            hostNetwork: true,
            dnsPolicy: "ClusterFirstWithHostNet",
            container: [
              {
                name: "telegraf",
                image: image("telegraf"),
                command: ["telegraf", "--config", "/etc/telegraf/telegraf.conf"],
                env: [
                  { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                  { name: "HOST_PROC", value: `${NODE_ROOT}/proc` },
                  { name: "HOST_MOUNT_PREFIX", value: NODE_ROOT },
                  fromSecret(PASSWORD_VARIABLES.influxdb, INFLUXDB_TELEGRAF.name, "password"),
                ],
                resources: shareResources(NODE_METRICS),
                volumeMount: mounts.map((mount) => ({ ...mount, readOnly: true })),
              },
            ],
            volume: [
              { name: "processes", hostPath: { path: "/proc", type: "Directory" } },
              { name: "disk", hostPath: { path: NODE_DISK.folder, type: "DirectoryOrCreate" } },
              { name: "config", configMap: { name: config.metadata.name } },
            ],
          },
        }),
      },
    });
    const secrets = [INFLUXDB_TELEGRAF.name];
    this.restart = { namespace, resource: "daemonsets", name: NAME, secrets, ready: this.ready };
  }
}
