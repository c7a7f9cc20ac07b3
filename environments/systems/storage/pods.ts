import type { Share } from "../../values/system";

/** The local-path provisioner. */
export const LOCAL_PATH_PROVISIONER = { cpu: "10m", memory: "32Mi", limit: "128Mi" } as const satisfies Share;
