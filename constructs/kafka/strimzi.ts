import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { STRIMZI } from "../../environments/systems/kafka";
import { NAMESPACE } from "../../ground/namespaces";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { type ShareResources, shareResources } from "../kubernetes/workload";

/** The keys that we set of strimzi-kafka-operator's values. */
interface StrimziValues {
  readonly watchNamespaces: readonly string[];
  readonly extraEnvs: readonly { readonly name: string; readonly value: string }[];
  readonly resources: ShareResources;
}

/** Strimzi. */
export interface StrimziProps {
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** Strimzi, the operator of everything that is Kafka; it watches the namespace of Kafka only. */
export class Strimzi extends ChartRelease<StrimziValues> {
  constructor(scope: Construct, id: string, { source, dependsOn }: StrimziProps) {
    super(scope, id, {
      chart: "strimzi",
      name: "strimzi",
      namespace: NAMESPACE.strimzi,
      values: {
        watchNamespaces: [NAMESPACE.kafka],
        // Makes the brokers' pods fit the level `restricted` of their namespace.
        extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
        resources: shareResources(STRIMZI),
      },
      source,
      dependsOn,
    });
  }
}
