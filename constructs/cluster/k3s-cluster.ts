import { Construct } from "constructs";
import { agentNodeAddress, type K3s, nodeCidrMask, serverNodeAddress } from "../../environments/systems/cluster/nodes";
import { INPUTS, input } from "../core/inputs";
import { DockerHost } from "./docker-host";
import { K3sAgent } from "./k3s-agent";
import { classPath, nodePath } from "./k3s-node";
import { K3sPki } from "./k3s-pki";
import { K3sServer } from "./k3s-server";
import { Kubeconfig } from "./kubeconfig";

/** What a cluster is made of. */
export interface K3sClusterProps {
  /** Name of the cluster: organization of its authorities, cluster, user and context of the kubeconfig. */
  readonly name: string;
  readonly spec: K3s;
  /** Storage classes beside the site's own. A class with a `hostPath` gets that folder of every machine. */
  readonly storageClasses: readonly { readonly name: string; readonly hostPath?: string }[];
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
    const { spec } = props;
    const serverHost = spec.dockerHost ?? input(this, INPUTS.dockerHost);
    const pki = new K3sPki(this, "pki", { cluster: props.name });
    const hosts = new Map<string, DockerHost>();
    const hostOf = (node: string, address: string): DockerHost => {
      const host = hosts.get(address) ?? new DockerHost(this, `host-of-${node}`, { alias: node, address });
      hosts.set(address, host);
      return host;
    };
    const { hostPath, maxPods, allowCgroupV1, registryMirror } = spec;
    const folders = props.storageClasses.flatMap(({ name, hostPath }) =>
      hostPath === undefined ? [] : [{ hostPath, containerPath: classPath(name) }],
    );
    const nodeProps = (name: string, address: string, version = spec.version) => {
      const host = hostOf(name, address);
      return {
        name,
        host,
        image: host.image(name, `${spec.image}:${version}`),
        hostPath,
        folders,
        maxPods,
        allowCgroupV1,
        registryMirror,
        token: pki.token,
      };
    };
    const server = new K3sServer(this, "server", {
      ...nodeProps(spec.serverName, serverHost),
      address: serverNodeAddress(spec),
      networkCard: spec.networkCard,
      reachedBy: spec.address ?? input(this, INPUTS.serverAddress),
      apiPort: spec.apiPort,
      clusterCidr: spec.clusterCidr,
      serviceCidr: spec.serviceCidr,
      tlsSans: spec.tlsSans,
      nodeCidrMask: nodeCidrMask(maxPods),
      tlsFiles: pki.files,
    });
    for (const agent of spec.agents) {
      const { name, labels, version, dockerHost = serverHost, networkCard, hostPath } = agent;
      new K3sAgent(this, `agent-${name}`, {
        ...nodeProps(name, dockerHost, version),
        ...(hostPath === undefined ? {} : { hostPath, volumesPath: nodePath(name) }),
        address: agentNodeAddress(spec, agent),
        networkCard,
        server,
        besideServer: dockerHost === serverHost,
        labels,
      });
    }
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
