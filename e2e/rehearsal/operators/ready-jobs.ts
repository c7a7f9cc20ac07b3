/** Runs what the pods of the ready Jobs would run: the Job's own command, as its own account, on this machine. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toYaml } from "../../../synthesized/yaml";
import type { Context } from "../../../cli/shared/terminal/context";
import { inside, type Json } from "../../../synthesized/stack";
import { readYaml } from "../../../synthesized/yaml";
import type { Cluster, LiveObject } from "../../../cli/shared/kubernetes/client";

/** Label of the pods of every ready Job. The bench holds such a pod until it is told the exit code. */
export const READY_POD = { key: "app.kubernetes.io/name", value: "ready" } as const;
/** Annotation by which the bench is told how a pod ends. */
const EXIT_CODE = "bench.local/exit-code";

/** Simulated operators act at once: what is not ready after so many seconds does not become so. */
const PATIENCE = 240;

/** How the command of a ready Job ended. */
export interface Waited {
  /** Namespace and name of the Job. */
  readonly job: string;
  readonly ok: boolean;
  readonly text: string;
}

/** Where and how the commands run. */
export interface ReadyJobsProps extends Pick<Context, "run" | "env"> {
  readonly api: Cluster;
  /** Content of the administrator's kubeconfig, of which only the address is used. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** Folder for the accounts' kubeconfigs. */
  readonly folder: string;
}

/** The waits of the ready Jobs. */
export class ReadyJobs {
  readonly waited: Waited[] = [];
  private readonly begun = new Set<string>();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly props: ReadyJobsProps) {}

  /** Begins the wait of every pod that runs and has none yet. */
  async round(): Promise<void> {
    const selector = encodeURIComponent(`${READY_POD.key}=${READY_POD.value}`);
    const pods = await this.props.api.list(`/api/v1/pods?labelSelector=${selector}`);
    for (const pod of pods) {
      const { uid } = pod.metadata;
      if (this.begun.has(uid) || pod.metadata.deletionTimestamp || inside(pod.status, "phase") !== "Running") continue;
      this.begun.add(uid);
      // A Job that was removed meanwhile takes its pod along; nobody waits for the answer then.
      const waiting = this.wait(pod).catch(() => undefined);
      this.running.add(waiting);
      void waiting.finally(() => this.running.delete(waiting));
    }
  }

  /** Ends when no command runs any more. */
  async done(): Promise<void> {
    await Promise.all(this.running);
  }

  private async wait(pod: LiveObject): Promise<void> {
    const { api, kubectl, run, env } = this.props;
    const { name, namespace = "" } = pod.metadata;
    const container = ((pod.spec?.["containers"] ?? []) as Json[])[0];
    const args = ((container?.["args"] ?? []) as string[]).map(impatient);
    const file = await this.login(namespace, String(pod.spec?.["serviceAccountName"]), name);
    const result = await run(kubectl, [`--kubeconfig=${file}`, ...args], { env });
    const job = `${namespace}/${pod.metadata.labels?.["job-name"] ?? name}`;
    this.waited.push({ job, ok: result.code === 0, text: result.code === 0 ? result.stdout : result.stderr });
    await api.patch(`/api/v1/namespaces/${namespace}/pods/${name}`, {
      metadata: { annotations: { [EXIT_CODE]: String(result.code) } },
    });
  }

  /** Writes a kubeconfig with a token of the pod's account, and gives its path. */
  private async login(namespace: string, account: string, pod: string): Promise<string> {
    const { api, folder, kubeconfig } = this.props;
    const token = await api.create(`/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
      spec: { expirationSeconds: 600 },
    });
    const config = readYaml(kubeconfig) as Json & { users: { name: string }[] };
    const users = config.users.map((user) => ({ name: user.name, user: { token: inside(token, "status", "token") } }));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${pod}.kubeconfig`);
    writeFileSync(path, toYaml({ ...config, users }), { mode: 0o600 });
    return path;
  }
}

/** A wait that ends sooner than a site's would. */
function impatient(arg: string): string {
  const [, seconds] = /^--timeout=(\d+)s$/.exec(arg) ?? [];
  return seconds === undefined ? arg : `--timeout=${Math.min(Number(seconds), PATIENCE)}s`;
}
