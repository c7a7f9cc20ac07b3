/** Accounts of Kafka. */
import { at, isBranch, listAt, textAt, type Tree } from "../../model/tree";
import { differenceAt, goes, sides } from "../../read/resources";
import { isDone, onEach, type Rule, without } from "../rule";

function rightsOf(side: Tree | undefined): string[] {
  return listAt(side, "spec", "authorization", "acls").flatMap((acl) => {
    const resource = at(acl, "resource");
    const on = isBranch(resource) ? `${textAt(resource, "type")} ${textAt(resource, "name") ?? ""}`.trim() : "";
    return listAt(acl, "operations").map((operation) => `${String(operation)} on ${on}`);
  });
}

function rightsSay(lost: readonly string[], gained: readonly string[]): string {
  const parts = [
    ...(lost.length > 0 ? [`loses ${lost.join(", ")}`] : []),
    ...(gained.length > 0 ? [`gets ${gained.join(", ")}`] : []),
  ];
  return parts.join(" and ");
}

/** All of them. */
export const ACCOUNT_RULES: readonly Rule[] = [
  {
    id: "kafka-user",
    explanation: "An account of Kafka is removed, or its rights or the source of its password change.",
    risk: "interrupts",
    find: onEach(["KafkaUser"], (resource) => {
      if (goes(resource) && !resource.keep)
        return {
          what: `the account ${resource.name} of Kafka ${isDone(resource)}`,
          why: "whoever logs in with it is refused from then on: a producer's messages are not written",
          remedy: "check that nobody uses it any more",
        };
      if (resource.action !== "update") return undefined;
      const [was, is] = sides(resource, rightsOf);
      const [lost, gained] = [without(was, is), without(is, was)];
      const login = differenceAt(resource, /^spec\.authentication/);
      if (lost.length + gained.length === 0 && !login) return undefined;
      return {
        risk: "changes access",
        what: `the account ${resource.name} of Kafka ${login ? "logs in in another way" : rightsSay(lost, gained)}`,
        why: login ? "the old password or certificate is refused" : "what it may no longer do is refused at once",
        remedy: "compare with what its program does",
      };
    }),
  },
];
