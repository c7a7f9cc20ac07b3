/** An API server for the scripts of restarts, and where they run: a folder with what a pod would find. */
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { inside, isObject, type Json } from "../../../synthesized/stack";

const CONSTRUCTS = join(__dirname, "..", "..", "..", "constructs");
/** Scripts that lie beside one another in a pod. */
const SCRIPTS = [
  "kubernetes/patience.sh",
  "kafka/client.sh",
  "restarts/marks.sh",
  "restarts/restarts.sh",
  "restarts/waves.sh",
];

/** curl, as far as the scripts use it, without TLS: by bash, which is there wherever they are. */
const CURL = String.raw`#!/bin/bash
LC_ALL=C method=GET token=X-None:
while [ $# -gt 1 ]; do
  case $1=$2 in
    --header=@*) token=$(< "${"$"}{2#@}") ;;
    --request=*) method=$2 ;;
    --data=*) data=$2 ;;
    --output=*) exec > "$2" ;;
  esac
  shift
done
exec 3<> "/dev/tcp/127.0.0.1/$API_PORT" || exit 7
printf '%s /%s HTTP/1.0\r\n%s\r\nContent-Length: %s\r\n\r\n%s' "$method" "${"$"}{1#*://*/}" "$token" "${"$"}{#data}" "$data" >&3
read -r _ status _ <&3
while read -r line <&3 && [ "$line" != $'\r' ]; do :; done
cat <&3
[ "$status" = 200 ] || exit 22
`;

const KINDS = /^\/(?:api|apis\/[^/]+)\/v1\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/?]+))?$/;

/** Times as the API server writes them; the hour before and after a workload was made. */
export const MADE = "2026-11-29T12:00:00Z";
export const BEFORE = "2026-11-29T11:00:00Z";
export const AFTER = "2026-11-29T13:00:00Z";

