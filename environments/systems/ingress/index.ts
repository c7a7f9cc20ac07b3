/** The ingress, of which no site's file says anything. */
import { NAMESPACE } from "../../../ground/namespaces";
import { fixedPods, type Share, type System } from "../../values/system";

/** traefik. */
export const TRAEFIK = { cpu: "50m", memory: "64Mi", limit: "256Mi" } as const satisfies Share;

/** traefik. */
export const ingress = {
  pods: () => [fixedPods(TRAEFIK)],
  namespaces: () => [NAMESPACE.traefik],
} satisfies System<unknown>;
