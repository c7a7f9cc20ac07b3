import type { ITerraformDependable } from "cdktf";

/** A program that reads Secrets, or looks for topics, only when it starts; so do the tasks of a connector. */
export interface Restart {
  readonly namespace: string;
  /** Plural name of its workload's kind. */
  readonly resource: "deployments" | "daemonsets" | "kafkaconnectors";
  /** Name of its workload. */
  readonly name: string;
  /** Secrets of its namespace that it reads, at least one. */
  readonly secrets: readonly string[];
  /** Regular expressions of the topics that it looks for. @default - none: it consumes nothing */
  readonly topics?: readonly string[];
  /** Consumer group in which it reads them. @default - none */
  readonly group?: string;
  /** The workload. @default - another layer makes it */
  readonly ready?: ITerraformDependable;
}
