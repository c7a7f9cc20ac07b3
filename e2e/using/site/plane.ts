/** The cluster: an API server whose port-forwards lead to programs of this machine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../cli/shared/process/process";
import { CHECKOUT, type Stack } from "../../../cli/shared/site/program";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { NODE } from "./objects";
import { pathOf } from "./paths";
import type { ObjectJson } from "../../../synthesized/stack";
import { toYaml } from "../../../synthesized/yaml";
import { endLater } from "../../data-path/program";
import { benchProgram, refuseRealCluster } from "../../rehearsal/control-plane/control-plane";
import { crdsOf } from "../../rehearsal/charts/crds";

const SCRIPTS = join(CHECKOUT, "e2e", "bench", "control-plane");

/** Where connections into pods lead. */
export interface Forward {
  readonly namespace: string;
  /** The one pod. @default - every pod of the namespace that has no forward of its own */
  readonly pod?: string;
  /** Port of the pod. */
  readonly from: number;
  /** Port of this machine. */
  readonly to: number;
}

/** A control plane of plain processes. */
export class Plane {
  readonly api: Cluster;

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.api = new Cluster({ file: this.kubeconfig });
  }

  get kubeconfig(): string {
    return join(this.folder, "plane", "admin.kubeconfig");
  }

  /** Starts it. */
  async up(forwards: readonly Forward[]): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, "forwards.yaml");
    writeFileSync(file, forwardsYaml(forwards));
    endLater(this);
    const options = ["--node", `${NODE}:1000:8Ti`, "--max-pods", "1000", "--kwok", file];
    // As at the sites.
    const disks = ["--storage-class", "local-path:rancher.io/local-path:default"];
    await this.script("up", ...options, ...disks, join(this.folder, "plane"));
    refuseRealCluster(readFileSync(this.kubeconfig, "utf8"));
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    this.api.close();
    await run(join(SCRIPTS, "down"), ["--wipe", join(this.folder, "plane")], { env: this.env, cleanup: true });
  }

  /** Serves the kinds that the site needs, out of a folder with CRDs, or made up. */
  async serve(stacks: readonly Stack[], folder?: string): Promise<void> {
    const { crds } = crdsOf(stacks, folder);
    const needed = new Set(stacks.flatMap((stack) => stack.customResources()).map(({ kind }) => kind.toLowerCase()));
    const into = join(this.folder, "crds");
    mkdirSync(into);
    for (const { name, text } of crds)
      if (needed.has(name.replace(/s?\..*/, ""))) writeFileSync(join(into, `${name}.yaml`), text);
    const { code, stderr } = await run(join(CHECKOUT, "e2e", "bench", "crds"), [this.kubeconfig, into], {
      env: this.env,
    });
    if (code !== 0) throw new Error(`CRDs: ${stderr.trim()}`);
  }

  /** Applies objects. */
  async apply(objects: readonly ObjectJson[]): Promise<void> {
    const file = join(this.folder, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }), { mode: 0o600 });
    await this.kubectl("apply", "--server-side", "--force-conflicts", "--filename", file);
  }

  /** Writes the status of an object as its operator would. */
  async status(object: ObjectJson, status: object): Promise<void> {
    await this.api.patch(`${pathOf(object)}/status`, { status });
  }

  /** kubectl as the administrator; what it printed. */
  async kubectl(...args: string[]): Promise<string> {
    const env = { ...this.env, KUBECACHEDIR: join(this.folder, "kubectl-cache") };
    const program = benchProgram(this.env, "kubectl");
    const { code, stdout, stderr } = await run(program, [`--kubeconfig=${this.kubeconfig}`, ...args], { env });
    if (code !== 0) throw new Error(`kubectl ${args[0]}: ${stderr.trim()}`);
    return stdout;
  }

  private async script(name: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await run(join(SCRIPTS, name), args, { env: this.env });
    if (code !== 0) throw new Error(`the control plane did not start: ${stderr.trim()}`);
  }
}

/** Forwards as kwok reads them: first those of single pods. */
function forwardsYaml(forwards: readonly Forward[]): string {
  const groups = new Map<string, Forward[]>();
  for (const one of forwards) {
    const key = `${one.namespace}/${one.pod ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const documents = [...groups.values()].map((of) => {
    const [{ namespace, pod } = { namespace: "", pod: undefined }] = of;
    const spec = {
      ...(pod === undefined ? { selector: { matchNamespaces: [namespace] } } : {}),
      forwards: of.map(({ from, to }) => ({ ports: [from], target: { address: "127.0.0.1", port: to } })),
    };
    const kind = pod === undefined ? "ClusterPortForward" : "PortForward";
    const metadata = pod === undefined ? { name: namespace } : { name: pod, namespace };
    return toYaml({ apiVersion: "kwok.x-k8s.io/v1alpha1", kind, metadata, spec });
  });
  return documents.join("---\n");
}
