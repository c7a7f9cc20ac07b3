/**
 * An object of the cluster as its manifest sees it: only what the manifest sets, and what somebody wrote beside it
 * with kubectl. What the API server or a controller fills in is nobody's change.
 */
import { bytes, cores } from "../../ground/units";
import { isObject as isFields } from "../../synthesized/stack";

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** Who wrote a field, by the API server's own record (`metadata.managedFields`). */
interface Owner {
  readonly manager: string;
  readonly time: string;
  /** The part of the record below the field that is looked at. */
  readonly fields: Fields;
}

/** Who wrote something else than the manifest says. */
export interface Writer {
  readonly manager: string;
  /** RFC 3339, UTC. */
  readonly time: string;
}

/** An object in the cluster, reduced to what can be compared with its manifest. */
export interface Live {
  readonly object: Fields;
  /** Who wrote what differs, the newest last; empty where the API server does not know. */
  readonly writers: readonly Writer[];
}

/** What a person at a terminal writes with. */
const KUBECTL = /^kubectl/;

/** What writes what the release says. */
const HELM = /^(helm|terraform-provider-helm)/;

/**
 * Keys that no person changes: kubectl's own annotations, the label that Helm puts in place of the manifest's, the
 * certificates that controllers give to webhooks.
 */
const BY_PROGRAMS = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "kubectl.kubernetes.io/restartedAt",
  "app.kubernetes.io/managed-by",
  "caBundle",
];

/**
 * Keys by which the API server merges lists of its own kinds, in the order in which they are tried. Controllers may
 * add elements to these; every other list belongs to its manifest as a whole.
 */
const MERGED: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  ports: ["containerPort", "port"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
  webhooks: ["name"],
  volumeClaimTemplates: ["metadata"],
};

/** Keys whose values, or the values below which, are quantities: the API server writes them in its own form. */
const QUANTITIES = /^(limits|requests|capacity|hard|sizeLimit|divisor|averageValue)$/;

/** What the API server leaves out when a manifest says it. */
const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.values(value).every(saysNothing));

/**
 * Reduces a live object to what can be compared with its manifest; where both mean the same it has the manifest's
 * spelling. `scaled` leaves out replicas, which an autoscaler sets.
 */
export function liveOf(manifest: Fields, live: Fields, scaled = false): Live {
  const writers = new Map<string, Writer>();
  const walk = new Walk(writers);
  const object = walk.object(comparable(manifest, scaled), comparable(live, scaled), ownersOf(live), "");
  return {
    object: { ...object, apiVersion: manifest["apiVersion"], kind: manifest["kind"] },
    writers: [...writers.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
  };
}

/** A manifest's object as it can be compared: without status, and with a Secret's texts in the form of the API. */
export function comparable(object: Fields, scaled = false): Fields {
  const metadata = isFields(object["metadata"]) ? object["metadata"] : {};
  const kept = Object.entries(metadata).filter(([key]) => ["name", "namespace", "labels", "annotations"].includes(key));
  const rest = Object.entries(object).filter(([key]) => !["status", "metadata", "stringData"].includes(key));
  const texts = isFields(object["stringData"]) ? object["stringData"] : undefined;
  const encoded =
    texts &&
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString("base64")]));
  const data = isFields(object["data"]) ? object["data"] : {};
  return withoutReplicas(
    {
      ...Object.fromEntries(rest),
      metadata: Object.fromEntries(kept),
      ...(encoded ? { data: { ...data, ...encoded } } : {}),
    },
    scaled,
  );
}

function withoutReplicas(object: Fields, scaled: boolean): Fields {
  if (!scaled || !isFields(object["spec"])) return object;
  return { ...object, spec: Object.fromEntries(Object.entries(object["spec"]).filter(([key]) => key !== "replicas")) };
}

function ownersOf(live: Fields): Owner[] {
  const metadata = isFields(live["metadata"]) ? live["metadata"] : {};
  const managed = Array.isArray(metadata["managedFields"]) ? metadata["managedFields"].filter(isFields) : [];
  return managed
    .filter(({ subresource }) => subresource !== "status")
    .map(({ manager, time, fieldsV1 }) => ({
      manager: typeof manager === "string" ? manager : "",
      time: typeof time === "string" ? time : "",
      fields: isFields(fieldsV1) ? fieldsV1 : {},
    }));
}

/** Those of the owners of an object or a list who own this field or element of it. */
function named(owners: readonly Owner[], isPart: (key: string) => boolean): Owner[] {
  return owners.flatMap((owner) => {
    const key = Object.keys(owner.fields).find(isPart);
    const fields = key === undefined ? undefined : owner.fields[key];
    return isFields(fields) ? [{ ...owner, fields }] : [];
  });
}

/** The same, and who owns the object or the list as a whole, for which the record names no parts. */
function below(owners: readonly Owner[], isPart: (key: string) => boolean): Owner[] {
  return [...owners.filter(({ fields }) => Object.keys(fields).length === 0), ...named(owners, isPart)];
}

const field = (key: string) => (one: string) => one === `f:${key}`;

/** `k:{"name":"main"}` is the element with these keys, `v:"text"` the one of this value. */
const element = (value: unknown) => (one: string) => {
  if (one.startsWith("v:")) return one.slice(2) === JSON.stringify(value);
  if (!one.startsWith("k:") || !isFields(value)) return false;
  const keys = JSON.parse(one.slice(2)) as Fields;
  return Object.entries(keys).every(([key, each]) => JSON.stringify(value[key]) === JSON.stringify(each));
};

