import type { Environment } from "../../environments/schema";
import type { Web } from "../kubernetes/web";
import type { Listener } from "./resources";

/** Ports of the listeners (Sasquatch). */
export const KAFKA_PORTS = { plain: 9092, tls: 9093, external: 9094 } as const;

/** An address by which clients outside the cluster reach a broker, or find the brokers at first. */
export interface OuterAddress {
  readonly host: string;
  readonly port: number;
  /** Port of the nodes. @default - a load balancer of its own */
  readonly nodePort?: number;
}

/** How clients outside the cluster reach the brokers. */
export interface OuterAccess {
  readonly bootstrap: OuterAddress;
  /** In the order of the site's list: a broker is called after its position in it, not after its id. */
  readonly brokers: readonly (OuterAddress & { readonly id: number })[];
}

/** The outer addresses of a site. Its rules hold: every broker has a NodePort where clients come by one. */
export function outerAccess({ access, brokers }: Environment["kafka"], web: Web): OuterAccess {
  const at = (host: string, nodePort: number | undefined): OuterAddress =>
    nodePort === undefined ? { host, port: KAFKA_PORTS.external } : { host, port: nodePort, nodePort };
  const byNodePort = access.kind === "nodeport";
  return {
    bootstrap: at(web.host("kafka"), byNodePort ? access.bootstrapNodePort : undefined),
    brokers: brokers.map(({ id, nodePort }, position) => {
      if (byNodePort && nodePort === undefined) throw new Error(`broker ${id} has no NodePort`);
      return { id, ...at(web.host(`kafka-${position}`), byNodePort ? nodePort : undefined) };
    }),
  };
}

/** Two listeners inside the cluster and one outside, whose certificate is in this Secret. */
export function listeners(kind: "nodeport" | "loadbalancer", outer: OuterAccess, web: Web, secret: string): Listener[] {
  const nodePort = (address: OuterAddress) => (address.nodePort === undefined ? {} : { nodePort: address.nodePort });
  return [
    { name: "plain", port: KAFKA_PORTS.plain, type: "internal", tls: false, authentication: { type: "scram-sha-512" } },
    { name: "tls", port: KAFKA_PORTS.tls, type: "internal", tls: true, authentication: { type: "tls" } },
    {
      name: "external",
      port: KAFKA_PORTS.external,
      type: kind,
      tls: true,
      authentication: { type: "scram-sha-512" },
      configuration: {
        brokerCertChainAndKey: { secretName: secret, certificate: "tls.crt", key: "tls.key" },
        bootstrap: {
          ...nodePort(outer.bootstrap),
          alternativeNames: [outer.bootstrap.host],
          annotations: web.dnsAnnotations(outer.bootstrap.host),
        },
        brokers: outer.brokers.map((broker) => ({
          broker: broker.id,
          ...nodePort(broker),
          advertisedHost: broker.host,
          advertisedPort: broker.port,
          annotations: web.dnsAnnotations(broker.host),
        })),
      },
    },
  ];
}
