/** Traps of Terraform, its providers and Helm that projects of this kind fell into, and what the corpus has of each. */

/** A trap. */
export interface Trap {
  readonly trap: string;
  /** Cases that fall into it, or would. */
  readonly cases: readonly string[];
  /** Why no plan shows it, or what keeps us out of it, where there is no case. */
  readonly instead?: string;
}

/** Every trap. */
export const TRAPS: readonly Trap[] = [
  {
    trap: "a custom resource as a resource of its own needs its CRD when it is planned",
    cases: [],
    instead: "custom resources are values of a chart of ours; a test of the architecture knows no other way",
  },
  {
    trap: "a provider with an unknown configuration talks to localhost",
    cases: [],
    instead: "each layer has literal addresses, and a layer whose cluster is not there is blocked",
  },
  {
    trap: "variables of the environment lead a provider elsewhere",
    cases: [],
    instead: "the preflight refuses them before anything is planned",
  },
  {
    trap: "a stopped container is deleted by a plan",
    cases: ["docker-agent-stopped", "docker-agent-stopped-drift"],
  },
  {
    trap: "containers are replaced by every plan",
    // A replacement of any would make them worse than they are expected to be.
    cases: ["docker-agent-added", "docker-agent-stopped"],
  },
  {
    trap: "any change of the server's container is an outage of the API",
    cases: ["docker-server-upgraded", "docker-config", "docker-host-path", "docker-server-removed-by-hand"],
  },
  {
    trap: "edits of healthcheck or tmpfs do nothing and are planned for ever",
    cases: [],
    instead:
      "a hash of them is a label of the container, whose change replaces it; a test of the construct changes one",
  },
  {
    trap: "a container is killed when it is destroyed",
    cases: [],
    instead: "a grace period is in every container; a plan does not show how one ends",
  },
  { trap: "ssh: host keys and identities", cases: [], instead: "the preflight asks the host; a plan shows nothing" },
  {
    trap: "a Helm operation that failed half way: replaced, or stuck",
    cases: ["release-half-way", "release-renamed"],
  },
  {
    trap: "what is written only changes with its revision",
    cases: ["secret-revision", "secret-gone"],
  },
  {
    trap: "drift and edits of templates inside a release are not seen by the provider",
    cases: [
      "scaled-by-hand",
      "variable-by-hand",
      "configuration-by-hand",
      "rights-deleted-by-hand",
      "crd-deleted-by-hand",
      "service-deleted-by-hand",
      "topic-by-hand",
      "topic-deleted-by-hand",
      "kafka-by-hand",
      "rolled-back-by-hand",
    ],
  },
  {
    trap: "a plan needs the chart's repository",
    cases: ["influxdb-chart-down", "operator-upgrade", "traefik-upgrade"],
  },
  {
    trap: "a namespace does not go while an object in it waits for an operator that is gone",
    cases: ["namespace-deleted", "namespace-renamed", "operator-removed"],
  },
  {
    trap: "a layer cannot be planned before the one below it is applied",
    cases: [],
    instead: "such a layer is blocked, with its reason; there is no plan of it",
  },
  { trap: "secrets of one layer are printed in the plan of another", cases: ["token-replaced", "admin-certificate"] },
  {
    trap: "cdktf knows no ephemeral values",
    cases: ["secret-revision"],
  },
  { trap: "native modules that do not install", cases: [], instead: "nothing of a plan" },
  { trap: "large providers cost memory and time", cases: [], instead: "nothing of a plan" },
  {
    trap: "a refactoring gives a resource another address",
    cases: ["pvc-readdressed", "release-moved", "pvc-forgotten"],
  },
];
