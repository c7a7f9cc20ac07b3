import { ACCESS_RULES } from "./access";
import { CLUSTER_RULES } from "./cluster";
import { CONSUMER_RULES } from "./consumers";
import { DRIFT_RULES } from "./drift";
import { GOOGLE_RULES } from "./google";
import { HELM_RULES } from "./helm";
import { INFLUXDB_RULES } from "./influxdb";
import { KAFKA_RULES } from "./kafka";
import type { Rule } from "./rule";
import { SECRET_RULES } from "./secrets";
import { STORAGE_RULES } from "./storage";
import { TERRAFORM_RULES } from "./terraform";
import { TOPIC_RULES } from "./topics";
import { WORKLOAD_RULES } from "./workloads";

/** Every rule, by system. */
export const RULES: readonly Rule[] = [
  ...STORAGE_RULES,
  ...CLUSTER_RULES,
  ...GOOGLE_RULES,
  ...KAFKA_RULES,
  ...TOPIC_RULES,
  ...INFLUXDB_RULES,
  ...CONSUMER_RULES,
  ...SECRET_RULES,
  ...ACCESS_RULES,
  ...HELM_RULES,
  ...DRIFT_RULES,
  ...WORKLOAD_RULES,
  ...TERRAFORM_RULES,
];
