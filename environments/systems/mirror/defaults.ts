/** What the mirror gets when a site says nothing. */
export const MIRROR_DEFAULTS = {
  /** Ours: heartbeats and one CSC's telemetry. */
  resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
} as const;
