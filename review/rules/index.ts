/** The rules of every system, and of what any system may have. A new system is a line here. */
export { CERTIFICATE_RULES } from "./certificates";
export { CLUSTER_RULES } from "./cluster";
export { CONNECT_RULES } from "./connect";
export { DRIFT_RULES } from "./drift";
export { HELM_RULES } from "./helm";
export { INFLUXDB_RULES } from "./influxdb";
export { INGRESS_RULES } from "./ingress";
export { KAFKA_RULES } from "./kafka";
export { NAMESPACE_RULES } from "./namespaces";
export { REGISTRY_RULES } from "./registry";
export { SECRET_RULES } from "./secrets";
export { STORAGE_RULES } from "./storage";
export { TELEGRAF_RULES } from "./telegraf";
export { WORKLOAD_RULES } from "./workloads";
