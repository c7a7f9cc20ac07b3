/** A small made-up site, for tests that change one thing of it. */
import { EnvironmentError, parseEnvironment } from "../../environments/parse";
import type { EnvironmentInput } from "../../environments/schema";

/** A site that says only what it must. */
export function smallSite(): EnvironmentInput {
  return {
    name: "toy",
    title: "a made-up site",
    domain: "example.org",
    cluster: { kind: "k3s", dockerHost: "ssh://host.example.org", address: "192.0.2.1" },
    state: { kind: "local" },
    certificates: { kind: "own-ca" },
    dns: { kind: "none" },
    secrets: { kind: "generated" },
    login: "none",
    kafka: {
      brokers: [
        { id: 0, nodePort: 31090 },
        { id: 1, nodePort: 31091 },
        { id: 2, nodePort: 31092 },
      ],
      brokerDisk: "15Gi",
      retention: "24h",
    },
    influxdb: { disk: "15Gi", retention: "52w" },
    chronograf: { disk: "8Gi" },
    kapacitor: { disk: "8Gi" },
    telegraf: { consumers: [{ name: "test", topics: ["lsst.sal.Test.*"] }] },
  };
}

/** The same site on GKE. */
export function gkeSite(): EnvironmentInput {
  const site = smallSite();
  return {
    ...site,
    cluster: { kind: "gke", project: "some-project", zone: "us-central1-b", machineType: "n1-standard-4", nodes: 4 },
    state: { kind: "gcs", prefix: "efd" },
    secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "efd" },
    dns: { kind: "external-dns", region: "us-east-1", zone: "example.org" },
    kafka: { ...site.kafka, access: { kind: "loadbalancer" }, brokers: [{ id: 0 }, { id: 1 }, { id: 2 }] },
  };
}

/** A path into a site, such as `kafka.brokers.0.id`. */
type Path = string;

/** The small site with values put in place of others; `undefined` takes one away. */
export function siteWith(changes: Readonly<Record<Path, unknown>>): EnvironmentInput {
  const site = smallSite();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce<Record<string, unknown>>(
      (inner, key) => (inner[key] ??= {}) as Record<string, unknown>,
      site as unknown as Record<string, unknown>,
    );
    if (value === undefined) delete parent[last];
    else parent[last] = structuredClone(value);
  }
  return site;
}

/** What is wrong with a site, one line each; empty when nothing is. */
export function mistakesOf(input: unknown): readonly string[] {
  try {
    parseEnvironment(input);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.mistakes;
    throw error;
  }
}
