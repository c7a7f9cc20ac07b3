/** What the simulated operators see of the cluster, and how they change it. */
import { randomBytes } from "node:crypto";
import type { Canary } from "../layers/canaries";
import { inside } from "../../../synthesized/stack";
import { ApiError, type Cluster, type LiveObject } from "../../../cli/shared/kubernetes/client";
import { type Condition, isTrue } from "../../../cli/shared/kubernetes/conditions";

/** A kind of custom resource that an operator looks after. */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** What an operator thinks of an object: nothing is missing, or what is, in words. */
export interface Readiness {
  readonly missing?: string;
  /** What its operator calls that. @default - its usual word */
  readonly reason?: string;
  /** Whether whoever would say so does not run yet: then nothing is said of the object. @default false */
  readonly unseen?: boolean;
  /** Whether it was told to leave the object alone. @default false */
  readonly paused?: boolean;
  /** More conditions: warnings. @default - none */
  readonly more?: readonly Said[];
  /** What it tells in events. @default - nothing */
  readonly events?: readonly Told[];
  /** More fields of its status. */
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Looks after one object; called again until nothing is missing. */
export type Reconcile = (object: LiveObject, view: ClusterView) => Promise<Readiness>;

/** A kind that an operator looks after: what it does with an object, and with one that is about to go. */
export type LookedAfter = readonly [kind: ResourceKind, reconcile: Reconcile, released?: Reconcile];

/** A condition, without the time since when it holds. */
export type Said = Omit<Condition, "lastTransitionTime">;

/** Type and reason of an event. */
export type Told = `${"Normal" | "Warning"} ${string}`;

/** An operator. */
export interface Operator {
  /** Where its Deployment is: without one it does nothing. */
  readonly namespace: string;
  /** What it looks after, in the order in which it depends on one another. */
  readonly kinds: readonly LookedAfter[];
  /** The conditions that it writes of an object. */
  readonly says: (object: LiveObject, readiness: Readiness) => readonly Said[];
  /** Whether it writes beside them which generation of the object it has seen. @default false */
  readonly observes?: boolean;
}

/** One condition, as most operators write it. */
export function sayReady({ missing, reason }: Readiness, [well, ill]: readonly [well: string, ill: string]): Said {
  return missing === undefined
    ? { type: "Ready", status: "True", reason: reason ?? well, message: "said by a rehearsal: no operator runs" }
    : { type: "Ready", status: "False", reason: reason ?? ill, message: missing };
}

/** An object's namespace; empty for kinds without one. */
export const namespaceOf = (object: LiveObject): string => object.metadata.namespace ?? "";

/** Path of all objects of a kind, or of one. */
export function pathOf({ group, version, plural }: ResourceKind, namespace?: string, name?: string): string {
  const place = namespace ? `/namespaces/${namespace}` : "";
  return `/apis/${group}/${version}${place}/${plural}${name ? `/${name}` : ""}`;
}

/** A text in a value, by keys; empty where there is none. */
export const text = (value: unknown, ...keys: string[]): string => String(inside(value, ...keys) ?? "");

/** Whether an operator said `Ready` of the object as it is now. */
export const isReady = (object: LiveObject | undefined): boolean => isTrue(object, "Ready");

/** The cluster as operators see it. */
export class ClusterView {
  /** Random values that were written into Secrets, each of which may lie nowhere else. */
  readonly values: Canary[] = [];
  /** Events that were written, by object and reason. */
  private readonly told = new Set<string>();

  constructor(readonly api: Cluster) {}

  secret(namespace: string, name: string): Promise<LiveObject | undefined> {
    return this.api.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  }

  /** Says what is missing of a Secret and its keys; undefined when nothing is. */
  async missingSecret(namespace: string, name: string, ...keys: string[]): Promise<string | undefined> {
    const secret = await this.secret(namespace, name);
    if (!secret) return `Secret ${namespace}/${name} is not there`;
    const lacking = keys.filter((key) => secret.data?.[key] === undefined);
    return lacking.length > 0 ? `Secret ${namespace}/${name} has no key ${lacking.join(", ")}` : undefined;
  }

  /** A value that nobody can guess, remembered as it is written. */
  random(name: string, write: (word: string) => string = (word) => word): string {
    const value = write(randomBytes(24).toString("hex"));
    this.values.push({ name, value });
    return value;
  }

  /**
   * Makes a Secret where it is not there, and adds the keys that it lacks. With an owner it goes with its owner.
   * One that is whole gets also what is written on it, and loses other keys.
   */
  async ensureSecret(secret: {
    readonly namespace: string;
    readonly name: string;
    readonly values: Readonly<Record<string, string>>;
    readonly type?: string;
    readonly owner?: LiveObject;
    /** More metadata of the Secret: labels and annotations. */
    readonly metadata?: object;
    /** @default false */
    readonly whole?: boolean;
  }): Promise<void> {
    const { namespace, name, values, type = "Opaque", owner, metadata, whole = false } = secret;
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
    );
    const there = await this.secret(namespace, name);
    const others = Object.keys(there?.data ?? {}).filter((key) => !(key in data));
    if (!there) await this.ensure(path, { metadata: { name, ...ownedBy(owner), ...metadata }, type, data });
    else if (whole)
      await this.api.patch(`${path}/${name}`, {
        metadata: { ...metadata },
        data: { ...Object.fromEntries(others.map((key) => [key, null])), ...data },
      });
    else if (Object.keys(data).some((key) => there.data?.[key] !== data[key]))
      await this.api.patch(`${path}/${name}`, { ...(metadata && { metadata }), data });
  }

  /** Writes an event on an object, once for each reason. Those of what has no namespace lie in `default`. */
  async event({ apiVersion, kind, metadata }: LiveObject, event: Told): Promise<void> {
    const { namespace, name, uid } = metadata;
    const [type = "", reason = ""] = event.split(" ");
    const key = `${uid}.${reason}`;
    if (this.told.has(key)) return;
    const time = new Date().toISOString().replace(/\.\d+/, "");
    await this.ensureEvent(`/api/v1/namespaces/${namespace ?? "default"}/events`, {
      metadata: { name: key.toLowerCase() },
      involvedObject: { apiVersion, kind, namespace, name, uid },
      type,
      reason,
      message: "said by a rehearsal: no operator runs",
      source: { component: "rehearsal" },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    });
    this.told.add(key);
  }

  /** Makes an event where its namespace still takes new objects. */
  private async ensureEvent(path: string, event: NewObject): Promise<void> {
    try {
      await this.ensure(path, event);
    } catch (error) {
      // The namespace is about to go.
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
    }
  }

  /** Makes an object where none of its name is there. */
  async ensure(path: string, object: NewObject): Promise<void> {
    if (await this.api.get(`${path}/${object.metadata.name}`)) return;
    try {
      await this.api.create(path, object);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
  }
}

/** An object that is to be made. */
interface NewObject {
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** References by which the garbage collector removes an object with its owner; before it, where that is deleted in the foreground. */
export function ownedBy(owner?: LiveObject, controller = true): object {
  if (!owner) return {};
  const { apiVersion, kind, metadata } = owner;
  const { name, uid } = metadata;
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller, blockOwnerDeletion: true }] };
}
