import { DeploymentV1, type DeploymentV1SpecTemplateSpec } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { RESTARTABLE } from "../../kubernetes/objects";
import { LOVE_PATH } from "../nginx/paths";
import { loveTemplate } from "../pods";
import { type BalancedService, metadataFor } from "../services";
import type { LovePart } from "../surroundings";
import { managerEnvironment, type ManagerRole } from "./environment";
import { ASTROPY_SETTINGS, MANAGER_USER, MANAGER_VOLUMES, managerContainer } from "./files";

/**
 * Seconds between leaving the Services and being told to stop. nginx asks for addresses every five, and DNS may answer
 * from memory for five.
 */
const LEAVING = 15;
/** Seconds after which Kubernetes ends a pod: more than leaving and uvicorn's own limit together. */
const GRACE = 60;

/** Managers that are equal. */
export interface ManagerProps extends LovePart {
  readonly service: BalancedService;
  readonly role: ManagerRole;
  /** @default - an autoscaler decides */
  readonly replicas?: number;
  /** How many pods a rollout starts beside the old ones; it ends none before a new one is ready. */
  readonly maxSurge: string;
  /** Seconds that a new pod must stay ready until a rollout goes on. @default 0 */
  readonly minReadySeconds?: number;
  /** Where its pods would rather be. */
  readonly placement: Pick<DeploymentV1SpecTemplateSpec, "affinity" | "topologySpreadConstraint">;
}

/**
 * A Deployment of managers, the Service in front of it, and the headless one by which nginx knows each pod. A pod is
 * uvicorn alone: migrations and fixtures are the setup's, so it is ready in seconds and gets the signal to stop.
 */
export class Manager extends Construct {
  /** The managers and their Services. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ManagerProps) {
    super(scope, id);
    const { service, replicas, maxSurge, minReadySeconds, dependsOn } = props;
    const metadata = metadataFor(service);
    const port = [{ name: "http", port: service.port }];
    const services = [
      new ServiceV1(this, "service", {
        metadata: metadataFor(service, service.name),
        spec: { selector: service.pods, port },
        dependsOn,
      }),
      new ServiceV1(this, "headless", {
        metadata: metadataFor(service, service.headless),
        spec: { clusterIp: "None", publishNotReadyAddresses: false, selector: service.pods, port },
        dependsOn,
      }),
    ];
    this.ready = new DeploymentV1(this, "deployment", {
      metadata,
      lifecycle: RESTARTABLE,
      dependsOn: [...dependsOn, ...services],
      timeouts: { create: "10m", update: "20m" },
      spec: {
        ...(replicas === undefined ? {} : { replicas: String(replicas) }),
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: { matchLabels: service.pods },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable: "0" } },
        template: this.template(props),
      },
    });
    // Of a single pod a budget would only stop its node from being emptied.
    if (replicas !== 1)
      new PodDisruptionBudgetV1(this, "budget", {
        metadata,
        spec: { maxUnavailable: "1", selector: { matchLabels: service.pods } },
        dependsOn,
      });
  }

  private template(props: ManagerProps) {
    const { spec, service, role, placement } = props;
    const container = managerContainer(spec);
    const probe = { tcpSocket: [{ port: String(service.port) }] };
    return loveTemplate(spec, {
      labels: metadataFor(service).labels,
      user: MANAGER_USER,
      config: ASTROPY_SETTINGS,
      pod: {
        ...placement,
        terminationGracePeriodSeconds: GRACE,
        container: [
          {
            ...container,
            name: service.workload,
            command: ["python", "-m", "uvicorn"],
            args: [`--root-path=${LOVE_PATH}`, "--host=0.0.0.0", `--port=${service.port}`, "manager.asgi:application"],
            env: [...container.env, ...managerEnvironment(this, props, role)],
            port: [{ name: "http", containerPort: service.port }],
            startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 60 },
            readinessProbe: { ...probe, periodSeconds: 5 },
            // The provider knows no sleep of Kubernetes' own.
            lifecycle: { preStop: [{ exec: { command: ["sleep", String(LEAVING)] } }] },
            resources: spec.managerResources,
          },
        ],
        volume: MANAGER_VOLUMES,
      },
    });
  }
}
