/** Accounts of Kafka. */
import { isBranch, type Tree } from "../../model/tree";
import { differenceAt, goes, type Resource, sides } from "../../read/resources";
import { at, listAt, textAt } from "../reading";
import { isDone, onEach, type ResourceFinding, type Rule, without } from "../rule";

function rightsOf(side: Tree | undefined): string[] {
  return listAt(side, "spec", "authorization", "acls").flatMap((acl) => {
    const resource = at(acl, "resource");
    const some = textAt(resource, "patternType") === "prefix" ? "*" : "";
    const on = isBranch(resource) ? `${textAt(resource, "type")} ${textAt(resource, "name") ?? ""}${some}`.trim() : "";
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

/** By which listeners an account with this login comes in. */
const LISTENERS: Readonly<Record<string, string>> = {
  "scram-sha-512": "a password, at the listeners plain and external",
  tls: "a certificate of Strimzi, at the listener tls inside the cluster only",
};

function loginSays(resource: Resource): ResourceFinding[] {
  if (!differenceAt(resource, /^spec\.authentication/)) return [];
  const account = `the account ${resource.name} of Kafka`;
  const [was, is] = sides(resource, (side) => textAt(side, "spec", "authentication", "type") ?? "");
  const how = (type: string) => LISTENERS[type] ?? (type || "nothing");
  return was === is
    ? [
        {
          risk: "changes access",
          what: `${account} takes its password from elsewhere`,
          why: "the old password is refused",
          remedy: "compare with the password that its program uses",
        },
      ]
    : [
        {
          what: `${account} logs in with ${how(is)}, instead of ${how(was)}`,
          why: "its program is cut off until it uses the new login at such a listener",
          remedy: "make a second account with the new login, move the program, then remove the old one",
        },
      ];
}

function accountSays(resource: Resource): ResourceFinding[] {
  const [was, is] = sides(resource, rightsOf);
  const [lost, gained] = [without(was, is), without(is, was)];
  const rights: ResourceFinding = {
    risk: "changes access",
    what: `the account ${resource.name} of Kafka ${rightsSay(lost, gained)}`,
    why: lost.length > 0 ? "what it may no longer do is refused at once" : "it may do more at once, and nothing less",
    remedy: "compare with what its program does",
  };
  return [...loginSays(resource), ...(lost.length + gained.length > 0 ? [rights] : [])];
}

/** All of them. */
export const ACCOUNT_RULES: readonly Rule[] = [
  {
    id: "kafka-user",
    explanation:
      "An account of Kafka is removed, or its rights, the source of its password or its kind of login change: from password to certificate or back cuts its program off.",
    risk: "interrupts",
    find: onEach(["KafkaUser"], (resource) => {
      if (goes(resource) && !resource.keep)
        return {
          what: `the account ${resource.name} of Kafka ${isDone(resource)}`,
          why: "whoever logs in with it is refused from then on: a producer's messages are not written",
          remedy: "check that nobody uses it any more",
        };
      return resource.action === "update" ? accountSays(resource) : undefined;
    }),
  },
];
