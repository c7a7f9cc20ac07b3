/** A cluster's API, as the kubeconfig of a site reaches it: what `deploy` must know and Terraform does not say. */
import { readFileSync } from "node:fs";
import { messageOf, UserError } from "../../../ground/errors";
import { interruption } from "../process/interruption";
import { type Answer, ask, isGranted, jsonOr, type Question, refusalOf } from "./request";
import type { Run } from "../process/process";
import { inside, type Json, type ObjectJson } from "../../../synthesized/stack";
import { readYaml } from "../../../synthesized/yaml";

/** By whom the API server says that a field was written. */
export const FIELD_MANAGER = "efd-deploy";

/** What we ask of a cluster; tests put fakes in its place. */
export interface KubernetesApi {
  /**
   * The object or list at a path; undefined where there is none.
   *
   * @throws {UserError} when the API does not answer or refuses.
   */
  get(path: string): Promise<Json | undefined>;
  /**
   * Applies an object server-side and takes its fields from whoever has them; `dryRun` only says what would be.
   *
   * @returns the object as it is then.
   * @throws {UserError} when the API does not answer or refuses.
   */
  apply(path: string, object: ObjectJson, dryRun?: boolean): Promise<ObjectJson>;
  /** Makes an object, or asks a question that is put as one. */
  create(path: string, object: Json): Promise<Json>;
  /** Changes these fields of an object (a merge patch). */
  patch(path: string, change: Json): Promise<void>;
  /** Removes an object, what belongs to it after it. That it is gone already is no error. */
  delete(path: string): Promise<void>;
}

/** Who logs in how. */
type Credentials = Pick<Question, "ca" | "cert" | "key"> & { readonly token?: string };

/** The API behind a kubeconfig. */
export class Cluster implements KubernetesApi {
  private credentials?: Promise<Credentials>;

  constructor(
    private readonly kubeconfig: string,
    private readonly run: Run,
  ) {}

  async get(path: string): Promise<Json | undefined> {
    const answer = await this.call("GET", path);
    return answer.status === 404 ? undefined : granted(answer, path);
  }

  async apply(path: string, object: ObjectJson, dryRun = false): Promise<ObjectJson> {
    const query = `fieldManager=${FIELD_MANAGER}&force=true${dryRun ? "&dryRun=All" : ""}`;
    const answer = await this.call("PATCH", `${path}?${query}`, "application/apply-patch+yaml", object);
    return granted(answer, path) as ObjectJson;
  }

  async create(path: string, object: Json): Promise<Json> {
    return granted(await this.call("POST", path, "application/json", object), path);
  }

  async patch(path: string, change: Json): Promise<void> {
    granted(await this.call("PATCH", path, "application/merge-patch+json", change), path);
  }

  async delete(path: string): Promise<void> {
    const answer = await this.call("DELETE", `${path}?propagationPolicy=Background`);
    if (answer.status !== 404) granted(answer, path);
  }

  private async call(method: string, path: string, type?: string, body?: object): Promise<Answer> {
    const file = readYaml(readFileSync(this.kubeconfig, "utf8"), { place: this.kubeconfig }) as Json;
    const url = new URL(path, String(inside(file, "clusters", "cluster", "server")));
    this.credentials ??= credentialsOf(file, this.run);
    const { token, ...tls } = await this.credentials;
    const headers = {
      accept: "application/json",
      ...(type && { "content-type": type }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    try {
      return await ask({ url, method, headers, body, signal: interruption, ...tls });
    } catch (error) {
      throw new UserError(`the cluster does not answer at ${url.origin}: ${messageOf(error)}`);
    }
  }
}

function granted(answer: Answer, path: string): Json {
  if (isGranted(answer)) return answer.body;
  throw new UserError(`the cluster refuses ${path}: ${refusalOf(answer)}`);
}

/** A value of a kubeconfig: in the file, or in another that it names. */
function contentOf(holder: unknown, key: string): string | undefined {
  const data = inside(holder, `${key}-data`);
  if (typeof data === "string") return Buffer.from(data, "base64").toString();
  const file = inside(holder, key);
  return typeof file === "string" ? readFileSync(file, "utf8") : undefined;
}

/** The first cluster and the first user: our own kubeconfigs have one of each. */
async function credentialsOf(file: Json, run: Run): Promise<Credentials> {
  const user = inside(file, "users", "user");
  const ca = contentOf(inside(file, "clusters", "cluster"), "certificate-authority");
  const cert = contentOf(user, "client-certificate");
  const key = contentOf(user, "client-key");
  const token = inside(user, "token") ?? (await tokenOf(inside(user, "exec") as Json | undefined, run));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(token ? { token: String(token) } : {}) };
}

/** What the program gives that a kubeconfig names in place of a credential. */
async function tokenOf(exec: Json | undefined, run: Run): Promise<unknown> {
  if (!exec) return undefined;
  const info = { apiVersion: exec["apiVersion"], kind: "ExecCredential", spec: { interactive: false } };
  const { code, stdout, stderr } = await run(String(exec["command"]), (exec["args"] as string[] | undefined) ?? [], {
    env: { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
  });
  if (code !== 0) throw new UserError(`${String(exec["command"])} does not log in: ${stderr.trim()}`);
  return inside(jsonOr(stdout), "status", "token");
}
