/** A site that is in no list: what a new site needs is one file of data like this. */
import { allTopicsOf, topicsOf } from "../../environments/sites/cscs";
import type { EnvironmentInput } from "../../environments/schema";

/**
 * Made up, after ncsa-stable (argocd-efd 2021-09): a server and two agents on machines of their own, brokers on disks of
 * their own on labelled nodes, ids that do not begin at 0, and Telegraf and Kafka Connect side by side.
 */
export const sixthSite: EnvironmentInput = {
  name: "sixth",
  title: "made-up site",
  domain: "example.org",
  cluster: {
    kind: "k3s",
    dockerHost: "ssh://192.0.2.10",
    address: "192.0.2.10",
    agents: [
      { name: "kube-0", dockerHost: "ssh://192.0.2.11", labels: { kafka: "ok" } },
      { name: "kube-1", dockerHost: "ssh://192.0.2.12", labels: { kafka: "ok" } },
    ],
  },
  state: { kind: "pg" },
  storage: { classes: [{ name: "kafka-local-path", hostPath: "/kafka" }] },
  certificates: { kind: "given" },
  dns: { kind: "none" },
  secrets: { kind: "generated" },
  login: "none",
  kafka: {
    controllerIds: [10, 11, 12],
    brokers: [
      { id: 20, nodePort: 31190 },
      { id: 21, nodePort: 31191 },
      { id: 22, nodePort: 31192 },
    ],
    brokerDisk: "50Gi",
    brokerClass: "kafka-local-path",
    brokerNodeSelector: { kafka: "ok" },
    retention: "48h",
  },
  influxdb: { disk: "50Gi", retention: "forever" },
  chronograf: { disk: "50Gi" },
  kapacitor: { disk: "50Gi" },
  telegraf: { consumers: [{ name: "main", topics: allTopicsOf("MTM1M3", "Script") }] },
  connect: {
    image: "registry.example.org/kafka-connect:1.0.0",
    sinks: [{ name: "influxdb-mtm2", topics: topicsOf("MTM2", "logevent_heartbeat", "forceBalance") }],
  },
};
