/**
 * Versions of charts, images and Terraform providers. Versions that a site may choose, of k3s and Kafka, are defaults of
 * their systems in `environments/systems`.
 */
import { compareVersions } from "./units";

/** A chart that we install. */
export interface ChartEntry {
  readonly chart: string;
  /** Repository; an `oci://` one when its owners publish there only. */
  readonly repository: string;
  readonly version: string;
  /** Version of the program inside, as the chart says. */
  readonly appVersion: string;
  /**
   * What to know before going to a version, by the first version that it holds for: CRDs that Helm leaves
   * alone, values that break. @default - nothing
   */
  readonly notes?: Readonly<Record<string, string>>;
  /**
   * How its CRDs are brought forward: `folder`, by `deploy`, before the release, for they
   * lie in the chart's `crds/`, which Helm never upgrades; `release`, with its other objects.
   *
   * @default - it has none
   */
  readonly crds?: "folder" | "release";
}

/** Every chart, at the version that was rendered and applied on real parts. */
export const CHARTS = {
  strimzi: {
    chart: "strimzi-kafka-operator",
    repository: "https://strimzi.io/charts/",
    version: "1.2.0",
    appVersion: "1.2.0",
    notes: {
      "0.0.0": "Helm leaves the CRDs of its crds/ folder alone: deploy brings the new ones, plain cdktf does not",
    },
    crds: "folder",
  },
  certManager: {
    chart: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: "v1.21.1",
    appVersion: "v1.21.1",
    notes: {
      "1.21.0":
        "the metrics port of the controller's Service is called http-metrics; the schema refuses prometheus.servicemonitor.targetPort and .path",
    },
    crds: "release",
  },
  externalSecrets: {
    chart: "external-secrets",
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    appVersion: "v2.9.0",
    crds: "release",
  },
  externalDns: {
    chart: "external-dns",
    repository: "https://kubernetes-sigs.github.io/external-dns/",
    version: "1.21.1",
    appVersion: "0.21.0",
    notes: { "1.22.0": "policy has no default any more: name upsert-only" },
    crds: "folder",
  },
  traefik: {
    chart: "traefik",
    repository: "https://traefik.github.io/charts",
    version: "41.3.0",
    appVersion: "v3.7.11",
    notes: {
      "0.0.0": "Helm leaves the CRDs of its crds/ folder alone: deploy brings the new ones, plain cdktf does not",
      "40.0.0": "the provider of ingress-nginx is spelled kubernetesIngressNGINX",
    },
    crds: "folder",
  },
  influxdb: { chart: "influxdb", repository: "https://helm.influxdata.com/", version: "4.12.5", appVersion: "1.8.10" },
  chronograf: {
    chart: "chronograf",
    repository: "https://helm.influxdata.com/",
    version: "1.2.6",
    appVersion: "1.9.4",
  },
  kapacitor: { chart: "kapacitor", repository: "https://helm.influxdata.com/", version: "1.4.7", appVersion: "1.6.4" },
} as const satisfies Record<string, ChartEntry>;

/** Name of a chart in the catalogue. */
export type ChartName = keyof typeof CHARTS;

/** What the catalogue says about going from one version of a chart to another; nothing of a chart that it lacks. */
export function notesOf(chart: string, from: string | undefined, to: string | undefined): string[] {
  const entry: ChartEntry | undefined = Object.values(CHARTS).find((one) => one.chart === chart);
  if (from === undefined || to === undefined || from === to) return [];
  return Object.entries(entry?.notes ?? {})
    .filter(([since]) => since === "0.0.0" || (compareVersions(from, since) < 0 && compareVersions(to, since) >= 0))
    .map(([, note]) => note);
}

/** Versions of Kafka that an operator runs. */
interface KafkaVersions {
  /** By version of Kafka: the metadata version that it brings. */
  readonly versions: Readonly<Record<string, string>>;
  /** Metadata versions that brokers of these versions can be at, oldest first. */
  readonly metadataVersions: readonly string[];
}

