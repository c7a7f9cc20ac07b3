/** The rules of every system, and of what any system may have. A new system is a line here. */
export { CERTIFICATE_RULES } from "./rules/certificates";
export { GKE_RULES } from "./rules/cluster/gke";
export { K3S_RULES } from "./rules/cluster/k3s";
export { CONNECT_RULES } from "./rules/connect";
export { DRIFT_RULES } from "./rules/drift";
export { HELM_RULES } from "./rules/helm";
export { INFLUXDB_RULES } from "./rules/influxdb";
export { INGRESS_RULES } from "./rules/ingress";
export { ACCOUNT_RULES } from "./rules/kafka/accounts";
export { BROKER_RULES } from "./rules/kafka/brokers";
export { TOPIC_RULES } from "./rules/kafka/topics";
export { NAMESPACE_RULES } from "./rules/namespaces";
export { REGISTRY_RULES } from "./rules/registry";
export { SECRET_RULES } from "./rules/secrets";
export { STORAGE_RULES } from "./rules/storage";
export { TELEGRAF_RULES } from "./rules/telegraf";
export { WORKLOAD_RULES } from "./rules/workloads";
