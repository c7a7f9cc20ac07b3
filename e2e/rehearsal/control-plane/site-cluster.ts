/** A site's own cluster layer as the control plane of its rehearsal: its nodes in containers, under other names. */
import { join } from "node:path";
import { readFileSync } from "node:fs";
import type { Environment } from "../../../environments/schema";
import { isInsideCluster, stackName } from "../../../environments/derived/layers";
import { kubeconfigPath } from "../../../stacks/site";
import { UserError } from "../../../ground/errors";
import { until } from "../../../cli/shared/process/until";
import type { Canary, Searched } from "../layers/canaries";
import { synthesize } from "../../../cli/shared/site/synthesis";
import { inside } from "../../../synthesized/stack";
import { Bench, type Fidelity, type ControlPlane, type Place, refuseRealCluster } from "./control-plane";
import { Cluster, type LiveObject } from "../../../cli/shared/kubernetes/client";
import { RehearsedLayer } from "../layers/layer";
import { applyLayers, type LayerReport } from "../layers/apply";
import { imageNote, type LocalDocker } from "./local-docker";
import { refuseElsewhere } from "../layers/loopback";
import { isReady } from "../operators/cluster-view";
import { Webhooks } from "./webhooks";

/** Seconds until every node must be there. */
const PATIENCE = 300;

/** Container runtimes that really run pods, as nodes name them. */
const RUNTIME = /^(containerd|cri-o|docker):/;

/** A site's cluster under other names, on another port and with another folder, so that it can stand beside the site. */
export function isolatedCluster(
  environment: Environment,
  changes: {
    readonly prefix: string;
    readonly dockerHost: string;
    readonly apiPort: number;
    readonly hostPath: string;
  },
): Environment {
  const { cluster, name } = environment;
  if (cluster.kind !== "k3s") throw new UserError(`${name} has no nodes in Docker`);
  const { prefix, dockerHost, apiPort, hostPath } = changes;
  return {
    ...environment,
    allowDestroys: [stackName(name, "cluster")],
    storage: {
      ...environment.storage,
      classes: environment.storage.classes.map((one) =>
        one.hostPath === undefined ? one : { ...one, hostPath: join(hostPath, one.name) },
      ),
    },
    cluster: {
      ...cluster,
      // These are of the site's machines.
      nodeAddress: undefined,
      networkCard: undefined,
      dockerHost,
      address: "127.0.0.1",
      apiPort,
      hostPath,
      serverName: `${prefix}-${cluster.serverName}`,
      agents: cluster.agents.map((agent) => ({
        ...agent,
        address: undefined,
        networkCard: undefined,
        name: `${prefix}-${agent.name}`,
        hostPath: agent.hostPath && join(hostPath, agent.name),
      })),
    },
  };
}

/** What the cluster of a site is made of for a rehearsal. */
export interface SiteClusterProps {
  /** The site, {@link isolatedCluster}. */
  readonly environment: Environment;
  /** With which all names of its containers and volumes begin. */
  readonly prefix: string;
  readonly docker: LocalDocker;
}

/** The cluster layer of a site, applied. */
export class SiteCluster implements ControlPlane {
  cluster: { readonly layer: RehearsedLayer; readonly report: LayerReport } | undefined;
  private nodes: readonly LiveObject[] = [];
  private version = "";
  private api?: Cluster;
  private webhooks?: Webhooks;
  private readonly bench: Bench;

  constructor(
    private readonly place: Place,
    private readonly props: SiteClusterProps,
  ) {
    // Volumes and load balancers only: the nodes are there.
    this.bench = new Bench(
      { ...place, folder: join(place.folder, "simulated") },
      { nodes: [], maxPods: 1, on: this.kubeconfig },
    );
  }

