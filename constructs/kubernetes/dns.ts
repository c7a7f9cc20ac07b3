/** Where records of a site's names point: nowhere where the site has no DNS, else to this address. */
export interface DnsTarget {
  /** Address of the site's nodes. @default - no records */
  readonly target?: string;
}

/** Annotations by which external-dns makes the record of a host; none where the site has no DNS. */
export function dnsAnnotations({ target }: DnsTarget, host: string): Record<string, string> | undefined {
  return target === undefined
    ? undefined
    : { "external-dns.alpha.kubernetes.io/hostname": host, "external-dns.alpha.kubernetes.io/target": target };
}
