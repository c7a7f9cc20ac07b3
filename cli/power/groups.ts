/** The parts of components as a cluster has them, in groups that stop and start together. */
import { NAMESPACE } from "../../ground/namespaces";
import { inside } from "../../synthesized/stack";
import type { LiveObject } from "../shared/kubernetes/client";
import { hasRole, NODE_POOLS } from "../shared/kubernetes/node-pools";
import type { PowerApi } from "../shared/power/memory";
import { hasLabels, type Part, podSet, podsIn, workload } from "./part";

/** Parts that stop and start together. */
export interface Group {
  readonly parts: readonly Part[];
  /** In how many portions its parts restart, one after the other. @default 1 */
  readonly portions?: number;
}

const group = (parts: readonly Part[]): Group[] => (parts.length > 0 ? [{ parts }] : []);

/** Workloads of a namespace, all or those with these labels. */
export async function workloadsIn(
  api: PowerApi,
  resource: "deployments" | "statefulsets",
  namespace: string,
  labels: object = {},
): Promise<Group[]> {
  const [objects, pods] = await Promise.all([
    api.list(`/apis/apps/v1/namespaces/${namespace}/${resource}`),
    podsIn(api, namespace),
  ]);
  const ours = objects.filter((one) => hasLabels(one, labels));
  return group(ours.map((one) => workload(api, resource, inNamespace(one, namespace), pods)));
}

/** Objects of a list may lack what their list says of them all. */
function inNamespace(object: LiveObject, namespace: string): LiveObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

const strimzi = (plural: string) => `/apis/kafka.strimzi.io/v1/namespaces/${NAMESPACE.kafka}/${plural}`;
const POD_SETS = `/apis/core.strimzi.io/v1/namespaces/${NAMESPACE.kafka}/strimzipodsets`;

/** Workers of Kafka Connect or of a mirror. Strimzi calls the set after the resource and what it is. */
export async function strimziGroups(api: PowerApi, kind: string, suffix: string): Promise<Group[]> {
  const plural = `${kind.toLowerCase()}s`;
  const [owners, sets, pods] = await Promise.all([
    api.list(strimzi(plural)),
    api.list(POD_SETS),
    podsIn(api, NAMESPACE.kafka),
  ]);
  return group(
    owners.map((one) => {
      const owner = inNamespace(one, NAMESPACE.kafka);
      const name = `${owner.metadata.name}-${suffix}`;
      const labels = { "strimzi.io/kind": kind, "strimzi.io/cluster": owner.metadata.name };
      const props = { plural, owner, name, labels, replicas: Number(owner.spec?.["replicas"] ?? 1) };
      return podSet(api, props, setOf(sets, name), pods);
    }),
  );
}

const setOf = (sets: readonly LiveObject[], name: string) => sets.find(({ metadata }) => metadata.name === name);

/** A broker that ends tells the controllers, so these stop after it; a broker that starts asks them. */
export async function kafkaGroups(api: PowerApi): Promise<Group[]> {
  const [owners, pools, sets, deployments, pods] = await Promise.all([
    api.list(strimzi("kafkas")),
    api.list(NODE_POOLS),
    api.list(POD_SETS),
    api.list(`/apis/apps/v1/namespaces/${NAMESPACE.kafka}/deployments`),
    podsIn(api, NAMESPACE.kafka),
  ]);
  return owners.flatMap((one) => {
    const owner = inNamespace(one, NAMESPACE.kafka);
    const cluster = owner.metadata.name;
    const partOf = (pool: LiveObject): Part => {
      const labels = { "strimzi.io/cluster": cluster, "strimzi.io/pool-name": pool.metadata.name };
      const name = `${cluster}-${pool.metadata.name}`;
      const replicas = Number(pool.spec?.["replicas"] ?? 1);
      const props = { plural: "kafkas", owner, name, labels, replicas, isBelow: !isBroker(pool) };
      return podSet(api, props, setOf(sets, name), pods);
    };
    const own = pools.filter((pool) => hasLabels(pool, { "strimzi.io/cluster": cluster }));
    const operators = deployments.filter(({ metadata }) => metadata.name === `${cluster}-entity-operator`);
    return [
      ...group(own.filter((pool) => !isBroker(pool)).map(partOf)),
      ...group(own.filter(isBroker).map(partOf)),
      ...group(operators.map((each) => workload(api, "deployments", inNamespace(each, NAMESPACE.kafka), pods))),
    ];
  });
}

const isBroker = (pool: LiveObject): boolean => hasRole(pool, "broker");

/**
 * LOVE's programs in the waves in which its `rollouts` restarts them (stacks/love/restarts.ts), read where that reads
 * them. What no wave names is what users come in by, nginx and the sound: it starts last.
 */
export async function loveGroups(api: PowerApi): Promise<Group[]> {
  const namespace = NAMESPACE.love;
  const [objects, pods, script] = await Promise.all([
    api.list(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    podsIn(api, namespace),
    api.get(`/api/v1/namespaces/${namespace}/configmaps/rollouts`),
  ]);
  const waves = wavesOf(String(inside(script, "data", "waves") ?? ""));
  const waveOf = (object: LiveObject): number => waves.findIndex(({ labels }) => hasLabels(object, labels));
  const partsIn = (wave: number): Part[] =>
    objects
      .filter((one) => waveOf(one) === wave)
      .map((one) => workload(api, "deployments", inNamespace(one, namespace), pods));
  return [...waves.map(({ portions }, wave) => ({ parts: partsIn(wave), portions })), { parts: partsIn(-1) }].filter(
    ({ parts }) => parts.length > 0,
  );
}

/** Waves as LOVE's `rollouts` has them, one a line: `10 app.kubernetes.io/name=love-producer`. */
export function wavesOf(text: string): { portions: number; labels: Record<string, string> }[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [portions, labels = ""] = line.split(" ");
      return {
        portions: Number(portions),
        labels: Object.fromEntries(labels.split(",").map((one) => one.split("=") as [string, string])),
      };
    });
}
