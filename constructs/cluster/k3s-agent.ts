import type { Construct } from "constructs";
import { HOST_ALIAS, K3sNode, type K3sNodeProps } from "./k3s-node";
import type { K3sServer } from "./k3s-server";

/** Settings of an agent. */
export interface K3sAgentProps extends K3sNodeProps {
  /** The server that it joins. */
  readonly server: K3sServer;
  /** Whether the server runs on the same machine and so has its ports. */
  readonly besideServer: boolean;
  /** Labels of the node. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A worker. On the server's machine it has a network of its own, because both kubelets listen on port 10250. That is
 * Docker's default bridge: pods cannot reach the resolver of any other bridge. On another machine it uses that
 * machine's network, because packets between nodes (VXLAN) do not reach a bridge from outside.
 */
export class K3sAgent extends K3sNode {
  constructor(scope: Construct, id: string, props: K3sAgentProps) {
    const { server, besideServer } = props;
    const url = besideServer ? server.urlFromBridge : server.url;
    const labels = Object.entries(props.labels).map(([key, value]) => `${key}=${value}`);
    super(scope, id, props, {
      command: ["agent"],
      env: [`K3S_URL=${url}`],
      networkMode: besideServer ? "bridge" : "host",
      config: labels.length > 0 ? { "node-label": labels.sort() } : {},
      ...(url.includes(HOST_ALIAS) && { extraHosts: [{ host: HOST_ALIAS, ip: "host-gateway" }] }),
      dependsOn: [server.ready],
    });
  }
}
