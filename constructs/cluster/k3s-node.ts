import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Container, type ContainerConfig, type ContainerUpload } from "@cdktf/provider-docker/lib/container";
import { Volume } from "@cdktf/provider-docker/lib/volume";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stateful } from "../core/stateful";
import { KAFKA_CLUSTER } from "../kafka/resources";
import { literal, shortHash, sorted, stableJson } from "../../synthesized/text";
import { toYaml } from "../../synthesized/yaml";
import type { DockerHost } from "./docker-host";

/** Where nodes find the data of all volumes (SQR-031); the local-path provisioner keeps it there. */
export const PROVISIONER_PATH = "/opt/local-path-provisioner";

/** Where nodes find the data of a storage class that has a folder of its own. */
export function classPath(storageClass: string): string {
  return `/opt/storage-classes/${storageClass}`;
}

/** Where a node finds the data of its volumes, where these are in a folder of its own. */
export function nodePath(node: string): string {
  return `/opt/node-volumes/${node}`;
}

/** A folder of a machine and its path in the nodes. */
export interface Folder {
  readonly hostPath: string;
  readonly containerPath: string;
}

/** Name by which a container reaches its machine. */
export const HOST_ALIAS = "host.docker.internal";

/** State of a node that outlives its container, by the suffix of the Docker volume's name. */
const STATE = {
  /** On the server the datastore, everywhere images and pods. */
  k3s: "/var/lib/rancher/k3s",
  /** The node's password. The server refuses a node that has lost it. */
  node: "/etc/rancher/node",
  kubelet: "/var/lib/kubelet",
  cni: "/var/lib/cni",
  log: "/var/log",
} as const;

/** Registries that a mirror replaces: the EFD's images come from these. */
const MIRRORED = ["docker.io", "ghcr.io", "quay.io", "registry.k8s.io"];

/** Sockets and locks, which must not outlive a start (SQR-031). */
const TMPFS = { "/run": "", "/var/run": "" };

/** How long a node may take to stop; then Docker kills what is left of it. */
const STOP_SECONDS = 60;

/**
 * What a node's container runs. It ends the programs of pods, in less time than Docker gives it. Without its comments:
 * another text replaces the node.
 */
