import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { type ClusterAccess, addClusterProviders } from "../../constructs/cluster/cluster-access";
import { classPath, PROVISIONER_PATH } from "../../constructs/cluster/k3s-node";
import { ChartRelease, type ChartSource } from "../../constructs/kubernetes/chart";
import {
  type CertManagerValues,
  type ExternalDnsValues,
  type ExternalSecretsValues,
  operatorResources,
  type StrimziValues,
  type TraefikValues,
} from "../../constructs/platform/values";
import { Certificates } from "../../constructs/certificates/certificates";
import { Namespaces } from "../../constructs/namespaces/namespaces";
import type { Rollout } from "../../constructs/kubernetes/restarts";
import { ROUTE53 } from "../../constructs/secrets/secret-spec";
import { type SecretTarget, secretValue } from "../../constructs/secrets/secret-source";
import { SecretStores } from "../../constructs/secrets/secret-stores";
import { Secrets } from "../../constructs/secrets/secrets";
import { GcePersistentDisks } from "../../constructs/storage/gce-persistent-disks";
import { LocalPathProvisioner } from "../../constructs/storage/local-path-provisioner";
import { PLATFORM, provisionerOf } from "../../environments/platform";
import type { Environment } from "../../environments/schema";
import { type NamespaceName, POD_SECURITY } from "../../ground/namespaces";
import { BaseStack, type BaseStackProps } from "../base/base-stack";

/** What the platform layer is made of. */
export interface PlatformStackProps extends BaseStackProps {
  readonly environment: Environment;
  readonly access: ClusterAccess;
  readonly charts: ChartSource;
}

/** external-dns, which reads its Secret when it starts. */
export const EXTERNAL_DNS: Rollout = {
  namespace: "external-dns",
  resource: "deployments",
  name: "external-dns",
  secrets: [ROUTE53.name],
};

function hasNamespace(environment: Environment, name: NamespaceName): boolean {
  switch (name) {
    case "local-path-storage":
      return provisionerOf(environment) === "local-path";
    case "telegraf":
      return environment.telegraf.consumers.length > 0;
    case "telegraf-ds":
      return environment.telegraf.measuresNodes;
    case "cert-manager":
      return environment.certificates.kind !== "given";
    case "external-dns":
      return environment.dns.kind === "external-dns";
    default:
      return true;
  }
}

/** Namespaces, storage, operators with their CRDs, ingress, certificates and the store of secrets. */
export class PlatformStack extends BaseStack {
  constructor(scope: Construct, props: PlatformStackProps) {
    super(scope, props);
    const { environment } = props;
    addClusterProviders(this, props.access);

    const names = (Object.keys(POD_SECURITY) as NamespaceName[]).filter((name) => hasNamespace(environment, name));
    const namespaces = new Namespaces(this, "namespaces", names);

    const { certificates } = environment;
    const { className, classes } = environment.storage;
    const provisioner = provisionerOf(environment);
    if (provisioner === "gce-pd")
      new GcePersistentDisks(this, "gce-persistent-disks", { className, classes: classes.map(({ name }) => name) });
    const { cluster } = environment;
    // Nodes of k3s see a folder of their machine elsewhere.
    const defaultPath = cluster.kind === "existing" ? cluster.hostPath : PROVISIONER_PATH;
    const pathOf = (name: string, hostPath?: string) =>
      hostPath === undefined ? defaultPath : cluster.kind === "existing" ? hostPath : classPath(name);
    if (provisioner === "local-path")
      new LocalPathProvisioner(this, "local-path-provisioner", {
        namespace: "local-path-storage",
        className,
        defaultPath,
        classes: classes.map(({ name, hostPath }) => ({ name, path: pathOf(name, hostPath) })),
        dependsOn: [namespaces.get("local-path-storage")],
      });

    const install = <Values extends object>(
      chart: "strimzi" | "certManager" | "externalSecrets" | "externalDns" | "traefik",
      namespace: NamespaceName,
      name: string,
      values: Values,
      dependsOn: ITerraformDependable[] = [],
    ) =>
      new ChartRelease(this, name, {
        chart,
        name,
        namespace,
        values,
        source: props.charts,
        dependsOn: [namespaces.get(namespace), ...dependsOn],
      }).ready;

    install("strimzi", "strimzi", "strimzi", strimziValues(), [namespaces.get("kafka")]);
    install("traefik", "traefik", "traefik", traefikValues());
    const externalSecrets = install("externalSecrets", "external-secrets", "external-secrets", externalSecretsValues());

    const stores = new SecretStores(this, "secret-stores", {
      store: environment.secrets,
      ...(certificates.kind === "given" ? { certificate: certificates } : {}),
      readers: names,
      dependsOn: [namespaces.get("external-secrets"), externalSecrets],
    });
    const route53 = route53Targets(environment);
    const secrets =
      route53.length > 0
        ? [
            new Secrets(this, "secrets", {
              name: "platform-secrets",
              source: environment.secrets,
              targets: route53,
              dependsOn: [stores.ready, ...route53.map(({ namespace }) => namespaces.get(namespace as NamespaceName))],
            }).ready,
          ]
        : [];
    if (certificates.kind !== "given")
      new Certificates(this, "certificates", {
        namespace: "cert-manager",
        authority: certificates,
        domain: environment.domain,
        dependsOn: [
          install("certManager", "cert-manager", "cert-manager", certManagerValues(certificates.kind === "acme")),
          ...secrets,
        ],
      });
    if (environment.dns.kind === "external-dns")
      install(
        "externalDns",
        "external-dns",
        EXTERNAL_DNS.name,
        externalDnsValues(`efd-${environment.name}`, environment.dns.zone, environment.dns.region),
        secrets,
      );
  }
}

