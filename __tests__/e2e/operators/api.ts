/** An API server in memory, as far as cases of operators need it: patches, finalizers, owners, generations. */
import { randomUUID } from "node:crypto";
import { ApiError, type Cluster, type LiveObject } from "../../../cli/shared/kubernetes/client";
import { type Json, mergePatch } from "../rehearsal/operators/merge-patch";

const metadataOf = (object: Json | undefined) => (object?.["metadata"] ?? {}) as Json;

/** Status of pods that ask for more than any node has, and of pods that run. */
const PODS = {
  unscheduled: { conditions: [{ type: "PodScheduled", status: "False" }] },
  running: { conditions: [{ type: "Ready", status: "True" }] },
} as const;

/** Objects by their paths. */
export class MemoryApi {
  private readonly objects = new Map<string, Json>();

  constructor(private readonly pods: keyof typeof PODS = "unscheduled") {}

  /** Itself, where a cluster is asked for. */
  get cluster(): Cluster {
    return this as unknown as Cluster;
  }

  get(path: string): Promise<LiveObject | undefined> {
    return Promise.resolve(structuredClone(this.objects.get(path)) as LiveObject | undefined);
  }

  /** All of a kind, in one namespace or in all. */
  list(path: string): Promise<LiveObject[]> {
    const [start, plural] = [path.slice(0, path.lastIndexOf("/")), path.split("/").at(-1)];
    const found = [...this.objects].filter(([at]) => at.startsWith(start) && at.split("/").at(-2) === plural);
    return Promise.resolve(structuredClone(found.map(([, object]) => object)) as unknown as LiveObject[]);
  }

  create(path: string, body: Json): Promise<Json> {
    const { name } = metadataOf(body);
    const at = `${path}/${String(name)}`;
    if (this.objects.has(at)) return Promise.reject(new ApiError(409, "already there"));
    return Promise.resolve(this.write(at, body));
  }

  apply(path: string, object: Json): Promise<Json> {
    const old = this.objects.get(path) ?? {};
    // What is not asked for any more goes: nobody else writes a specification.
    const spec = object["spec"] === undefined ? {} : { spec: object["spec"] };
    return Promise.resolve(this.write(path, { ...mergePatch(old, object), ...(structuredClone(spec) as Json) }));
  }

  patch(path: string, change: Json): Promise<void> {
    const at = path.replace(/\/status$/, "");
    const old = this.objects.get(at);
    if (!old) return Promise.reject(new ApiError(404, "not there"));
    const changed = mergePatch(old, change);
    if (old["immutable"] === true && JSON.stringify(changed["data"]) !== JSON.stringify(old["data"]))
      return Promise.reject(new ApiError(422, "field is immutable"));
    this.write(at, changed);
    return Promise.resolve();
  }

  delete(path: string): Promise<void> {
    const old = this.objects.get(path);
    if (old) this.write(path, mergePatch(old, { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }));
    return Promise.resolve();
  }

  /** Writes an object as an API server would; one that is about to go goes with its last finalizer, and what it owns. */
  private write(path: string, object: Json): Json {
    const { stringData, ...content } = object as Json & { stringData?: Record<string, string> };
    const given = Object.entries(stringData ?? {}).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
    const old = this.objects.get(path);
    const { uid = randomUUID(), generation = 0 } = metadataOf(old) as { uid?: string; generation?: number };
    const isSame = JSON.stringify(old?.["spec"]) === JSON.stringify(content["spec"]);
    const written = mergePatch(content, {
      metadata: { uid, generation: old && isSame ? generation : generation + 1 },
      ...(path.includes("/secrets/") && { type: content["type"] ?? "Opaque" }),
      ...(path.includes("/pods/") && { status: PODS[this.pods] }),
      ...(given.length > 0 && { data: Object.fromEntries(given) as Json }),
    });
    const { deletionTimestamp, finalizers = [] } = metadataOf(written) as {
      deletionTimestamp?: string;
      finalizers?: [];
    };
    if (deletionTimestamp !== undefined && finalizers.length === 0) this.remove(path, uid);
    else this.objects.set(path, written);
    return written;
  }

  private remove(path: string, uid: string): void {
    this.objects.delete(path);
    for (const [at, object] of [...this.objects]) {
      const owners = (metadataOf(object)["ownerReferences"] ?? []) as Json[];
      if (owners.some((one) => one["uid"] === uid)) this.objects.delete(at);
    }
  }
}
