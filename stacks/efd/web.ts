/** How a site of the EFD is reached from outside. */
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { ISSUER } from "../../constructs/certificates/certificates";
import { INPUTS, input } from "../../constructs/core/inputs";
import { type DnsTarget, Web } from "../../constructs/kubernetes/web";
import { wholeSecret } from "../../constructs/secrets/secret-source";
import { GIVEN_TLS } from "../../constructs/secrets/secret-spec";
import { Secrets } from "../../constructs/secrets/secrets";
import type { Environment } from "../../environments/schema";
import type { NamespaceName } from "../../ground/namespaces";

/** Address of NodePorts and host names; undefined where load balancers have addresses of their own. */
export function addressOf(scope: Construct, { cluster }: Environment): string | undefined {
  if (cluster.kind === "gke") return undefined;
  return cluster.address ?? (cluster.kind === "k3s" ? input(scope, INPUTS.serverAddress) : undefined);
}

/** Host names, DNS records and certificates of a site whose names lead to this address. */
export function webOf(site: Environment, address: string | undefined): Web {
  const certificate =
    site.certificates.kind === "given"
      ? ({ kind: "given", secret: GIVEN_TLS.name } as const)
      : ({ kind: "issued", issuer: ISSUER } as const);
  return new Web(site, dnsTarget(site.dns.kind, address), certificate);
}

function dnsTarget(kind: Environment["dns"]["kind"], address: string | undefined): DnsTarget {
  if (kind === "none") return { kind };
  return address === undefined ? { kind: "load-balancer" } : { kind: "address", address };
}

/** The certificate that was given, in these namespaces, which have hosts; nothing where certificates are issued. */
export function givenCertificates(
  scope: Construct,
  { certificates }: Environment,
  name: "efd-certificates" | "love-certificates",
  namespaces: readonly NamespaceName[],
): ITerraformDependable[] {
  if (certificates.kind !== "given") return [];
  return [
    new Secrets(scope, "certificates", {
      name,
      source: { kind: "given" },
      targets: namespaces.map((namespace) => wholeSecret(GIVEN_TLS, namespace, "kubernetes.io/tls")),
    }).ready,
  ];
}