function route53Targets({ certificates, dns }: Environment): SecretTarget[] {
  const values = {
    aws_access_key_id: secretValue(ROUTE53, "aws_access_key_id"),
    aws_secret_access_key: secretValue(ROUTE53, "aws_secret_access_key"),
  };
  return [
    ...(certificates.kind === "acme" ? [{ name: ROUTE53.name, namespace: "cert-manager", values }] : []),
    ...(dns.kind === "external-dns" ? [{ name: ROUTE53.name, namespace: EXTERNAL_DNS.namespace, values }] : []),
  ];
}

function strimziValues(): StrimziValues {
  return {
    watchNamespaces: ["kafka"],
    // Makes the brokers' pods fit the level `restricted` of their namespace.
    extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
    resources: operatorResources(PLATFORM.strimzi),
  };
}

function certManagerValues(acme: boolean): CertManagerValues {
  const resources = operatorResources(PLATFORM.certManager);
  return {
    crds: { enabled: true, keep: true },
    resources,
    webhook: { resources: operatorResources(PLATFORM.certManagerWebhook) },
    cainjector: { resources: operatorResources(PLATFORM.certManagerInjector) },
    startupapicheck: { resources },
    // Sasquatch: the site's own resolvers may show another zone than the one that ACME looks at.
    ...(acme ? { dns01RecursiveNameservers: "8.8.8.8:53,1.1.1.1:53", dns01RecursiveNameserversOnly: true } : {}),
  };
}

function externalSecretsValues(): ExternalSecretsValues {
  return {
    installCRDs: true,
    resources: operatorResources(PLATFORM.externalSecrets),
    webhook: { resources: operatorResources(PLATFORM.externalSecretsWebhook) },
    certController: { resources: operatorResources(PLATFORM.externalSecretsCertificates) },
  };
}

function traefikValues(): TraefikValues {
  return {
    ingressClass: { name: "traefik", isDefaultClass: true },
    gateway: { enabled: false },
    gatewayClass: { enabled: false },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    providers: { kubernetesIngress: { publishedService: { enabled: true } } },
    ports: { web: { http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } } } },
    resources: operatorResources(PLATFORM.traefik),
  };
}

function externalDnsValues(owner: string, zone: string, region: string): ExternalDnsValues {
  const key = (name: string, entry: keyof (typeof ROUTE53)["keys"]) => ({
    name,
    valueFrom: { secretKeyRef: { name: ROUTE53.name, key: entry } },
  });
  return {
    provider: { name: "aws" },
    sources: ["service", "ingress"],
    // Records are made and changed, never deleted: a site that is rebuilt keeps its names.
    policy: "upsert-only",
    registry: "txt",
    txtOwnerId: owner,
    txtPrefix: "external-dns-",
    domainFilters: [zone],
    env: [
      { name: "AWS_DEFAULT_REGION", value: region },
      key("AWS_ACCESS_KEY_ID", "aws_access_key_id"),
      key("AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"),
    ],
    resources: operatorResources(PLATFORM.externalDns),
  };
}
