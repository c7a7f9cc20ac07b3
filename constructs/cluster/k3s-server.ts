import type { ContainerUpload } from "@cdktf/provider-docker/lib/container";
import type { Construct } from "constructs";
import { isLoopback } from "../../environments/systems/cluster/nodes";
import { addressText, network } from "../../ground/networks";
import { HOST_ALIAS, K3sNode, type K3sNodeProps } from "./k3s-node";
import type { TlsFile } from "./k3s-pki";

const TLS_FOLDER = "/var/lib/rancher/k3s/server/tls";

/**
 * Asks the API server through k3s's own kubectl. Durations are written as Docker gives them back (`1m0s`, not `60s`):
 * otherwise every plan has an update. Ten failures in a row, 100 seconds, mean that the server is unhealthy; a busy
 * host may miss a few.
 */
const HEALTHCHECK = {
  test: ["CMD", "kubectl", "get", "--raw=/readyz"],
  interval: "10s",
  timeout: "10s",
  startPeriod: "1m0s",
  retries: 10,
};

/** The cluster's DNS is the tenth address of the Services' network, as k3s itself has it. */
function clusterDns(serviceCidr: string): string {
  return addressText((network(serviceCidr)?.first ?? 0) + 10);
}

/** An IPv4 address of a network card, in the syntax of Terraform: none that begins with 127. */
const CARDS_ADDRESS = "^(?:[0-9]|[1-9][0-9]|1[013-9][0-9]|12[0-689]|2[0-9][0-9])(?:[.][0-9]+){3}$";

/**
 * The server's address where it is an input: k3s gets it as its node's where it is one of a network card. It gets a list
 * that may be empty, for an empty text would be a wrong address.
 */
function nodeIpOf(address: string): ContainerUpload[] {
  const [, reference] = /^\$\{(var\.[a-z_]+)\}$/.exec(address) ?? [];
  if (reference === undefined) return [];
  const content = `node-ip: \${jsonencode(regexall(${JSON.stringify(CARDS_ADDRESS)}, ${reference}))}\n`;
  return [{ file: "/etc/rancher/k3s/config.yaml.d/node-ip.yaml", content, permissions: "0600" }];
}

/** Settings of the server. */
export interface K3sServerProps extends K3sNodeProps {
  /** Address or name by which operators and agents on other hosts reach it. */
  readonly reachedBy: string;
  /** Port of the Kubernetes API. */
  readonly apiPort: number;
  /** More names and addresses of its certificate. */
  readonly tlsSans: readonly string[];
  /** Network of all pods. */
  readonly clusterCidr: string;
  /** Network of all Services. */
  readonly serviceCidr: string;
  /** Prefix length of each node's network. Nodes that exist keep theirs. */
  readonly nodeCidrMask: number;
  /** Authorities and keys, which must be there before the first start. */
  readonly tlsFiles: readonly TlsFile[];
}

/** The server: control plane, datastore and a node of its own, on the network of its machine (SQR-031). */
export class K3sServer extends K3sNode {
  /** URL by which agents beside it, on a bridge network, reach it. */
  readonly urlFromBridge: string;
  /** URL by which everyone else reaches it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: K3sServerProps) {
    const { reachedBy: address, apiPort, clusterCidr, serviceCidr } = props;
    const addressFromBridge = isLoopback(address) ? HOST_ALIAS : address;
    super(scope, id, props, {
      // We install traefik and the provisioner ourselves.
      command: ["server", "--https-listen-port", String(apiPort), "--disable=traefik", "--disable=local-storage"],
      networkMode: "host",
      config: {
        "kube-controller-manager-arg": [`node-cidr-mask-size=${props.nodeCidrMask}`],
        "cluster-cidr": clusterCidr,
        "service-cidr": serviceCidr,
        "cluster-dns": clusterDns(serviceCidr),
        // It is there without agents too: adding the first agent must not replace the server.
        "tls-san": [...new Set([address, addressFromBridge, ...props.tlsSans])],
        "write-kubeconfig-mode": "0600",
      },
      files: [
        ...(props.address === undefined ? nodeIpOf(address) : []),
        ...props.tlsFiles.map(({ path, content, permissions }) => ({
          file: `${TLS_FOLDER}/${path}`,
          content,
          permissions,
        })),
      ],
      healthcheck: HEALTHCHECK,
    });
    this.url = `https://${address}:${apiPort}`;
    this.urlFromBridge = `https://${addressFromBridge}:${apiPort}`;
  }
}
