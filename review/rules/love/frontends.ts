/** The manager-frontend: how many pods serve views, and whether these end politely. */
import type { Tree } from "../../model/tree";
import { differenceAt, goes, type Resource, sides } from "../../read/resources";
import { listAt, numberAt, textAt } from "../reading";
import { changedPaths, isDone, onEach, onUpdate, type ResourceFinding, type Rule } from "../rule";
import { containerOf, isLove, isPart, LOVE_WORKLOADS, variable, workloadSays } from "./parts";

const AUTOSCALER = "kubernetes_horizontal_pod_autoscaler_v2";

const RECONNECT = "a browser that is cut off connects again within some 4 s, to another pod, and subscribes anew";

/** CPU above which the autoscaler adds a pod, in per cent of the request. */
const targetOf = (side: Tree | undefined): number =>
  numberAt(0, listAt(side, "spec", "metric")[0], "resource", "target", "average_utilization");

function autoscalerSays(resource: Resource): ResourceFinding[] {
  if (goes(resource))
    return [
      {
        what: `the autoscaler of the manager-frontend ${isDone(resource)}`,
        why: "no pod is added when more views are open, and none is before the night",
        remedy: "keep it",
      },
    ];
  if (resource.action !== "update" || !differenceAt(resource, /^spec/)) return [];
  const limits = (["max_replicas", "min_replicas"] as const).flatMap((key): ResourceFinding[] => {
    const [was, is] = sides(resource, (side) => numberAt(0, side, "spec", key));
    if (is === was) return [];
    const what = `the manager-frontend has ${key === "max_replicas" ? "at most" : "at least"} ${is} pods instead of ${was}`;
    return [
      is < was
        ? {
            what,
            why: `pods that are too many end, and their views are cut off: ${RECONNECT}; the others then carry more`,
            remedy: "compare with the capacity that npm start shows, and do it outside observing hours",
          }
        : { risk: "harmless", what, why: "more pods serve views", remedy: "check that the nodes have room for them" },
    ];
  });
  const [was, is] = sides(resource, targetOf);
  const target: ResourceFinding[] =
    is === was
      ? []
      : [
          {
            ...(is < was && is > 0 ? { risk: "harmless" as const } : {}),
            what: `the manager-frontend gets another pod above ${is} % CPU instead of ${was} %`,
            why:
              is < was
                ? "more pods serve the same views"
                : `fewer pods serve the same views: those that are too many end, and ${RECONNECT}`,
            remedy: "compare with the capacity that npm start shows",
          },
        ];
  const rest = resource.differences.filter(
    ({ path }) => /^spec/.test(path) && !/(max_replicas|min_replicas|average_utilization)$/.test(path),
  );
  const others: ResourceFinding[] =
    rest.length === 0
      ? []
      : [
          {
            what: `the autoscaler of the manager-frontend changes ${changedPaths({ differences: rest })}`,
            why: `pods may come later or go sooner than before, and views of those that go are cut off: ${RECONNECT}`,
            remedy: "compare with how long views stay open",
          },
        ];
  return [...limits, ...target, ...others];
}

/** Seconds that a pod needs to end politely: its preStop, and uvicorn's own time. */
function drainOf(side: Tree | undefined): number {
  const container = containerOf(side);
  const sleeps = listAt(container, "lifecycle", "pre_stop").flatMap((hook) =>
    listAt(hook, "exec").flatMap((exec) => listAt(exec, "command").map((one) => textAt(one) ?? "")),
  );
  const sleep = /\bsleep[ ,]+(\d+)/.exec(sleeps.join(" "))?.[1];
  const command = [...listAt(container, "command"), ...listAt(container, "args")]
    .map((one) => textAt(one) ?? "")
    .join(" ");
  const graceful =
    /--timeout-graceful-shutdown[ =]+(\d+)/.exec(command)?.[1] ?? variable(side, "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN");
  return Number(sleep ?? 0) + Number(graceful ?? 0);
}

function drainSays(resource: Resource): ResourceFinding | undefined {
  const [was, is] = sides(resource, (side) => ({
    needs: drainOf(side),
    has: numberAt(30, side, "spec", "template", "spec", "termination_grace_period_seconds"),
  }));
  if (is.has > is.needs || (was.needs === is.needs && was.has === is.has)) return undefined;
  return {
    what: `${textAt(resource.after, "metadata", "name")} has ${is.has} s to end and needs ${is.needs} s`,
    subject: resource.name,
    why: "its process is killed while browsers and producers are connected: they notice some 20 to 40 s later, and what Redis keeps for them stays until its life ends",
    remedy: "give terminationGracePeriodSeconds more than preStop and uvicorn take together",
  };
}

/** All of them. */
export const FRONTEND_RULES: readonly Rule[] = [
  {
    id: "love-frontend",
    explanation:
      "Fewer manager-frontends, or none: their views are cut off. Or pods that are killed before they have ended politely.",
    risk: "interrupts",
    find: (layer) => [
      ...onEach([AUTOSCALER], (resource) => isLove(resource) && autoscalerSays(resource))(layer),
      ...onEach(
        LOVE_WORKLOADS,
        (resource) =>
          isPart("frontend", resource) &&
          workloadSays("frontend", resource, {
            gone: {
              why: "no browser gets a view, and nobody logs in",
              remedy: "keep it; to stop LOVE as a whole set love.enabled to false",
            },
            restarts: {
              risk: "restarts",
              why: `its pods are replaced one after the other: ${RECONNECT}`,
              remedy: "do it outside observing hours",
            },
          }),
      )(layer),
      ...onUpdate(
        LOVE_WORKLOADS,
        (resource) => (isPart("frontend", resource) || isPart("set", resource)) && drainSays(resource),
      )(layer),
      ...onEach(
        ["kubernetes_pod_disruption_budget_v1"],
        (resource) =>
          isLove(resource) &&
          goes(resource) && {
            risk: "harmless",
            what: `the disruption budget ${resource.name} ${isDone(resource)}`,
            why: "nothing happens now; draining a node then ends pods of LOVE together instead of one after the other",
            remedy: "check that this is meant",
          },
      )(layer),
    ],
  },
];
