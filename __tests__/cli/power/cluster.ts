/** A made-up cluster whose controllers and Strimzi do at once what they are told. */
import { type Json, inside, isObject } from "../../../synthesized/stack";
import { ApiError, type LiveObject } from "../../../cli/shared/kubernetes/client";
import type { PowerApi } from "../../../cli/shared/power/memory";

const APPS = "/apis/apps/v1/namespaces";
const STRIMZI = "/apis/kafka.strimzi.io/v1/namespaces/kafka";
const SETS = "/apis/core.strimzi.io/v1/namespaces/kafka/strimzipodsets";
const PAUSE = "strimzi.io/pause-reconciliation";

/** A merge patch, as the API server applies it. */
function merged(target: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(change))
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  return result;
}

/** The cluster. What is done to it stands in {@link done}, one line for each change. */
export class FakeCluster implements PowerApi {
  readonly objects = new Map<string, LiveObject>();
  readonly done: string[] = [];
  /** Pods of these workloads or sets never end. */
  readonly stuck = new Set<string>();
  /** Pods of these never become ready. */
  readonly broken = new Set<string>();
  /** Whether Strimzi's operator runs. */
  strimzi = true;
  /** Called after each change, with its line; may throw, as when the command is killed. */
  after: (line: string) => void = () => undefined;
  private uid = 0;

  put(path: string, object: object): void {
    const [name = "", , namespace = ""] = path.split("/").reverse();
    const metadata = {
      name,
      namespace,
      uid: String(++this.uid),
      generation: 1,
      ...(inside(object, "metadata") as Json),
    };
    this.objects.set(path, { ...object, metadata } as unknown as LiveObject);
    this.settle();
  }

  workload(resource: "deployments" | "statefulsets", namespace: string, name: string, replicas = 1, labels = {}): void {
    const matchLabels = { app: name };
    this.put(`${APPS}/${namespace}/${resource}/${name}`, {
      metadata: { labels: { ...matchLabels, ...labels } },
      spec: { replicas, selector: { matchLabels } },
    });
  }

  cronJob(namespace: string, name: string, suspend = false): void {
    this.put(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`, { spec: { suspend } });
  }

  kafka(): void {
    const pool = (name: string, replicas: number) =>
      this.put(`${STRIMZI}/kafkanodepools/${name}`, {
        metadata: { labels: { "strimzi.io/cluster": "efd" } },
        spec: { roles: [name], replicas },
      });
    pool("controller", 3);
    pool("broker", 3);
    this.put(`${STRIMZI}/kafkas/efd`, { spec: {} });
  }

  at(path: string): LiveObject | undefined {
    return this.objects.get(path);
  }

  replicas(resource: string, namespace: string, name: string): unknown {
    return this.at(`${APPS}/${namespace}/${resource}/${name}`)?.spec?.["replicas"];
  }

  pods(namespace: string): string[] {
    return this.in(`/api/v1/namespaces/${namespace}/pods`).map(({ metadata }) => metadata.name);
  }

  get = (path: string): Promise<Json | undefined> => Promise.resolve(this.objects.get(path));

  list = (path: string): Promise<LiveObject[]> => Promise.resolve(this.in(path));

  create = (path: string, object: object): Promise<Json> => {
    const target = `${path}/${String(inside(object, "metadata", "name"))}`;
    if (this.objects.has(target)) throw new ApiError(409, "it is there");
    this.put(target, object);
    return this.changed(`create ${target}`).then(() => ({}));
  };

  patch = (path: string, change: object): Promise<void> => {
    const before = this.objects.get(path);
    if (!before) throw new ApiError(404, `${path} is not there`);
    const after = merged(before, change) as LiveObject;
    const generation = (before.metadata.generation ?? 1) + ("spec" in change ? 1 : 0);
    this.objects.set(path, { ...after, metadata: { ...after.metadata, generation } });
    return this.changed(`patch ${path} ${JSON.stringify(change)}`);
  };

  delete = (path: string): Promise<void> => {
    this.objects.delete(path);
    return this.changed(`delete ${path}`);
  };

  private in(collection: string): LiveObject[] {
    return [...this.objects]
      .filter(([path]) => path.replace(/\/[^/]+$/, "") === collection)
      .map(([, object]) => object);
  }

  private changed(line: string): Promise<void> {
    this.done.push(line);
    this.settle();
    this.after(line);
    return Promise.resolve();
  }

  /** Everybody looks at everything once. */
  private settle(): void {
    for (const [path, object] of this.objects) {
      const [, namespace = "", resource] = /^\/apis\/apps\/v1\/namespaces\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
      if (resource) this.objects.set(path, this.controlled(object, namespace));
    }
    const kafka = this.at(`${STRIMZI}/kafkas/efd`);
    if (kafka && this.strimzi) this.operate(kafka);
    for (const pool of this.in(`${STRIMZI}/kafkanodepools`)) {
      const name = `efd-${pool.metadata.name}`;
      const labels = { "strimzi.io/cluster": "efd", "strimzi.io/pool-name": pool.metadata.name };
      this.run("kafka", name, this.at(`${SETS}/${name}`) ? Number(pool.spec?.["replicas"]) : 0, labels);
    }
  }

  private operate(kafka: LiveObject): void {
    const isPaused = kafka.metadata.annotations?.[PAUSE] === "true";
    const conditions = [{ type: isPaused ? "ReconciliationPaused" : "Ready", status: "True" }];
    this.objects.set(`${STRIMZI}/kafkas/efd`, { ...kafka, status: { conditions } });
    if (isPaused) return;
    for (const { metadata } of this.in(`${STRIMZI}/kafkanodepools`)) {
      const path = `${SETS}/efd-${metadata.name}`;
      // A restart of a set is done at once.
      this.objects.set(path, { metadata: { name: `efd-${metadata.name}`, uid: path } } as unknown as LiveObject);
    }
  }

  private controlled(object: LiveObject, namespace: string): LiveObject {
    const replicas = Number(object.spec?.["replicas"]);
    const labels = inside(object.spec, "selector", "matchLabels") as Record<string, string>;
    this.run(namespace, object.metadata.name, replicas, labels);
    const ready = this.broken.has(object.metadata.name) ? 0 : replicas;
    const status = {
      replicas,
      readyReplicas: ready,
      updatedReplicas: replicas,
      observedGeneration: object.metadata.generation,
    };
    return { ...object, status };
  }

  private run(namespace: string, owner: string, count: number, labels: Readonly<Record<string, string>>): void {
    const path = (i: number) => `/api/v1/namespaces/${namespace}/pods/${owner}-${i}`;
    const conditions = [{ type: "Ready", status: this.broken.has(owner) ? "False" : "True" }];
    for (let i = 0; i < count; i++)
      this.objects.set(path(i), {
        metadata: { name: `${owner}-${i}`, labels, uid: path(i) },
        status: { phase: "Running", conditions },
      } as unknown as LiveObject);
    if (!this.stuck.has(owner)) for (let i = count; this.objects.delete(path(i)); i++);
  }
}
