import { IngressV1 } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type CertificateSource, ISSUER } from "../certificates/certificates";
import { GIVEN_TLS } from "../secrets/secret-spec";
import { dnsAnnotations, type DnsTarget } from "./dns";
import { labels } from "./objects";

/** A host name under which a Service is reached from outside. */
export interface RouteProps {
  /** Name of the Ingress. */
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  /** Service behind it, in the same namespace. */
  readonly service: string;
  /** Port of that Service. */
  readonly port: number;
  readonly dns: DnsTarget;
  readonly certificate: CertificateSource;
  /** Middleware of traefik in the same namespace that each request passes. @default - none */
  readonly middleware?: string;
  readonly dependsOn: ITerraformDependable[];
}

/** An Ingress of traefik with a certificate of its host; plain HTTP is redirected by traefik. */
export class Route extends Construct {
  constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, id);
    const { name, namespace, host, service, port, dns, certificate, middleware } = props;
    new IngressV1(this, "ingress", {
      metadata: {
        name,
        namespace,
        labels: labels(name),
        annotations: {
          ...(certificate === "issued" ? { "cert-manager.io/cluster-issuer": ISSUER } : {}),
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          ...(middleware
            ? { "traefik.ingress.kubernetes.io/router.middlewares": `${namespace}-${middleware}@kubernetescrd` }
            : {}),
          ...dnsAnnotations(dns, host),
        },
      },
      spec: {
        ingressClassName: "traefik",
        tls: [{ hosts: [host], secretName: certificate === "issued" ? `${name}-tls` : GIVEN_TLS.name }],
        rule: [
          {
            host,
            http: {
              path: [
                { path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: port } } } },
              ],
            },
          },
        ],
      },
      dependsOn: props.dependsOn,
    });
  }
}
