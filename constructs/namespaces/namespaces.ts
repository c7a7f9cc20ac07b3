import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";
import { stateful } from "../core/stateful";

/** Levels of the Pod Security Standards. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/**
 * Every namespace and what its pods may do. `baseline` where a chart's pod starts as root and gives that up;
 * `privileged` where pods mount folders of the host: the provisioner's helpers, and the Telegraf that measures nodes,
 * which has a namespace of its own so that the consumers' stays `restricted`.
 */
export const POD_SECURITY = {
  "local-path-storage": "privileged",
  strimzi: "restricted",
  kafka: "restricted",
  influxdb: "baseline",
  chronograf: "baseline",
  kapacitor: "baseline",
  telegraf: "restricted",
  "telegraf-ds": "privileged",
  traefik: "restricted",
  "cert-manager": "restricted",
  "external-dns": "restricted",
  "external-secrets": "restricted",
} as const satisfies Record<string, PodSecurity>;

/** Name of a namespace of ours. */
export type NamespaceName = keyof typeof POD_SECURITY;

/** Namespaces of a site. Removing one removes all that is in it, so they are stateful. */
export class Namespaces extends Construct {
  private readonly byName: ReadonlyMap<NamespaceName, NamespaceV1>;

  constructor(scope: Construct, id: string, names: readonly NamespaceName[]) {
    super(scope, id);
    this.byName = new Map(names.map((name) => [name, this.add(name)]));
  }

  /** A namespace that this site has, for `dependsOn`. */
  get(name: NamespaceName): NamespaceV1 {
    const found = this.byName.get(name);
    if (!found) throw new Error(`namespace ${name} is not among this site's namespaces`);
    return found;
  }

  private add(name: NamespaceName): NamespaceV1 {
    const level = POD_SECURITY[name];
    return stateful(
      new NamespaceV1(this, name, {
        metadata: {
          name,
          labels: {
            "app.kubernetes.io/managed-by": "terraform",
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/enforce-version": "latest",
            "pod-security.kubernetes.io/warn": level,
          },
        },
        timeouts: { delete: "15m" },
      }),
      name,
    );
  }
}
