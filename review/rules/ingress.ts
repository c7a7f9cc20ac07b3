/** Host names, paths and logins of the ingress. */
import { listAt, textAt, type Tree } from "../model/tree";
import { differenceAt, goes, type Resource } from "../read/resources";
import { isDone, ruleOn, changedPaths, type Rule, type ResourceFinding } from "./rule";

const hostsOf = (side: Tree | undefined): string[] => [
  ...[...listAt(side, "spec", "rule"), ...listAt(side, "spec", "rules")].map((rule) => textAt(rule, "host") ?? ""),
  ...listAt(side, "spec", "routes").flatMap((route) =>
    [...(textAt(route, "match") ?? "").matchAll(/Host(?:SNI)?\(`([^`]+)`\)/g)].map(([, host]) => host ?? ""),
  ),
];

const ROUTES = ["kubernetes_ingress_v1", "Ingress", "IngressRoute", "IngressRouteTCP", "Middleware"];

const ROUTE = {
  id: "route",
  explanation: "A host name, path or login of the ingress is removed or changes.",
  risk: "interrupts",
} as const;

/** The finding of one route; `heirs` are the routes that answer at a host afterwards. */
function ofRoute(resource: Resource, heirs: ReadonlyMap<string, Resource>): ResourceFinding | undefined {
  if (resource.action === "create" || resource.action === "move") return undefined;
  const had = hostsOf(resource.before);
  const lost = had.filter((host) => !heirs.has(host));
  const heir =
    goes(resource) && lost.length === 0
      ? had.map((host) => heirs.get(host)).find((one) => one !== resource)
      : undefined;
  if (heir)
    return {
      risk: "interrupts",
      what: `${resource.label} ${isDone(resource)}, ${heir.label} answers at ${had.join(", ")} from then on`,
      why: "nothing answers there between the two",
      remedy: "apply it when nobody minds; the names stay",
    };
  if (goes(resource) || lost.length > 0)
    return {
      risk: "interrupts",
      what:
        lost.length > 0 ? `nothing answers at ${lost.join(", ")} any more` : `${resource.label} ${isDone(resource)}`,
      why: "clients that use the name are cut off",
      remedy: "tell its users; keep the old name beside the new one for a while",
    };
  return differenceAt(resource, /^(spec|metadata\.annotations)/)
    ? {
        risk: "changes access",
        what: `${resource.label} changes ${changedPaths(resource)}`,
        why: "who gets in, by which way or with which certificate may change",
        remedy: "check that this is meant",
      }
    : undefined;
}

const route: Rule = {
  ...ROUTE,
  find: (layer) => {
    const routes = layer.resources.filter(({ type }) => ROUTES.includes(type));
    const heirs = new Map(
      routes.flatMap((resource) => hostsOf(resource.after).map((host) => [host, resource] as const)),
    );
    return ruleOn(ROUTES, ROUTE, (resource) => ofRoute(resource, heirs)).find(layer);
  },
};

/** All of them. */
export const INGRESS_RULES: readonly Rule[] = [route];
