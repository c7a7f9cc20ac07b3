/** Who writes DNS records of the site's host names. */
import { NAMESPACE } from "../../../ground/namespaces";
import type { GeneralSite } from "../../general/site";
import { type SiteRule, when } from "../../values/rule";
import { fixedPods, type Share, type System } from "../../values/system";
import { type DnsSite, schema } from "./schema";

/** external-dns. */
export const EXTERNAL_DNS_POD = { cpu: "10m", memory: "64Mi", limit: "128Mi" } as const satisfies Share;

type Site = DnsSite & Pick<GeneralSite, "domain">;

/** external-dns writes records below its zone only. */
const domainLiesInZone: SiteRule<Site> = ({ dns, domain }) =>
  dns.kind !== "external-dns"
    ? []
    : when(
        domain !== dns.zone && !domain.endsWith(`.${dns.zone}`),
        ["domain"],
        `${dns.zone} or a name below it`,
        "take such a name, for external-dns writes to that zone only",
      );

/** DNS. */
export const dns = {
  schema,
  rules: [domainLiesInZone],
  pods: ({ dns }) => (dns.kind === "external-dns" ? [fixedPods(EXTERNAL_DNS_POD)] : []),
  namespaces: ({ dns }) => (dns.kind === "external-dns" ? [NAMESPACE.externalDns] : []),
  foreignAccounts: ({ dns }) => (dns.kind === "external-dns" ? ["dns.kind external-dns needs an AWS account"] : []),
} satisfies System<Site>;
