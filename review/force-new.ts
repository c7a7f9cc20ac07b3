/**
 * Attributes that replace their resource when they change: a schema does not say so. Taken from the providers'
 * sources (docker 4.5.0, helm 3.1.1, kubernetes 2.38.0, tls 4.1.0, random 3.7.2, local 2.6.1) and, for google, its
 * documents of 6.50.0. A plan knows better; this serves where there is none.
 */
const FORCE_NEW: readonly (readonly [type: RegExp, path: RegExp])[] = [
  [
    /^docker_container$/,
    /^(?!(?:restart|max_retry_count|memory|memory_swap|cpu_shares|cpu_set|cpus|must_run|wait|wait_timeout|destroy_grace_seconds|remove_volumes|stop_timeout|stop_signal|healthcheck|tmpfs|init|attach|rm|logs|start)(?:\.|\[|$))/,
  ],
  [/^docker_(volume|network)$/, /./],
  [/^docker_image$/, /^(name|build)/],
  [/^kubernetes_/, /^metadata\.(name|namespace|generate_name)$/],
  [/^kubernetes_persistent_volume_claim_v1$/, /^spec\.(?!resources\.requests)/],
  [/^kubernetes_job_v1$/, /^spec\.(template|selector|completions|manual_selector|completion_mode)/],
  [
    /^kubernetes_storage_class_v1$/,
    /^(storage_provisioner|parameters|reclaim_policy|volume_binding_mode|mount_options)/,
  ],
  [/^kubernetes_(deployment|daemon_set)_v1$/, /^spec\.selector/],
  [/^kubernetes_stateful_set_v1$/, /^spec\.(selector|service_name|volume_claim_template|pod_management_policy)/],
  [/^kubernetes_(cluster_)?role_binding_v1$/, /^role_ref/],
  [/^kubernetes_service_v1$/, /^spec\.cluster_ip$/],
  [/^kubernetes_secret_v1$/, /^(type|immutable)$/],
  [/^helm_release$/, /^(name|namespace)$/],
  [/^tls_private_key$/, /^(algorithm|rsa_bits|ecdsa_curve)$/],
  [/^tls_(self_signed_cert|cert_request|locally_signed_cert)$/, /^(?!early_renewal_hours)/],
  [/^random_/, /./],
  [/^local_(sensitive_)?file$/, /./],
  [
    /^google_container_cluster$/,
    /^(name|location|project|network|subnetwork|networking_mode|datapath_provider|ip_allocation_policy|private_cluster_config|enable_autopilot)/,
  ],
  [
    /^google_container_node_pool$/,
    /^(name|cluster|location|project|initial_node_count|max_pods_per_node|node_config\.(?!labels|tags|taint|resource_labels|workload_metadata_config|image_type|machine_type|disk_size_gb|disk_type))/,
  ],
  [/^google_compute_(network|subnetwork)$/, /^(name|project|region|network|auto_create_subnetworks|ip_cidr_range)/],
  [/^google_(service_account|project_iam_member)$/, /^(account_id|project|role|member)/],
];

/** Whether a change at this path replaces a resource of this type. */
export function replacesIt(type: string, path: string): boolean {
  return FORCE_NEW.some(([types, paths]) => types.test(type) && paths.test(path));
}
