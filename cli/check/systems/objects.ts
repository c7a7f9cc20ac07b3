/** Reads what Kubernetes says of its objects. */
import type { LiveObject } from "../../shared/kubernetes/client";
import type { UnreadyState } from "../../shared/kubernetes/readiness";
import type { Level } from "../model/verdict";

/** How bad it is that an operator did not make an object ready. */
export const UNREADY_LEVEL: Readonly<Record<UnreadyState, Level>> = {
  refused: "fail",
  unseen: "fail",
  "left alone": "warn",
  behind: "warn",
};

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
