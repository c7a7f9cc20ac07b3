/** A Kafka that runs, where one is. */
import type { Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import type { ClusterView } from "./cluster-view";

/** A Kafka that takes the place of the one that is only said to run. */
export interface RealKafka {
  /** More of the specification of a node's pod; undefined for a node that stays a simulated one. */
  pod(pool: LiveObject, name: string, view: ClusterView): Promise<Json | undefined>;
  /** Makes what leads to the pods; a line where that is not possible yet. */
  serve(kafka: LiveObject, view: ClusterView): Promise<string | undefined>;
  /** Makes an account, with its password where it has one; a line where that is not possible yet. */
  account(user: LiveObject, password: string, view: ClusterView): Promise<string | undefined>;
  /** Makes a topic; a line where that is not possible yet. */
  topic(topic: LiveObject, view: ClusterView): Promise<string | undefined>;
  /** Keys of the Secret of an account that logs in with a certificate. */
  certificate(user: string): Promise<Readonly<Record<string, string>>>;
  /** The authority of the nodes' certificates, PEM. */
  authority(): Promise<string>;
}
