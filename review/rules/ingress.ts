/** Host names, paths and logins of the ingress. */
import { type Tree } from "../model/tree";
import { differenceAt, goes, type Resource } from "../read/resources";
import { ifReadable, listAt, textAt } from "./reading";
import { changedPaths, isDone, onEach, type Rule, type ResourceFinding } from "./rule";

const hostsOf = (side: Tree | undefined): string[] => [
  ...[...listAt(side, "spec", "rule"), ...listAt(side, "spec", "rules")].map((rule) => textAt(rule, "host") ?? ""),
  ...listAt(side, "spec", "routes").flatMap((route) =>
    [...(textAt(route, "match") ?? "").matchAll(/Host(?:SNI)?(?:Regexp)?\(([^)]*)\)/g)].flatMap(([, names = ""]) =>
      [...names.matchAll(/[`"']([^`"']+)[`"']/g)].map(([, host]) => host ?? ""),
    ),
  ),
];

const ROUTES = ["kubernetes_ingress_v1", "Ingress", "IngressRoute", "IngressRouteTCP", "Middleware"];

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
      what: `${resource.label} ${isDone(resource)}, ${heir.label} answers at ${had.join(", ")} from then on`,
      why: "nothing answers there between the two",
      remedy: "apply it when nobody minds; the names stay",
    };
  if (goes(resource) || lost.length > 0)
    return {
      what:
        lost.length > 0 ? `nothing answers at ${lost.join(", ")} any more` : `${resource.label} ${isDone(resource)}`,
      why: "clients that use the name are cut off",
      remedy: "tell its users; keep the old name beside the new one for a while",
    };
  if (!differenceAt(resource, /^(spec|metadata\.annotations)/)) return undefined;
  return {
    risk: "changes access",
    what: `${resource.label} changes ${changedPaths(resource)}`,
    why: "who gets in, by which way or with which certificate may change",
    remedy: "check that this is meant",
  };
}

/** All of them. */
export const INGRESS_RULES: readonly Rule[] = [
  {
    id: "route",
    explanation: "A host name, path or login of the ingress is removed or changes.",
    risk: "interrupts",
    find: (layer) => {
      const routes = layer.resources.filter(({ type }) => ROUTES.includes(type));
      const heirs = new Map(
        routes.flatMap((route) => ifReadable(() => hostsOf(route.after)).map((host) => [host, route] as const)),
      );
      return onEach(ROUTES, (resource) => ofRoute(resource, heirs))(layer);
    },
  },
];
