/** Namespaces and what they forbid their pods. */
import { differenceAt, goes } from "../read/resources";
import { isDone, ruleOn, type Rule } from "./rule";

const namespaceGoes = ruleOn(
  ["kubernetes_namespace_v1", "Namespace"],
  {
    id: "namespace-goes",
    explanation:
      "A namespace is deleted or replaced, and all that is in it: PVCs, Kafka, topics, Secrets, kept ones too.",
    risk: "loses data",
  },
  (resource) =>
    goes(resource) && !resource.keep
      ? {
          risk: "loses data",
          what: `${resource.label} ${isDone(resource)}`,
          why: "everything in it is deleted, also what is marked to be kept: PVCs, Kafka with its topics, Secrets",
          remedy: "restore its old name; a rename needs a new namespace beside the old one",
        }
      : undefined,
);

const podSecurity = ruleOn(
  ["kubernetes_namespace_v1"],
  {
    id: "pod-security",
    explanation: "The level that a namespace holds its pods to changes.",
    risk: "changes access",
  },
  (resource) =>
    resource.action === "update" && differenceAt(resource, /^metadata\.labels/)
      ? {
          risk: "changes access",
          what: `${resource.label} has other labels`,
          why: "a stricter level refuses pods at their next start; a looser one lets them do more",
          remedy: "compare with what its pods need",
        }
      : undefined,
);

/** All of them. */
export const NAMESPACE_RULES: readonly Rule[] = [namespaceGoes, podSecurity];
