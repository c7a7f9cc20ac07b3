import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { SystemAccess } from "../accounts/account";
import type { Brokers } from "../kafka/kafka-cluster";
import type { Peer } from "../kubernetes/network-policy";
import type { Restart } from "../kubernetes/restarts";
import type { Web } from "../kubernetes/web";
import type { Registry } from "../registry/schema-registry";

/** What the programs of a system find when they start. */
export interface Surroundings {
  readonly kafka: Brokers;
  /** Accounts and topics of Kafka. */
  readonly accounts: { readonly ready: ITerraformDependable };
  readonly registry: Registry & { readonly ready: ITerraformDependable };
  /** Pods that ask the REST proxy, where there is one. */
  readonly restProxyClients: readonly Peer[];
  readonly web: Web;
}

/** A system that uses Kafka, at sites of this form. */
export interface KafkaSystem<Site> {
  /** What it asks for; known before anything is made. */
  access(site: Site): SystemAccess;
  /**
   * Adds its programs, where the site has them.
   *
   * @returns those that are restarted when their Secrets change
   * @default - the stack adds its programs itself, since their order among others matters
   */
  add?(scope: Construct, site: Site, surroundings: Surroundings): readonly { readonly restart: Restart }[];
}
