/** The made-up site of the lifecycle tests: as small as a site can be, with everything that can go wrong. */
import type { EnvironmentInput } from "../../../environments/schema";
import { SAL_ACCOUNT } from "../../../environments/systems/kafka/sal";

/** Its layers, all of which may be destroyed. */
export const LAYERS_OF_SITE = ["toy-cluster", "toy-platform", "toy-efd"];

/** Topic that is declared and consumed. */
export const TOPIC = "lsst.sal.Test.logevent_heartbeat";

/** Topic that Kafka Connect writes to InfluxDB. */
export const SUNK_TOPIC = "lsst.sal.Moving.logevent_heartbeat";

/** A change of the memory that Chronograf may use, which changes one release. */
export const limited =
  (memory: string) =>
  (site: EnvironmentInput): EnvironmentInput => ({
    ...site,
    chronograf: { disk: "1Gi", resources: { limits: { memory } } },
  });

/** LOVE of the site, with a database of its own. */
export const LOVE = {
  profile: "small",
  salSite: "toy",
  images: { registry: "registry.invalid/love", pullSecret: false, cycle: "c0044" },
  efdAlias: "toy_efd",
  database: { kind: "inside", disk: "1Gi" },
  frontend: { minReplicas: 1, nightReplicas: 2, maxReplicas: 3 },
  nginx: { replicas: 1 },
  producers: [{ name: "test1", csc: "Test:1" }],
} as const satisfies NonNullable<EnvironmentInput["love"]>;

/** The account of Kafka with which SAL's producers write. */
export const SAL_CLIENT = {
  name: SAL_ACCOUNT,
  description: "SAL's Kafka producers",
  prefixes: ["lsst.sal"],
  access: "all",
  consumes: true,
  cluster: true,
} as const satisfies NonNullable<EnvironmentInput["kafka"]["clients"]>[number];

/** The site with LOVE, the account of Kafka that LOVE needs, and a night. */
export const withLove = (site: EnvironmentInput): EnvironmentInput => ({
  ...site,
  allowDestroys: [...LAYERS_OF_SITE, "toy-love"],
  observing: [{ from: "18:00", to: "06:00", timeZone: "America/Santiago" }],
  kafka: {
    ...site.kafka,
    clients: [SAL_CLIENT],
  },
  love: LOVE,
});

/** The site on a cluster that is there, with charts from a folder; its Kafka is one version behind. */
export function smallest(kubeconfig: string, charts: string): EnvironmentInput {
  return {
    name: "toy",
    title: "a made-up site",
    domain: "example.org",
    allowDestroys: LAYERS_OF_SITE,
    chartSource: charts,
    cluster: { kind: "existing", kubeconfig, address: "127.0.0.1" },
    state: { kind: "local" },
    certificates: { kind: "own-ca" },
    dns: { kind: "none" },
    secrets: { kind: "generated" },
    login: "none",
    kafka: {
      version: "4.2.0",
      metadataVersion: "4.2-IV1",
      controllerIds: [3],
      brokers: [{ id: 0, nodePort: 31090 }],
      brokerDisk: "2Gi",
      controllerDisk: "1Gi",
      replication: 1,
      minInSyncReplicas: 1,
      retention: "1h",
      topics: [{ name: TOPIC }],
    },
    registry: { replicas: 1 },
    influxdb: { disk: "2Gi", retention: "9d" },
    chronograf: { disk: "1Gi" },
    kapacitor: { disk: "1Gi" },
    backups: { target: { kind: "volume", disk: "8Gi" } },
    telegraf: { consumers: [{ name: "test", topics: ["lsst.sal.Test.*"] }] },
    connect: { image: "registry.invalid/connect:1.0.0", sinks: [{ name: "moving", topics: [SUNK_TOPIC] }] },
  };
}
