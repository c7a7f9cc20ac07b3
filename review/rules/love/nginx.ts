/** nginx, through which every browser and every producer goes. */
import { type Resource, sides } from "../../read/resources";
import { inWords } from "../loads";
import { Unreadable } from "../reading";
import { onEach, onUpdate, type ResourceFinding, type Rule, without } from "../rule";
import { isLove, isPart, LOVE_WORKLOADS, replicasOf, textsOf, workloadSays } from "./parts";

/** Name and key of the config map with nginx's configuration. */
const CONFIG = ["nginx-conf", "nginx.conf"] as const;

const LOCATION = /^[ \t]*location[ \t]+((?:=|~\*?|\^~)[ \t]*)?("[^"]*"|\S+)[ \t]*\{/gm;

/**
 * Paths of the locations of a configuration.
 *
 * @throws {Unreadable} where it has none, or one in another form.
 */
function locationsOf(config: string): string[] {
  const text = config.replace(/^[ \t]*#.*$/gm, "");
  const found = [...text.matchAll(LOCATION)].map(([, , path = ""]) => path.replaceAll('"', ""));
  if (found.length === 0 || found.length !== [...text.matchAll(/\blocation\b(?=[^;{]*\{)/g)].length)
    throw new Unreadable("the locations of nginx's configuration are in a form that is not known");
  return found;
}

/** What leads to managers under its own path: producers go by it. */
const ROUTE = /^\/love\/manager\/(?!static$|media$)/;

function configurationSays(resource: Resource): ResourceFinding[] {
  if (resource.name !== CONFIG[0]) return [];
  const [was, is] = sides(resource, (side) => textsOf(side).get(CONFIG[1]));
  if (was === undefined || was === is) return [];
  if (is === undefined) throw new Unreadable(`it has no ${CONFIG[1]} any more`);
  const gone = without(locationsOf(was), locationsOf(is));
  const routes = gone.filter((path) => ROUTE.test(path));
  const pages = without(gone, routes);
  return [
    ...(routes.length > 0
      ? [
          {
            what: `LOVE's nginx no longer has the routes ${inWords(routes)}`,
            why: "producers that go on by them reach a manager-frontend, which serves views as well, or nothing",
            remedy: "give these producers another route in the same plan",
          },
        ]
      : []),
    ...(pages.length > 0
      ? [
          {
            what: `LOVE's nginx no longer answers at ${inWords(pages)}`,
            why: "browsers that ask for it get the start page or nothing: a camera's picture stays empty",
            remedy: "check that no view shows it any more",
          },
        ]
      : []),
    ...(gone.length === 0
      ? [
          {
            risk: "restarts" as const,
            what: "LOVE's nginx gets another configuration",
            why: "its pods start again with it, and what each does with connections may differ from then on",
            remedy:
              "rehearse: a configuration that nginx refuses leaves the new pod not ready and the old ones in place",
          },
        ]
      : []),
  ];
}

/** All of them. */
export const NGINX_RULES: readonly Rule[] = [
  {
    id: "love-nginx",
    explanation:
      "LOVE's nginx is removed, restarts, has fewer pods, or no longer answers at a path: views and producers are cut off, or connect again.",
    risk: "interrupts",
    find: (layer) => [
      ...onEach(LOVE_WORKLOADS, (resource) => {
        if (!isPart("nginx", resource)) return undefined;
        const alone = resource.action === "update" && Math.min(...sides(resource, replicasOf)) < 2;
        return workloadSays("nginx", resource, {
          gone: {
            why: "nobody reaches LOVE, and no producer a manager: all views stand still",
            remedy: "keep it",
          },
          restarts: {
            ...(alone ? {} : { risk: "restarts" as const }),
            why: alone
              ? "with one pod, all views and all producers are cut off at once, and connect again together"
              : "its pods are replaced one after the other: the views and producers of each connect again, within some 4 s",
            remedy: "do it outside observing hours",
          },
          fewer: {
            risk: "restarts",
            why: "views and producers of pods that end connect again to the others; with one pod, a node that fails or is drained cuts off all of them",
            remedy: "keep two",
          },
        });
      })(layer),
      ...onUpdate(["kubernetes_config_map_v1"], (resource) => isLove(resource) && configurationSays(resource))(layer),
    ],
  },
];
