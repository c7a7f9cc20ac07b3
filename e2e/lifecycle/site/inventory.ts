/** Everything that a cluster holds, without what differs from one moment to the next. */
import type { KubernetesApi } from "../../../cli/shared/kubernetes/client";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import { stableJson } from "../../../synthesized/text";

/** Kinds that controllers make, or that only say what happened. */
const DERIVED = [
  "Event",
  "Lease",
  "Pod",
  "ReplicaSet",
  "EndpointSlice",
  "Endpoints",
  "ControllerRevision",
  "PersistentVolume",
  "Node",
  "ComponentStatus",
  "APIService",
  "IPAddress",
  "ServiceCIDR",
  "PodMetrics",
  "FlowSchema",
  "PriorityLevelConfiguration",
];

/** ConfigMaps with the authority of each cluster. */
const OWN_AUTHORITY = ["kube-root-ca.crt", "extension-apiserver-authentication"];

/** What the API server makes of its own address. */
const OWN_SERVICE = "Service default/kubernetes";

/** Keys that the API server or a controller fills in. */
const FILLED =
  /^(uid|resourceVersion|creationTimestamp|managedFields|generation|status|clusterIPs?|nodePort|healthCheckNodePort|volumeName|controller-uid|batch\.kubernetes\.io\/(controller-uid|job-name)|job-name|deployment\.kubernetes\.io\/revision|volume\.kubernetes\.io\/.*|pv\.kubernetes\.io\/.*|efd-chart|deprecated\.daemonset.*)$/;

/** A Job that a clock started is there or not, by the minute. */
function isOfClock({ metadata }: ObjectJson): boolean {
  const owners = (inside(metadata, "ownerReferences") ?? []) as readonly Json[];
  return owners.some(({ kind }) => kind === "CronJob");
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !FILLED.test(key))
      .map(([key, inner]) => [key, without(inner)]),
  );
}

/** Objects by group, kind, namespace and name. Of Helm's records only that a release is deployed. */
export async function inventory(api: KubernetesApi): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const revisions = new Map<string, number>();
  for (const group of await groupsOf(api))
    for (const { name, kind, verbs } of await kindsOf(api, group)) {
      if (name.includes("/") || !verbs.includes("list") || DERIVED.includes(kind)) continue;
      const list = await api.get(`/${group}/${name}`);
      for (const object of (list?.["items"] ?? []) as ObjectJson[]) {
        const { namespace = "", name: own } = object.metadata;
        if (OWN_AUTHORITY.includes(own) || isOfClock(object)) continue;
        if (`${kind} ${namespace}/${own}` === OWN_SERVICE) continue;
        const labels = (inside(object, "metadata", "labels") ?? {}) as Record<string, string>;
        if (inside(object, "type") !== "helm.sh/release.v1")
          found.set(`${kind} ${namespace}/${own}`, stableJson(without(object)));
        else {
          const release = `release ${namespace}/${labels["name"]}`;
          if (Number(labels["version"]) < (revisions.get(release) ?? 0)) continue;
          revisions.set(release, Number(labels["version"]));
          found.set(release, String(labels["status"]));
        }
      }
    }
  return found;
}

async function groupsOf(api: KubernetesApi): Promise<string[]> {
  const groups = ((await api.get("/apis"))?.["groups"] ?? []) as Json[];
  return ["api/v1", ...groups.map((group) => `apis/${String(inside(group, "preferredVersion", "groupVersion"))}`)];
}

async function kindsOf(api: KubernetesApi, group: string) {
  return ((await api.get(`/${group}`))?.["resources"] ?? []) as { name: string; kind: string; verbs: string[] }[];
}

/** How two inventories differ, one line each; at most `most`. */
export function differences(before: Map<string, string>, after: Map<string, string>, most = 12): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .flatMap((name) => {
      const [a, b] = [before.get(name), after.get(name)];
      if (a === b) return [];
      if (a === undefined) return [`${name} is new`];
      if (b === undefined) return [`${name} is gone`];
      return [`${name} differs: ${firstDifference(a, b)}`];
    })
    .slice(0, most);
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  const from = Math.max(0, at - 60);
  return `…${a.slice(from, at + 60)}… is …${b.slice(from, at + 60)}…`;
}
