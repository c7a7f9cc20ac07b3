/** Rights of accounts in Kafka. */
import type { Acl } from "./resources";

/** Rights to read topics that begin with one of these words, and to see their settings, as a mirror does. */
export function mayRead(...prefixes: string[]): Acl[] {
  return prefixes.map((name) => ({
    resource: { type: "topic", name, patternType: "prefix" },
    operations: ["Read", "Describe", "DescribeConfigs"],
  }));
}

/** Rights to read every topic. */
export const MAY_READ_ALL: Acl = {
  resource: { type: "topic", name: "*", patternType: "literal" },
  operations: ["Read", "Describe"],
};

/** Every right on topics that begin with one of these words. */
export function mayUse(...prefixes: string[]): Acl[] {
  return prefixes.map((name) => ({ resource: { type: "topic", name, patternType: "prefix" }, operations: ["All"] }));
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
