/** A throw-away k3s in a container as the control plane of a rehearsal; nodes are played, as on the bench. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toYaml } from "../../synthesized/yaml";
import { UserError } from "../../ground/errors";
import { readYaml } from "../../synthesized/yaml";
import { Bench, type BenchOptions, type Cast, type ControlPlane, type Place, refuseRealCluster } from "./control-plane";
import { freeApiPort } from "./free-port";
import { Cluster } from "../../cli/shared/kubernetes/client";
import { imageNote, type LocalDocker } from "./local-docker";

/** Port of the API in the container. */
const INSIDE = 6443;
/** Where k3s writes its kubeconfig in the container. */
const OUTPUT = "/output";

/**
 * What k3s is told: a control plane and nothing else. Without a kubelet there is no node to be privileged for, nothing
 * to route, and nobody behind an admission webhook.
 */
const COMMAND = [
  "server",
  "--disable-agent",
  "--disable=coredns,servicelb,traefik,local-storage,metrics-server",
  "--disable-cloud-controller",
  "--disable-helm-controller",
  "--disable-network-policy",
  "--disable-kube-proxy",
  "--flannel-backend=none",
  "--egress-selector-mode=disabled",
  "--kube-apiserver-arg=disable-admission-plugins=MutatingAdmissionWebhook,ValidatingAdmissionWebhook",
];

/** Milliseconds until the API must be ready. */
const PATIENCE = 180_000;

/** What a container of k3s is made of. */
export interface K3sContainerProps {
  /** Name of the container, unique on its Docker. */
  readonly name: string;
  readonly docker: LocalDocker;
  /** The image of k3s with its tag, which is there. */
  readonly image: string;
  /** Nodes that are played. */
  readonly nodes: BenchOptions;
}

/** k3s without kubelets, in a container. */
export class K3sContainer implements ControlPlane {
  private readonly bench: Bench;
  private version = "";

  constructor(
    private readonly place: Place,
    private readonly props: K3sContainerProps,
  ) {
    const folder = join(place.folder, "played");
    this.bench = new Bench({ ...place, folder }, { ...props.nodes, on: this.kubeconfig });
  }

  async up(): Promise<string> {
    const { name, docker, image } = this.props;
    const port = await freeApiPort();
    const output = join(this.place.folder, "output");
    mkdirSync(output, { recursive: true });
    this.place.output.step(`starting ${image}`);
    await docker.start(name, {
      image,
      command: COMMAND,
      port: [INSIDE, port],
      folder: [output, OUTPUT],
      // Whoever may look into our folder is us; root writes it.
      env: [`K3S_KUBECONFIG_OUTPUT=${OUTPUT}/kubeconfig`, "K3S_KUBECONFIG_MODE=644"],
    });
    await this.ready(join(output, "kubeconfig"), port);
    return this.bench.up();
  }

  async down(): Promise<void> {
    const { docker, name } = this.props;
    await this.bench.down();
    for (const left of await docker.sweep(name)) this.place.output.problem(`container ${left} was not removed`);
  }

  get removal(): string {
    return `${this.bench.removal} && docker rm --force --volumes ${this.props.name}`;
  }

  get cast(): Cast {
    return {
      real: `API server ${this.version}, scheduler and controllers in a container of ${this.props.image}${imageNote(this.version)}`,
      simulated: "nodes, pods, volumes",
      podsArePlayed: true,
      holdsJobs: true,
    };
  }

  private get kubeconfig(): string {
    return join(this.place.folder, "kubeconfig");
  }

  /** Waits until the API answers on its port of this machine, and writes the kubeconfig for that port. */
  private async ready(written: string, port: number): Promise<void> {
    const { name, docker, image } = this.props;
    const end = Date.now() + PATIENCE;
    let api: Cluster | undefined;
    while (Date.now() < end) {
      const state = await docker.stateOf(name);
      if (!state?.running) {
        const last = (await docker.logs(name, 1)).trim();
        throw new UserError(`the container of ${image} ended${last ? `: ${last}` : ""}`);
      }
      if (!api && existsSync(written)) {
        const config = readFileSync(written, "utf8").replaceAll(`127.0.0.1:${INSIDE}`, `127.0.0.1:${port}`);
        writeFileSync(this.kubeconfig, toYaml(readYaml(config)), { mode: 0o600 });
        refuseRealCluster(config);
        api = new Cluster({ content: config, cleanup: true });
      }
      if (api && (await api.isReady())) {
        this.version = await api.version();
        api.close();
        return;
      }
      await sleep(500);
    }
    throw new UserError(`the API of ${image} was not ready in ${PATIENCE / 1000} s`);
  }
}
