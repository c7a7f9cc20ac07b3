import type { Share } from "../../values/system";

/** Strimzi, the operator of Kafka. */
export const STRIMZI = { cpu: "200m", memory: "384Mi", limit: "512Mi" } as const satisfies Share;
