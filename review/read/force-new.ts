import { bytes } from "../../ground/units";
import type { Difference } from "../model/model";

/**
 * Attributes that replace their resource when they change: a schema does not say so. Compared with the sources of
 * docker 4.5.0 (containers), helm 3.1.1 and kubernetes 2.38.0, and with plans of google 6.50.0; the others were not
 * compared. A plan knows better, such as that a range of addresses may grow; this serves where there is none.
 */
const FORCE_NEW: readonly (readonly [type: RegExp, path: RegExp])[] = [
  [
    /^docker_container$/,
    /^(?!(?:restart|max_retry_count|memory|memory_swap|memory_reservation|cpu_shares|cpu_set|cpu_period|cpu_quota|must_run|wait|wait_timeout|destroy_grace_seconds|remove_volumes|healthcheck|tmpfs|init|attach|rm|logs|start)(?:\.|\[|$))/,
  ],
  [/^docker_(volume|network)$/, /./],
  [/^docker_image$/, /^(name|build)/],
  [/^kubernetes_/, /^metadata\.(name|namespace|generate_name)$/],
  [/^kubernetes_persistent_volume_claim_v1$/, /^spec\.(?!resources\.requests)/],
  [
    /^kubernetes_job_v1$/,
    /^spec\.(template|selector|completions|completion_mode|pod_failure_policy|backoff_limit_per_index)/,
  ],
  [
    /^kubernetes_storage_class_v1$/,
    /^(storage_provisioner|parameters|volume_binding_mode|mount_options|allowed_topologies)/,
  ],
  [/^kubernetes_(deployment|daemon_set)_v1$/, /^spec\.selector/],
  [
    /^kubernetes_stateful_set_v1$/,
    /^spec\.(selector|service_name|volume_claim_template|pod_management_policy|revision_history_limit)/,
  ],
  [/^kubernetes_(cluster_)?role_binding_v1$/, /^role_ref/],
  [/^kubernetes_service_v1$/, /^spec\.(cluster_ips?|load_balancer_class|health_check_node_port)/],
  [/^kubernetes_secret_v1$/, /^type$/],
  [/^helm_release$/, /^(name|namespace)$/],
  [/^tls_private_key$/, /^(algorithm|rsa_bits|ecdsa_curve)$/],
  [/^tls_(self_signed_cert|cert_request|locally_signed_cert)$/, /^(?!early_renewal_hours)/],
  [/^random_/, /./],
  [/^local_(sensitive_)?file$/, /./],
  [
    /^google_container_cluster$/,
    /^(name|location|project|network|subnetwork|networking_mode|datapath_provider|ip_allocation_policy|private_cluster_config|enable_autopilot|default_max_pods_per_node|description|enable_kubernetes_alpha|master_auth\.client_certificate_config)/,
  ],
  [
    /^google_container_node_pool$/,
    /^(name|cluster|location|project|initial_node_count|max_pods_per_node|node_config\.(?!labels|tags|taint|resource_labels|workload_metadata_config|image_type|machine_type|disk_size_gb|disk_type|kubelet_config|linux_node_config|gvnic|gcfs_config|logging_variant))/,
  ],
  [
    /^google_compute_(network|subnetwork)$/,
    /^(name|project|region|network|description|auto_create_subnetworks|ip_cidr_range)/,
  ],
  [/^google_(service_account|project_iam_member)$/, /^(account_id|project|role|member)/],
];

/** Whether a change at this path replaces a resource of this type. */
export function replacesIt(type: string, path: string): boolean {
  return FORCE_NEW.some(([types, paths]) => types.test(type) && paths.test(path));
}

/** Whether a PVC gets a smaller size: the provider (kubernetes 2.38.0) then plans another PVC in its place. */
export function shrinksPvc(type: string, { path, before, after }: Difference): boolean {
  const [was, is] = [before, after].map((side) =>
    side?.kind === "value" && typeof side.value === "string" ? bytes(side.value) : NaN,
  );
  return (
    type === "kubernetes_persistent_volume_claim_v1" &&
    /^spec\.resources\.requests\.storage$/.test(path) &&
    (is ?? NaN) < (was ?? NaN)
  );
}
