/** What LOVE does by the clock: the number of frontends, their restart, the clean-up of Redis, copies of the views. */
import type { Risk } from "../../model/model";
import type { Tree } from "../../model/tree";
import { differenceAt, goes, type Resource, sides } from "../../read/resources";
import { at, ifReadable, listAt, numberAt, textAt, Unreadable } from "../reading";
import { changedPaths, isDone, type LayerResources, onEach, type ResourceFinding, type Rule } from "../rule";
import { EXPIRY, isLove, variable, variableOf, workloadsOf } from "./parts";

/** Schedules, with what they are for and what happens without them. */
const SCHEDULES: Readonly<Record<string, { readonly does: string; readonly without: string; readonly risk: Risk }>> = {
  "love-manager-frontend-night": {
    does: "raises the least number of manager-frontends before a night",
    without: "a night begins with as few as the day has, and new ones get only the views that open after them",
    risk: "interrupts",
  },
  "love-manager-frontend-day": {
    does: "lowers the least number of manager-frontends after a night",
    without: "as many as in the night stay by day: nothing is cut off, and their CPU and memory stay taken",
    risk: "harmless",
  },
  "love-manager-frontend-recycle": {
    does: "restarts the manager-frontends outside of observing",
    without: "views that stay open for days stay where they are, however uneven that becomes",
    risk: "harmless",
  },
  "love-manager-redis-cleanup": {
    does: "removes what nobody uses from LOVE's Redis",
    without: "what finished scripts and killed managers left stays until its life ends: each message to it costs time",
    risk: "interrupts",
  },
  "love-manager-view-backup": {
    does: "copies LOVE's views, each day",
    without: "views that are lost in the database are in no copy that is younger than today",
    risk: "changes access",
  },
  "love-manager-setup": {
    does: "gives LOVE's users the passwords of their Secret",
    without: "a password that changes at its source no longer arrives",
    risk: "changes access",
  },
};

/** The pod of a schedule. */
const templateOf = (side: Tree | undefined): Tree | undefined => at(side, "spec", "job_template", "spec");

/**
 * The least number of frontends that a schedule sets; undefined where it sets none.
 *
 * @throws {Unreadable} where what it sets is no number.
 */
function floorOf(side: Tree | undefined): number | undefined {
  const [container] = listAt(templateOf(side), "template", "spec", "container");
  const patch = listAt(container, "args")
    .map((one) => textAt(one) ?? "")
    .find((one) => one.startsWith("--patch="));
  if (patch === undefined) return undefined;
  const found = /^--patch=\{"spec":\{"minReplicas":(\d+)\}\}$/.exec(patch)?.[1];
  if (found === undefined) throw new Unreadable("what it changes of the autoscaler is in a form that is not known");
  return Number(found);
}

function cleanupSays(resource: Resource, layer: LayerResources): ResourceFinding[] {
  const [was, is] = sides(resource, (side) => numberAt(0, variableOf(templateOf(side), "GROUP_EXPIRY")));
  if (is >= was) return [];
  const managers = workloadsOf("frontend", layer).flatMap((one) => ifReadable(() => [variable(one.after, EXPIRY)]));
  if (managers[0] !== undefined && Number(managers[0]) <= is) return [];
  return [
    {
      what: `the clean-up of LOVE's Redis removes members of scripts' groups after ${is} s instead of ${was} s`,
      why: "managers let them live longer: views of running scripts stand still until their browsers renew",
      remedy: "set love.redis.groupExpiry, which managers and clean-up have together",
    },
  ];
}

