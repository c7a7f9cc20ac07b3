import { IngressV1 } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { labels } from "./objects";
import type { Web } from "./web";

/** A host name under which a Service is reached from outside. */
export interface RouteProps {
  /** Name of the Ingress and of the application that its host is called after. */
  readonly name: string;
  /** Name of the Ingress, where it is another one. @default - `name` */
  readonly object?: string;
  /** The only paths that are led to the Service: this one and all below it. @default - `/` */
  readonly path?: string;
  readonly namespace: string;
  /** Service behind it, in the same namespace. */
  readonly service: string;
  /** Port of that Service. */
  readonly port: number;
  readonly web: Web;
  /** Middleware of traefik in the same namespace that each request passes. @default - none */
  readonly middleware?: string;
  readonly dependsOn: ITerraformDependable[];
}

/** An Ingress of traefik with a certificate of its host; traefik redirects plain HTTP. */
export class Route extends Construct {
  /** Host name. */
  readonly host: string;
  /** Certificate of the host, as an Ingress names it. */
  readonly tls: { readonly hosts: string[]; readonly secretName: string };

  constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, id);
    const { name, object = name, namespace, service, path = "/", port, web, middleware } = props;
    const { certificate } = web;
    const host = web.host(name);
    this.host = host;
    this.tls = { hosts: [host], secretName: certificate.kind === "issued" ? `${name}-tls` : certificate.secret };
    new IngressV1(this, "ingress", {
      metadata: {
        name: object,
        namespace,
        labels: labels(name),
        annotations: {
          ...(certificate.kind === "issued" ? { "cert-manager.io/cluster-issuer": certificate.issuer } : {}),
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          ...(middleware
            ? { "traefik.ingress.kubernetes.io/router.middlewares": `${namespace}-${middleware}@kubernetescrd` }
            : {}),
          ...web.dnsAnnotations(host),
        },
      },
      spec: {
        ingressClassName: "traefik",
        tls: [this.tls],
        rule: [
          {
            host,
            http: {
              path: [{ path, pathType: "Prefix", backend: { service: { name: service, port: { number: port } } } }],
            },
          },
        ],
      },
      dependsOn: props.dependsOn,
    });
  }
}
