import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { NAMESPACE } from "../../ground/namespaces";
import { CustomResources } from "../kubernetes/custom-resources";
import { KEEP, labels, metadataOf } from "../kubernetes/objects";
import { ROUTE53 } from "../secrets/secret-spec";
import type { Certificate, ClusterIssuer } from "./resources";

/** The issuer of every certificate of a site. */
export const ISSUER = "efd";
/** Secret with the site's own authority, in the namespace of cert-manager. */
export const OWN_CA_SECRET = "efd-ca";
const RELEASE = "issuers";

/** Who signs a site's certificates. */
export type CertificateAuthority =
  | { readonly kind: "own-ca" }
  | {
      readonly kind: "acme";
      /** Directory of the ACME service. */
      readonly server: string;
      /** AWS region of Route53's API. */
      readonly region: string;
      /** Zone of Route53 in which cert-manager answers challenges. */
      readonly hostedZoneId: string;
    };

/** The site's issuer. */
export interface CertificatesProps {
  readonly authority: CertificateAuthority;
  /** Domain whose names are certified. */
  readonly domain: string;
  readonly dependsOn: ITerraformDependable[];
}

function ownAuthority(): (ClusterIssuer | Certificate)[] {
  return [
    {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: "self-signed", labels: labels("self-signed") },
      spec: { selfSigned: {} },
    },
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { ...metadataOf(OWN_CA_SECRET, NAMESPACE.certManager), annotations: KEEP },
      spec: {
        secretName: OWN_CA_SECRET,
        issuerRef: { name: "self-signed", kind: "ClusterIssuer" },
        commonName: "EFD",
        isCA: true,
        duration: "87600h0m0s",
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
      },
    },
    {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: ISSUER, labels: labels(ISSUER) },
      spec: { ca: { secretName: OWN_CA_SECRET } },
    },
  ];
}

function acme(authority: Extract<CertificateAuthority, { kind: "acme" }>, domain: string): ClusterIssuer {
  const key = (name: keyof (typeof ROUTE53)["keys"]) => ({ name: ROUTE53.name, key: name });
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: ISSUER, labels: labels(ISSUER) },
    spec: {
      // ACME needs no e-mail address, and no site's operator is documented.
      acme: {
        server: authority.server,
        privateKeySecretRef: { name: "acme-account" },
        solvers: [
          {
            selector: { dnsZones: [domain] },
            dns01: {
              route53: {
                region: authority.region,
                hostedZoneID: authority.hostedZoneId,
                accessKeyIDSecretRef: key("aws_access_key_id"),
                secretAccessKeySecretRef: key("aws_secret_access_key"),
              },
            },
          },
        ],
      },
    },
  };
}

/** The one issuer of a site: its own authority, or ACME. */
export class Certificates extends Construct {
  /** The issuer, ready to issue. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: CertificatesProps) {
    super(scope, id);
    const { authority } = props;
    this.ready = new CustomResources(this, "issuers", {
      name: RELEASE,
      namespace: NAMESPACE.certManager,
      resources: authority.kind === "own-ca" ? ownAuthority() : [acme(authority, props.domain)],
      awaited: { group: "cert-manager.io", kinds: ["clusterissuers"], timeout: 300 },
      dependsOn: props.dependsOn,
    }).ready;
  }
}
