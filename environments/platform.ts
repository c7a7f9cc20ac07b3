/** What follows from a site's cluster, and what the platform's programs ask of its nodes: no site's file says it. */
import type { Environment } from "./schema";

/** Who makes volumes on a site's cluster. */
export function provisionerOf({ cluster }: Pick<Environment, "cluster">): "local-path" | "gce-pd" | "none" {
  switch (cluster.kind) {
    case "k3s":
      return "local-path";
    case "gke":
      return "gce-pd";
    case "existing":
      return cluster.provisioner;
  }
}

/** CPU and memory of one pod: its requests, and the limit of its memory. */
export interface Share {
  readonly cpu: string;
  readonly memory: string;
  /** Most memory that it may take. */
  readonly limit: string;
}

/** Every program of the platform that runs all the time, by pod. */
export const PLATFORM = {
  strimzi: { cpu: "200m", memory: "384Mi", limit: "512Mi" },
  traefik: { cpu: "50m", memory: "64Mi", limit: "256Mi" },
  certManager: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  certManagerWebhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  certManagerInjector: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
  externalSecrets: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  externalSecretsWebhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  externalSecretsCertificates: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
  externalDns: { cpu: "10m", memory: "64Mi", limit: "128Mi" },
  localPathProvisioner: { cpu: "10m", memory: "32Mi", limit: "128Mi" },
  /** On every node, where a site measures its nodes. */
  nodeMetrics: { cpu: "50m", memory: "64Mi", limit: "256Mi" },
} as const satisfies Record<string, Share>;

/** What k3s brings itself: coredns and metrics-server, as its own manifests say (v1.36). */
export const K3S_OWN: readonly Share[] = [
  { cpu: "100m", memory: "70Mi", limit: "170Mi" },
  { cpu: "100m", memory: "70Mi", limit: "70Mi" },
];
