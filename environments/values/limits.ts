/**
 * Limits of sense, the one place for them: what lies beyond was mistyped, or lacks its unit. They are wide, for they
 * must refuse nothing that some site could mean; rules compare the values of a site with one another. Both ends are
 * allowed.
 */

/** Least and most of something. */
export interface Limits<T> {
  readonly least: T;
  readonly most: T;
}

/** Sizes in bytes. */
export const SIZES = {
  /** One segment of Kafka's log is a GiB. No EFD has filled a hundredth of a PiB. */
  disk: { least: "1Gi", most: "1Pi" },
  /** A file system of many disks may hold more than one volume. */
  fileSystem: { least: "1Gi", most: "1024Pi" },
  /** A container starts in some MiB. No host has more than 32 TiB. */
  memoryRequest: { least: "16Mi", most: "32Ti" },
  /** Below it no program of an EFD starts. */
  memoryLimit: { least: "64Mi", most: "32Ti" },
  /** Java itself takes about 200 MiB beside its heap. */
  javaLimit: { least: "256Mi", most: "32Ti" },
  /** Some of what the cluster brings has more. Many hosts together may have much. */
  hostMemory: { least: "512Mi", most: "1Pi" },
  /** Connect's own classes take that. */
  heap: { least: "128Mi", most: "1Ti" },
  /** Larger than any message that SAL sends, so that a partition always holds some. */
  partition: { least: "16Mi", most: "1Pi" },
} as const satisfies Record<string, Limits<string>>;

/** Cores. */
export const CORES = {
  /** A request only reserves, so it may be tiny. No program of the EFD can use more than 128 cores: 250 means 250m. */
  request: { least: "1m", most: "128" },
  /** With less, probes end before a program has started. */
  limit: { least: "50m", most: "128" },
  /** Of all nodes together. */
  host: { least: "500m", most: "100000" },
} as const satisfies Record<string, Limits<string>>;

/** How long something is kept, or may take. */
export const TIMES = {
  /** Ten years; what is kept longer belongs into InfluxDB. */
  kafka: { least: "1h", most: "520w" },
  /** A hundred years; what is to stay longer is kept for ever. InfluxDB cannot count beyond 292 years. */
  influxdb: { least: "1h", most: "5200w" },
  /** A start that takes more than a week has failed. */
  start: { least: "1h", most: "7d" },
} as const satisfies Record<string, Limits<string>>;

/** Counts. */
export const COUNTS = {
  /** Of what no line below speaks. */
  any: { least: 1, most: 1_000_000 },
  /** Equal pods of one program, which no EFD has more than three of. */
  replicas: { least: 1, most: 50 },
  /** Tasks of one connector. */
  tasks: { least: 1, most: 200 },
  /** SAL's topics have one. */
  partitions: { least: 1, most: 1000 },
  /** Copies of partitions on one broker, of all topics that the program makes: some thousands are usual. */
  brokerPartitions: { least: 1, most: 10_000 },
  /** Points in one write: 100,000 are the 25 MB that InfluxDB takes at once (max-body-size). */
  batch: { least: 1, most: 100_000 },
  /** Nodes of one pool, by Google. */
  nodes: { least: 1, most: 1000 },
  /** GB of one disk, by Google. */
  nodeDisk: { least: 10, most: 65_536 },
  /** From 64 KiB, which a schema or a group's offsets can take, to what a broker reads at once (socket.request.max.bytes). */
  message: { least: 65_536, most: 104_857_600 },
  /** Bytes a second; ten times what the fastest network card of a host takes. */
  ingest: { least: 1, most: 500_000_000_000 },
} as const satisfies Record<string, Limits<number>>;

/** Milliseconds between two writes: an hour of points is more than any buffer holds. */
export const FLUSH: Limits<number> = { least: 100, most: 3_600_000 };

/** Characters of one text of a site's file: paths are the longest. */
export const LONGEST_TEXT = 1000;
