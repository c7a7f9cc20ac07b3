import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { CustomResources } from "../kubernetes/custom-resources";
import type { Middleware } from "./resources";

/** A login before a route. */
export interface LoginProps {
  /** Name of the release that makes it. */
  readonly name: string;
  readonly namespace: string;
  /** Secret of the namespace with the keys `username` and `password`; the middleware has its name. */
  readonly secret: string;
  readonly dependsOn: ITerraformDependable[];
}

/** A middleware of traefik that asks for a name and a password, and does not pass them on. */
export class LoginMiddleware extends CustomResources {
  constructor(scope: Construct, id: string, { name, namespace, secret, dependsOn }: LoginProps) {
    const middleware: Middleware = {
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: { name: secret },
      spec: { basicAuth: { secret, removeHeader: true } },
    };
    super(scope, id, { name, namespace, resources: [middleware], dependsOn });
  }
}
