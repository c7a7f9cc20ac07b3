/** Sets of manager-producers, to which producers connect. */
import { inWords } from "../loads";
import { judged, type LayerResources, type ResourceFinding, type Rule } from "../rule";
import type { Resource } from "../../read/resources";
import { ifReadable, textAt } from "../reading";
import { type Brought, broughtAfter } from "./brought";
import { fateOf, workloadSays, workloadsOf } from "./parts";

const PREFIX = "love-manager-producer-";

/** Name of the set that a route leads to: `producers` leads to the one for all CSCs without a set of their own. */
export function setOfRoute(route: string): string {
  return route === "producers" ? "general" : route;
}

/** Names of the sets that are there afterwards; empty where none of them is seen. */
export function setsAfter(layer: LayerResources): string[] {
  return workloadsOf("set", layer).flatMap((one) => {
    const stays = one.action === "replace" || ifReadable(() => [fateOf(one) !== "gone"])[0];
    const name = stays ? ifReadable(() => [textAt(one.after, "metadata", "name")])[0] : undefined;
    return name === undefined ? [] : [name.slice(PREFIX.length)];
  });
}

/** Whose producers nobody takes any more. */
function ofSet(resource: Resource, all: readonly Brought[], sets: readonly string[]): ResourceFinding | undefined {
  const own = resource.name.slice(PREFIX.length);
  const cut = all.filter(({ route }) => setOfRoute(route) === own);
  const moved = sets.includes(own) || (all.length > 0 && cut.length === 0);
  return workloadSays("set", resource, {
    gone: moved
      ? {
          risk: "restarts",
          why: "its producers connect again, to whatever their route leads to, and their CSCs' views stand still for some seconds",
          remedy: "do it outside observing hours",
        }
      : {
          why:
            all.length === 0
              ? "producers that go by its route get no further: views lose their CSCs"
              : `producers go on by its route and get no further: views lose ${inWords(cut.map(({ csc }) => csc))}`,
          remedy: "give these producers another route in the same plan",
        },
    restarts: {
      risk: "restarts",
      why: "its producers connect again after 3 s, and send the last event of each kind when views ask",
      remedy: "do it outside observing hours",
    },
    fewer: {
      risk: "restarts",
      why: "producers of the pods that end connect to the others, which then carry more: one process serves all of a pod's producers",
      remedy: "check that fewer have room",
    },
  });
}

/** All of them. */
export const SET_RULES: readonly Rule[] = [
  {
    id: "love-set",
    explanation:
      "A set of manager-producers is removed, renamed, stopped, restarted or gets fewer pods: views lose the CSCs of its producers, or these connect again.",
    risk: "interrupts",
    find: (layer) => {
      const [all, sets] = [broughtAfter(layer), setsAfter(layer)];
      return workloadsOf("set", layer).flatMap((resource) =>
        judged(resource, () => {
          const found = ofSet(resource, all, sets);
          return found ? [{ resource, ...found }] : [];
        }),
      );
    },
  },
];