  async up(): Promise<string> {
    const { environment } = this.props;
    const [stack] = synthesize([environment], join(this.place.folder, "out"), {
      backend: { kind: "folder", path: join(this.place.folder, "state") },
    }).filter(({ layer }) => !isInsideCluster(layer));
    if (!stack) throw new Error(`${environment.name} has no cluster layer`);
    refuseElsewhere([stack], { folder: this.place.folder, docker: this.props.docker.address });
    const layer = new RehearsedLayer({ ...this.place, stack, inputs: [] });
    const [report] = await applyLayers([layer]);
    if (!report) throw new Error("nothing was applied");
    this.cluster = { layer, report };
    if (report.status !== "applied")
      throw new UserError(report.errors.map((line) => `${stack.name}: ${line}`).join("\n"));
    const kubeconfig = readFileSync(this.kubeconfig, "utf8");
    refuseRealCluster(kubeconfig);
    this.api = new Cluster({ content: kubeconfig, cleanup: true });
    await this.allNodes(this.api);
    if (this.fidelity.podsAreSimulated) {
      this.webhooks = new Webhooks(this.api);
      this.webhooks.start();
      await this.bench.up();
    }
    return this.kubeconfig;
  }

  async down(): Promise<void> {
    const { docker, prefix } = this.props;
    await this.webhooks?.stop();
    this.api?.close();
    await this.bench.down();
    for (const left of await docker.sweep(prefix)) this.place.output.problem(`${left} was not removed from Docker`);
  }

  get removal(): string {
    const { prefix } = this.props;
    const each = (list: string, remove: string) => `docker ${list} --filter name=${prefix} | xargs docker ${remove}`;
    return `${this.bench.removal}; ${each("ps -aq", "rm --force")}; ${each("volume ls -q", "volume rm")}`;
  }

  get fidelity(): Fidelity {
    const runtimes = this.nodes.map((node) => String(inside(node.status, "nodeInfo", "containerRuntimeVersion")));
    const podsAreSimulated = !runtimes.every((one) => RUNTIME.test(one));
    const { cluster } = this.props.environment;
    const image = cluster.kind === "k3s" ? `${cluster.image}:${cluster.version}` : "";
    return {
      real:
        `the cluster layer: ${this.nodes.length} nodes in containers of ${image}, which joined by their token; ` +
        `API server ${this.version}, scheduler and controllers of it${imageNote(this.version)}` +
        (podsAreSimulated ? "" : ", kubelets, pods, operators, volumes, load balancers"),
      simulated: podsAreSimulated
        ? "pods (this image has no container runtime), volumes, load balancers, admission webhooks (none is asked)"
        : "nothing of Kubernetes",
      podsAreSimulated,
      holdsJobs: false,
    };
  }

  async secrets(): Promise<{ values: Canary[]; texts: Searched[] }> {
    if (!this.cluster) return { values: [], texts: [] };
    const { layer } = this.cluster;
    const { resources = [] } = await layer.terraform.statePull();
    const values = resources.flatMap(({ type, name, instances }) => {
      const attributes = instances[0]?.attributes;
      const value = attributes?.[type === "random_password" ? "result" : "private_key_pem"];
      return typeof value === "string" ? [{ name: `${type}.${name} of the cluster layer`, value }] : [];
    });
    // Plan and state hold them; what is printed must not.
    const texts = layer.recorded.filter(({ name }) => /^output of terraform (init|plan|apply) /.test(name));
    return { values, texts };
  }

  private get kubeconfig(): string {
    const { name } = this.props.environment;
    return join(this.place.folder, "out", "stacks", stackName(name, "cluster"), kubeconfigPath(name));
  }

  /** Waits until all nodes of the site are ready. */
  private async allNodes(api: Cluster): Promise<void> {
    const { cluster } = this.props.environment;
    const wanted = cluster.kind === "k3s" ? [cluster.serverName, ...cluster.agents.map(({ name }) => name)] : [];
    this.place.output.step("waiting for the nodes");
    let missing = wanted;
    const ready = await until(PATIENCE, async () => {
      const nodes = await api.list("/api/v1/nodes").catch(() => []);
      const there = nodes.filter(isReady);
      missing = wanted.filter((name) => !there.some(({ metadata }) => metadata.name === name));
      return missing.length === 0 ? there : undefined;
    });
    if (!ready) throw new UserError(`node ${missing.join(", ")} did not become ready in ${PATIENCE} s`);
    this.nodes = ready;
    this.version = await api.version();
  }
}
