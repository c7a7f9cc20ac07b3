import type { Share } from "../../values/system";

/** The pods of external-secrets. */
export const EXTERNAL_SECRETS = {
  controller: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  webhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  certificates: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
} as const satisfies Record<string, Share>;
