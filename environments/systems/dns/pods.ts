import type { Share } from "../../values/system";

/** external-dns. */
export const EXTERNAL_DNS_POD = { cpu: "10m", memory: "64Mi", limit: "128Mi" } as const satisfies Share;
