import type { App } from "cdktf";
import { Construct } from "constructs";
import type { ClusterAccess } from "../constructs/cluster/cluster-access";
import type { ChartSource } from "../constructs/kubernetes/chart";
import type { Environment } from "../environments/schema";
import type { Backend } from "./base/backend";
import { withoutOrigins } from "./base/base-stack";
import { ClusterStack } from "./cluster/stack";
import { EfdStack } from "./efd/stack";
import { type Layer, stackName } from "../environments/derived/layers";
import { LoveStack } from "./love/stack";
import { PlatformStack } from "./platform/stack";

/** What a rehearsal does differently. */
export interface SiteProps {
  /** How the upper layers reach the cluster. @default - the kubeconfig that the cluster layer writes */
  readonly access?: ClusterAccess;
  /** Where states are kept. @default - as the environment says */
  readonly backend?: Backend;
  /** Where charts come from. @default - as the environment says */
  readonly charts?: ChartSource;
}

/** From a stack's folder to the kubeconfig of a site. */
export function kubeconfigPath(site: string): string {
  return `../../../.access/${site}.kubeconfig`;
}

/** All layers of one site, each in a state of its own; the only place that passes values between them. */
export class Site extends Construct {
  constructor(app: App, environment: Environment, props: SiteProps = {}) {
    super(app, environment.name);
    withoutOrigins(() => this.addLayers(app, environment, props));
  }

  private addLayers(app: App, environment: Environment, props: SiteProps): void {
    const { cluster, name } = environment;
    const kubeconfig = kubeconfigPath(name);
    const access = props.access ?? { kubeconfig: cluster.kind === "existing" ? cluster.kubeconfig : kubeconfig };
    const charts = props.charts ?? (environment.chartSource === "upstream" ? {} : { mirror: environment.chartSource });
    const base = (layer: Layer) => ({
      site: name,
      layer,
      backend: props.backend ?? environment.state,
      allowDestroy: environment.allowDestroys.includes(stackName(name, layer)),
      allowDestroyOf: thingsBehind(stackName(name, layer), environment.allowDestroys),
    });
    const platform = new PlatformStack(app, { ...base("platform"), environment, access, charts });
    const efd = new EfdStack(app, { ...base("efd"), environment, access, charts });
    if (cluster.kind !== "existing")
      platform.addDependency(
        new ClusterStack(app, { ...base("cluster"), cluster, storage: environment.storage, kubeconfig }),
      );
    efd.addDependency(platform);
    if (environment.love) new LoveStack(app, { ...base("love"), environment, access }).addDependency(efd);
  }
}

/** Resources of a stack that `allowDestroys` names one by one (`<stack>/<resource>`). */
function thingsBehind(stack: string, allowDestroys: readonly string[]): string[] {
  return allowDestroys.filter((entry) => entry.startsWith(`${stack}/`)).map((entry) => entry.slice(stack.length + 1));
}
