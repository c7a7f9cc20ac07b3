/** API paths of the objects that Terraform's Kubernetes provider makes. */
import { inside } from "../../../synthesized/stack";

/** Plural of a kind and whether its objects live in a namespace, by API group and by resource type of the provider. */
const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "api/v1": {
    kubernetes_config_map_v1: "configmaps",
    kubernetes_namespace_v1: "namespaces",
    kubernetes_persistent_volume_claim_v1: "persistentvolumeclaims",
    kubernetes_persistent_volume_v1: "persistentvolumes",
    kubernetes_secret_v1: "secrets",
    kubernetes_service_account_v1: "serviceaccounts",
    kubernetes_service_v1: "services",
  },
  "apis/apps/v1": {
    kubernetes_daemon_set_v1: "daemonsets",
    kubernetes_deployment_v1: "deployments",
    kubernetes_stateful_set_v1: "statefulsets",
  },
  "apis/autoscaling/v2": { kubernetes_horizontal_pod_autoscaler_v2: "horizontalpodautoscalers" },
  "apis/batch/v1": { kubernetes_cron_job_v1: "cronjobs", kubernetes_job_v1: "jobs" },
  "apis/networking.k8s.io/v1": {
    kubernetes_ingress_v1: "ingresses",
    kubernetes_network_policy_v1: "networkpolicies",
  },
  "apis/policy/v1": { kubernetes_pod_disruption_budget_v1: "poddisruptionbudgets" },
  "apis/rbac.authorization.k8s.io/v1": {
    kubernetes_cluster_role_binding_v1: "clusterrolebindings",
    kubernetes_cluster_role_v1: "clusterroles",
    kubernetes_role_binding_v1: "rolebindings",
    kubernetes_role_v1: "roles",
  },
  "apis/scheduling.k8s.io/v1": { kubernetes_priority_class_v1: "priorityclasses" },
  "apis/storage.k8s.io/v1": { kubernetes_storage_class_v1: "storageclasses" },
};

const WITHOUT_NAMESPACE = [
  "clusterrolebindings",
  "clusterroles",
  "namespaces",
  "persistentvolumes",
  "priorityclasses",
  "storageclasses",
];

/** An object of the API. */
export interface ObjectPath {
  /** Path of the object. */
  readonly path: string;
  /** Id for an import by the provider. */
  readonly id: string;
}

/** Path of an object of this Terraform type by its planned attributes; undefined for types that are not of Kubernetes. */
export function objectPathOf(type: string, planned: unknown): ObjectPath | undefined {
  for (const [group, kinds] of Object.entries(KINDS)) {
    const plural = kinds[type];
    if (plural === undefined) continue;
    const name = String(inside(planned, "metadata", "name"));
    if (WITHOUT_NAMESPACE.includes(plural)) return { path: `/${group}/${plural}/${name}`, id: name };
    const namespace = String(inside(planned, "metadata", "namespace") ?? "default");
    return { path: `/${group}/namespaces/${namespace}/${plural}/${name}`, id: `${namespace}/${name}` };
  }
  return undefined;
}
