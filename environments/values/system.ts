/** What a system says of itself. Code that looks at the whole site asks every system and knows none of them. */
import type { z } from "zod";
import type { NamespaceName } from "../../ground/namespaces";
import type { Amount } from "./resources";
import type { Path, SiteRule, Warning } from "./rule";

/** Equal pods that run all the time. */
export interface EqualPods {
  readonly requests: Amount;
  /** @default - no rule looks at them */
  readonly limits?: Amount;
  readonly pods: number;
  /** How many containers of each pod ask for that. @default 1 */
  readonly containers?: number;
  /** Where a site's file says what they ask for. @default - no site's file says it */
  readonly path?: Path;
}

/** Equal volumes. */
export interface EqualVolumes {
  readonly size: string;
  readonly volumes: number;
}

/** Names of a site's file of which each may occur once. */
export interface UniqueNames {
  readonly path: Path;
  readonly names: readonly string[];
  /** What to do about one that occurs again. @default - rename one of them */
  readonly remedy?: string;
}

/** A port that Kubernetes opens on every node, and the key that asks for it. */
export interface NodePortUse {
  readonly name: string;
  readonly port: number;
}

/** Whatever takes topics of Kafka and writes them into a database of InfluxDB. */
export interface Sink {
  /** Where the sink stands in the site's file. */
  readonly path: Path;
  readonly name: string;
  readonly database: string;
  /** Names of topics, in which `*` stands for any characters. */
  readonly topics: readonly string[];
  /** Field from which a point takes its time. */
  readonly timestampField: string;
  /** Unit in which that field counts since 1970. @default - the sink finds out */
  readonly timestampFormat?: "unix" | "unix_ms" | "unix_us" | "unix_ns";
  /** Fields that become tags. */
  readonly tags: readonly string[];
}

/** Topics of Kafka that a site's file names in one list. */
export interface TopicNames {
  readonly path: Path;
  readonly names: readonly string[];
  /**
   * Patterns in which `*` stands for any characters, whole names, beginnings of names, or whole names of topics that
   * this program makes, each in the key `name` of its entry.
   */
  readonly kind: "patterns" | "whole" | "prefixes" | "made";
}

/** Names that a system uses itself, so that no site's file may give them to something else. */
export interface ReservedNames {
  /** Accounts of Kafka. */
  readonly accounts?: readonly string[];
  /** Topics of Kafka. */
  readonly topics?: readonly string[];
  /** Databases of InfluxDB. */
  readonly databases?: readonly string[];
  /** Secrets of the namespace `kafka`, in which Strimzi makes one with the name of each account. */
  readonly secrets?: readonly string[];
}

/** One system as the site's data see it. `Site` has the sections that it reads: its own, and those of other systems. */
export interface System<Site> {
  /** Its sections of a site's file. */
  readonly schema?: Readonly<Record<string, z.ZodType>>;
  /** Its rules, in the order in which their mistakes are printed. */
  readonly rules?: readonly SiteRule<Site>[];
  /** Its pods. */
  readonly pods?: (site: Site) => readonly EqualPods[];
  /** Its volumes. */
  readonly volumes?: (site: Site) => readonly EqualVolumes[];
  /** What has a host name of its own, by the `{app}` of that name. */
  readonly hosts?: (site: Site) => readonly string[];
  /** Its ports on the nodes. */
  readonly nodePorts?: (site: Site) => readonly NodePortUse[];
  /** Its namespaces. */
  readonly namespaces?: (site: Site) => readonly NamespaceName[];
  /** Names that may occur once. */
  readonly uniqueNames?: (site: Site) => readonly UniqueNames[];
  /** Topics that its sections name. */
  readonly topics?: (site: Site) => readonly TopicNames[];
  /** What it writes from Kafka into InfluxDB. */
  readonly sinks?: (site: Site) => readonly Sink[];
  readonly reservedNames?: ReservedNames;
  /** What needs an account of somebody else, whose secret cannot be generated. */
  readonly foreignAccounts?: (site: Site) => readonly string[];
  /** What is accepted and may not be meant: printed by every synthesis, and part of every review. */
  readonly warnings?: (site: Site) => readonly Warning[];
  /** What no rule can judge, since nobody documented it: lines for people. */
  readonly unjudged?: (site: Site) => readonly string[];
}

/** The sections of a schema, complete and checked. */
export type SiteOf<Shape extends Readonly<Record<string, z.ZodType>>> = z.output<z.ZodObject<Shape>>;

/** CPU and memory of one pod whose size no site's file says: its requests, and the limit of its memory. */
export interface Share extends Amount {
  /** Most memory that it may take. */
  readonly limit: string;
}

/** Pods of which no site's file says the size. */
export function fixedPods({ cpu, memory }: Share, pods = 1): EqualPods {
  return { requests: { cpu, memory }, pods };
}
