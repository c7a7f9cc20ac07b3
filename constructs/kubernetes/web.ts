import { hostOf, type HostPattern } from "../../environments/values/host-names";

/** Where DNS records of a site's names point. */
export type DnsTarget =
  | { readonly kind: "none" }
  /** To this address of the site's nodes. */
  | { readonly kind: "address"; readonly address: string }
  /** To the address that the load balancer of the Service or the Ingress gets. */
  | { readonly kind: "load-balancer" };

/** Where certificates come from. */
export type CertificateSource =
  /** This ClusterIssuer issues one for each host. */
  | { readonly kind: "issued"; readonly issuer: string }
  /** One certificate of all hosts is in a Secret of this name in each namespace that needs it. */
  | { readonly kind: "given"; readonly secret: string };

/** How a site is reached from outside: its host names, its DNS records and its certificates. */
export class Web {
  constructor(
    private readonly pattern: HostPattern,
    private readonly dns: DnsTarget,
    /** Where certificates come from. */
    readonly certificate: CertificateSource,
  ) {}

  /** Host name of one application: `influxdb`, `chronograf`, `schema-registry`, … */
  host(app: string): string {
    return hostOf(this.pattern, app);
  }

  /** Annotations by which external-dns makes the record of a host; undefined where the site has no DNS. */
  dnsAnnotations(host: string): Record<string, string> | undefined {
    if (this.dns.kind === "none") return undefined;
    return {
      "external-dns.alpha.kubernetes.io/hostname": host,
      ...(this.dns.kind === "address" ? { "external-dns.alpha.kubernetes.io/target": this.dns.address } : {}),
    };
  }
}
