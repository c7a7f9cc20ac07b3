/** What a check says, and what a check is. */
import type { Environment } from "../../../environments/schema";
import type { CheckContext } from "../../shared/checks/site-check";
import type { SiteClients } from "../../shared/clients/clients";
import type { Stack } from "../../shared/site/program";

/** Subjects of `npm run check`, in the order in which they are printed. A subject is a file of `systems/`. */
export const SUBJECTS = [
  "host",
  "cluster",
  "kafka",
  "registry",
  "sinks",
  "influxdb",
  "chronograf",
  "kapacitor",
  "rest-proxy",
  "love",
  "certificates",
  "backups",
] as const;

/** A subject. */
export type Subject = (typeof SUBJECTS)[number];

/** What is looked at of a subject, for `--help`. */
export const SUBJECT_TITLES: Readonly<Record<Subject, string>> = {
  host: "machines of the cluster: Docker, kernels, disks, firewalls, clocks",
  cluster: "API server, nodes, pods, volumes, Jobs, and what operators say of their objects",
  kafka: "brokers, partitions, copies, topics, and their volumes",
  registry: "whether the schema registry answers, and may be written",
  sinks: "whether data arrives through each consumer or connector",
  influxdb: "login, databases, how long they keep data, whether it takes points, and room on the disk",
  chronograf: "whether it answers, and has its sources and dashboards",
  kapacitor: "whether it answers, and gets what InfluxDB writes",
  "rest-proxy": "whether it answers, and reaches Kafka",
  love: "frontends, Redis, producers, the set-up, and the backup of views",
  certificates: "certificates and DNS names of the routes and of Kafka, as clients see them, and their renewal",
  backups: "age of the last backup of each program, and why one failed",
};

/**
 * `ok`: measured, and healthy. `warn`: works, and will not for long, or works less than it should. `fail`: does not work, or
 * data does not flow. `unknown`: could not be measured; never a guess.
 */
export type Level = "ok" | "warn" | "fail" | "unknown";

/** One line of the result. */
export interface Verdict {
  readonly level: Level;
  /** What was looked at: `consumer m1m3`, `topic lsst.sal.Test.logevent_heartbeat`. */
  readonly what: string;
  /** What was measured, with units: `newest point is 3 s old`. */
  readonly measured: string;
  /** What is healthy: `younger than 60 s`. */
  readonly healthy: string;
  /** What to do; given for every level but `ok`. */
  readonly remedy?: string;
  /** Page of the docs with more: `docs/runbooks/refused-points.md`. */
  readonly page?: string;
}

/** What a check looks at. */
export interface CheckProps {
  readonly site: Environment;
  /** Ways into the site. They end when the check's time is over. */
  readonly clients: SiteClients;
  /** Aborted when the check's time is over, or the user interrupts: for what a check opens itself. */
  readonly signal: AbortSignal;
  /** The site's stacks, as this checkout synthesizes them. */
  readonly stacks: readonly Stack[];
  /** This machine, and the Docker hosts of the site. A check asks it for no state of Terraform. */
  readonly machine: CheckContext;
  /** The time now in milliseconds; tests set it. */
  readonly now: () => number;
}

/**
 * A check of a subject. It may throw a `UserError`, which becomes one verdict `unknown` with that message; a check that can
 * tell more says so itself.
 */
export interface Check {
  readonly subject: Subject;
  /** What it looks at, for `--help` and for a check that did not end in time: `replicas of partitions`. */
  readonly title: string;
  /** Seconds that it may take before it is ended. */
  readonly seconds: number;
  /** Whether it asks the cluster nothing, so that it also runs where the cluster does not answer. @default false */
  readonly outside?: boolean;
  /** Whether the site has what it looks at. @default - every site has it */
  readonly applies?: (site: Environment) => boolean;
  readonly run: (props: CheckProps) => Promise<readonly Verdict[]>;
}
