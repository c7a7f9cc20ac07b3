/** What Chronograf gets when a site says nothing. */
export const CHRONOGRAF_DEFAULTS = {
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "4Gi" } },
} as const;