const RUN = {
  file: "/etc/rancher/k3s/node.sh",
  text: readFileSync(join(__dirname, "node.sh"), "utf8").replace(/^ *#.*\n/gm, ""),
  seconds: STOP_SECONDS - 6,
} as const;

/** Pods that end when the others have: a broker hands over what it leads by asking the controllers. */
const ENDS_LAST = `${KAFKA_CLUSTER}-controller-*`;

/** Settings that server and agents have in common. */
export interface K3sNodeProps {
  /** Name of container and node. */
  readonly name: string;
  /** Machine that it runs on. */
  readonly host: DockerHost;
  /** Its image, as {@link DockerHost.image} names it. */
  readonly image: string;
  /** Address of its network card. @default - k3s takes that of the default route, or of the card */
  readonly address?: string | undefined;
  /** Network card through which packets to other nodes go. @default - that of the default route, whatever `address` is */
  readonly networkCard?: string | undefined;
  /** Folder of that machine that holds the data of volumes. */
  readonly hostPath: string;
  /** Its path in the node. @default PROVISIONER_PATH */
  readonly volumesPath?: string | undefined;
  /** More folders of that machine. */
  readonly folders: readonly Folder[];
  /** Pods that the node may run. */
  readonly maxPods: number;
  /** Whether its kubelet starts where control groups are of version 1. @default false */
  readonly allowCgroupV1?: boolean;
  /** Join token in its full form. */
  readonly token: string;
  /** URL of a mirror of the public registries. @default - images come from their own registries */
  readonly registryMirror?: string;
}

/** What differs between server and agents. */
export interface K3sRole {
  readonly command: string[];
  /** More variables than the token's. */
  readonly env?: string[];
  /** `host`, or `bridge` for a node that shares its machine with the server. */
  readonly networkMode: "host" | "bridge";
  /** More keys of `/etc/rancher/k3s/config.yaml`. */
  readonly config: Record<string, string | string[]>;
  /** More files than k3s's configuration. */
  readonly files?: ContainerUpload[];
  /** When k3s is considered started. @default - when its container runs */
  readonly healthcheck?: ContainerConfig["healthcheck"];
  /** More names that the container resolves. */
  readonly extraHosts?: ContainerConfig["host"];
  readonly dependsOn?: ContainerConfig["dependsOn"];
}

/**
 * A node of k3s in a container. Every change replaces the container, also an upgrade of k3s; its state is on volumes.
 * So its settings are few.
 */
export class K3sNode extends Construct {
  /** The container. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: K3sNodeProps, role: K3sRole) {
    super(scope, id);
    const { host, name } = props;
    const volumes = Object.entries(STATE).map(([suffix, containerPath]) => {
      const volume = new Volume(this, suffix, { provider: host.provider, name: `${name}-${suffix}` });
      return { volumeName: stateful(volume, `${name}-${suffix}`).name, containerPath };
    });
    // The provider plans to change these in place and then changes nothing. A label with their hash replaces the
    // container.
    const frozen = { healthcheck: role.healthcheck, tmpfs: TMPFS };
    const container = new Container(this, "container", {
      provider: host.provider,
      dependsOn: role.dependsOn,
      name,
      image: props.image,
      entrypoint: ["/bin/sh", RUN.file, `${RUN.seconds}`, ENDS_LAST],
      command: role.command,
      env: [`K3S_TOKEN=${props.token}`, ...(role.env ?? [])],
      privileged: true,
      networkMode: role.networkMode,
      host: role.extraHosts,
      cgroupnsMode: "private",
      restart: "always",
      mustRun: true,
      // By default Docker kills all at once on a replacement, and after 10 seconds on a reboot.
      destroyGraceSeconds: STOP_SECONDS,
      stopTimeout: STOP_SECONDS,
      removeVolumes: false,
      volumes: [
        ...volumes,
        { hostPath: props.hostPath, containerPath: props.volumesPath ?? PROVISIONER_PATH },
        ...props.folders,
      ],
      upload: [
        ...this.configuration(props, role),
        { file: RUN.file, content: literal(RUN.text), permissions: "0600" },
        ...(role.files ?? []),
      ],
      logDriver: "json-file",
      logOpts: { "max-size": "50m", "max-file": "3" },
      labels: [{ label: "config-hash", value: shortHash(stableJson(frozen)) }],
      ...frozen,
      ...(role.healthcheck && { wait: true, waitTimeout: 300 }),
    });
    container.overrideLogicalId(name);
    this.ready = container;
  }

  private configuration(props: K3sNodeProps, role: K3sRole): ContainerUpload[] {
    const { name, maxPods, allowCgroupV1, registryMirror, address, networkCard } = props;
    const config = {
      "node-name": name,
      // By default a pod that names no filter of its calls to the kernel has none: charts of InfluxData name none.
      "kubelet-arg": [`max-pods=${maxPods}`, "seccomp-default=true", ...(allowCgroupV1 ? ["fail-cgroupv1=false"] : [])],
      ...(address === undefined ? {} : { "node-ip": address }),
      ...(networkCard === undefined ? {} : { "flannel-iface": networkCard }),
      ...role.config,
    };
    const files: [name: string, content: unknown][] = [["config.yaml", config]];
    if (registryMirror)
      files.push([
        "registries.yaml",
        { mirrors: Object.fromEntries(MIRRORED.map((registry) => [registry, { endpoint: [registryMirror] }])) },
      ]);
    return files.map(([file, content]) => ({
      file: `/etc/rancher/k3s/${file}`,
      content: literal(toYaml(sorted(content))),
      permissions: "0600",
    }));
  }
}
