/** Rights of accounts in Kafka. */
import type { Acl } from "./resources";

/** Topics by the beginning of their names, and by their whole names. */
export interface Topics {
  readonly prefixes: readonly string[];
  /** @default - none */
  readonly topics?: readonly string[];
}

/** Rights to do this with these topics. */
export function mayDo(operations: Acl["operations"], { prefixes, topics = [] }: Topics): Acl[] {
  return [
    ...prefixes.map((name) => ({ name, patternType: "prefix" as const })),
    ...topics.map((name) => ({ name, patternType: "literal" as const })),
  ].map((which) => ({ resource: { type: "topic", ...which }, operations }));
}

/** Rights to read every topic. */
export const MAY_READ_ALL: Acl = {
  resource: { type: "topic", name: "*", patternType: "literal" },
  operations: ["Read", "Describe"],
};

/** Every right on topics that begin with one of these words. */
export function mayUse(...prefixes: string[]): Acl[] {
  return mayDo(["All"], { prefixes });
}

/** Membership in consumer groups that begin with this word; `*` for all. */
export function mayJoin(group: string): Acl {
  return {
    resource: { type: "group", name: group, patternType: group === "*" ? "literal" : "prefix" },
    operations: group === "*" ? ["All"] : ["Read", "Describe"],
  };
}

/** SAL's producers describe the cluster before they write. */
export const MAY_DESCRIBE_CLUSTER: Acl = { resource: { type: "cluster" }, operations: ["Describe", "DescribeConfigs"] };
