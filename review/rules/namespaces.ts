/** Namespaces and what they forbid their pods. */
import { differenceAt } from "../read/resources";
import { onLoss, onUpdate, type Rule } from "./rule";

/** All of them. */
export const NAMESPACE_RULES: readonly Rule[] = [
  {
    id: "namespace-goes",
    explanation:
      "A namespace is deleted or replaced, and all that is in it: PVCs, Kafka, topics, Secrets, kept ones too.",
    risk: "loses data",
    find: onLoss(["kubernetes_namespace_v1", "Namespace"], () => ({
      why: "everything in it is deleted, also what is marked to be kept: PVCs, Kafka with its topics, Secrets",
      remedy: "restore its old name; a rename needs a new namespace beside the old one",
    })),
  },
  {
    id: "pod-security",
    explanation: "The level that a namespace holds its pods to changes.",
    risk: "changes access",
    find: onUpdate(
      ["kubernetes_namespace_v1"],
      (resource) =>
        differenceAt(resource, /^metadata\.labels/) && {
          what: `${resource.label} has other labels`,
          why: "a stricter level refuses pods at their next start; a looser one lets them do more",
          remedy: "compare with what its pods need",
        },
    ),
  },
];
