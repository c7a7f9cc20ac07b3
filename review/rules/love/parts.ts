/** Which part of LOVE a resource is, and what the pods of a part say of themselves. */
import { NAMESPACE } from "../../../ground/namespaces";
import { isList, type Tree } from "../../model/tree";
import { differenceAt, goes, type Resource, sides } from "../../read/resources";
import { at, listAt, numberAt, textAt } from "../reading";
import { isDone, type LayerResources, type ResourceFinding } from "../rule";

/** What runs in LOVE, by the names of the workloads (phalanx 2026-08), and what people call it. */
const PARTS = {
  producer: [/^love-producer-(.+)$/, (own: string) => `the producer ${own}`],
  set: [/^love-manager-producer-(.+)$/, (own: string) => `the set ${own} of manager-producers`],
  frontend: [/^love-manager-frontend$/, () => "the manager-frontend"],
  redis: [/^love-manager-redis$/, () => "LOVE's Redis"],
  database: [/^love-manager-database$/, () => "LOVE's PostgreSQL"],
  nginx: [/^love-nginx$/, () => "LOVE's nginx"],
  commander: [/^love-commander$/, () => "the commander"],
  broadcaster: [/^audio-broadcaster-(.+)$/, (own: string) => `the audio broadcaster ${own}`],
} as const;

/** A part of LOVE. */
export type Part = keyof typeof PARTS;

/** Types of the workloads that LOVE is made of. */
export const LOVE_WORKLOADS = ["kubernetes_deployment_v1"];

/** Whether a resource is in LOVE's namespace. */
export function isLove({ namespace }: Pick<Resource, "namespace">): boolean {
  return namespace === NAMESPACE.love;
}

/** Whether a workload is of this part. */
export function isPart(part: Part, resource: Pick<Resource, "type" | "namespace" | "name">): boolean {
  return isLove(resource) && LOVE_WORKLOADS.includes(resource.type) && PARTS[part][0].test(resource.name);
}

/** What a workload of a part is called by people: `the producer ataos`. */
export function called(part: Part, { name }: Pick<Resource, "name">): string {
  const [pattern, words] = PARTS[part];
  return words(pattern.exec(name)?.[1] ?? "");
}

/** The workloads of a part, also those that stay as they are. */
export function workloadsOf(part: Part, { resources }: LayerResources): Resource[] {
  return resources.filter((resource) => isPart(part, resource));
}

/** The pod of a workload. */
function podOf(side: Tree | undefined): Tree | undefined {
  return at(side, "spec", "template", "spec");
}

/** The first container of a workload's pod. */
export function containerOf(side: Tree | undefined): Tree | undefined {
  return listAt(podOf(side), "container")[0];
}

/** Seconds for which managers let a group of Redis live. */
export const EXPIRY = "REDIS_CONFIG_GROUP_EXPIRY";

/** Images of a pod, those of its init containers too. */
export function imagesOf(side: Tree | undefined): string[] {
  const pod = podOf(side);
  return [...listAt(pod, "init_container"), ...listAt(pod, "container")].map((one) => textAt(one, "image") ?? "");
}

/** A variable of the first container of a workload; undefined where it has none, or takes it from a Secret. */
export function variable(side: Tree | undefined, name: string): string | undefined {
  return variableOf(at(side, "spec"), name);
}

/** The same of whatever has a template of pods: a Job, or the template of Jobs. */
export function variableOf(spec: Tree | undefined, name: string): string | undefined {
  const [container] = listAt(spec, "template", "spec", "container");
  const found = listAt(container, "env").find((one) => textAt(one, "name") === name);
  return textAt(found, "value");
}

/** Texts of a config map by key. */
export function textsOf(side: Tree | undefined): ReadonlyMap<string, string> {
  const data = at(side, "data");
  if (data === undefined || data === null || isList(data) || typeof data !== "object") return new Map();
  return new Map(Object.keys(data).flatMap((key) => [[key, textAt(data, key) ?? ""] as const]));
}

/** Number of pods that a workload is told to have; one where it says nothing. */
export function replicasOf(side: Tree | undefined): number {
  return numberAt(1, side, "spec", "replicas");
}

/** What happens to a workload: it goes or stops, its pods start again, or it gets fewer of them. */
export type Fate = "gone" | "restarts" | "fewer";

/** The worst that happens to a workload; undefined where its pods run on. */
export function fateOf(resource: Resource): Fate | undefined {
  if (goes(resource)) return "gone";
  if (resource.action !== "update") return undefined;
  const [was, is] = sides(resource, replicasOf);
  if (is === 0 && was > 0) return "gone";
  if (differenceAt(resource, /^spec\.template/)) return "restarts";
  return is < was ? "fewer" : undefined;
}

/** What a fate is called, behind the name of a part: `is deleted`, `restarts`. */
export function fateInWords(resource: Resource, fate: Fate): string {
  if (fate === "restarts") return "restarts";
  if (fate === "gone") return goes(resource) ? isDone(resource) : "is stopped";
  const [was, is] = sides(resource, replicasOf);
  return `goes from ${was} to ${is} pods`;
}

/** What follows from a fate. */
export type Consequence = Omit<ResourceFinding, "what">;

/** The finding of a workload of a part; undefined where nothing is said of what happens to it. */
export function workloadSays(
  part: Part,
  resource: Resource,
  consequences: Readonly<Partial<Record<Fate, Consequence>>>,
): ResourceFinding | undefined {
  const fate = fateOf(resource);
  const consequence = fate && consequences[fate];
  if (!fate || !consequence) return undefined;
  const name = called(part, resource);
  return { what: `${name} ${fateInWords(resource, fate)}`, subject: name, ...consequence };
}
