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
  readonly resources: ShareResources & { readonly limits: { readonly cpu: null } };
  readonly livenessProbe: { readonly initialDelaySeconds: number };
}

/**
 * Milliseconds of the operator's lease. It ends itself where it could not renew the lease for {@link LEASE.RENEW_DEADLINE},
 * by default 10 s, which an API server on a machine that has just started does not keep: it began seven times after a
 * reboot of two busy cores. Another pod waits for the lease only where the last one could not give it back.
 */
const LEASE = { LEASE_DURATION: 60_000, RENEW_DEADLINE: 45_000, RETRY_PERIOD: 5_000 } as const;

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
        extraEnvs: [
          // Makes the brokers' pods fit the level `restricted` of their namespace.
          { name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" },
          ...Object.entries(LEASE).map(([name, ms]) => ({
            name: `STRIMZI_LEADER_ELECTION_${name}_MS`,
            value: String(ms),
          })),
        ],
        resources: withoutCpuLimit(shareResources(STRIMZI)),
        // By default it is killed where it does not answer 70 s after its start.
        livenessProbe: { initialDelaySeconds: 60 },
      },
      source,
      dependsOn,
    });
  }
}

/** The chart's own limit, one core, stays unless it is taken away: Java starts with more. */
function withoutCpuLimit({ requests, limits }: ShareResources): StrimziValues["resources"] {
  return { requests, limits: { ...limits, cpu: null } };
}
