/** Who writes DNS records of the site's host names. */
import { NAMESPACE } from "../../../ground/namespaces";
import type { GeneralSite } from "../../general/site";
import { type Rule, when } from "../../values/rule";
import { fixedPods, type System } from "../../values/system";
import { EXTERNAL_DNS_POD } from "./pods";
import { type DnsSite, schema } from "./schema";

type Site = DnsSite & Pick<GeneralSite, "domain">;

/** external-dns writes records below its zone only. */
const domainLiesInZone: Rule<Site> = ({ dns, domain }) =>
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
