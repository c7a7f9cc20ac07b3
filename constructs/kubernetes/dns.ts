/** Where records of a site's names point. */
export type DnsTarget =
  | { readonly kind: "none" }
  /** To this address of the site's nodes. */
  | { readonly kind: "address"; readonly address: string }
  /** To the address that the Service's or the Ingress's own load balancer gets. */
  | { readonly kind: "load-balancer" };

/** Annotations by which external-dns makes the record of a host; none where the site has no DNS. */
export function dnsAnnotations(target: DnsTarget, host: string): Record<string, string> | undefined {
  if (target.kind === "none") return undefined;
  return {
    "external-dns.alpha.kubernetes.io/hostname": host,
    ...(target.kind === "address" ? { "external-dns.alpha.kubernetes.io/target": target.address } : {}),
  };
}
