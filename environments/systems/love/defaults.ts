import type { Resources } from "../../values/resources";

/** What LOVE gets when a site says nothing. */
export const LOVE_DEFAULTS = {
  /** phalanx 2026-08, the same at all sites. */
  manager: { requests: { cpu: "150m", memory: "200Mi" }, limits: { cpu: "1", memory: "1500Mi" } },
  frontend: {
    /** phalanx 2026-08, of the test stand. */
    minReplicas: 2,
    maxReplicas: 25,
    cpuTarget: 50,
    /** TSTN-046: some 80 % of a core for each open view. */
    cpuPerView: "800m",
  },
  redis: {
    /** Ours: Redis itself counts, so that it makes room before the kernel ends it. */
    maxMemory: "800Mi",
    /** Ours: browsers renew theirs every 300 s, producers every 60 s. LOVE's own default is 12 hours. */
    groupExpiry: 1800,
    /** phalanx 2026-08, of the test stand. */
    resources: { requests: { cpu: "250m", memory: "300Mi" }, limits: { cpu: "2500m", memory: "1000Mi" } },
  },
  nginx: {
    /** Ours: all views and producers go through it. phalanx has one. */
    replicas: 2,
    /** phalanx 2026-08, of the base. */
    resources: { requests: { cpu: "50m", memory: "70Mi" }, limits: { cpu: "500m", memory: "300Mi" } },
  },
  /** phalanx 2026-08, of the test stand. */
  commander: { requests: { cpu: "50m", memory: "350Mi" }, limits: { cpu: "500m", memory: "1050Mi" } },
  /** phalanx 2026-08, of the test stand. */
  producer: { requests: { cpu: "10m", memory: "100Mi" }, limits: { cpu: "100m", memory: "300Mi" } },
  /** Ours: some users, views and settings. */
  postgresql: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
} as const;

/** CPU and memory of pods whose size no site's file says. */
export const LOVE_RESOURCES = {
  /** phalanx 2026-08. */
  audioBroadcaster: { requests: { cpu: "5m", memory: "100Mi" }, limits: { cpu: "50m", memory: "500Mi" } },
  /** phalanx 2026-08. */
  viewBackup: { requests: { cpu: "5m", memory: "100Mi" }, limits: { cpu: "100m", memory: "500Mi" } },
  /** Ours: some requests to Redis. */
  cleanup: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
  /** Ours: LOVE-manager's own commands, which took 130 MB (7.5.14). */
  setup: { requests: { cpu: "100m", memory: "200Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  /** Ours: one request to the API server. */
  schedule: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
} as const satisfies Record<string, Resources>;