function changeSays(resource: Resource, layer: LayerResources): ResourceFinding[] {
  const { name } = resource;
  const [was, is] = sides(resource, floorOf);
  const found: ResourceFinding[] = [];
  if (was !== undefined && is !== undefined && was !== is)
    found.push({
      ...(is < was ? {} : { risk: "harmless" as const }),
      what: `${name} sets the least number of manager-frontends to ${is} instead of ${was}`,
      why:
        is < was
          ? "from its next hour on pods that are too many end by and by, and their views are cut off and connect to the others"
          : "from its next hour on more pods serve views",
      remedy: "compare with the capacity that npm start shows",
    });
  if (name === "love-manager-redis-cleanup") found.push(...cleanupSays(resource, layer));
  const hour = differenceAt(resource, /^spec\.(schedule|timezone|time_zone)$/);
  if (hour)
    found.push({
      ...(name.startsWith("love-manager-frontend-") ? {} : { risk: "harmless" as const }),
      what: `${name} runs at ${textAt(resource.after, "spec", "schedule")} instead of ${textAt(resource.before, "spec", "schedule")}`,
      why: name.startsWith("love-manager-frontend-")
        ? "it cuts views off, or lets them be cut off, at that hour: observers must not be at work then"
        : "it happens at another time, and nothing else",
      remedy: "set the hours in observing, from which they follow",
    });
  const suspended = textAt(resource.after, "spec", "suspend") === "true" && differenceAt(resource, /^spec\.suspend$/);
  if (suspended) found.push(without(resource, "is suspended"));
  if (found.length > 0) return found;
  return [
    {
      risk: "harmless",
      what: `${name} changes ${changedPaths(resource)}`,
      why: "it does so from its next run on",
      remedy: "check that this is meant",
    },
  ];
}

function without({ name }: Resource, happens: string): ResourceFinding {
  const known = SCHEDULES[name];
  return {
    ...(known ? { risk: known.risk } : {}),
    what: `${name}${known ? `, which ${known.does},` : ""} ${happens}`,
    why: known?.without ?? "no rule knows what happens without it",
    remedy: "keep it",
  };
}

function scheduleSays(resource: Resource, layer: LayerResources): ResourceFinding[] {
  if (!isLove(resource)) return [];
  if (resource.action === "replace" && textAt(resource.after, "metadata", "name") === resource.name)
    return [
      {
        risk: "harmless",
        what: `${resource.name} is made again`,
        why: "it runs at its next time",
        remedy: "nothing",
      },
    ];
  if (goes(resource)) return [without(resource, isDone(resource))];
  return resource.action === "update" && differenceAt(resource, /^spec/) ? changeSays(resource, layer) : [];
}

/** The Job of the setup, by what it does to the database. */
function setupSays(resource: Resource): ResourceFinding | undefined {
  if (!isLove(resource) || !resource.name.startsWith("love-manager-setup-") || resource.action !== "replace")
    return undefined;
  const [was, is] = sides(resource, (side) => ({
    image: textAt(listAt(side, "spec", "template", "spec", "container")[0], "image"),
    host: variableOf(at(side, "spec"), "SERVER_URL"),
  }));
  const base = { remedy: "make a backup of the database first: pg_dump, or the host's own" };
  if (was.image !== is.image)
    return {
      ...base,
      what: "LOVE's setup runs again, with another image",
      why: "it migrates the database, which going back to the old image does not take back; managers of the old image find it migrated until they are replaced",
    };
  if (was.host !== is.host)
    return {
      ...base,
      risk: "changes access",
      what: `LOVE's setup runs again, for the host ${is.host} instead of ${was.host}`,
      why: "its managers answer no request for the old name; what the database has of addresses of the old name stays where the setup did not write it",
    };
  return {
    ...base,
    risk: "changes access",
    what: "LOVE's setup runs again",
    why: "it gives LOVE's own users the passwords of the Secret, and brings first data and migrations that are missing",
  };
}

/** All of them. */
export const SCHEDULE_RULES: readonly Rule[] = [
  {
    id: "love-schedule",
    explanation:
      "What LOVE does by the clock is removed, suspended or changes: frontends of a night, their restart, the clean-up of Redis, copies of the views.",
    risk: "interrupts",
    find: (layer) => onEach(["kubernetes_cron_job_v1"], (resource) => scheduleSays(resource, layer))(layer),
  },
  {
    id: "love-setup",
    explanation:
      "LOVE's setup runs again: it migrates the database, which going back does not take back, and sets passwords.",
    risk: "interrupts",
    find: onEach(["kubernetes_job_v1"], setupSays),
  },
];
