import type { Share } from "../../values/system";

/** traefik. */
export const TRAEFIK = { cpu: "50m", memory: "64Mi", limit: "256Mi" } as const satisfies Share;
