/** LOVE's configuration, which browsers load: sounds of alarms, addresses, brokers that should be there. */
import { isBranch, isList, type Tree } from "../../model/tree";
import { differencesOf } from "../../diff/values";
import { goes, type Resource, sides } from "../../read/resources";
import { at, textAt, Unreadable } from "../reading";
import { changedPaths, isDone, onEach, onUpdate, type ResourceFinding, type Rule } from "../rule";
import { isLove, textsOf } from "./parts";

const NAME = "love-conf";
/** Config map with the environment of SAL's programs. */
const SAL = "csc-env-config";

/** Least severity of an alarm that is heard or shown, from the one that lets most through. */
const SEVERITIES = ["warning", "serious", "critical", "mute", "muted"];

function parsed(text: string | undefined): Tree | undefined {
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Tree;
    if (isBranch(found) || isList(found)) return found;
  } catch {
    // It is told below.
  }
  throw new Unreadable("a configuration of LOVE is no JSON");
}

function alarmsSay(file: string, was: Tree | undefined, is: Tree | undefined): ResourceFinding[] {
  return (["minSeveritySound", "minSeverityNotification"] as const).flatMap((key) => {
    const [from, to] = [was, is].map((side) => textAt(side, "alarms", key));
    if (from === to || from === undefined) return [];
    const quieter = to === undefined || !SEVERITIES.includes(to) || SEVERITIES.indexOf(to) > SEVERITIES.indexOf(from);
    const does = key === "minSeveritySound" ? "sound" : "are shown";
    return [
      {
        ...(quieter ? {} : { risk: "harmless" as const }),
        subject: file,
        what: `with ${file}, alarms ${does} from ${to ?? "an unknown severity"} on instead of ${from}`,
        why: quieter
          ? "operators who chose this configuration miss alarms that they had before, from the next load of the page on"
          : "operators who chose this configuration get more alarms, from the next load of the page on",
        remedy: "tell the operators",
      },
    ];
  });
}

function fileSays(file: string, was: string | undefined, is: string | undefined): ResourceFinding[] {
  if (was === is || was === undefined) return [];
  if (is === undefined)
    return [
      {
        subject: file,
        what: `LOVE no longer has the configuration ${file}`,
        why: "its database names it by its address: who chose it gets none, and no alarm sounds",
        remedy: "keep it",
      },
    ];
  const [before, after] = [parsed(was), parsed(is)];
  const alarms = alarmsSay(file, before, after);
  const others = differencesOf(before, after).filter(({ path }) => !/^alarms\.minSeverity/.test(path));
  const broken = others.find(({ path }) => /^camFeeds/.test(path) && at(after, ...path.split(".")) === undefined);
  return [
    ...alarms,
    ...(others.length > 0
      ? [
          {
            risk: "harmless" as const,
            subject: file,
            what: `with ${file}, views get other ${others.map(({ path }) => path).join(", ")}`,
            why: broken
              ? "views find no picture of a camera any more, from the next load of the page on"
              : "browsers ask there from the next load of the page on",
            remedy: "check that this is meant",
          },
        ]
      : []),
  ];
}

function mapSays(resource: Resource): ResourceFinding[] {
  if (resource.name !== NAME) return [];
  const [was, is] = sides(resource, textsOf);
  return [...was.keys()].flatMap((file) => fileSays(file, was.get(file), is.get(file)));
}

/** A config map that programs of LOVE read goes, or SAL's environment changes. */
function readSays(resource: Resource): ResourceFinding | undefined {
  if (!isLove(resource)) return undefined;
  if (goes(resource))
    return {
      what: `${resource.label} ${isDone(resource)}`,
      why: "pods that read it run on, and do not start again without it",
      remedy: "keep it",
    };
  if (resource.action !== "update" || resource.name !== SAL) return undefined;
  return {
    risk: "changes access",
    what: `SAL's environment changes ${changedPaths(resource, "data.")}`,
    why: "producers and the commander take it when they start, and restart with an apply that changes it: meanwhile views lack what a producer brings, and no command goes out",
    remedy: "apply it outside observing hours",
  };
}

/** All of them. */
export const CONFIGURATION_RULES: readonly Rule[] = [
  {
    id: "love-configuration",
    explanation:
      "LOVE's configuration changes, which browsers load: fewer alarms sound or are shown, or views ask other addresses.",
    risk: "interrupts",
    find: onUpdate(["kubernetes_config_map_v1"], (resource) => isLove(resource) && mapSays(resource)),
  },
  {
    id: "love-environment",
    explanation:
      "A config map that programs of LOVE read is removed, or the environment changes by which SAL's programs find the EFD.",
    risk: "interrupts",
    find: onEach(["kubernetes_config_map_v1"], readSays),
  },
];
