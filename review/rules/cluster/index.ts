import type { Rule } from "../rule";
import { GKE_RULES } from "./gke";
import { K3S_RULES } from "./k3s";

/** All rules of the cluster. */
export const CLUSTER_RULES: readonly Rule[] = [...K3S_RULES, ...GKE_RULES];