/** Secrets and workloads, by `<plural>/<name>`: names are unique in these tests. */
export class Api {
  readonly objects = new Map<string, Json>();
  /** Names of what a patch restarted, and of what it only marked, since {@link forget}. */
  restarted: string[] = [];
  marked: string[] = [];
  /** Whether changes are refused. */
  frozen = false;
  /** How often more nothing leads to the API server, as on a node that has just started. */
  hidden = 0;
  /** Whether the schema registry answers. */
  registry = true;
  /** Looks at a list until a Deployment that restarted is available again. */
  settles = 1;
  /** Deployments that never become available again. */
  readonly stuck = new Set<string>();
  /** The most Deployments that moved at once, in any list. */
  mostMoving = 0;
  private version = 1;
  /** Lists until a Deployment that moves is available. */
  private readonly left = new Map<string, number>();
  private readonly server = createServer((asked, answer) => this.answer(asked, answer));

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }

  forget(): void {
    this.restarted = [];
    this.marked = [];
    this.mostMoving = 0;
  }

  get(key: string): Json {
    const found = this.objects.get(key);
    if (!found) throw new Error(`there is no ${key}`);
    return found;
  }

  /** A Secret as the API writes it, changed at that time; its version is raised by every change, of whatever kind. */
  setSecret(name: string, data: Record<string, string>, { at = BEFORE, annotations = {}, version = 0 } = {}): void {
    this.version += 1;
    const fields = Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}]));
    this.objects.set(`secrets/${name}`, {
      kind: "Secret",
      metadata: {
        name,
        resourceVersion: String(version || this.version + 100),
        annotations,
        managedFields: [{ manager: "m", time: at, fieldsType: "FieldsV1", fieldsV1: { "f:data": fields } }],
      },
      data,
      type: "Opaque",
    });
  }

  /** Adds a workload, whose containers read these keys of Secrets. */
  addWorkload(plural: string, name: string, labels: Record<string, string> = {}, keys: readonly string[] = []): void {
    const env = keys.map((one) => {
      const [secret, key] = one.split("/");
      return { name: "X", valueFrom: { secretKeyRef: { name: secret, key } } };
    });
    this.objects.set(`${plural}/${name}`, {
      metadata: { name, namespace: "love", creationTimestamp: MADE, generation: 1, labels, annotations: {} },
      spec: { template: { metadata: { labels }, spec: { containers: [{ name, env }] } } },
      status: { observedGeneration: 1, conditions: conditions("NewReplicaSetAvailable") },
    });
  }

  private answer(asked: IncomingMessage, answer: ServerResponse): void {
    let body = "";
    asked.on("data", (text: Buffer) => (body += String(text)));
    asked.on("end", () => {
      const url = new URL(asked.url ?? "", "http://127.0.0.1");
      const found = this.find(asked, url, body);
      answer.statusCode = found === undefined ? 404 : 200;
      // The real one indents what it writes for curl, unless it is asked not to.
      answer.end(JSON.stringify(found ?? {}, null, url.searchParams.get("pretty") === "false" ? 0 : 2));
    });
  }

  private find(asked: IncomingMessage, url: URL, body: string): Json | undefined {
    if (url.pathname === "/subjects") return this.registry ? {} : undefined;
    if (asked.headers.authorization !== "Bearer a-token") return undefined;
    if (url.pathname === "/version") return this.hidden-- > 0 ? undefined : {};
    const [, , plural = "", name] = KINDS.exec(url.pathname) ?? [];
    if (name === undefined) return this.list(plural, url.searchParams.get("labelSelector") ?? "");
    const object = this.objects.get(`${plural}/${name}`);
    if (!object || asked.method !== "PATCH") return object;
    return this.frozen ? undefined : this.patch(`${plural}/${name}`, object, JSON.parse(body) as Json);
  }

  private list(plural: string, selector: string): Json {
    const wanted = selector.split(",").map((one) => one.split("="));
    const items = [...this.objects]
      .filter(([key]) => key.startsWith(`${plural}/`))
      .filter(([, one]) => wanted.every(([key = "", value]) => inside(one, "metadata", "labels", key) === value))
      .map(([key, one]) => this.settled(key, one));
    const moving = items.filter((one) => JSON.stringify(one["status"]).includes("ReplicaSetUpdated"));
    this.mostMoving = Math.max(this.mostMoving, moving.length);
    return { kind: "List", metadata: { resourceVersion: "7" }, items };
  }

  /** What a list shows; a Deployment that moves is a step further in the next one. */
  private settled(key: string, one: Json): Json {
    const left = this.left.get(key) ?? 0;
    if (left > 0 && !this.stuck.has(key.split("/")[1] ?? "")) {
      this.left.set(key, left - 1);
      if (left === 1) this.setReason(key, "NewReplicaSetAvailable");
    }
    return one;
  }

  /** How far a Deployment is, and for how many lists more it stays so; for ever by default. */
  setReason(key: string, reason: string, lists = 0): void {
    const one = this.get(key);
    const observedGeneration = inside(one, "metadata", "generation");
    this.objects.set(key, { ...one, status: { observedGeneration, conditions: conditions(reason) } });
    this.left.set(key, lists);
  }

  private patch(key: string, object: Json, patch: Json): Json {
    const name = key.split("/")[1] ?? "";
    const isRestart = isObject(patch["spec"]) || JSON.stringify(patch).includes("strimzi.io/restart");
    (isRestart ? this.restarted : this.marked).push(name);
    const generation = Number(inside(object, "metadata", "generation") ?? 0) + 1;
    const news = { metadata: { generation }, status: { observedGeneration: generation } };
    this.objects.set(key, merge(merge(object, patch), news) as Json);
    if (isRestart && key.startsWith("deployments/")) this.setReason(key, "ReplicaSetUpdated", this.settles);
    return this.get(key);
  }
}

/** Conditions of a Deployment, among them how far it is. */
const conditions = (reason: string) => [
  { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "m" },
  { type: "Progressing", status: "True", lastUpdateTime: MADE, reason, message: "m" },
];

/** A merge patch. */
function merge(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const old = isObject(value) ? value : {};
  return { ...old, ...Object.fromEntries(Object.entries(patch).map(([key, one]) => [key, merge(old[key], one)])) };
}

/** Where a script runs. */
export class Pod {
  readonly folder = mkdtempSync(join(tmpdir(), "efd-rollouts-"));

  constructor(private readonly port: number) {
    this.write("curl", CURL);
    this.write("token", "a-token");
    for (const file of SCRIPTS) copyFileSync(join(CONSTRUCTS, file), join(this.folder, basename(file)));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
    chmodSync(join(this.folder, name), 0o755);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a script to its end. */
  async run(script: string, env: Readonly<Record<string, string>>): Promise<{ status: number | null; output: string }> {
    const child = spawn("bash", [join(this.folder, script)], {
      env: {
        PATH: `${this.folder}:${process.env["PATH"] ?? ""}`,
        TMPDIR: this.folder,
        STATE: this.folder,
        API_PORT: String(this.port),
        API_SERVER: "https://kubernetes.test",
        ACCOUNT: this.folder,
        ...env,
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += String(text)));
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { status, output };
  }
}
