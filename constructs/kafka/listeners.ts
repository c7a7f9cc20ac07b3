import { EXTERNAL_PORT, type OuterAccess, type OuterAddress } from "../../environments/systems/kafka/brokers";
import type { Web } from "../kubernetes/web";
import type { Listener } from "./resources";

/** Ports of the listeners (Sasquatch). */
export const KAFKA_PORTS = { plain: 9092, tls: 9093, external: EXTERNAL_PORT } as const;

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
