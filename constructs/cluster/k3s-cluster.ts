import { Construct } from "constructs";
import { DockerHost } from "./docker-host";
import { K3sAgent } from "./k3s-agent";
import { classPath } from "./k3s-node";
import { K3sPki } from "./k3s-pki";
import { K3sServer } from "./k3s-server";
import { Kubeconfig } from "./kubeconfig";

/** A worker. */
export interface AgentProps {
  /** Name of container and node, unique in the cluster. */
  readonly name: string;
  /** Address of its Docker daemon. @default - the server's */
  readonly dockerHost?: string;
  /** Release of k3s on this node. @default - the server's */
  readonly version?: string;
  /** Labels of the node. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a cluster is made of. */
export interface K3sClusterProps {
  /** Name of the cluster: organization of its authorities, cluster, user and context of the kubeconfig. */
  readonly name: string;
  /** Name of the server's container and node. */
  readonly serverName: string;
  /** Repository of the k3s image. */
  readonly image: string;
  /** Release of k3s as a tag of that repository: nothing but images and containers depends on it. */
  readonly version: string;
  /** Address of the server's Docker daemon: `unix:///…` or `ssh://[user@]host[:port]`. */
  readonly dockerHost: string;
  /** Address by which operators and agents on other hosts reach the server. */
  readonly address: string;
  /** Port of the Kubernetes API. */
  readonly apiPort: number;
  /** Folder of every machine that holds the data of all volumes. */
  readonly hostPath: string;
  /** Storage classes beside the site's own; each that has a folder of every machine gets it. */
  readonly storageClasses: readonly { readonly name: string; readonly hostPath?: string }[];
  /** More names and addresses of the server's certificate. */
  readonly tlsSans: readonly string[];
  /** Pods per node. */
  readonly maxPods: number;
  /** Prefix length of each node's network. */
  readonly nodeCidrMask: number;
  /** URL of a mirror of the public registries. @default - images come from their own registries */
  readonly registryMirror?: string;
  /** Workers besides the server. */
  readonly agents: readonly AgentProps[];
  /** Where the kubeconfig is written, absolute or relative to the stack's folder. */
  readonly kubeconfig: string;
}

/** k3s in Docker: one server, any number of agents, and the access to it. */
export class K3sCluster extends Construct {
  /** URL of the Kubernetes API. */
  readonly host: string;
  /** Authority of the API server's certificate, PEM; public. */
  readonly certificateAuthority: string;

  constructor(scope: Construct, id: string, props: K3sClusterProps) {
    super(scope, id);
    const pki = new K3sPki(this, "pki", { cluster: props.name });
    const hosts = new Map<string, DockerHost>();
    const hostOf = (node: string, address: string): DockerHost => {
      const host = hosts.get(address) ?? new DockerHost(this, `host-of-${node}`, { alias: node, address });
      hosts.set(address, host);
      return host;
    };
    const { hostPath, maxPods, registryMirror } = props;
    const folders = props.storageClasses.flatMap(({ name, hostPath }) =>
      hostPath === undefined ? [] : [{ hostPath, containerPath: classPath(name) }],
    );
    const nodeProps = (name: string, address: string, version = props.version) => {
      const host = hostOf(name, address);
      return {
        name,
        host,
        image: host.image(name, `${props.image}:${version}`),
        hostPath,
        folders,
        maxPods,
        registryMirror,
        token: pki.token,
      };
    };
    const server = new K3sServer(this, "server", {
      ...nodeProps(props.serverName, props.dockerHost),
      address: props.address,
      apiPort: props.apiPort,
      tlsSans: props.tlsSans,
      nodeCidrMask: props.nodeCidrMask,
      tlsFiles: pki.files,
    });
    for (const { name, labels, version, dockerHost = props.dockerHost } of props.agents)
      new K3sAgent(this, `agent-${name}`, {
        ...nodeProps(name, dockerHost, version),
        server,
        besideServer: dockerHost === props.dockerHost,
        labels,
      });
    this.host = server.url;
    this.certificateAuthority = pki.serverAuthority;
    new Kubeconfig(this, "kubeconfig", {
      path: props.kubeconfig,
      name: props.name,
      server: server.url,
      certificateAuthority: pki.serverAuthority,
      client: pki.admin,
    });
  }
}
