import { LSST_CODES } from "./lsst-codes";
import { defineEnvironment } from "../schema";

/** Development on Google's Kubernetes Engine. */
export const gcp = defineEnvironment({
  ...LSST_CODES,
  name: "gcp",
  title: "development on GKE",
  cluster: {
    kind: "gke",
    // terragrunt-live-prod, 2019.
    project: "plasma-geode-127520",
    zone: "us-central1-b",
    machineType: "n1-standard-4",
    nodes: 4,
    // SQR-029: 16 vCPU and 60 GB took the live test at 50 Hz.
    capacity: { cpu: "16", memory: "60G" },
  },
  // No bucket of Google's is documented: whoever deploys names it.
  state: { kind: "gcs", prefix: "efd" },
  // terraform-gke-std.
  storage: { className: "pd-ssd" },
  // terraform-efd-gke: dm/square/<deploy>/<environment>.
  secrets: {
    kind: "vault",
    server: "https://vault.lsst.codes",
    mount: "secret",
    path: "dm/square/efd/gcp",
  },
  kafka: {
    access: { kind: "loadbalancer" },
    brokers: [{ id: 0 }, { id: 1 }, { id: 2 }],
    // argocd-efd, 2019-11.
    brokerDisk: "15Gi",
    retention: "24h",
    clients: [
      {
        name: "ts-salkafka",
        description: "SAL's Kafka producers",
        prefixes: ["lsst.sal"],
        access: "all",
        consumes: true,
        cluster: true,
      },
    ],
  },
  // terraform-efd: 128Gi and 52 weeks.
  influxdb: { disk: "128Gi", retention: "52w" },
  chronograf: { disk: "8Gi" },
  kapacitor: { disk: "8Gi" },
  telegraf: {
    // No list of CSCs is documented: the sandbox wrote lsst.sal.* into one database (argocd-efd).
    consumers: [{ name: "sal", topics: ["lsst.sal.*"] }],
    // terragrunt-live-prod: enable_telegraf_daemonset.
    measuresNodes: true,
  },
});
