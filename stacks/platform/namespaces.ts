import type { Environment } from "../../environments/schema";
import { provisionerOf } from "../../environments/platform";
import { NAMESPACE, type NamespaceName, POD_SECURITY } from "../../ground/namespaces";

/** Namespaces that not every site has. */
function hasNamespace(site: Environment, name: NamespaceName): boolean {
  switch (name) {
    case NAMESPACE.localPathStorage:
      return provisionerOf(site) === "local-path";
    case NAMESPACE.telegraf:
      return site.telegraf.consumers.length > 0;
    case NAMESPACE.telegrafDs:
      return site.telegraf.measuresNodes;
    case NAMESPACE.certManager:
      return site.certificates.kind !== "given";
    case NAMESPACE.externalDns:
      return site.dns.kind === "external-dns";
    default:
      return true;
  }
}

/** Namespaces of a site, in the order in which they are made. */
export function namespacesOf(site: Environment): NamespaceName[] {
  return (Object.keys(POD_SECURITY) as NamespaceName[]).filter((name) => hasNamespace(site, name));
}
