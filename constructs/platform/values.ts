/** The keys that we set in the values of the operators' charts. */
import type { Share } from "../../environments/platform";

interface ContainerResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** strimzi-kafka-operator. */
export interface StrimziValues {
  readonly watchNamespaces: readonly string[];
  readonly extraEnvs: readonly { readonly name: string; readonly value: string }[];
  readonly resources: ContainerResources;
}

/** cert-manager. */
export interface CertManagerValues {
  readonly crds: { readonly enabled: boolean; readonly keep: boolean };
  readonly resources: ContainerResources;
  readonly webhook: { readonly resources: ContainerResources };
  readonly cainjector: { readonly resources: ContainerResources };
  readonly startupapicheck: { readonly resources: ContainerResources };
  readonly dns01RecursiveNameserversOnly?: boolean;
  readonly dns01RecursiveNameservers?: string;
}

/** external-secrets. */
export interface ExternalSecretsValues {
  readonly installCRDs: boolean;
  readonly resources: ContainerResources;
  readonly webhook: { readonly resources: ContainerResources };
  readonly certController: { readonly resources: ContainerResources };
}

/** external-dns. */
export interface ExternalDnsValues {
  readonly provider: { readonly name: "aws" };
  readonly sources: readonly ("service" | "ingress")[];
  readonly policy: "upsert-only" | "sync";
  readonly registry: "txt";
  readonly txtOwnerId: string;
  readonly txtPrefix: string;
  readonly domainFilters: readonly string[];
  readonly env: readonly (
    | { readonly name: string; readonly value: string }
    | {
        readonly name: string;
        readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
      }
  )[];
  readonly resources: ContainerResources;
}

/** traefik. */
export interface TraefikValues {
  readonly ingressClass: { readonly name: string; readonly isDefaultClass: boolean };
  readonly gateway: { readonly enabled: boolean };
  readonly gatewayClass: { readonly enabled: boolean };
  readonly global: { readonly checkNewVersion: boolean; readonly sendAnonymousUsage: boolean };
  readonly providers: {
    readonly kubernetesIngress: { readonly publishedService: { readonly enabled: boolean } };
  };
  readonly ports: {
    readonly web: {
      readonly http: {
        readonly redirections: {
          readonly entryPoint: { readonly to: string; readonly scheme: string; readonly permanent: boolean };
        };
      };
    };
  };
  readonly resources: ContainerResources;
}

/** A share of a node in the form of Kubernetes. */
export function operatorResources({ cpu, memory, limit }: Share): ContainerResources {
  return { requests: { cpu, memory }, limits: { memory: limit } };
}
