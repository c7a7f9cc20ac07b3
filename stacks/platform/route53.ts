import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Namespaces } from "../../constructs/namespaces/namespaces";
import { wholeSecret } from "../../constructs/secrets/secret-source";
import { ROUTE53 } from "../../constructs/secrets/secret-spec";
import { Secrets } from "../../constructs/secrets/secrets";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";

/** Secrets with the account of Route53, for the operators of a site that write there. */
export function addRoute53Secrets(
  scope: Construct,
  { certificates, dns, secrets: source }: Environment,
  namespaces: Namespaces,
  stores: ITerraformDependable,
): ITerraformDependable[] {
  const readers = [
    ...(certificates.kind === "acme" ? [NAMESPACE.certManager] : []),
    ...(dns.kind === "external-dns" ? [NAMESPACE.externalDns] : []),
  ];
  if (readers.length === 0) return [];
  return [
    new Secrets(scope, "secrets", {
      name: "platform-secrets",
      source,
      targets: readers.map((namespace) => wholeSecret(ROUTE53, namespace)),
      dependsOn: [stores, ...readers.map((namespace) => namespaces.get(namespace))],
    }).ready,
  ];
}
