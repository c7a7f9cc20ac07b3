/** Brokers as clients outside the cluster see them. */
import type { GeneralSite } from "../../general/site";
import { hostOf } from "../../values/host-names";
import type { KafkaSite } from "./schema";

/** Port of every broker behind a load balancer (Sasquatch). */
export const EXTERNAL_PORT = 9094;

/** A broker as clients outside the cluster see it. */
export interface Broker {
  /** Node id in the Kafka cluster. */
  readonly id: number;
  /** Place in the site's list, by which clients count brokers. */
  readonly position: number;
  readonly host: string;
  readonly port: number;
}

/** The application in the host name of the broker at a position. */
export const brokerApp = (position: number) => `kafka-${position}`;

/** The application in the host name by which clients find the brokers at first. */
export const BOOTSTRAP_APP = "kafka";

type Site = KafkaSite & Pick<GeneralSite, "name" | "domain" | "hostPattern">;

/** A site's brokers, in the order of its list. */
export function brokersOf(site: Site): Broker[] {
  const { access, brokers } = site.kafka;
  return brokers.map(({ id, nodePort }, position) => {
    const port = access.kind === "loadbalancer" ? EXTERNAL_PORT : nodePort;
    // A rule demands the NodePort: this is no mistake of the site's file.
    if (port === undefined) throw new Error(`broker ${id} has no NodePort`);
    return { id, position, host: hostOf(site, brokerApp(position)), port };
  });
}
