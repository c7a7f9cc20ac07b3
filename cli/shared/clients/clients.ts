/**
 * Ways to the programs of a running site. All go through the API server, with the operator's own access: connections into
 * pods are its port-forwards, without a port on this machine; passwords come from the cluster's Secrets. Nothing here prints
 * or logs a password, and errors do not quote one.
 */
import type { Duplex } from "node:stream";
import type { KubernetesApi, LiveObject } from "../kubernetes/client";
import type { Http } from "./http";
import type { Influxdb } from "./influxdb";
import type { Kafka } from "./kafka";

/** A port of a Service inside the cluster. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** The Service's own port, not its pods'. */
  readonly port: number;
}

/**
 * What a command asks of a site. Each request ends when the signal does that the clients were made with, also one that a
 * server accepted and never answers.
 */
export interface SiteClients {
  /** The API server. */
  readonly cluster: Pick<KubernetesApi, "get" | "patch"> & {
    /** All objects of a collection; none where there is no such kind. */
    list(path: string): Promise<LiveObject[]>;
    /** Its clock in milliseconds since 1970, to the second; undefined where it does not say it. */
    clock(): Promise<number | undefined>;
  };
  /**
   * A key of a Secret, decoded.
   *
   * @throws {UserError} when there is no such Secret or key.
   */
  secret(namespace: string, name: string, key: string): Promise<string>;
  /**
   * A connection into a port of a pod, through the API server.
   *
   * @throws {UserError} when the API server refuses it. That nothing listens in the pod ends the connection with such an error.
   */
  tunnelTo(namespace: string, pod: string, port: number): Promise<Duplex>;
  /** HTTP to a ready pod behind a Service, through the API server. */
  inside(service: ServicePort): Http;
  /** HTTP or HTTPS from this machine, as any client of the site; trusts the site's own authority besides the usual ones. */
  outside(url: string): Http;
  /** InfluxDB, as the account that only reads, or as its administrator. */
  influxdb(account: "reader" | "admin"): Promise<Influxdb>;
  /** Kafka, as its administrator `kafka-admin`, who logs in with a certificate. */
  kafka(): Promise<Kafka>;
  /** Closes every connection. */
  close(): void;
}
