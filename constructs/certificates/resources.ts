import type { KubernetesObject } from "../kubernetes/objects";

/** An authority that cert-manager asks for certificates of every namespace. */
export interface ClusterIssuer extends KubernetesObject {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "ClusterIssuer";
  readonly spec:
    | { readonly selfSigned: Record<string, never> }
    | { readonly ca: { readonly secretName: string } }
    | {
        readonly acme: {
          readonly server: string;
          readonly privateKeySecretRef: { readonly name: string };
          readonly solvers: readonly {
            readonly selector: { readonly dnsZones: readonly string[] };
            readonly dns01: {
              readonly route53: {
                readonly region: string;
                readonly hostedZoneID: string;
                readonly accessKeyIDSecretRef: { readonly name: string; readonly key: string };
                readonly secretAccessKeySecretRef: { readonly name: string; readonly key: string };
              };
            };
          }[];
        };
      };
}

/** A certificate that cert-manager makes and renews. */
export interface Certificate extends KubernetesObject {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "Certificate";
  readonly spec: {
    readonly secretName: string;
    readonly issuerRef: { readonly name: string; readonly kind: "ClusterIssuer" };
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly isCA?: boolean;
    readonly duration?: string;
    readonly privateKey: {
      readonly algorithm: "ECDSA" | "RSA";
      readonly size: number;
      readonly encoding?: "PKCS8";
      readonly rotationPolicy: "Always" | "Never";
    };
  };
}
