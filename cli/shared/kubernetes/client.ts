/** The API of a cluster, reached by a kubeconfig. */
import { Agent, type RequestOptions } from "node:https";
import { messageOf, UserError } from "../../../ground/errors";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import { interruption } from "../process/interruption";
import { type KubeconfigSource, readKubeconfig } from "./kubeconfig";
import { type HttpAnswer, sendWithRetries, isSuccess, failureMessage } from "./request";

/** Field manager of our server-side applies. */
export const FIELD_MANAGER = "efd-deploy";

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

/** The API server refuses a request. */
export class ApiError extends UserError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The API server does not answer. */
export class NoAnswer extends UserError {
  constructor(message: string) {
    super(message);
    this.name = "NoAnswer";
  }
}

/** What we ask of a cluster; tests put fakes in its place. */
export interface KubernetesApi {
  /**
   * The object or list at a path; undefined where there is none, or no such kind.
   *
   * @throws {UserError} when the API does not answer or refuses.
   */
  get(path: string): Promise<Json | undefined>;
  /**
   * Applies an object server-side, and takes over its fields from other managers; `dryRun` changes nothing.
   *
   * @returns the object as it is then.
   * @throws {UserError} when the API does not answer or refuses.
   */
  apply(path: string, object: ObjectJson, dryRun?: boolean): Promise<ObjectJson>;
  /** Creates an object, or sends a review such as SelfSubjectReview. */
  create(path: string, object: object): Promise<Json>;
  /** Changes these fields of an object (a merge patch), or of its status where the path ends with `/status`. */
  patch(path: string, change: object): Promise<void>;
  /**
   * Deletes an object and what it owns: afterwards, in the background; or in the foreground, where the object stays until that
   * has gone. No error when it does not exist.
   */
  delete(path: string, owned?: "Background" | "Foreground"): Promise<void>;
}

/** Which cluster, and what ends its requests. */
export type ClusterProps = KubeconfigSource & {
  /** Ends every request. @default - Ctrl-C does */
  readonly signal?: AbortSignal;
  /** Goes on when the user interrupts: for what cleans up, or works while Terraform ends. @default false */
  readonly cleanup?: boolean;
};

/** The API behind a kubeconfig, which is read at the first request: a layer may have to write it first. */
export class Cluster implements KubernetesApi {
  /**
   * Keeps connections open, since a TLS handshake costs more than an answer. Idle connections end after 5 s, as with
   * Node's own agent: while a question waits for the user, a firewall or a VPN may drop a connection, and the next
   * request on it would hang.
   */
  private readonly agent = new Agent({ keepAlive: true, timeout: 5000 });
  private config?: ReturnType<typeof readKubeconfig>;

  constructor(private readonly props: ClusterProps) {}

  async get(path: string): Promise<LiveObject | undefined> {
    const answer = await this.call("GET", path);
    return answer.status === 404 ? undefined : (bodyOf(answer, path) as LiveObject);
  }

  /** All objects of a collection; none where there is no such kind. */
  async list(path: string): Promise<LiveObject[]> {
    return ((await this.get(path))?.["items"] ?? []) as LiveObject[];
  }

  async apply(path: string, object: ObjectJson, dryRun = false): Promise<ObjectJson> {
    const query = `fieldManager=${FIELD_MANAGER}&force=true${dryRun ? "&dryRun=All" : ""}`;
    const answer = await this.call("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
    return bodyOf(answer, path) as ObjectJson;
  }

  async create(path: string, object: object): Promise<Json> {
    return bodyOf(await this.call("POST", path, object), path);
  }

  async patch(path: string, change: object): Promise<void> {
    bodyOf(await this.call("PATCH", path, change, "application/merge-patch+json"), path);
  }

  async delete(path: string, owned: "Background" | "Foreground" = "Background"): Promise<void> {
    const answer = await this.call("DELETE", `${path}?propagationPolicy=${owned}`);
    if (answer.status !== 404) bodyOf(answer, path);
  }

  /** Whether the API server says that it is ready; false where it does not answer. */
  isReady(): Promise<boolean> {
    return this.call("GET", "/readyz").then(isSuccess, () => false);
  }

  /** The API server's clock in milliseconds since 1970, to the second; undefined where it does not say it. */
  async clock(): Promise<number | undefined> {
    const answer = await this.call("GET", "/version");
    bodyOf(answer, "/version");
    return answer.time;
  }

  /** Release of Kubernetes of the API server. */
  async version(): Promise<string> {
    return String(inside(await this.get("/version"), "gitVersion"));
  }

  close(): void {
    this.agent.destroy();
  }

  /**
   * Where the API server is, and how one logs in there.
   *
   * @throws {UserError} when the kubeconfig cannot be read, or its program does not log in.
   */
  async login(): Promise<{ readonly server: URL; readonly options: RequestOptions }> {
    this.config ??= readKubeconfig(this.props);
    const config = await this.config;
    return { server: new URL(config.getCurrentCluster()?.server ?? ""), options: await loginOf(config) };
  }

  private async call(method: string, path: string, body?: object, type = "application/json"): Promise<HttpAnswer> {
    this.config ??= readKubeconfig(this.props);
    const config = await this.config;
    const server = config.getCurrentCluster();
    const url = new URL(path, server?.server);
    const login = await loginOf(config);
    try {
      const headers = { ...login.headers, accept: "application/json", ...(body && { "content-type": type }) };
      const agent = server?.proxyUrl ? login.agent : this.agent;
      const signal = this.props.signal ?? (this.props.cleanup ? undefined : interruption);
      return await sendWithRetries({ ...login, url, method, headers, body, agent, signal });
    } catch (error) {
      throw new NoAnswer(`the cluster does not answer at ${url.origin}: ${messageOf(error)}`);
    }
  }
}

/**
 * How a request logs in.
 *
 * @throws {UserError} when it cannot. What a login program printed may be a credential, which errors of JSON quote.
 */
async function loginOf(config: Awaited<ReturnType<typeof readKubeconfig>>): Promise<RequestOptions> {
  const login: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(login);
  } catch (error) {
    const { command = "the kubeconfig" } = (config.getCurrentUser()?.exec ?? {}) as { command?: string };
    const isNoAnswer = error instanceof SyntaxError || error instanceof TypeError;
    throw new UserError(
      `${command} does not log in: ${isNoAnswer ? "it answers with no ExecCredential" : messageOf(error).trim()}`,
    );
  }
  return login;
}

function bodyOf(answer: HttpAnswer, path: string): Json {
  if (isSuccess(answer)) return answer.body;
  throw new ApiError(answer.status, `the cluster refuses ${path}: ${failureMessage(answer)}`);
}
