/** What stands in for programs whose images are stubs, wherever the site's cluster is at the moment. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "../../../cli/shared/kubernetes/client";
import { run } from "../../../cli/shared/process/process";
import { Webhooks } from "../../rehearsal/control-plane/webhooks";
import { benchProgram } from "../../rehearsal/control-plane/control-plane";
import type { Operator } from "../../rehearsal/operators/cluster-view";
import { SIMULATED_EXTERNAL_SECRETS } from "../../rehearsal/operators/external-secrets";
import { Operators } from "../../rehearsal/operators/operators";
import { signingCertManager } from "./cert-manager";
import type { Part } from "./part";
import { strimziOnNodes } from "./strimzi";
import { SimulatedVolumes } from "./volumes";

/** Milliseconds between two looks at the kubeconfig. */
const PAUSE = 500;

/** Where stand-ins work, and for what. */
export interface StandInsProps {
  readonly folder: string;
  /** It is there once the cluster is; another one is another cluster. */
  readonly kubeconfig: string;
  readonly data: string;
  readonly simulated: ReadonlyMap<Part, string>;
  readonly env: NodeJS.ProcessEnv;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** Works on the site's cluster until {@link stop}, on each one that there is. */
export class StandIns {
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly props: StandInsProps) {}

  start(): void {
    const { simulated } = this.props;
    const needed = (["local-path-provisioner", "external-secrets", "cert-manager", "strimzi"] as const).filter((one) =>
      simulated.has(one),
    );
    if (needed.length > 0) this.loop = this.follow(needed);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async follow(needed: readonly Part[]): Promise<void> {
    let on = "";
    let working: Stoppable[] = [];
    const leave = async () => {
      for (const one of working.splice(0)) await one.stop();
    };
    while (!this.stopped) {
      const { kubeconfig } = this.props;
      const content = existsSync(kubeconfig) ? readFileSync(kubeconfig, "utf8") : "";
      if (content !== on) {
        await leave();
        on = content;
        if (content !== "") working = this.begin(needed, content);
      }
      await sleep(PAUSE);
    }
    await leave();
  }

  private begin(needed: readonly Part[], kubeconfig: string): Stoppable[] {
    const { folder, data, env } = this.props;
    const api = new Cluster({ content: kubeconfig, cleanup: true });
    const operators = needed.flatMap((part) => this.operatorOf(part) ?? []);
    const simulation = new Operators({
      kubeconfig,
      kubectl: benchProgram(env, "kubectl"),
      run,
      env,
      folder: join(folder, "accounts"),
      simulated: operators,
      podsRun: true,
    });
    const webhooks = new Webhooks(
      api,
      operators.map(({ namespace }) => namespace),
    );
    simulation.start();
    webhooks.start();
    const volumes = needed.includes("local-path-provisioner")
      ? [new SimulatedVolumes(api, { folder, kubeconfig, data, env })]
      : [];
    return [simulation, webhooks, ...volumes, { stop: () => Promise.resolve(api.close()) }];
  }

  private operatorOf(part: Part): Operator | undefined {
    const { folder, simulated, kubeconfig } = this.props;
    switch (part) {
      case "external-secrets":
        return SIMULATED_EXTERNAL_SECRETS;
      case "cert-manager":
        return signingCertManager(join(folder, "authority"));
      case "strimzi":
        return strimziOnNodes({ folder, kubeconfig, simulated });
      default:
        return undefined;
    }
  }
}
