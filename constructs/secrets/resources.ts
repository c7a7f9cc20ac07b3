import type { KubernetesObject } from "../kubernetes/objects";

/** API group of external-secrets. */
export const EXTERNAL_SECRETS_GROUP = "external-secrets.io";

interface StoreReference {
  readonly kind: "ClusterSecretStore";
  readonly name: string;
}

/** A Secret that external-secrets makes and keeps up to date. */
export interface ExternalSecret extends KubernetesObject {
  readonly apiVersion: "external-secrets.io/v1";
  readonly kind: "ExternalSecret";
  readonly spec: {
    readonly refreshPolicy?: "CreatedOnce" | "Periodic" | "OnChange";
    readonly refreshInterval?: string;
    readonly secretStoreRef?: StoreReference;
    readonly target: {
      readonly name: string;
      readonly creationPolicy: "Owner" | "Orphan";
      readonly deletionPolicy: "Retain";
      /** Whether nobody changes the Secret once it is there. */
      readonly immutable?: true;
      readonly template?: {
        readonly type?: string;
        readonly mergePolicy?: "Merge" | "Replace";
        readonly data?: Readonly<Record<string, string>>;
      };
    };
    readonly data?: readonly {
      readonly secretKey: string;
      readonly remoteRef: { readonly key: string; readonly property: string };
    }[];
    readonly dataFrom?: readonly {
      readonly sourceRef: {
        readonly generatorRef: { readonly apiVersion: string; readonly kind: "Password"; readonly name: string };
      };
    }[];
  };
}

/** Makes passwords. */
export interface PasswordGenerator extends KubernetesObject {
  readonly apiVersion: "generators.external-secrets.io/v1alpha1";
  readonly kind: "Password";
  readonly spec: {
    readonly length: number;
    readonly digits: number;
    readonly symbols: number;
    readonly noUpper: boolean;
    readonly allowRepeat: boolean;
    readonly secretKeys: readonly string[];
  };
}

/** Where ExternalSecrets of all namespaces read from. */
export interface ClusterSecretStore extends KubernetesObject {
  readonly apiVersion: "external-secrets.io/v1";
  readonly kind: "ClusterSecretStore";
  readonly spec: {
    readonly conditions: readonly { readonly namespaces: readonly string[] }[];
    readonly provider:
      | {
          readonly kubernetes: {
            readonly remoteNamespace: string;
            readonly server: {
              readonly caProvider: {
                readonly type: "ConfigMap";
                readonly name: string;
                readonly key: string;
                readonly namespace: string;
              };
            };
            readonly auth: { readonly serviceAccount: { readonly name: string; readonly namespace: string } };
          };
        }
      | {
          readonly vault: {
            readonly server: string;
            readonly path: string;
            readonly version: "v2";
            readonly auth: {
              readonly tokenSecretRef: { readonly name: string; readonly key: string; readonly namespace: string };
            };
          };
        };
  };
}
