/** Built-in kinds of Kubernetes that any system may use: Deployments, Jobs, Services, network policies, rights. */
import { differenceAt, goes } from "../read/resources";
import { textAt } from "./reading";
import { changedPaths, isDone, onEach, onUpdate, WORKLOADS, type Rule } from "./rule";

/** LOVE's rules: what they say of a resource says more than rules on what any system may have. */
const LOVE_SAYS: readonly string[] = ["love-*"];

const RIGHTS = [
  "kubernetes_cluster_role_v1",
  "kubernetes_cluster_role_binding_v1",
  "kubernetes_role_v1",
  "kubernetes_role_binding_v1",
  "kubernetes_service_account_v1",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "ServiceAccount",
  "google_service_account",
  "google_project_iam_member",
];

/** All of them. */
export const WORKLOAD_RULES: readonly Rule[] = [
  {
    id: "service",
    explanation: "A Service is removed, is replaced, or changes ports or what it selects.",
    risk: "interrupts",
    find: onEach(["kubernetes_service_v1", "Service"], (resource) => {
      if (goes(resource))
        return {
          why: "programs that use it do not reach what stands behind it; a load balancer loses its address",
          remedy: "check that nothing uses it any more",
        };
      return (
        resource.action === "update" &&
        differenceAt(resource, /^spec/) && {
          risk: "changes access",
          what: `${resource.label} changes ${changedPaths(resource)}`,
          why: "connections by the old port or to the old pods end",
          remedy: "compare with what its users expect",
        }
      );
    }),
  },
  {
    id: "network-policy",
    yieldsTo: LOVE_SAYS,
    explanation: "A network policy is added, removed or changed: who may connect to the pods changes.",
    risk: "changes access",
    find: onEach(["kubernetes_network_policy_v1", "NetworkPolicy"], (resource) => {
      if (resource.action === "move") return undefined;
      return {
        why: goes(resource)
          ? "everybody in the cluster may connect to these pods"
          : "connections that it does not name are refused",
        remedy: "compare with who connects",
      };
    }),
  },
  {
    id: "rights",
    explanation: "A role, a binding or an account of the cluster is removed or changes.",
    risk: "changes access",
    find: onEach(
      RIGHTS,
      (resource) =>
        (goes(resource) || differenceAt(resource, /^(rule|subject|role|member|automount)/)) && {
          why: /ready/.test(resource.name)
            ? "the Job that waits uses it, and nothing else"
            : "the program that uses it may do something else, or nothing, from then on",
          remedy: "check that this is meant",
        },
    ),
  },
  {
    id: "workload-goes",
    yieldsTo: ["consumer-goes", "registry-stops", "rest-proxy", ...LOVE_SAYS],
    explanation: "A Deployment, stateful set or daemon set is deleted, replaced, or has no replica.",
    risk: "interrupts",
    find: onEach(WORKLOADS, (resource) => {
      const stopped =
        resource.action === "update" &&
        textAt(resource.after, "spec", "replicas") === "0" &&
        differenceAt(resource, /^spec\.replicas$/);
      if (!goes(resource) && !stopped) return undefined;
      return {
        what: `${resource.label} ${stopped ? "is stopped" : isDone(resource)}`,
        why: "its pods stop" + (resource.action === "replace" ? ", and new ones come when the new one is made" : ""),
        remedy: "check that nobody needs it; restore its old name where a rename is meant",
      };
    }),
  },
  {
    id: "workload-restarts",
    yieldsTo: ["registry-stops", ...LOVE_SAYS],
    explanation: "The pods of a Deployment, stateful set or daemon set change: they start again.",
    risk: "restarts",
    find: onUpdate(
      WORKLOADS,
      (resource) =>
        differenceAt(resource, /^spec\.template/) && {
          what: `${/^telegraf-/.test(resource.name) ? `the consumer ${resource.name}` : resource.label} restarts`,
          why: /^telegraf-/.test(resource.name)
            ? "it goes on where its consumer group stopped; Kafka has kept what came meanwhile"
            : "its pods are replaced one after the other",
          remedy: "nothing, where Kafka keeps more than a restart takes",
        },
    ),
  },
  {
    id: "job",
    yieldsTo: LOVE_SAYS,
    explanation: "A Job runs again under a new name, and the one that is done is removed; a schedule is removed.",
    risk: "changes access",
    find: onEach(["kubernetes_job_v1", "kubernetes_cron_job_v1"], (resource) => {
      if (resource.type === "kubernetes_cron_job_v1")
        return (
          goes(resource) && {
            ...(resource.action === "replace" ? { risk: "harmless" as const } : {}),
            what: `${resource.label} ${isDone(resource)}`,
            why:
              resource.action === "replace"
                ? "it is made again at once, and runs at its next time"
                : "what it did on schedule no longer happens: a password that changed no longer arrives, or no copy is made",
            remedy: resource.action === "replace" ? "nothing" : "check that this is meant",
          }
        );
      if (!goes(resource)) return undefined;
      return {
        risk: "harmless",
        what: `${resource.label} ${resource.action === "replace" ? "runs again under a new name" : "is deleted"}`,
        why: "a Job that is done holds nothing",
        remedy: "nothing",
      };
    }),
  },
];
