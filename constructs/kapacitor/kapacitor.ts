import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { KapacitorSite } from "../../environments/systems/kapacitor";
import { NAMESPACE } from "../../ground/namespaces";
import { IMAGES } from "../../ground/versions";
import type { Database } from "../influxdb/influxdb";
import { INFLUXDB_ADMIN } from "../influxdb/secrets";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { withoutTokens } from "../kubernetes/default-account";
import { letIn, podsIn } from "../kubernetes/network-policy";
import { metadataOf } from "../kubernetes/objects";
import { pvc, type Volumes } from "../kubernetes/pvc";
import type { Restart } from "../kubernetes/restarts";
import type { PodResources } from "../kubernetes/workload";

const NAME = "kapacitor";
const PORT = 9092;
/** The chart puts its own name behind the release's. */
const RELEASE = "efd";

/** The keys that we set of kapacitor's values. */
interface KapacitorValues {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly influxURL: string;
  readonly existingSecret: string;
  readonly persistence: { readonly enabled: true; readonly existingClaim: string };
  readonly strategy: { readonly type: "Recreate" };
  readonly resources: PodResources;
  readonly rbac: { readonly create: boolean };
  readonly serviceAccount: { readonly create: false };
  readonly envVars?: Readonly<Record<string, string>>;
}

/** Kapacitor. */
export interface KapacitorProps {
  /** Its volume holds tasks and their state. */
  readonly spec: KapacitorSite["kapacitor"];
  readonly influxdb: Database;
  readonly volumes: Volumes;
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** Kapacitor, subscribed to InfluxDB. It asks for no login: it has no route, and only its clients may connect. */
export class Kapacitor extends Construct {
  /** The release. */
  readonly ready: ITerraformDependable;
  /** URL inside the cluster. */
  readonly url = `http://${RELEASE}-${NAME}.${NAMESPACE.kapacitor}:${PORT}`;
  /** It reads its Secret when it starts. */
  readonly restart: Restart;

  constructor(scope: Construct, id: string, props: KapacitorProps) {
    super(scope, id);
    const { spec, volumes } = props;
    const namespace = NAMESPACE.kapacitor;
    const volume = pvc(this, { name: NAME, namespace, storageClass: volumes.className, size: spec.disk });
    const values: KapacitorValues = {
      image: IMAGES.kapacitor,
      influxURL: props.influxdb.url,
      // Subscriptions need the administrator.
      existingSecret: INFLUXDB_ADMIN.name,
      persistence: { enabled: true, existingClaim: NAME },
      strategy: { type: "Recreate" },
      resources: spec.resources,
      // It would read Services, pods and nodes of the whole cluster to find targets that we do not use.
      rbac: { create: false },
      serviceAccount: { create: false },
      ...(volumes.belongToRoot ? { envVars: { KAPACITOR_AS_ROOT: "true" } } : {}),
    };
    const { ready } = new ChartRelease(this, "chart", {
      chart: "kapacitor",
      name: RELEASE,
      namespace,
      values,
      source: props.source,
      pvcs: [volume],
      dependsOn: [withoutTokens(this, namespace), ...props.dependsOn],
    });
    this.ready = ready;
    const secrets = [INFLUXDB_ADMIN.name];
    this.restart = { namespace, resource: "deployments", name: `${RELEASE}-${NAME}`, secrets, ready };
    new NetworkPolicyV1(this, "network-policy", {
      ...letIn({
        metadata: metadataOf(NAME, namespace),
        // Chronograf sets tasks, InfluxDB sends points.
        from: [podsIn(NAMESPACE.chronograf), podsIn(NAMESPACE.influxdb)],
        port: PORT,
      }),
      dependsOn: [ready],
    });
  }
}
