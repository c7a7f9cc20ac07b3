/** What resources are called. */
import { textAt, type Tree } from "./tree";

/** Nouns of types and kinds; one that is not here is called by its words. */
const NOUNS: Readonly<Record<string, string>> = {
  docker_container: "container",
  docker_image: "image",
  docker_network: "Docker network",
  docker_volume: "Docker volume",
  helm_release: "Helm release",
  kubernetes_cluster_role_binding_v1: "cluster role binding",
  kubernetes_cluster_role_v1: "cluster role",
  kubernetes_config_map_v1: "config map",
  kubernetes_cron_job_v1: "cron job",
  kubernetes_daemon_set_v1: "daemon set",
  kubernetes_deployment_v1: "deployment",
  kubernetes_ingress_v1: "ingress",
  kubernetes_job_v1: "job",
  kubernetes_namespace_v1: "namespace",
  kubernetes_network_policy_v1: "network policy",
  kubernetes_persistent_volume_claim_v1: "PVC",
  kubernetes_persistent_volume_v1: "PV",
  kubernetes_pod_disruption_budget_v1: "disruption budget",
  kubernetes_role_binding_v1: "role binding",
  kubernetes_role_v1: "role",
  kubernetes_secret_v1: "Secret",
  kubernetes_service_account_v1: "service account",
  kubernetes_service_v1: "Service",
  kubernetes_stateful_set_v1: "stateful set",
  kubernetes_storage_class_v1: "storage class",
  local_sensitive_file: "file",
  google_project_iam_member: "right at Google of",
  google_compute_network: "network",
  google_compute_subnetwork: "subnetwork",
  google_container_cluster: "GKE cluster",
  google_container_node_pool: "node pool",
  google_service_account: "service account of Google",
  terraform_stack: "stack",
  random_password: "generated password",
  tls_cert_request: "certificate request",
  tls_locally_signed_cert: "signed certificate",
  tls_private_key: "private key",
  tls_self_signed_cert: "authority",
  CustomResourceDefinition: "CRD",
  KafkaConnector: "connector",
  KafkaMirrorMaker2: "mirror",
  KafkaNodePool: "Kafka node pool",
  KafkaTopic: "Kafka topic",
  KafkaUser: "Kafka account",
  PersistentVolume: "PV",
  PersistentVolumeClaim: "PVC",
};

/** What a type or a kind is called: `config map` of `kubernetes_config_map_v1`, a kind of Kubernetes by its own name. */
export function nounOf(type: string): string {
  const known = NOUNS[type];
  if (known !== undefined || !type.includes("_")) return known ?? type;
  return type
    .replace(/^(kubernetes|google|docker|local|tls|random)_/, "")
    .replace(/_v\d+(beta\d+)?$/, "")
    .replaceAll("_", " ");
}

/** What a resource is, in words: `PVC influxdb/influxdb`. */
export function nameOf(type: string, id: string, body: Tree | undefined): string {
  const name =
    textAt(body, "metadata", "name") ?? textAt(body, "name") ?? textAt(body, "filename")?.split("/").at(-1) ?? id;
  const namespace = textAt(body, "metadata", "namespace") ?? textAt(body, "namespace");
  return `${nounOf(type)} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
