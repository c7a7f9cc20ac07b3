/**
 * What `npm run power` stopped, remembered in the cluster: whoever comes next, on whatever machine, goes on from there and
 * starts as many pods as there were.
 */
import { NAMESPACE } from "../../../ground/namespaces";
import { ApiError, type KubernetesApi, type LiveObject } from "../kubernetes/client";

/** What is asked of a cluster where programs stop and start. */
export type PowerApi = Pick<KubernetesApi, "get" | "create" | "patch" | "delete"> & {
  list(path: string): Promise<LiveObject[]>;
};

const NAME = "efd-power";
const COLLECTION = `/api/v1/namespaces/${NAMESPACE.kafka}/configmaps`;
/** Key of the moment at which the first of the programs was stopped. */
const SINCE = "since";

/** By the key of what was stopped: how many pods it had, or `on` where that is its operator's business. */
export class PowerMemory {
  private constructor(
    private readonly api: PowerApi,
    private readonly entries: Map<string, string>,
    private isThere: boolean,
  ) {}

  /** @throws {UserError} when the API does not answer or refuses. */
  static async read(api: PowerApi): Promise<PowerMemory> {
    const there = (await api.get(`${COLLECTION}/${NAME}`)) as LiveObject | undefined;
    return new PowerMemory(api, new Map(Object.entries(there?.data ?? {})), there !== undefined);
  }

  /** When something was stopped that is not started again, as an ISO time; undefined where nothing is. */
  get since(): string | undefined {
    return this.entries.get(SINCE);
  }

  /** Of all that is remembered. */
  get keys(): string[] {
    return [...this.entries.keys()].filter((key) => key !== SINCE);
  }

  get(key: string): string | undefined {
    return this.entries.get(key);
  }

  /** Writes down what is about to be stopped: before it is, so that nothing is stopped that nobody remembers. */
  async remember(entries: Readonly<Record<string, string>>): Promise<void> {
    const fresh = Object.entries(entries).filter(([key, value]) => this.entries.get(key) !== value);
    if (fresh.length === 0) return;
    const data = {
      ...(this.since === undefined ? { [SINCE]: new Date().toISOString() } : {}),
      ...Object.fromEntries(fresh),
    };
    if (!this.isThere) await this.make();
    await this.api.patch(`${COLLECTION}/${NAME}`, { data });
    for (const [key, value] of Object.entries(data)) this.entries.set(key, value);
  }

  /** Forgets what runs again; with the last of it goes the ConfigMap. */
  async forget(keys: readonly string[]): Promise<void> {
    const known = keys.filter((key) => this.entries.has(key));
    if (known.length === 0) return;
    for (const key of known) this.entries.delete(key);
    if ([...this.entries.keys()].every((key) => key === SINCE)) {
      await this.api.delete(`${COLLECTION}/${NAME}`);
      this.entries.clear();
      this.isThere = false;
    } else await this.api.patch(`${COLLECTION}/${NAME}`, { data: Object.fromEntries(known.map((key) => [key, null])) });
  }

  private async make(): Promise<void> {
    const metadata = { name: NAME, namespace: NAMESPACE.kafka, labels: { "app.kubernetes.io/part-of": "efd" } };
    try {
      await this.api.create(COLLECTION, { apiVersion: "v1", kind: "ConfigMap", metadata });
    } catch (error) {
      // Somebody else made it meanwhile.
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
    this.isThere = true;
  }
}
