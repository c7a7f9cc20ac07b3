/** Redis, through which every message passes from its producer to the views. */
import type { Tree } from "../../model/tree";
import { type Resource, sides } from "../../read/resources";
import { ifReadable, Unreadable } from "../reading";
import { judged, type LayerResources, onEach, onUpdate, type ResourceFinding, type Rule } from "../rule";
import {
  called,
  EXPIRY,
  isLove,
  isPart,
  LOVE_WORKLOADS,
  type Part,
  textsOf,
  variable,
  workloadSays,
  workloadsOf,
} from "./parts";

/** Name and key of the config map with Redis's configuration. */
const CONFIG = ["redis-conf", "redis.conf"] as const;

/** Settings of a configuration by name: `maxmemory` is `800mb`. */
function settingsOf(side: Tree | undefined): ReadonlyMap<string, string> {
  const lines = (textsOf(side).get(CONFIG[1]) ?? "").split("\n").filter((line) => /^\s*[^#\s]/.test(line));
  return new Map(
    lines.map((line) => {
      const [, name = "", value = ""] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
      return [name, value];
    }),
  );
}

/** What follows from a setting of Redis that changes. */
const FOLLOWS: Readonly<Record<string, string>> = {
  maxmemory:
    "below what groups and queues take, Redis drops what expires next, and views of dropped groups stand still until they renew",
  "maxmemory-policy":
    "noeviction refuses every message once memory is full; a policy for all keys drops what views need",
  "client-output-buffer-limit":
    "a manager that reads its messages more slowly than that is cut off, and its views with it",
  timeout: "it closes connections that are idle for so long",
  save: "it writes its memory to the pod's disk, which nobody needs: all of it is made anew",
  appendonly: "it writes every message to the pod's disk, which nobody needs",
};

function settingsSay(resource: Resource): ResourceFinding[] {
  if (resource.name !== CONFIG[0]) return [];
  const [was, is] = sides(resource, settingsOf);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({
      subject: name,
      what: `LOVE's Redis gets ${name} ${is.get(name) ?? "of its own default"} instead of ${was.get(name) ?? "its own default"}`,
      why: FOLLOWS[name] ?? "no rule knows what this does to views and producers",
      remedy: "compare with the memory that it uses, and do it outside observing hours",
    }));
}

const MANAGERS: readonly Part[] = ["frontend", "set"];

/** How long managers let a group live. */
function expirySays(resource: Resource, part: Part, layer: LayerResources): ResourceFinding[] {
  if (resource.action !== "update") return [];
  const [was, is] = sides(resource, (side) => variable(side, EXPIRY));
  if (was === is) return [];
  const name = called(part, resource);
  const shorter = is === undefined ? false : was === undefined || Number(is) < Number(was);
  if (is !== undefined && !/^\d+$/.test(is)) throw new Unreadable(`${EXPIRY} is no number`);
  const others = new Set(
    MANAGERS.flatMap((one) => workloadsOf(one, layer)).flatMap((one) =>
      one.after === undefined ? [] : ifReadable(() => [variable(one.after, EXPIRY)]),
    ),
  );
  const unequal = others.size > 1;
  return [
    {
      ...(shorter || unequal ? {} : { risk: "restarts" as const }),
      subject: name,
      what: `${name} lets groups of Redis live ${is ?? "its own default of 43200"} s instead of ${was ?? "its own default of 43200"} s${unequal ? ", and not every manager the same" : ""}`,
      why: unequal
        ? "a manager drops members of a group that are older than its own figure: it takes views away that another one still serves"
        : shorter
          ? "a view whose browser renews later than that stands still; browsers renew every 300 s"
          : "groups of scripts that nobody looks at any more stay longer, and fill its memory",
      remedy: "set love.redis.groupExpiry, which all managers have, to well above 300",
    },
  ];
}

/** All of them. */
export const REDIS_RULES: readonly Rule[] = [
  {
    id: "love-redis",
    explanation:
      "LOVE's Redis is removed, starts again or gets other limits, or managers let its groups live for another time: all views stand still, or some do.",
    risk: "interrupts",
    find: (layer) => [
      ...onEach(
        LOVE_WORKLOADS,
        (resource) =>
          isPart("redis", resource) &&
          workloadSays("redis", resource, {
            gone: {
              why: "every message passes through it: all views stand still, and no command comes back",
              remedy: "keep it",
            },
            restarts: {
              why: "managers cut off every view and every producer at once: all of them connect again, some seconds after it is back",
              remedy: "do it outside observing hours",
            },
          }),
      )(layer),
      ...onUpdate(["kubernetes_config_map_v1"], (resource) => isLove(resource) && settingsSay(resource))(layer),
      ...MANAGERS.flatMap((part) =>
        workloadsOf(part, layer).flatMap((resource) =>
          judged(resource, () => expirySays(resource, part, layer).map((found) => ({ resource, ...found }))),
        ),
      ),
    ],
  },
];
