import type { Environment } from "../../environments/schema";

/** Ports of the listeners (Sasquatch). */
export const KAFKA_PORTS = { plain: 9092, tls: 9093, external: 9094 } as const;

/** How clients outside the cluster reach the brokers. */
export interface ExternalAccess {
  /** Ports of the nodes, or a load balancer for each broker. */
  readonly kind: "nodeport" | "loadbalancer";
  /** Port at which clients find the brokers at first. */
  readonly bootstrap: number;
  /** Port of each broker, in the order in which clients count them. */
  readonly brokers: readonly number[];
}

/** What a site says of it. The site's rules hold: every broker has a NodePort where clients come by one. */
export function externalAccess({ access, brokers }: Environment["kafka"]): ExternalAccess {
  if (access.kind === "loadbalancer")
    return { kind: access.kind, bootstrap: KAFKA_PORTS.external, brokers: brokers.map(() => KAFKA_PORTS.external) };
  return {
    kind: access.kind,
    bootstrap: access.bootstrapNodePort,
    brokers: brokers.map(({ id, nodePort }) => {
      if (nodePort === undefined) throw new Error(`broker ${id} has no NodePort`);
      return nodePort;
    }),
  };
}
