/** Makes the plans of nodes in real containers. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../cli/shared/terminal/context";
import { messageOf } from "../../ground/errors";
import type { Stack } from "../../cli/shared/site/program";
import { freeApiPort } from "../rehearsal/control-plane/free-port";
import { cleanEnvironment } from "../rehearsal/isolation";
import { LocalDocker, localDockerAddress } from "../rehearsal/control-plane/local-docker";
import { refuseElsewhere } from "../rehearsal/layers/loopback";
import { isolatedCluster } from "../rehearsal/control-plane/site-cluster";
import { Terraform } from "../../cli/shared/terraform/terraform";
import { CLUSTER_DEFAULTS } from "../../environments/systems/cluster/defaults";
import type { EnvironmentInput } from "../../environments/schema";
import type { Case, Plans, ChangedSite } from "./case";
import { baseCluster, DOCKER_IMAGES } from "./cases-docker";
import { apply, clusterStack } from "./make";

/** The cluster layer of a site on this machine's Docker. */
export class DockerPlans implements Plans {
  private readonly prefix = `efd-corpus-${randomBytes(4).toString("hex")}`;

  private constructor(
    private readonly context: Context,
    readonly folder: string,
    private readonly docker: LocalDocker,
    private readonly apiPort: number,
    private readonly siteOf: ChangedSite,
  ) {}

  /** Docker of this machine, or why it cannot be used. Nothing is made yet. */
  static async open(context: Context, folder: string, siteOf: ChangedSite): Promise<DockerPlans | string> {
    try {
      const docker = new LocalDocker(localDockerAddress(context.env), context.run);
      await docker.version();
      for (const image of DOCKER_IMAGES) if (!(await docker.hasImage(image))) return `Docker has no image ${image}`;
      const env = cleanEnvironment(context.env);
      const plans = new DockerPlans({ ...context, env }, folder, docker, await freeApiPort(), siteOf);
      mkdirSync(folder, { recursive: true });
      return plans;
    } catch (error) {
      return `Docker does not answer: ${messageOf(error)}`;
    }
  }

  /** Applies what every case begins with. */
  async up(): Promise<void> {
    await this.apply(this.terraform(this.stack("applied")));
  }

  /** The plan of a case, under the names of a site; what it changed is put back. */
  async planOf({ docker, site, stack: change }: Case): Promise<string> {
    const stack = this.stack("applied");
    const file = join(stack.folder, "cdk.tf.json");
    const applied = readFileSync(file, "utf8");
    const terraform = this.terraform(stack);
    try {
      const changed: unknown = JSON.parse(site ? this.stack("case", site).text : applied);
      change?.(changed);
      writeFileSync(file, JSON.stringify(changed));
      const [what, node = ""] = docker?.byHand ?? [];
      if (what === "stop") await this.docker.stop(`${this.prefix}-${node}`);
      if (what === "remove") await this.docker.kill(`${this.prefix}-${node}`);
      await terraform.init();
      const outcome = await terraform.plan({ refreshOnly: docker?.drift });
      if (!outcome.saved) throw new Error(outcome.errors.join("; "));
      return this.underUsualNames(await terraform.showPlan());
    } finally {
      writeFileSync(file, applied);
      terraform.forgetPlan();
      if (docker?.byHand) await this.apply(terraform);
    }
  }

  /** A plan as a site would have it, without what is this machine's or differs from one making to the next. */
  private underUsualNames(plan: string): string {
    return plan
      .replaceAll(`${this.prefix}-`, "")
      .replaceAll(this.folder, "")
      .replaceAll(String(this.apiPort), String(CLUSTER_DEFAULTS.k3s.apiPort))
      .replace(/[0-9a-f]{64}/g, "0".repeat(64))
      .replace(/"mountpoint":"[^"]*(?=\/volumes\/)/g, '"mountpoint":"/var/lib/docker')
      .replace(/"hostname":"[^"]*"/g, '"hostname":"host"')
      .replace(/"runtime":"[^"]+"/g, '"runtime":"runc"');
  }

  /** Removes all of it, also after an interruption. */
  async down(): Promise<void> {
    const left = await this.docker.sweep(this.prefix);
    if (left.length > 0) throw new Error(`not removed from Docker: ${left.join(", ")}`);
  }

  private stack(out: string, change: (site: EnvironmentInput) => void = () => undefined): Stack {
    const environment = this.siteOf((site) => {
      baseCluster(site);
      change(site);
    });
    const { cluster } = environment;
    const isolated = isolatedCluster(environment, {
      prefix: this.prefix,
      dockerHost: this.docker.address,
      apiPort: this.apiPort,
      hostPath: join(this.folder, cluster.kind === "k3s" ? cluster.hostPath : "data"),
    });
    const stack = clusterStack(isolated, join(this.folder, out), join(this.folder, "state"));
    refuseElsewhere([stack], { folder: this.folder, docker: this.docker.address });
    return stack;
  }

  private terraform({ folder }: Stack): Terraform {
    return new Terraform({ folder, run: this.context.run, env: this.context.env });
  }

  private async apply(terraform: Terraform): Promise<void> {
    await terraform.init();
    await apply(terraform);
  }
}
