/** The Kubernetes API of a rehearsal, without a process for each question. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { ask, isGranted, refusalOf } from "../../cli/shared/kubernetes/request";
import { inside, type Json, type ObjectJson } from "../../synthesized/stack";
import { readYaml } from "../../synthesized/yaml";

/** An object as the API server gives it. */
export interface LiveObject extends ObjectJson {
  readonly metadata: ObjectJson["metadata"] & {
    readonly uid: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: Json;
  readonly data?: Readonly<Record<string, string>>;
}

/** A refusal of the API server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** A patch that leaves out what it does not say. */
const MERGE = "application/merge-patch+json";

/** Reads and writes objects as the user of a kubeconfig. */
export class KubeApi {
  private readonly agent: Agent;
  private readonly server: URL;

  /** `kubeconfig` is the content of a file with one cluster and one user with a client certificate. */
  constructor(kubeconfig: string) {
    const config: unknown = readYaml(kubeconfig);
    const [cluster, user] = [inside(config, "clusters", "cluster"), inside(config, "users", "user")];
    this.server = new URL(String(inside(cluster, "server")));
    this.agent = new Agent({
      keepAlive: true,
      ca: part(cluster, "certificate-authority"),
      cert: part(user, "client-certificate"),
      key: part(user, "client-key"),
    });
  }

  /** An object, or undefined where there is none or no such kind. */
  async get(path: string): Promise<LiveObject | undefined> {
    try {
      return (await this.call("GET", path)) as LiveObject;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All objects of a collection; none where there is no such kind. */
  async list(path: string): Promise<LiveObject[]> {
    const found = (await this.get(path)) as { items?: LiveObject[] } | undefined;
    return found?.items ?? [];
  }

  /** Whether the API server says that it is ready; false where it does not answer. */
  isReady(): Promise<boolean> {
    return this.call("GET", "/readyz").then(
      () => true,
      () => false,
    );
  }

  /** Release of Kubernetes that the API server says it is. */
  async version(): Promise<string> {
    return String(inside(await this.call("GET", "/version"), "gitVersion"));
  }

  /** Makes an object. */
  create(path: string, body: object): Promise<unknown> {
    return this.call("POST", path, body);
  }

  /** Changes the named fields of an object, or of its status where the path ends with `/status`. */
  patch(path: string, body: object): Promise<unknown> {
    return this.call("PATCH", path, body, MERGE);
  }

  /** Ends all connections. */
  close(): void {
    this.agent.destroy();
  }

  private async call(method: string, path: string, body?: object, type = "application/json"): Promise<unknown> {
    const url = new URL(path, this.server);
    const answer = await ask({ url, method, body, agent: this.agent, headers: { "Content-Type": type } });
    if (isGranted(answer)) return answer.body;
    throw new ApiError(answer.status, refusalOf(answer));
  }
}

/** A certificate or key of a kubeconfig, which holds it or names its file. */
function part(of: unknown, key: string): Buffer {
  const data = inside(of, `${key}-data`);
  return typeof data === "string" ? Buffer.from(data, "base64") : readFileSync(String(inside(of, key)));
}
