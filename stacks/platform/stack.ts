import type { Construct } from "constructs";
import { CertManager } from "../../constructs/certificates/cert-manager";
import { Certificates } from "../../constructs/certificates/certificates";
import { addClusterProviders, type ClusterAccess } from "../../constructs/cluster/cluster-access";
import { ExternalDns } from "../../constructs/dns/external-dns";
import { Traefik } from "../../constructs/ingress/traefik";
import { Strimzi } from "../../constructs/kafka/strimzi";
import type { ChartSource } from "../../constructs/kubernetes/chart";
import { Namespaces } from "../../constructs/namespaces/namespaces";
import { ExternalSecrets } from "../../constructs/secrets/external-secrets";
import { SecretStores } from "../../constructs/secrets/secret-stores";
import type { Environment } from "../../environments/schema";
import { NAMESPACE } from "../../ground/namespaces";
import { BaseStack, type BaseStackProps } from "../base/base-stack";
import { namespacesOf } from "../../environments/derived/namespaces";
import { addRoute53Secrets } from "./route53";
import { addStorage } from "./storage";

/** What the platform layer is made of. */
export interface PlatformStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

/** Namespaces, storage, operators with their CRDs, ingress, certificates and the store of secrets. */
export class PlatformStack extends BaseStack {
  constructor(scope: Construct, props: PlatformStackProps) {
    super(scope, props);
    const { environment: site, charts: source } = props;
    const { certificates, dns } = site;
    addClusterProviders(this, props.access);

    const names = namespacesOf(site);
    const namespaces = new Namespaces(this, "namespaces", names);
    addStorage(this, site, namespaces);

    new Strimzi(this, "strimzi", {
      source,
      dependsOn: [namespaces.get(NAMESPACE.strimzi), namespaces.get(NAMESPACE.kafka)],
    });
    new Traefik(this, "traefik", {
      nodePorts: site.cluster.kind !== "k3s",
      source,
      dependsOn: [namespaces.get(NAMESPACE.traefik)],
    });
    const secretsNamespace = namespaces.get(NAMESPACE.externalSecrets);
    const externalSecrets = new ExternalSecrets(this, "external-secrets", { source, dependsOn: [secretsNamespace] });
    const stores = new SecretStores(this, "secret-stores", {
      store: site.secrets,
      ...(certificates.kind === "given" ? { certificate: certificates } : {}),
      readers: names,
      dependsOn: [secretsNamespace, externalSecrets.ready],
    });
    const route53 = addRoute53Secrets(this, site, namespaces, stores.ready);

    if (certificates.kind !== "given") {
      const certManager = new CertManager(this, "cert-manager", {
        acme: certificates.kind === "acme",
        source,
        dependsOn: [namespaces.get(NAMESPACE.certManager)],
      });
      new Certificates(this, "certificates", {
        authority: certificates,
        domain: site.domain,
        dependsOn: [certManager.ready, ...route53],
      });
    }
    if (dns.kind === "external-dns")
      new ExternalDns(this, "external-dns", {
        owner: `efd-${site.name}`,
        zone: dns.zone,
        region: dns.region,
        source,
        dependsOn: [namespaces.get(NAMESPACE.externalDns), ...route53],
      });
  }
}
