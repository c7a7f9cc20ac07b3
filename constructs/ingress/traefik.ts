import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { TRAEFIK } from "../../environments/systems/ingress";
import { NAMESPACE } from "../../ground/namespaces";
import { ChartRelease, type ChartSource } from "../kubernetes/chart";
import { type ShareResources, shareResources } from "../kubernetes/workload";

/** The keys that we set of traefik's values. */
interface TraefikValues {
  readonly ingressClass: { readonly name: string; readonly isDefaultClass: boolean };
  readonly gateway: { readonly enabled: boolean };
  readonly gatewayClass: { readonly enabled: boolean };
  readonly global: { readonly checkNewVersion: boolean; readonly sendAnonymousUsage: boolean };
  readonly providers: {
    readonly kubernetesIngress: { readonly publishedService: { readonly enabled: boolean } };
  };
  readonly ports: {
    readonly web: {
      readonly http: {
        readonly redirections: {
          readonly entryPoint: { readonly to: string; readonly scheme: string; readonly permanent: boolean };
        };
      };
    };
    readonly websecure: { readonly transport: { readonly respondingTimeouts: { readonly readTimeout: string } } };
  };
  readonly service?: { readonly spec: { readonly allocateLoadBalancerNodePorts: false } };
  readonly resources: ShareResources;
}

/** Longest time for a whole request: a large write over a slow line takes minutes. InfluxDB's own limit of a write. */
const READ_TIMEOUT = "1h";

/** Traefik. */
export interface TraefikProps {
  /**
   * Whether its Service gets NodePorts, which Kubernetes takes at random: from the band in which Kafka's are. The load
   * balancer of k3s needs none: it leads to the Service's own address.
   */
  readonly nodePorts: boolean;
  readonly source: ChartSource;
  readonly dependsOn: ITerraformDependable[];
}

/** Traefik, which leads host names to Services and redirects plain HTTP to TLS. */
export class Traefik extends ChartRelease<TraefikValues> {
  constructor(scope: Construct, id: string, { nodePorts, source, dependsOn }: TraefikProps) {
    super(scope, id, {
      chart: "traefik",
      name: "traefik",
      namespace: NAMESPACE.traefik,
      values: {
        ingressClass: { name: "traefik", isDefaultClass: true },
        gateway: { enabled: false },
        gatewayClass: { enabled: false },
        global: { checkNewVersion: false, sendAnonymousUsage: false },
        providers: { kubernetesIngress: { publishedService: { enabled: true } } },
        ports: {
          // It answers at once, and keeps traefik's 60 s for a request.
          web: { http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } } },
          websecure: { transport: { respondingTimeouts: { readTimeout: READ_TIMEOUT } } },
        },
        ...(nodePorts ? {} : { service: { spec: { allocateLoadBalancerNodePorts: false } } }),
        resources: shareResources(TRAEFIK),
      },
      source,
      dependsOn,
    });
  }
}
