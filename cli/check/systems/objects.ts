/** Reads what Kubernetes says of its objects. */
import { inside, type Json } from "../../../synthesized/stack";
import type { LiveObject } from "../../shared/kubernetes/client";

/** A condition of an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A condition of an object, by its type; undefined where it has none. */
export function conditionOf(object: Json, type: string): Condition | undefined {
  const all = (inside(object, "status", "conditions") ?? []) as readonly Condition[];
  return all.find((one) => one.type === type);
}

/** Why a condition is as it is, in the words of whoever set it. */
export function reasonOf({ reason, message }: Condition): string {
  const words = [reason, message?.trim().replace(/\s+/g, " ")].filter((word) => word !== undefined && word !== "");
  return words.length > 0 ? words.join(": ") : "no reason is given";
}

/** Where an object is: `kafka/efd-kafka-0`; only its name where it has no namespace. */
export function placeOf({ metadata: { namespace, name } }: LiveObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Seconds since a time as Kubernetes writes it; undefined where it is none. Negative where it is to come. */
export function secondsAgo(time: unknown, now: number): number | undefined {
  const at = typeof time === "string" ? Date.parse(time) : NaN;
  return Number.isNaN(at) ? undefined : (now - at) / 1000;
}

/** Seconds since an object was made. */
export function ageOf({ metadata }: LiveObject, now: number): number {
  return secondsAgo((metadata as { creationTimestamp?: string }).creationTimestamp, now) ?? Infinity;
}

/** A moment as people and programs read it, in UTC: `2026-11-30T03:00Z`. */
export function moment(time: string | number): string {
  return new Date(time).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
}

/** Name of what made an object; undefined where nothing did. */
export function ownerOf({ metadata }: LiveObject): { readonly kind: string; readonly name: string } | undefined {
  const owners = (metadata as { ownerReferences?: readonly { kind: string; name: string }[] }).ownerReferences;
  return owners?.[0];
}
