import type { Share } from "../../values/system";

/** The pods of cert-manager. */
export const CERT_MANAGER = {
  controller: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  webhook: { cpu: "10m", memory: "64Mi", limit: "256Mi" },
  injector: { cpu: "10m", memory: "128Mi", limit: "384Mi" },
} as const satisfies Record<string, Share>;
