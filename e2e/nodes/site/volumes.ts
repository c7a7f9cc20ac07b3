/** The local-path provisioner, simulated: volumes of the bench's provisioner, and the folders that its own helper pods make. */
import { mkdirSync, chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROVISIONER_PATH } from "../../../constructs/cluster/k3s-node";
import type { Cluster, LiveObject } from "../../../cli/shared/kubernetes/client";
import { inside } from "../../../synthesized/stack";
import { Program } from "../../data-path/program";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";

/** Milliseconds between two looks. */
const PAUSE = 500;

/** Folder of a volume on the host: the node has the host's below the provisioner's; undefined for a volume elsewhere. */
export function hostFolder(volume: Pick<LiveObject, "spec">, data: string): string | undefined {
  const path = inside(volume.spec, "local", "path");
  const root = `${PROVISIONER_PATH}/`;
  return typeof path === "string" && path.startsWith(root) ? join(data, path.slice(root.length)) : undefined;
}

/** Makes volumes and their folders until {@link stop}. */
export class SimulatedVolumes {
  private stopped = false;
  private readonly provisioner: Program;
  private readonly loop: Promise<void>;

  constructor(
    private readonly api: Cluster,
    private readonly props: {
      readonly folder: string;
      readonly kubeconfig: string;
      readonly data: string;
      readonly env: NodeJS.ProcessEnv;
    },
  ) {
    const file = join(props.folder, "provisioner.kubeconfig");
    writeFileSync(file, props.kubeconfig, { mode: 0o600 });
    const log = join(props.folder, "logs", "provisioner.log");
    this.provisioner = new Program(
      "provisioner",
      log,
      benchProgram(props.env, "provisioner"),
      ["-kubeconfig", file],
      props.env,
    );
    this.loop = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    await this.provisioner.stop();
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      // A server that is away says so to whoever works on it.
      const volumes = await this.api.list("/api/v1/persistentvolumes").catch(() => []);
      for (const folder of volumes.flatMap((one) => hostFolder(one, this.props.data) ?? [])) {
        if (mkdirSync(folder, { recursive: true }) === undefined) continue;
        // As the provisioner's own setup does: whoever the pod is, it may write.
        chmodSync(folder, 0o777);
      }
      await sleep(PAUSE);
    }
  }
}
