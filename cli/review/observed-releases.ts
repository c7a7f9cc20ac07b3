/** Looks into the Helm releases of a layer: Helm's records, and every object of their manifests as it is. */
import type { Fields } from "../../review/read/live";
import { keyOf, type ManifestObject, objectsOf, type ObservedRelease } from "../../review/read/release-drift";
import { releaseContents } from "../shared/helm/release-records";
import type { KubernetesApi } from "../shared/kubernetes/client";
import { inside, type Json, type ObjectJson } from "../../synthesized/stack";
import type { State } from "../shared/terraform/terraform";

/**
 * Looks into every Helm release of a state. Reads only; of a release that Helm no longer has, the provider itself
 * says so.
 *
 * @throws {UserError} when the API does not answer or refuses.
 */
export async function observeReleases(api: KubernetesApi, state: State): Promise<ObservedRelease[]> {
  await api.get("/version");
  const places = new Places(api);
  const observed: ObservedRelease[] = [];
  for (const release of releasesOf(state)) {
    const one = await observe(api, places, release);
    if (one) observed.push(one);
  }
  return observed;
}

/** The releases of a state. */
function releasesOf({ resources = [] }: State) {
  return resources
    .filter(({ mode, type }) => mode === "managed" && type === "helm_release")
    .flatMap(({ type, name: id, instances }) =>
      instances.map(({ attributes = {} }) => {
        const about = (key: string) => inside(attributes["metadata"], key);
        return {
          address: `${type}.${id}`,
          namespace: String(attributes["namespace"]),
          name: String(attributes["name"]),
          revision: Number(about("revision")),
          chart: String(about("chart")),
          version: String(about("version")),
          values: JSON.parse(String(about("values") ?? "{}")) as unknown,
        };
      }),
    );
}

async function observe(
  api: KubernetesApi,
  places: Places,
  { address, namespace, name, ...made }: ReturnType<typeof releasesOf>[number],
): Promise<ObservedRelease | undefined> {
  const revisions = await releaseContents(api, namespace, name);
  const [newest] = revisions;
  if (!newest) return undefined;
  const kept = revisions.find((one) => one.revision === made.revision);
  const { manifest } = kept ?? newest;
  const found = await Promise.all(
    objectsOf(manifest).map(async (object) => {
      const path = await places.pathOf(object, namespace);
      const live = path === undefined ? undefined : await api.get(path);
      return live ? [[keyOf(object), live] as const] : [];
    }),
  );
  const { revision, status, chart, version, values } = newest;
  return {
    address,
    namespace,
    name,
    made,
    newest: { revision, status, chart, version, values },
    manifest,
    kept: kept !== undefined,
    live: Object.fromEntries(found.flat()),
    scaled: await scaledOf(api, objectsOf(manifest), namespace),
  };
}

/** Objects of a release whose replicas an autoscaler sets, be it the release's own or another one. */
async function scaledOf(api: KubernetesApi, objects: readonly ManifestObject[], namespace: string): Promise<string[]> {
  const workloads = objects.filter(({ spec }) => inside(spec, "replicas") !== undefined);
  const namespaces = new Set(workloads.map(({ metadata }) => metadata.namespace ?? namespace));
  const targets = new Set<string>();
  for (const each of namespaces) {
    const list = await api.get(`/apis/autoscaling/v2/namespaces/${each}/horizontalpodautoscalers`);
    for (const scaler of (list?.["items"] ?? []) as ObjectJson[]) {
      const target = inside(scaler.spec, "scaleTargetRef");
      targets.add(`${String(inside(target, "kind"))}/${each}/${String(inside(target, "name"))}`);
    }
  }
  return workloads
    .filter(({ kind, metadata }) => targets.has(`${kind}/${metadata.namespace ?? namespace}/${metadata.name}`))
    .map(keyOf);
}

/** Where the API has the objects of a kind, as it says itself. */
class Places {
  private readonly groups = new Map<string, Promise<readonly Fields[]>>();

  constructor(private readonly api: KubernetesApi) {}

  /** Path of an object; undefined where the cluster does not know its kind. */
  async pathOf({ apiVersion, kind, metadata }: ManifestObject, namespace: string): Promise<string | undefined> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const asked = this.groups.get(group) ?? this.kindsOf(group);
    this.groups.set(group, asked);
    const found = (await asked).find((one) => one["kind"] === kind && !String(one["name"]).includes("/"));
    if (!found) return undefined;
    const place = found["namespaced"] === true ? `/namespaces/${metadata.namespace ?? namespace}` : "";
    return `${group}${place}/${String(found["name"])}/${encodeURIComponent(metadata.name)}`;
  }

  private async kindsOf(group: string): Promise<readonly Fields[]> {
    const answer: Json | undefined = await this.api.get(group);
    return (answer?.["resources"] ?? []) as Fields[];
  }
}
