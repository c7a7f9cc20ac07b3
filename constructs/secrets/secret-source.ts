import { NAMESPACE } from "../../ground/namespaces";
import { labels } from "../kubernetes/objects";
import type { ExternalSecret, PasswordGenerator } from "./resources";
import type { SecretSpec } from "./secret-spec";

/** Namespace of the operator, of generated secrets and of given ones. */
const SECRETS_NAMESPACE = NAMESPACE.externalSecrets;

/** Where a site's secrets come from. */
export type SecretSource =
  | { readonly kind: "generated" }
  /** Inputs, which are in the namespace `external-secrets`. */
  | { readonly kind: "given" }
  | {
      readonly kind: "vault";
      /** Mount of the key-value engine. */
      readonly mount: string;
      /** Path of the site below the mount. */
      readonly path: string;
    };

/** A key of a secret. */
export interface SecretValue {
  readonly spec: SecretSpec;
  readonly key: string;
}

/** Names a key of a secret; the compiler knows the keys of each. */
export function secretValue<S extends SecretSpec>(spec: S, key: Extract<keyof S["keys"], string>): SecretValue {
  return { spec, key };
}

/** A Secret of a namespace, made of values of the site's secrets. */
export interface SecretTarget {
  readonly name: string;
  readonly namespace: string;
  /** Key of the Secret → where its value comes from. */
  readonly values: Readonly<Record<string, SecretValue>>;
  /** Type of the Secret. @default Opaque */
  readonly type?: string;
}

/** A Secret with all keys of a secret, under its name. */
export function wholeSecret(spec: SecretSpec, namespace: string, type?: string): SecretTarget {
  const values = Object.fromEntries(Object.keys(spec.keys).map((key) => [key, { spec, key }]));
  return { name: spec.name, namespace, ...(type === undefined ? {} : { type }), values };
}

/** How soon a new value in Vault or in the namespace `external-secrets` reaches the Secrets made of it. */
export const REFRESH_INTERVAL = "15m0s";

/** A Secret of a namespace, kept equal to its source. */
export function externalSecret(source: SecretSource, target: SecretTarget): ExternalSecret {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: target.name, namespace: target.namespace, labels: labels(target.name) },
    spec: {
      refreshPolicy: "Periodic",
      refreshInterval: REFRESH_INTERVAL,
      secretStoreRef: { kind: "ClusterSecretStore", name: source.kind },
      target: {
        name: target.name,
        creationPolicy: "Owner",
        deletionPolicy: "Retain",
        ...(target.type ? { template: { type: target.type, mergePolicy: "Merge" } } : {}),
      },
      data: Object.entries(target.values).map(([secretKey, { spec, key }]) => ({
        secretKey,
        remoteRef: { key: source.kind === "vault" ? `${source.path}/${spec.name}` : spec.name, property: key },
      })),
    },
  };
}

/**
 * A secret that is generated once, inside the cluster. The Secret has no owner (`Orphan`), so that it stays when these
 * objects are removed, and is immutable: an ExternalSecret that is made anew generates anew, and overwrites the keys of
 * a Secret that is there, under every other policy (external-secrets 2.9.0). So these objects may go with their release;
 * ones that outlived their operator would hold up their namespace by its finalizer.
 */
export function generatedSecret(
  spec: SecretSpec,
  namespace: string = SECRETS_NAMESPACE,
): [PasswordGenerator, ExternalSecret] {
  const metadata = { name: spec.name, namespace, labels: labels(spec.name) };
  const literals = Object.entries(spec.keys).flatMap(([key, { generated }]) =>
    generated === undefined ? [] : [[key, generated] as const],
  );
  return [
    {
      apiVersion: "generators.external-secrets.io/v1alpha1",
      kind: "Password",
      metadata,
      spec: {
        length: 32,
        digits: 8,
        symbols: 0,
        noUpper: false,
        allowRepeat: true,
        secretKeys: Object.keys(spec.keys).filter((key) => spec.keys[key]?.generated === undefined),
      },
    },
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata,
      spec: {
        refreshPolicy: "CreatedOnce",
        target: {
          name: spec.name,
          creationPolicy: "Orphan",
          deletionPolicy: "Retain",
          immutable: true,
          ...(literals.length > 0 ? { template: { mergePolicy: "Merge", data: Object.fromEntries(literals) } } : {}),
        },
        dataFrom: [
          {
            sourceRef: {
              generatorRef: {
                apiVersion: "generators.external-secrets.io/v1alpha1",
                kind: "Password",
                name: spec.name,
              },
            },
          },
        ],
      },
    },
  ];
}
