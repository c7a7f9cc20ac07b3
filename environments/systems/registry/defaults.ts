/** What the schema registry gets when a site says nothing. */
export const REGISTRY_DEFAULTS = {
  /** Sasquatch, 2026-08: Telegraf drops what it reads while no registry answers. */
  replicas: 3,
  resources: { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
} as const;