const byKubectl = (owners: readonly Owner[]): Owner[] => owners.filter(({ manager }) => KUBECTL.test(manager));

class Walk {
  constructor(private readonly writers: Map<string, Writer>) {}

  object(wanted: Fields, live: Fields, owners: readonly Owner[], parent: string): Fields {
    const set = Object.entries(wanted).map(([key, value]) => [
      key,
      BY_PROGRAMS.includes(key) ? value : this.value(value, live[key], below(owners, field(key)), key, parent),
    ]);
    const added = Object.entries(live)
      .filter(([key]) => !(key in wanted) && !BY_PROGRAMS.includes(key))
      .flatMap(([key, value]) => {
        const hands = byKubectl(named(owners, field(key)));
        const part = hands.length > 0 ? this.owned(value, hands) : undefined;
        return saysNothing(part) ? [] : [[key, part] as const];
      });
    return Object.fromEntries([...set, ...added]) as Fields;
  }

  private value(wanted: unknown, live: unknown, owners: readonly Owner[], key: string, parent: string): unknown {
    if (saysNothing(wanted) && saysNothing(live)) return wanted;
    if (isFields(wanted) && isFields(live)) return this.object(wanted, live, owners, key);
    if (Array.isArray(wanted) && Array.isArray(live)) return this.list(wanted, live, owners, key);
    // An empty map or list in a manifest leaves the field to whoever names a part of it.
    if (saysNothing(wanted) && typeof wanted === "object") {
      const hands = byKubectl(owners).filter(({ fields }) => Object.keys(fields).length > 0);
      return hands.length > 0 ? this.owned(live, hands) : wanted;
    }
    if (wanted === live || isSameQuantity(wanted, live, key, parent)) return wanted;
    this.note(owners);
    return live;
  }

  private list(wanted: readonly unknown[], live: readonly unknown[], owners: readonly Owner[], key: string): unknown[] {
    const merged = MERGED[key];
    const identity = merged && identityOf(merged, [...wanted, ...live]);
    if (!identity) return this.whole(wanted, live, owners, key);
    const there = new Map(live.map((one) => [identity(one), one]));
    const known = new Set(wanted.map(identity));
    const set = wanted.flatMap((one) => {
      const other = there.get(identity(one));
      if (other !== undefined) return [this.value(one, other, below(owners, element(other)), "", key)];
      this.note(owners);
      return [];
    });
    const added = live
      .filter((one) => !known.has(identity(one)))
      .filter((one) => {
        const hands = byKubectl(named(owners, element(one)));
        this.note(hands);
        return hands.length > 0;
      });
    return [...set, ...added];
  }

  /** A list that belongs to its manifest. */
  private whole(
    wanted: readonly unknown[],
    live: readonly unknown[],
    owners: readonly Owner[],
    key: string,
  ): unknown[] {
    const identity = identityOf(["name"], [...wanted, ...live]);
    const partner = (one: unknown, i: number) =>
      identity ? wanted.find((other) => identity(other) === identity(one)) : wanted[i];
    if (wanted.length !== live.length) this.note(owners);
    return live.map((one, i) => {
      const other = partner(one, i);
      return other === undefined ? one : this.value(other, one, below(owners, element(one)), "", key);
    });
  }

  /** What these wrote of a value. */
  private owned(value: unknown, hands: readonly Owner[]): unknown {
    if (hands.some(({ fields }) => Object.keys(fields).length === 0)) {
      this.note(hands);
      return value;
    }
    if (isFields(value)) {
      const parts = Object.entries(value).flatMap(([key, one]) => {
        const own = below(hands, field(key));
        return own.length > 0 && !BY_PROGRAMS.includes(key) ? [[key, this.owned(one, own)] as const] : [];
      });
      return Object.fromEntries(parts.filter(([, one]) => !saysNothing(one)));
    }
    if (Array.isArray(value))
      return value.flatMap((one) => {
        const own = below(hands, element(one));
        return own.length > 0 ? [one as unknown] : [];
      });
    return value;
  }

  private note(owners: readonly Owner[]): void {
    for (const { manager, time } of owners) {
      if (HELM.test(manager) || manager === "") continue;
      const known = this.writers.get(manager);
      if (!known || known.time < time) this.writers.set(manager, { manager, time });
    }
  }
}

/** What tells elements apart; undefined where one has no such key or two share one. */
function identityOf(keys: readonly string[], elements: readonly unknown[]): ((one: unknown) => string) | undefined {
  const key = keys.find((each) => elements.every((one) => isFields(one) && one[each] !== undefined));
  if (key === undefined) return undefined;
  return (one) => {
    const { protocol, [key]: value } = one as Fields;
    const name = isFields(value) ? value["name"] : value;
    return JSON.stringify([name, key === "name" ? undefined : (protocol ?? "TCP")]);
  };
}

function isSameQuantity(wanted: unknown, live: unknown, key: string, parent: string): boolean {
  if (!QUANTITIES.test(key) && !QUANTITIES.test(parent)) return false;
  const [one, other] = [String(wanted), String(live)];
  return [bytes, cores].some((number) => number(one) === number(other));
}
