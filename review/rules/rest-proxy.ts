/** The REST proxy. */
import { differenceAt, goes, type Resource, sides } from "../read/resources";
import { listAt, textAt, numberAt } from "./reading";
import { isDone, onEach, type ResourceFinding, type Rule, without, WORKLOADS } from "./rule";

const BUDGET = "kubernetes_pod_disruption_budget_v1";

const isProxy = ({ name }: Resource): boolean => name === "rest-proxy";

function workloadSays(resource: Resource): ResourceFinding | undefined {
  const [was, is] = sides(resource, (side) => numberAt(1, side, "spec", "replicas"));
  const stopped = resource.action === "update" && is === 0;
  if (goes(resource) || stopped)
    return {
      what: `the REST proxy ${stopped ? "is stopped" : isDone(resource)}`,
      why: "programs that write through it are cut off, and what they do not keep themselves is lost",
      remedy: "move them to Kafka itself first, or tell them when",
    };
  if (!differenceAt(resource, /^spec\.replicas$/) || is >= was) return undefined;
  return {
    risk: "harmless",
    what: `the REST proxy goes from ${was} to ${is} replicas`,
    why: "nothing happens now; with one, a node that fails or is drained cuts writers off until another runs",
    remedy: "check that fewer can take what is written",
  };
}

function budgetSays(resource: Resource): ResourceFinding | undefined {
  return goes(resource)
    ? {
        risk: "harmless",
        what: `the disruption budget of the REST proxy ${isDone(resource)}`,
        why: "nothing happens now; draining a node no longer waits for another replica",
        remedy: "check that this is meant",
      }
    : undefined;
}

/** The beginnings of topics' names on which an account has rights. */
const prefixesOf = (side: Resource["before"]): string[] =>
  listAt(side, "spec", "authorization", "acls").map((acl) => textAt(acl, "resource", "name") ?? "");

function accountSays(resource: Resource): ResourceFinding[] {
  const [was, is] = sides(resource, prefixesOf);
  const topics = (prefixes: readonly string[]) => prefixes.map((one) => `${one}*`).join(", ");
  const [lost, gained] = [without(was, is), without(is, was)];
  return [
    ...(lost.length > 0 && !goes(resource)
      ? [
          {
            risk: "changes access" as const,
            what: `nobody writes ${topics(lost)} through the REST proxy any more`,
            why: "Kafka refuses it from then on; topics that are there stay",
            remedy: "check that no program writes such topics through it",
          },
        ]
      : []),
    ...(gained.length > 0
      ? [
          {
            risk: "changes access" as const,
            what: `whoever has the login of the REST proxy may create and write ${topics(gained)}`,
            why: "the proxy writes for all its users under one account",
            remedy: "check that its users may",
          },
        ]
      : []),
  ];
}

/** All of them. */
export const REST_PROXY_RULES: readonly Rule[] = [
  {
    id: "rest-proxy",
    explanation: "The REST proxy is removed, is stopped, has fewer replicas, or may write fewer or more topics.",
    risk: "interrupts",
    find: (layer) => [
      ...onEach(WORKLOADS, (resource) => isProxy(resource) && workloadSays(resource))(layer),
      ...onEach([BUDGET], (resource) => isProxy(resource) && budgetSays(resource))(layer),
      ...onEach(["KafkaUser"], (resource) => isProxy(resource) && accountSays(resource))(layer),
    ],
  },
];
