import type { KubernetesObject } from "../kubernetes/objects";

/** What traefik does with a request before it passes it on. */
export interface Middleware extends KubernetesObject {
  readonly apiVersion: "traefik.io/v1alpha1";
  readonly kind: "Middleware";
  readonly spec:
    | { readonly basicAuth: { readonly secret: string; readonly removeHeader: boolean } }
    | { readonly replacePath: { readonly path: string } };
}
