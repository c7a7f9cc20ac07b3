/** Simulates what Strimzi makes of the pools of a cluster: claims, sets of pods, and pods, which the real scheduler places. */
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import { inside, type Json } from "../../../synthesized/stack";
import { type ClusterView, namespaceOf, ownedBy, pathOf, type Reconcile, text } from "./cluster-view";
import type { RealKafka } from "./real-kafka";
import { missingCertificate, refusal } from "./strimzi-kafka";
import {
  belongsTo,
  CLUSTER_LABEL,
  clusterId,
  clusterOf,
  isPaused,
  KAFKAS,
  labelsFor,
  nodeIdsOf,
  POD_SETS,
  poolsOf,
} from "./strimzi-resources";

const idOf = (volume: Json): string => String(volume["id"]);

/** Labels of everything that a pool has. */
const poolLabels = (pool: LiveObject): Readonly<Record<string, string>> => ({
  ...labelsFor(pool, { kind: "Kafka", cluster: clusterOf(pool), name: `${clusterOf(pool)}-kafka`, type: "kafka" }),
  "strimzi.io/pool-name": pool.metadata.name,
});

/**
 * Pools. Nothing is said of a pool, and nothing made for it, before its cluster can be; no set of pods before the
 * listeners have the certificates that they were given.
 */
export const pool =
  (real?: RealKafka): Reconcile =>
  async (object, view) => {
    const [namespace, cluster] = [namespaceOf(object), clusterOf(object)];
    const kafka = await view.api.get(pathOf(KAFKAS, namespace, cluster));
    if (!kafka) return { missing: `Kafka ${namespace}/${cluster} is not there`, unseen: true };
    const refused = isPaused(kafka) ? { missing: `Kafka ${cluster} is paused` } : await refusal(kafka, view);
    if (refused) return { ...refused, unseen: true };
    const ids = nodeIdsOf(await poolsOf(view, namespace, cluster)).get(object.metadata.name) ?? [];
    const name = `${cluster}-${object.metadata.name}`;
    for (const id of ids) await claims(object, `${name}-${id}`, view);
    if (!(await missingCertificate(kafka, view))) {
      const annotations = {
        "strimzi.io/kafka-version": text(kafka.spec, "kafka", "version"),
        "strimzi.io/storage": JSON.stringify(object.spec?.["storage"] ?? {}),
        ...(inside(kafka.spec, "kafka", "template", "podSet", "metadata", "annotations") as Json | undefined),
      };
      const set = await podSet(object, name, { labels: poolLabels(object), annotations }, view);
      if (set) for (const id of ids) await node(object, set, `${name}-${id}`, view, real);
    }
    return {
      status: {
        clusterId: clusterId(kafka),
        labelSelector: `${CLUSTER_LABEL}=${cluster},strimzi.io/pool-name=${object.metadata.name}`,
        nodeIds: ids,
        replicas: ids.length,
        roles: object.spec?.["roles"],
      },
    };
  };

/** The set through which an object has its pods; undefined where it is about to go, for then no pod is made. */
export async function podSet(
  owner: LiveObject,
  name: string,
  { labels, annotations }: { readonly labels: Readonly<Record<string, string>>; readonly annotations?: Json },
  view: ClusterView,
): Promise<LiveObject | undefined> {
  const path = pathOf(POD_SETS, namespaceOf(owner));
  await view.ensure(path, {
    apiVersion: `${POD_SETS.group}/${POD_SETS.version}`,
    kind: "StrimziPodSet",
    metadata: { name, labels, annotations, ...belongsTo(owner) },
    spec: { selector: { matchLabels: labels }, pods: [] },
  });
  const set = await view.api.get(`${path}/${name}`);
  return set?.metadata.deletionTimestamp === undefined ? set : undefined;
}

const volumesOf = (pool: LiveObject): Json[] => (inside(pool.spec, "storage", "volumes") ?? []) as Json[];

/** A claim for each volume of a node, as Strimzi calls it. It goes with the pool where that says so. */
async function claims(object: LiveObject, name: string, view: ClusterView): Promise<void> {
  for (const volume of volumesOf(object))
    await view.ensure(`/api/v1/namespaces/${namespaceOf(object)}/persistentvolumeclaims`, {
      metadata: {
        name: `data-${idOf(volume)}-${name}`,
        labels: poolLabels(object),
        annotations: { "strimzi.io/delete-claim": String(volume["deleteClaim"] ?? false) },
        ...(volume["deleteClaim"] === true && belongsTo(object)),
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: volume["class"],
        resources: { requests: { storage: volume["size"] } },
      },
    });
}

/** A pod that mounts the claims. */
async function node(
  object: LiveObject,
  set: LiveObject,
  name: string,
  view: ClusterView,
  real?: RealKafka,
): Promise<void> {
  const volumes = volumesOf(object);
  const security = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const mounted = volumes.map((volume) => ({
    name: `data-${idOf(volume)}`,
    mountPath: `/var/lib/kafka/${idOf(volume)}`,
  }));
  await view.ensure(`/api/v1/namespaces/${namespaceOf(object)}/pods`, {
    metadata: { name, labels: poolLabels(object), ...ownedBy(set) },
    spec: {
      affinity: inside(object.spec, "template", "pod", "affinity"),
      containers: [
        {
          name: "kafka",
          image: "simulated/kafka:none",
          resources: object.spec?.["resources"],
          securityContext: security,
          volumeMounts: mounted,
        },
      ],
      volumes: volumes.map((volume) => ({
        name: `data-${idOf(volume)}`,
        persistentVolumeClaim: { claimName: `data-${idOf(volume)}-${name}` },
      })),
      ...(await real?.pod(object, name, view)),
    },
  });
}
