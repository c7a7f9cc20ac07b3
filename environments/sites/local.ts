import { defineEnvironment } from "../schema";

/** Your own machine: the whole EFD within 8 GiB of memory and 4 cores. */
export const local = defineEnvironment({
  name: "local",
  title: "your own machine",
  domain: "localhost",
  allowDestroys: ["local-cluster", "local-platform", "local-efd", "local-love"],
  cluster: {
    kind: "k3s",
    dockerHost: "unix:///var/run/docker.sock",
    address: "127.0.0.1",
    capacity: { cpu: "4", memory: "8Gi" },
    agents: [{ name: "kube-0" }],
  },
  state: { kind: "local" },
  certificates: { kind: "own-ca" },
  dns: { kind: "none" },
  secrets: { kind: "generated" },
  login: "none",
  kafka: {
    controllerIds: [3],
    controllerDisk: "1Gi",
    controllerResources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    brokers: [{ id: 0, nodePort: 31090 }],
    brokerDisk: "2Gi",
    brokerResources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    entityOperatorResources: { requests: { cpu: "50m", memory: "256Mi" } },
    replication: 1,
    minInSyncReplicas: 1,
    retention: "1h",
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
    topics: [{ name: "lsst.sal.Test.logevent_heartbeat" }],
  },
  registry: { replicas: 1, resources: { requests: { memory: "512Mi" }, limits: { memory: "1Gi" } } },
  influxdb: {
    disk: "2Gi",
    retention: "1d",
    resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" } },
  },
  chronograf: { disk: "1Gi", resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } } },
  kapacitor: { disk: "1Gi", resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } } },
  telegraf: {
    consumers: [
      {
        name: "test",
        topics: ["lsst.sal.Test.*"],
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      },
    ],
  },
  // A small one, for whoever turns it on: no LDAP, no Large File Annex, a database of its own.
  love: {
    enabled: false,
    profile: "small",
    // LOVE-manager has first views for few sites, and these are of a test stand.
    salSite: "tucson",
    images: { registry: "docker.io/lsstts", pullSecret: false, cycle: "c0044" },
    // A name that the credential service does not know: the commander then says that it has no EFD.
    efdAlias: "local_efd",
    database: { kind: "inside", disk: "1Gi" },
    frontend: { minReplicas: 1, maxReplicas: 2, cpuTarget: 80 },
    managerResources: { requests: { cpu: "100m" } },
    redis: {
      maxMemory: "128Mi",
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "192Mi" } },
    },
    nginx: { replicas: 1, resources: { requests: { cpu: "10m" } } },
    commander: { resources: { requests: { memory: "256Mi" } } },
    producers: [
      { name: "test1", csc: "Test:1" },
      { name: "test42", csc: "Test:42" },
      { name: "watcher", csc: "Watcher:0" },
      { name: "love", csc: "LOVE:0" },
    ],
  },
});
