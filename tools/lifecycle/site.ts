/** The made-up site of the lifecycle tests: as small as a site can be, with everything that can go wrong. */
import type { EnvironmentInput } from "../../environments/schema";

/** Every layer of the site. */
export const LAYERS_OF_SITE = ["toy-cluster", "toy-platform", "toy-efd"];

/** The site on a cluster that is there, with charts from a folder. */
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
      controllerIds: [3],
      brokers: [{ id: 0, nodePort: 31090 }],
      brokerDisk: "2Gi",
      controllerDisk: "1Gi",
      replication: 1,
      minInSyncReplicas: 1,
      retention: "1h",
      topics: [{ name: "lsst.sal.Test.logevent_heartbeat" }],
    },
    registry: { replicas: 1 },
    influxdb: { disk: "2Gi", retention: "1d" },
    chronograf: { disk: "1Gi" },
    kapacitor: { disk: "1Gi" },
    telegraf: { consumers: [{ name: "test", topics: ["lsst.sal.Test.*"] }] },
  };
}
