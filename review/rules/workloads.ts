/** Our own Deployments, Jobs and config maps. */
import { at, textAt } from "../model/tree";
import { differenceAt, goes, type Thing } from "../read/things";
import { isDone, type Rule, ruleOn } from "./rule";

const WORKLOADS = [
  "kubernetes_deployment_v1",
  "kubernetes_stateful_set_v1",
  "kubernetes_daemon_set_v1",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
];

/** The registry is what consumers need for every message. */
const isRegistry = ({ name }: Thing): boolean => name.includes("schema-registry");

/** The schema registry stands still for a moment. */
export const registryStops = ruleOn(
  WORKLOADS,
  {
    id: "registry-stops",
    explanation:
      "The schema registry goes, or restarts with one replica only: consumers drop what they read meanwhile.",
    risk: "interrupts",
  },
  (thing) => {
    if (!isRegistry(thing) || thing.action === "create" || thing.action === "move") return undefined;
    const replicas = Math.min(...[thing.before, thing.after].map((side) => Number(at(side, "spec", "replicas") ?? 1)));
    const restarts = goes(thing) || differenceAt(thing, /^spec\.(template|replicas)/);
    if (!restarts || (!goes(thing) && replicas > 1)) return undefined;
    return {
      risk: "interrupts",
      what: `the schema registry ${goes(thing) ? isDone(thing) : "restarts, and it has one replica"}`,
      why: "Telegraf drops what it reads while no registry answers; Kafka still has it",
      remedy: "set repair for the consumers afterwards, so that a second group reads again all that Kafka has",
    };
  },
);

/** A workload goes. */
export const workloadGoes = ruleOn(
  WORKLOADS,
  {
    id: "workload-goes",
    explanation: "A Deployment, stateful set or daemon set is deleted, replaced, or has no replica.",
    risk: "interrupts",
  },
  (thing) => {
    const stopped =
      thing.action === "update" &&
      textAt(thing.after, "spec", "replicas") === "0" &&
      differenceAt(thing, /^spec\.replicas$/);
    if (!goes(thing) && !stopped) return undefined;
    return {
      risk: "interrupts",
      what: `${thing.label} ${stopped ? "is stopped" : isDone(thing)}`,
      why: "its pods stop" + (thing.action === "replace" ? ", and new ones come when the new one is made" : ""),
      remedy: "see that nobody needs it; give its old name back where a rename is meant",
    };
  },
);

/** A workload's pods change. */
export const workloadRestarts = ruleOn(
  WORKLOADS,
  {
    id: "workload-restarts",
    explanation: "The pods of a Deployment, stateful set or daemon set change: they start again.",
    risk: "restarts",
  },
  (thing) =>
    thing.action === "update" && differenceAt(thing, /^spec\.template/)
      ? {
          risk: "restarts",
          what: `${thing.label} restarts`,
          why: /^telegraf-/.test(thing.name)
            ? "it goes on where its consumer group stopped; Kafka has kept what came meanwhile"
            : "its pods are replaced one after the other",
          remedy: "nothing, where Kafka keeps more than a restart takes",
        }
      : undefined,
);

/** A Job comes or goes. */
export const jobs = ruleOn(
  ["kubernetes_job_v1", "kubernetes_cron_job_v1"],
  {
    id: "job",
    explanation: "A Job runs again under a new name, and the one that is done goes; a schedule goes.",
    risk: "changes access",
  },
  (thing) => {
    if (thing.type === "kubernetes_cron_job_v1")
      return thing.action === "delete"
        ? {
            risk: "changes access",
            what: `${thing.label} is deleted`,
            why: "what it did on schedule no longer happens: a password that changed no longer arrives, or no copy is made",
            remedy: "see that this is meant",
          }
        : undefined;
    if (!goes(thing)) return undefined;
    return {
      risk: "harmless",
      what: `${thing.label} ${thing.action === "replace" ? "runs again under a new name" : "is deleted"}`,
      why: "a Job that is done holds nothing",
      remedy: "nothing",
    };
  },
);

/** All of them. */
export const WORKLOAD_RULES: readonly Rule[] = [registryStops, workloadGoes, workloadRestarts, jobs];
