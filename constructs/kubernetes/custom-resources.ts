import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type ITerraformDependable, TerraformAsset, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { join } from "node:path";
import type { KubernetesObject } from "./objects";
import { type Awaited, ReadyJob } from "./ready-job";
import { MAX_HISTORY } from "./chart";
import { renderValues } from "./render-values";

/** Version of our chart, see its Chart.yaml. */
const CHART_VERSION = "1.0.0";

/** Our chart, copied once into the stack's folder. */
function resourcesChart(stack: TerraformStack): TerraformAsset {
  return (
    (stack.node.tryFindChild("resources-chart") as TerraformAsset | undefined) ??
    new TerraformAsset(stack, "resources-chart", {
      path: join(__dirname, "..", "..", "charts", "resources"),
      type: AssetType.DIRECTORY,
      assetHash: CHART_VERSION,
    })
  );
}

/**
 * Label with the name of the release, by which the Job finds its objects. Labels of our own would end on pods of
 * operators.
 */
export const RELEASE_LABEL = "efd-release";

function labelled(object: KubernetesObject, release: string): KubernetesObject {
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, [RELEASE_LABEL]: release } },
  };
}

/** An object that is written twice would be applied twice, and the last one would win. */
function refuseTwins(release: string, namespace: string, objects: readonly KubernetesObject[]): void {
  const seen = new Set<string>();
  for (const { kind, metadata } of objects) {
    const name = `${kind} ${metadata.namespace ?? namespace}/${metadata.name}`;
    if (seen.has(name))
      throw new Error(`release ${release}: got ${name} twice. Allowed: once. Rename or remove one of them.`);
    seen.add(name);
  }
}

/** Custom resources that are applied together. */
export interface CustomResourcesProps {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release and of every object that names none. */
  readonly namespace: string;
  /** The objects. */
  readonly resources: readonly KubernetesObject[];
  /** What must have the condition `Ready`. @default - nothing is waited for */
  readonly awaited?: Awaited & {
    /** Whether dependents wait too, and not only the apply. @default true */
    readonly dependentsWait?: boolean;
  };
  /** The operator that owns the kinds. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Custom resources through our own chart: unlike `kubernetes_manifest` it needs no CRD while Terraform plans.
 * Helm does not know when such an object is ready, so a Job waits for it.
 */
export class CustomResources extends Construct {
  /** The Job that waits, or the release where dependents need not wait. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: CustomResourcesProps) {
    super(scope, id);
    const { dependsOn = [] } = props;
    refuseTwins(props.name, props.namespace, props.resources);
    const chart = resourcesChart(TerraformStack.of(this));
    const values = renderValues({ resources: props.resources.map((object) => labelled(object, props.name)) });
    const release = new Release(this, "release", {
      name: props.name,
      namespace: props.namespace,
      chart: `./${chart.path}`,
      version: CHART_VERSION,
      values: [values],
      atomic: true,
      wait: true,
      timeout: 300,
      maxHistory: MAX_HISTORY,
      // cdktf would write an empty list.
      ...(dependsOn.length > 0 ? { dependsOn } : {}),
    });
    release.overrideLogicalId(`${props.namespace}_${props.name}`);
    const { awaited } = props;
    const waits =
      awaited &&
      new ReadyJob(this, "ready", {
        name: props.name,
        namespace: props.namespace,
        awaited,
        selector: `${RELEASE_LABEL}=${props.name}`,
        revision: values,
        dependsOn: [release],
      });
    this.ready = waits && awaited.dependentsWait !== false ? waits.ready : release;
  }
}
