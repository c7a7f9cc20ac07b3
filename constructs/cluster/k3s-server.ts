import type { Construct } from "constructs";
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

/** Whether only the machine itself reaches this address. */
function isLoopback(address: string): boolean {
  return /^127\.|^localhost$/.test(address);
}

/** Settings of the server. */
export interface K3sServerProps extends K3sNodeProps {
  /** Address by which operators and agents on other hosts reach it. */
  readonly address: string;
  /** Port of the Kubernetes API. */
  readonly apiPort: number;
  /** More names and addresses of its certificate. */
  readonly tlsSans: readonly string[];
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
    const { address, apiPort } = props;
    const addressFromBridge = isLoopback(address) ? HOST_ALIAS : address;
    super(scope, id, props, {
      // We install traefik and the provisioner ourselves.
      command: ["server", "--https-listen-port", String(apiPort), "--disable=traefik", "--disable=local-storage"],
      networkMode: "host",
      config: {
        "kube-controller-manager-arg": [`node-cidr-mask-size=${props.nodeCidrMask}`],
        // It is there without agents too: adding the first agent must not replace the server.
        "tls-san": [...new Set([address, addressFromBridge, ...props.tlsSans])],
        "write-kubeconfig-mode": "0600",
      },
      files: props.tlsFiles.map(({ path, content, permissions }) => ({
        file: `${TLS_FOLDER}/${path}`,
        content,
        permissions,
      })),
      healthcheck: HEALTHCHECK,
    });
    this.url = `https://${address}:${apiPort}`;
    this.urlFromBridge = `https://${addressFromBridge}:${apiPort}`;
  }
}
