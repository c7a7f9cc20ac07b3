/** Names, certificates, ways into the cluster, rights inside it. */
import { at, listAt, textAt, type Tree } from "../model/tree";
import { differenceAt, goes, type Thing } from "../read/things";
import { type Answer, isDone, type Rule, ruleOn } from "./rule";

/** Certificates and who signs them. */
export const certificate = ruleOn(
  ["Certificate", "ClusterIssuer", "Issuer"],
  {
    id: "certificate",
    explanation: "A certificate or its issuer goes or changes: clients see another one, or none when the old one ends.",
    risk: "interrupts",
  },
  (thing) => {
    if (thing.action === "create") return undefined;
    const authority = at(thing.before, "spec", "isCA") === true;
    if (thing.action === "delete")
      return thing.keep
        ? {
            risk: "harmless",
            what: `${thing.label} leaves the program and stays in the cluster`,
            why: "it is marked to be kept, and is renewed as before",
            remedy: "delete it by hand once nothing uses it",
          }
        : {
            risk: authority ? "interrupts" : "changes access",
            what: `${thing.label} is deleted`,
            why: authority
              ? "the site's own authority goes: certificates of a new one are trusted by no client"
              : "its certificate is used until it ends and is not renewed",
            remedy: authority ? "keep it" : "see that nothing uses it any more",
          };
    if (!differenceAt(thing, /^spec/)) return undefined;
    return {
      risk: authority ? "interrupts" : "changes access",
      what: `${thing.label} changes ${paths(thing)}`,
      why: authority
        ? "the site's own authority is signed anew: every client must trust it again"
        : "a new certificate is issued; where names went, clients that use them refuse it",
      remedy: "compare names and issuer with what clients use",
    };
  },
);

function paths({ differences }: Thing, below = "spec."): string {
  const found = differences.map(({ path }) => path.replace(below, ""));
  return found.slice(0, 3).join(", ") + (found.length > 3 ? ` and ${found.length - 3} more` : "");
}

const hostsOf = (side: Tree | undefined): string[] => [
  ...[...listAt(side, "spec", "rule"), ...listAt(side, "spec", "rules")].map((rule) => textAt(rule, "host") ?? ""),
  ...listAt(side, "spec", "routes").flatMap((route) =>
    [...(textAt(route, "match") ?? "").matchAll(/Host(?:SNI)?\(`([^`]+)`\)/g)].map(([, host]) => host ?? ""),
  ),
];

const ROUTES = ["kubernetes_ingress_v1", "Ingress", "IngressRoute", "IngressRouteTCP", "Middleware"];
const ROUTE = {
  id: "route",
  explanation: "A host name, path or login of the ingress goes or changes.",
  risk: "interrupts",
} as const;

/** What is said of a way in, beside those that answer at a host from then on. */
function ofRoute(thing: Thing, heirs: ReadonlyMap<string, Thing>): Answer | undefined {
  if (thing.action === "create" || thing.action === "move") return undefined;
  const had = hostsOf(thing.before);
  const lost = had.filter((host) => !heirs.has(host));
  const heir =
    goes(thing) && lost.length === 0 ? had.map((host) => heirs.get(host)).find((one) => one !== thing) : undefined;
  if (heir)
    return {
      risk: "interrupts",
      what: `${thing.label} ${isDone(thing)}, ${heir.label} answers at ${had.join(", ")} from then on`,
      why: "nothing answers there between the two",
      remedy: "apply it when nobody minds; the names stay",
    };
  if (goes(thing) || lost.length > 0)
    return {
      risk: "interrupts",
      what: lost.length > 0 ? `nothing answers at ${lost.join(", ")} any more` : `${thing.label} ${isDone(thing)}`,
      why: "clients that use the name are cut off",
      remedy: "tell its users; keep the old name beside the new one for a while",
    };
  return differenceAt(thing, /^(spec|metadata\.annotations)/)
    ? {
        risk: "changes access",
        what: `${thing.label} changes ${paths(thing)}`,
        why: "who gets in, by which way or with which certificate may be another",
        remedy: "see that this is meant",
      }
    : undefined;
}

/** Ways in. */
export const route: Rule = {
  ...ROUTE,
  find: (scene) => {
    const routes = scene.things.filter(({ type }) => ROUTES.includes(type));
    const heirs = new Map(routes.flatMap((thing) => hostsOf(thing.after).map((host) => [host, thing] as const)));
    return ruleOn(ROUTES, ROUTE, (thing) => ofRoute(thing, heirs)).find(scene);
  },
};

/** Services. */
export const service = ruleOn(
  ["kubernetes_service_v1", "Service"],
  {
    id: "service",
    explanation: "A Service goes, is replaced, or changes ports or what it selects.",
    risk: "interrupts",
  },
  (thing) => {
    if (goes(thing))
      return {
        risk: "interrupts",
        what: `${thing.label} ${isDone(thing)}`,
        why: "programs that use it do not reach what stands behind it; a load balancer loses its address",
        remedy: "see that nothing uses it any more",
      };
    return thing.action === "update" && differenceAt(thing, /^spec/)
      ? {
          risk: "changes access",
          what: `${thing.label} changes ${paths(thing)}`,
          why: "connections by the old port or to the old pods end",
          remedy: "compare with what its users expect",
        }
      : undefined;
  },
);

const RIGHTS = [
  "kubernetes_cluster_role_v1",
  "kubernetes_cluster_role_binding_v1",
  "kubernetes_role_v1",
  "kubernetes_role_binding_v1",
  "kubernetes_service_account_v1",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "ServiceAccount",
  "google_service_account",
  "google_project_iam_member",
];

/** Rights inside the cluster and at Google. */
export const rights = ruleOn(
  RIGHTS,
  {
    id: "rights",
    explanation: "A role, a binding or an account of the cluster goes or changes.",
    risk: "changes access",
  },
  (thing) =>
    goes(thing) || differenceAt(thing, /^(rule|subject|role|member|automount)/)
      ? {
          risk: "changes access",
          what: `${thing.label} ${isDone(thing)}`,
          why: /ready/.test(thing.name)
            ? "the Job that waits uses it, and nothing else"
            : "the program that uses it may do something else, or nothing, from then on",
          remedy: "see that this is meant",
        }
      : undefined,
);

/** Who may connect to whom. */
export const networkPolicy = ruleOn(
  ["kubernetes_network_policy_v1", "NetworkPolicy"],
  {
    id: "network-policy",
    explanation: "A network policy comes, goes or changes: who may connect to the pods is another.",
    risk: "changes access",
  },
  (thing) =>
    thing.action === "move"
      ? undefined
      : {
          risk: "changes access",
          what: `${thing.label} ${isDone(thing)}`,
          why: goes(thing)
            ? "everybody in the cluster may connect to these pods"
            : "connections that it does not name are refused",
          remedy: "compare with who connects",
        },
);

/** What a namespace forbids its pods. */
export const podSecurity = ruleOn(
  ["kubernetes_namespace_v1"],
  {
    id: "pod-security",
    explanation: "The level that a namespace holds its pods to changes.",
    risk: "changes access",
  },
  (thing) =>
    thing.action === "update" && differenceAt(thing, /^metadata\.labels/)
      ? {
          risk: "changes access",
          what: `${thing.label} has other labels`,
          why: "a stricter level refuses pods at their next start; a looser one lets them do more",
          remedy: "compare with what its pods need",
        }
      : undefined,
);

/** All of them. */
export const ACCESS_RULES: readonly Rule[] = [certificate, route, service, networkPolicy, rights, podSecurity];
