import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";

/** How Terraform reaches a cluster: a file, so that no credential enters a state or a plan. */
export interface ClusterAccess {
  /** Path of a kubeconfig, absolute or relative to the stack's folder. */
  readonly kubeconfig: string;
}

/** The providers of a stack whose resources live in a cluster; both read the same file and nothing else. */
export function addClusterProviders(scope: Construct, access: ClusterAccess): void {
  new KubernetesProvider(scope, "kubernetes", { configPath: access.kubeconfig });
  new HelmProvider(scope, "helm", { kubernetes: { configPath: access.kubeconfig } });
}
