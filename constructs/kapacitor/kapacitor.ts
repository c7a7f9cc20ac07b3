import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { IMAGES } from "../../ground/versions";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import type { KapacitorValues } from "../influxdb/values";
import type { PodResources } from "../kafka/kafka-cluster";
import { claim } from "../kubernetes/pvc";
import { fromNamespaces, labels } from "../kubernetes/objects";
import type { Rollout } from "../kubernetes/restarts";

const NAME = "kapacitor";
const PORT = 9092;
/** The chart puts its own name behind the release's. */
const RELEASE = "efd";

/** Where programs inside the cluster find Kapacitor. */
export function kapacitorUrl(namespace: string): string {
  return `http://${RELEASE}-${NAME}.${namespace}:${PORT}`;
}

/** Kapacitor. */
export interface KapacitorProps {
  readonly namespace: string;
  readonly storageClass: string;
  /** Size of the volume with tasks and their state. */
  readonly disk: string;
  readonly resources: PodResources;
  readonly source: ChartSource;
  readonly influxdb: string;
  /** Secret of the namespace with the administrator of InfluxDB: subscriptions need one. */
  readonly adminSecret: string;
  /** Namespaces whose pods may reach it: those that send points and those that set tasks. */
  readonly clients: readonly string[];
  /**
   * Whether a new volume belongs to root: the image gives root up, and the chart cannot change the owner.
   *
   * @default false
   */
  readonly volumesBelongToRoot?: boolean;
  readonly dependsOn: ITerraformDependable[];
}

/** Kapacitor, subscribed to InfluxDB. It asks for no login: it has no route, and only its clients may connect. */
export class Kapacitor extends Construct {
  /** It reads its Secret when it starts. */
  readonly rollout: Rollout;

  constructor(scope: Construct, id: string, props: KapacitorProps) {
    super(scope, id);
    const { namespace } = props;
    const volume = claim(this, { name: NAME, namespace, storageClass: props.storageClass, size: props.disk });
    const values: KapacitorValues = {
      image: IMAGES.kapacitor,
      influxURL: props.influxdb,
      existingSecret: props.adminSecret,
      persistence: { enabled: true, existingClaim: NAME },
      strategy: { type: "Recreate" },
      resources: props.resources,
      // It would read Services, pods and nodes of the whole cluster to find targets that we do not use.
      rbac: { create: false },
      ...(props.volumesBelongToRoot ? { envVars: { KAPACITOR_AS_ROOT: "true" } } : {}),
    };
    const { ready } = new ChartRelease(this, "chart", {
      chart: "kapacitor",
      name: RELEASE,
      namespace,
      values,
      source: props.source,
      claims: [volume],
      dependsOn: props.dependsOn,
    });
    this.rollout = {
      namespace,
      resource: "deployments",
      name: `${RELEASE}-${NAME}`,
      secrets: [props.adminSecret],
      workload: ready,
    };
    new NetworkPolicyV1(this, "network-policy", {
      metadata: { name: NAME, namespace, labels: labels(NAME) },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: fromNamespaces(props.clients), ports: [{ port: String(PORT), protocol: "TCP" }] }],
      },
      dependsOn: [ready],
    });
  }
}
