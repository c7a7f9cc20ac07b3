/** What k3s and GKE get when a site says nothing. */
export const CLUSTER_DEFAULTS = {
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
    /** The kubelet's own default since Kubernetes 1.35 (KEP-5573, `fail-cgroupv1`). */
    allowCgroupV1: false,
    /** k3s's own default. */
    clusterCidr: "10.42.0.0/16",
    /** k3s's own default. */
    serviceCidr: "10.43.0.0/16",
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
} as const;
