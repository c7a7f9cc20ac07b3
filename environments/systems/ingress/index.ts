/** The ingress, of which no site's file says anything. */
import { NAMESPACE } from "../../../ground/namespaces";
import { fixedPods, type System } from "../../values/system";
import { TRAEFIK } from "./pods";

/** traefik. */
export const ingress = {
  pods: () => [fixedPods(TRAEFIK)],
  namespaces: () => [NAMESPACE.traefik],
} satisfies System<unknown>;