/** By version of Strimzi, from its kafka-versions.yaml; the oldest metadata version is that of the Kafka before. */
const KAFKA_OF_STRIMZI: Readonly<Record<(typeof CHARTS)["strimzi"]["version"], KafkaVersions>> = {
  "1.2.0": {
    versions: { "4.2.0": "4.2-IV1", "4.2.1": "4.2-IV1", "4.3.0": "4.3-IV0", "4.3.1": "4.3-IV0" },
    metadataVersions: ["4.1-IV1", "4.2-IV1", "4.3-IV0"],
  },
};

/** Versions of Kafka that our Strimzi runs. */
export const KAFKA: KafkaVersions = KAFKA_OF_STRIMZI[CHARTS.strimzi.version];

/**
 * Minors of Kubernetes 1 on which charts and operators of the catalogue run. cert-manager 1.21 states 1.33 to 1.36,
 * Strimzi 1.2 states 1.30 to 1.36. The two minors after that are let in, so that a rehearsal can try an upgrade.
 */
export const KUBERNETES = { oldest: 33, newest: 38 } as const;

/** An image, in the two parts that charts want apart. */
export interface ImageEntry {
  readonly repository: string;
  readonly tag: string;
}

/** Every image that we name ourselves; the others come with their chart's version. */
export const IMAGES = {
  /** The charts' own InfluxDB 1.8 is no longer maintained: 1.12 reads its data and still speaks InfluxQL. */
  influxdb: { repository: "docker.io/library/influxdb", tag: "1.12.4" },
  chronograf: { repository: "docker.io/library/chronograf", tag: "1.11.4" },
  kapacitor: { repository: "docker.io/library/kapacitor", tag: "1.8.6" },
  telegraf: { repository: "docker.io/library/telegraf", tag: "1.39.3-alpine" },
  schemaRegistry: { repository: "docker.io/confluentinc/cp-schema-registry", tag: "8.3.1" },
  kafkaRest: { repository: "docker.io/confluentinc/cp-kafka-rest", tag: "8.3.1" },
  localPathProvisioner: { repository: "docker.io/rancher/local-path-provisioner", tag: "v0.0.37" },
  /** Its shell makes and removes the folders of volumes. */
  busybox: { repository: "docker.io/library/busybox", tag: "1.37.0" },
  /** Brings backups into a bucket; runs only at sites that have one. */
  rclone: { repository: "docker.io/rclone/rclone", tag: "1.74.4" },
  /** Of LOVE. It asks for the names of its upstreams while it runs, which 1.27.3 and later do (`resolve`). */
  nginx: { repository: "docker.io/library/nginx", tag: "1.31.3" },
  /** LOVE's channel layer. 7.4 is the last minor of Redis 7. */
  redis: { repository: "docker.io/library/redis", tag: "7.4.8" },
  /**
   * LOVE's database at a site that has its own. The tag names the Debian below it: texts are sorted by its C library, and
   * indexes would have to be rebuilt with another.
   */
  postgresql: { repository: "docker.io/library/postgres", tag: "17.9-bookworm" },
  /** Waits for custom resources; follows the Kubernetes minor of the clusters. */
  kubectl: { repository: "registry.k8s.io/kubectl", tag: "v1.36.3" },
} as const satisfies Record<string, ImageEntry>;

/** Name of an image in the catalogue. */
export type ImageName = keyof typeof IMAGES;

/** An image as a pod names it. */
export function image(name: ImageName): string {
  return `${IMAGES[name].repository}:${IMAGES[name].tag}`;
}

/** The image in which Strimzi runs Kafka of this version. */
export function kafkaImage(kafkaVersion: string): string {
  return `quay.io/strimzi/kafka:${CHARTS.strimzi.version}-kafka-${kafkaVersion}`;
}

/** Terraform providers by local name, exact. docker below 4.0 deletes a stopped container while it plans. */
export const PROVIDER_VERSIONS: Readonly<Record<string, string>> = {
  docker: "4.5.0",
  google: "6.50.0",
  helm: "3.1.1",
  kubernetes: "2.38.0",
  local: "2.6.1",
  random: "3.7.2",
  tls: "4.1.0",
};

/** Oldest Terraform: write-only attributes came with 1.11. */
export const TERRAFORM_VERSION = ">= 1.11.0";
