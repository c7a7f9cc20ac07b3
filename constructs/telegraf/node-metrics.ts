import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "smol-toml";
import { PLATFORM } from "../../environments/platform";
import { literal, shortHash } from "../../synthesized/text";
import { image } from "../../ground/versions";
import { operatorResources } from "../platform/values";
import { labels, RESTARTABLE, selectorLabels } from "../kubernetes/objects";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/workload";
import type { Rollout } from "../kubernetes/restarts";
import { influxdbOutput, PASSWORD_VARIABLES } from "./telegraf-config";
import type { PasswordReference } from "./telegraf-consumer";

/**
 * The file system on which nodes keep images, logs and temporary files (Container-Optimized OS), and an empty folder
 * on it. Only the folder is mounted: a file system is measured by any of its folders, and this one shows nothing.
 */
const NODE_DISK = { mountPoint: "/mnt/stateful_partition", folder: "/var/lib/efd-telegraf" };
/** Where the pod finds what is the node's. */
const NODE_ROOT = "/node";
const NAME = "telegraf-nodes";

/** Telegraf on every node. */
export interface NodeMetricsProps {
  /** Namespace whose Pod Security level lets pods mount folders of the node. */
  readonly namespace: string;
  readonly influxdb: string;
  /** Account of InfluxDB that writes. */
  readonly influxdbUser: string;
  readonly database: string;
  readonly influxdbPassword: PasswordReference;
  readonly dependsOn: ITerraformDependable[];
}

/** Telegraf's TOML: CPU, memory, disks, network and processes of the node it runs on. */
export function nodeMetricsConfig(props: Pick<NodeMetricsProps, "influxdb" | "influxdbUser" | "database">): string {
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
    outputs: { http: [influxdbOutput(props.influxdb, props.influxdbUser, props.database)] },
  });
}

/**
 * Telegraf on every node. It is in the node's network, whose figures it reads, and sees the node's processes; it is
 * no root, has no capability, writes nowhere, and mounts nothing else of the node.
 */
export class NodeMetrics extends Construct {
  /** It reads its password when it starts. */
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: NodeMetricsProps) {
    super(scope, id);
    const { namespace, influxdbPassword } = props;
    const metadata = { name: NAME, namespace, labels: labels(NAME) };
    const text = nodeMetricsConfig(props);
    const config = new ConfigMapV1(this, "config", { metadata, data: { "telegraf.conf": literal(text) } });
    const mounts = [
      { name: "processes", mountPath: `${NODE_ROOT}/proc` },
      { name: "disk", mountPath: `${NODE_ROOT}${NODE_DISK.mountPoint}` },
      { name: "config", mountPath: "/etc/telegraf" },
    ];
    const workload = new DaemonSetV1(this, "daemon-set", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn: props.dependsOn,
      waitForRollout: true,
      spec: {
        selector: { matchLabels: selectorLabels(NAME) },
        template: {
          metadata: { labels: metadata.labels, annotations: { "efd/config": shortHash(text) } },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            hostNetwork: true,
            dnsPolicy: "ClusterFirstWithHostNet",
            securityContext: restrictedPod(1000),
            container: [
              {
                name: "telegraf",
                image: image("telegraf"),
                command: ["telegraf", "--config", "/etc/telegraf/telegraf.conf"],
                env: [
                  { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                  { name: "HOST_PROC", value: `${NODE_ROOT}/proc` },
                  { name: "HOST_MOUNT_PREFIX", value: NODE_ROOT },
                  {
                    name: PASSWORD_VARIABLES.influxdb,
                    valueFrom: { secretKeyRef: { name: influxdbPassword.secret, key: influxdbPassword.key } },
                  },
                ],
                resources: operatorResources(PLATFORM.nodeMetrics),
                securityContext: RESTRICTED_CONTAINER,
                volumeMount: mounts.map((mount) => ({ ...mount, readOnly: true })),
              },
            ],
            volume: [
              { name: "processes", hostPath: { path: "/proc", type: "Directory" } },
              { name: "disk", hostPath: { path: NODE_DISK.folder, type: "DirectoryOrCreate" } },
              { name: "config", configMap: { name: config.metadata.name } },
            ],
          },
        },
      },
    });
    this.rollout = { namespace, resource: "daemonsets", name: NAME, secrets: [influxdbPassword.secret], workload };
  }
}
