/** Brokers as clients outside the cluster see them. */
import type { KafkaSite } from "./schema";

/** Port of every broker behind a load balancer (Sasquatch). */
export const EXTERNAL_PORT = 9094;

/** The application in the host name by which clients find the brokers at first. */
const BOOTSTRAP_APP = "kafka";

/** The application in a broker's host name: brokers are called after their position in the site's list, not after their id. */
const brokerApp = (position: number) => `${BOOTSTRAP_APP}-${position}`;

/** An address by which clients outside the cluster reach a broker, or find the brokers at first. */
export interface OuterAddress {
  readonly host: string;
  readonly port: number;
  /** Port of the nodes. @default - a load balancer of its own */
  readonly nodePort?: number;
}

/** A broker as clients outside the cluster reach it. */
export interface OuterBroker extends OuterAddress {
  /** Node id in the Kafka cluster. */
  readonly id: number;
  /** Place in the site's list. */
  readonly position: number;
}

/** How clients outside the cluster reach the brokers. */
export interface OuterAccess {
  readonly bootstrap: OuterAddress;
  /** In the order of the site's list. */
  readonly brokers: readonly OuterBroker[];
}

/** Applications that have a host name, in the order of {@link outerAccess}. */
export function appsOf({ brokers }: KafkaSite["kafka"]): string[] {
  return [BOOTSTRAP_APP, ...brokers.map((_broker, position) => brokerApp(position))];
}

/**
 * The outer addresses of a site. Its rules hold: every broker has a NodePort where clients come by one.
 *
 * @param host gives the host name of an application.
 */
export function outerAccess({ access, brokers }: KafkaSite["kafka"], host: (app: string) => string): OuterAccess {
  const at = (app: string, nodePort: number | undefined): OuterAddress =>
    nodePort === undefined ? { host: host(app), port: EXTERNAL_PORT } : { host: host(app), port: nodePort, nodePort };
  const byNodePort = access.kind === "nodeport";
  return {
    bootstrap: at(BOOTSTRAP_APP, byNodePort ? access.bootstrapNodePort : undefined),
    brokers: brokers.map(({ id, nodePort }, position) => {
      if (byNodePort && nodePort === undefined) throw new Error(`broker ${id} has no NodePort`);
      return { id, position, ...at(brokerApp(position), byNodePort ? nodePort : undefined) };
    }),
  };
}
