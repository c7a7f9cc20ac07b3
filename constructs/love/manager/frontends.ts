import { HorizontalPodAutoscalerV2 } from "@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Observing } from "../../../environments/general/observing";
import { spreadOverNodes } from "../../kubernetes/workload";
import { FRONTEND, metadataFor } from "../services";
import type { LovePart } from "../surroundings";
import { Manager } from "./manager";
import { FrontendSchedules } from "./schedules";

/** Frontends of a site. */
export interface FrontendsProps extends LovePart {
  /** When the site observes: more frontends then, and a restart when it does not. */
  readonly observing: Observing;
}

/** Managers that serve browsers, as many as their CPU asks for. */
export class Frontends extends Construct {
  /** The frontends; they may be scaled later. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: FrontendsProps) {
    super(scope, id);
    const { spec, observing } = props;
    const { minReplicas, maxReplicas, cpuTarget } = spec.frontend;
    const manager = new Manager(this, "manager", {
      ...props,
      service: FRONTEND,
      role: "frontend",
      maxSurge: "25%",
      minReadySeconds: 10,
      placement: spreadOverNodes(FRONTEND.pods),
    });
    const autoscaler = new HorizontalPodAutoscalerV2(this, "autoscaler", {
      metadata: metadataFor(FRONTEND),
      dependsOn: [manager.ready],
      // The schedules change it with the hour.
      ...(observing.length > 0 ? { lifecycle: { ignoreChanges: ["spec[0].min_replicas"] } } : {}),
      spec: {
        minReplicas,
        maxReplicas,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: FRONTEND.workload },
        metric: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuTarget } },
          },
        ],
        behavior: {
          // Kubernetes' own values: twice as many, or four more, in a quarter of a minute.
          scaleUp: [
            {
              stabilizationWindowSeconds: 0,
              selectPolicy: "Max",
              policy: [
                { type: "Pods", value: 4, periodSeconds: 15 },
                { type: "Percent", value: 100, periodSeconds: 15 },
              ],
            },
          ],
          // phalanx 2026-08; the window is ours: each frontend that goes closes its views, and a quiet spell ends.
          scaleDown: [
            {
              stabilizationWindowSeconds: 1800,
              selectPolicy: "Min",
              policy: [
                { type: "Pods", value: 2, periodSeconds: 120 },
                { type: "Percent", value: 10, periodSeconds: 120 },
              ],
            },
          ],
        },
      },
    });
    new FrontendSchedules(this, "schedules", spec, observing, [autoscaler]);
    this.ready = manager.ready;
  }
}
