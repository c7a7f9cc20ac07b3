import type { Share } from "../../values/system";

/** The Telegraf that runs on every node, where a site measures its nodes. */
export const NODE_METRICS = { cpu: "50m", memory: "64Mi", limit: "256Mi" } as const satisfies Share;
