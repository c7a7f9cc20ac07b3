/**
 * What a site gets when it says nothing. Each figure has its reason or its source; a site that needs another
 * one writes it in its own file.
 */
export const DEFAULTS = {
  /** argocd-efd: production drops nothing. */
  hostPattern: "{app}-{site}-efd.{domain}",
  k3s: {
    /** Newest patch of the Kubernetes minor that Strimzi 1.2, cert-manager 1.21 and external-secrets 2.9 state. */
    version: "v1.36.5-k3s1",
    image: "docker.io/rancher/k3s",
    /** SQR-031. */
    serverName: "master",
    /** SQR-031. */
    apiPort: 6443,
    /** SQR-031: the folder of the host that holds the data of all volumes. */
    hostPath: "/data",
    /** The kubelet's own default. */
    maxPods: 110,
  },
  gke: {
    /** Google's own choice for clusters that say nothing: a release is some months old when it comes. */
    releaseChannel: "REGULAR",
    /** Google's own sizes: the disk of a node holds images, logs and temporary files, no volume. */
    diskGb: 100,
    diskType: "pd-balanced",
    /** terraform-gke-std, in GMT. */
    maintenanceStart: "03:00",
  },
  storage: {
    /** SQR-031; our own class of that name keeps released volumes. */
    className: "local-path",
  },
  kafka: {
    /** Default of Strimzi 1.2.0. */
    version: "4.3.1",
    /** Metadata version of Kafka 4.3.x. */
    metadataVersion: "4.3-IV0",
    /** cp-helm-charts and Sasquatch: three copies, two of which must be in sync. */
    replication: 3,
    minInSyncReplicas: 2,
    /** Sasquatch: KRaft controllers beside brokers 0–2. */
    controllerIds: [3, 4, 5],
    /** Sasquatch, 2026-08. */
    controllerDisk: "20Gi",
    /** SQR-031: ports of the nodes. The bootstrap's is one below the first broker's 31090: brokers can be added behind. */
    access: { kind: "nodeport", bootstrapNodePort: 31089 },
    /** Sasquatch, 2026-08: largest message, in bytes. */
    maxMessageBytes: 10485760,
    controllerResources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "1", memory: "4Gi" } },
    brokerResources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "2", memory: "8Gi" } },
    /** Two containers, topic and user operator, each with this. */
    entityOperatorResources: { requests: { cpu: "100m", memory: "384Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  },
  registry: {
    /** Sasquatch, 2026-08: Telegraf drops what it reads while no registry answers. */
    replicas: 3,
    resources: { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
  },
  influxdb: {
    resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "8", memory: "16Gi" } },
    /** terraform-efd: what Telegraf says of itself. */
    telegrafRetention: "4w",
  },
  chronograf: {
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "4Gi" } },
  },
  kapacitor: {
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "4Gi" } },
  },
  telegraf: {
    /** Sasquatch, 2026-08. */
    database: "efd",
    timestampField: "private_efdStamp",
    timestampFormat: "unix",
    batchSize: 1000,
    flushInterval: "10s",
    maxUndelivered: 10000,
    /** Limits of Sasquatch. Requests are ours: one host cannot reserve the limit for each of twenty consumers. */
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "4", memory: "8Gi" } },
  },
  connect: {
    replicas: 1,
    /** argocd-efd, ncsa-int. */
    heap: "2Gi",
    /** Ours: the heap and what Java takes beside it. */
    resources: { requests: { cpu: "500m", memory: "2560Mi" }, limits: { cpu: "2", memory: "3Gi" } },
    s3: { name: "s3-sink" },
  },
  mirror: {
    /** Ours: heartbeats and one CSC's telemetry. */
    resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
  },
} as const;
