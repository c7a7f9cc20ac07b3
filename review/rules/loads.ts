/** Who writes which topics into which database: what every program that reads Kafka says of itself. */
import type { Risk } from "../model/model";
import type { Resource } from "../read/resources";

/** A program writes the topics of one pattern into one place. */
export interface Load {
  /** Name of the program: `telegraf-atdome`. */
  readonly program: string;
  /** By whose settings its points are made; those of two kinds cannot be compared. */
  readonly kind: "Telegraf" | "Kafka Connect";
  /** Consumer group; empty where Kafka Connect names it after the connector. */
  readonly group: string;
  /** Groups of the same program that read the topics once more. */
  readonly repairs: readonly string[];
  /** Topics as people write them: `lsst.sal.ESS.*`; a regular expression that is no such pattern as it is. */
  readonly topics: string;
  /** Where it writes: a database of InfluxDB, or a bucket. */
  readonly database: string;
  /** What decides what a point is called, and when and where it is: by setting. */
  readonly points: ReadonlyMap<string, string>;
  readonly resource: Resource;
}

/** Stands between the name of a program's second configuration and a setting in it. */
export const OF_SECOND = ": ";

/** What a changed setting does to points. */
export interface PointChange {
  readonly risk: Risk;
  /** What the program does from now on, behind its name. */
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/** A pattern of topics behind its regular expression, `lsst.sal.ESS.*` of `^lsst\.sal\.ESS\..*$`; others as they are. */
export function topicsOf(regExp: string): string {
  const inner = /^\^(.*)\$$/.exec(regExp)?.[1];
  const parts = inner?.split(".*") ?? [];
  return parts.length > 0 && parts.every((part) => /^(?:[\w-]|\\.)*$/.test(part))
    ? parts.map((part) => part.replaceAll("\\", "")).join("*")
    : regExp;
}

/** Whether a pattern takes every topic that another one takes. */
export function takesAll(pattern: string, other: string): boolean {
  if (pattern === other) return true;
  const walk = (i: number, j: number): boolean => {
    if (i === pattern.length && j === other.length) return true;
    if (pattern[i] === "*") return walk(i + 1, j) || (j < other.length && walk(i, j + 1));
    return i < pattern.length && j < other.length && other[j] !== "*" && pattern[i] === other[j] && walk(i + 1, j + 1);
  };
  return !/[\\^$()|[\]{}+?]/.test(pattern + other) && walk(0, 0);
}

/** A program in words: `the consumer telegraf-atdome`. */
export function programOf({ program, kind }: Pick<Load, "program" | "kind">): string {
  return `the ${kind === "Telegraf" ? "consumer" : "sink"} ${program}`;
}

/** The first topics of a list in words, each once: `a, b, c and 4 more`. */
export function inWords(topics: readonly string[], most = 4): string {
  const all = [...new Set(topics)];
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(", ")} and ${rest} more` : all.join(", ");
}
