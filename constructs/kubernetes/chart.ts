import type { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { CHARTS, type ChartName } from "../../ground/versions";
import { renderValues } from "./render-values";

/** Where charts come from. */
export interface ChartSource {
  /** Folder with `<chart>-<version>.tgz`. @default - each chart's own repository */
  readonly mirror?: string;
}

/** A release of a chart of the catalogue. */
export interface ChartReleaseProps<Values extends object> {
  /** Entry of the catalogue. */
  readonly chart: ChartName;
  /** Name of the release; its Services are named after it. */
  readonly name: string;
  /** Namespace; it must exist. */
  readonly namespace: string;
  /** The keys that we set. */
  readonly values: Values;
  /** Where the chart comes from. */
  readonly source: ChartSource;
  /** Seconds until Helm gives up waiting for the release's pods and rolls back. @default 600 */
  readonly timeout?: number;
  /** PVCs that its pods mount. @default - none */
  readonly pvcs?: readonly PersistentVolumeClaimV1[];
  /** What must be ready before. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** Revisions of a release that Helm keeps. Each is a Secret of up to 1 MiB. */
export const MAX_HISTORY = 5;

/**
 * A chart of the catalogue. Helm waits for it and rolls a failed one back; it is installed anew when one of its PVCs is
 * replaced.
 */
export class ChartRelease<Values extends object> extends Construct {
  /** The release. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ChartReleaseProps<Values>) {
    super(scope, id);
    const { chart, repository, version } = CHARTS[props.chart];
    const { mirror } = props.source;
    const { pvcs = [] } = props;
    const release = new Release(this, "release", {
      name: props.name,
      namespace: props.namespace,
      ...(mirror ? { chart: `${mirror}/${chart}-${version}.tgz` } : { chart, repository }),
      version,
      values: [renderValues(props.values)],
      atomic: true,
      wait: true,
      waitForJobs: true,
      timeout: props.timeout ?? 600,
      maxHistory: MAX_HISTORY,
      dependsOn: [...pvcs, ...(props.dependsOn ?? [])],
      // Kubernetes keeps a PVC as long as a pod mounts it: where a PVC is replaced, the pods must go before it.
      ...(pvcs.length > 0 ? { lifecycle: { replaceTriggeredBy: pvcs.map((one) => `${addressOf(one)}.id`) } } : {}),
    });
    release.overrideLogicalId(`${props.namespace}_${props.name}`);
    this.ready = release;
  }
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
