import type { Construct } from "constructs";
import { HOST_ALIAS, K3sNode, type K3sNodeProps } from "./k3s-node";
import type { K3sServer } from "./k3s-server";

/** What an agent is told. */
export interface K3sAgentProps extends K3sNodeProps {
  /** The server that it joins. */
  readonly server: K3sServer;
  /** Whether the server runs on the same machine, whose ports it then has. */
  readonly besideServer: boolean;
  /** Labels of the node. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A worker. Beside the server it has a network of its own, for both kubelets listen on port 10250; Docker's default
 * bridge, because the resolver of any other one cannot be reached from pods. On a machine of its own it has the
 * machine's: the packets between nodes (VXLAN) do not find a bridge from outside.
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
