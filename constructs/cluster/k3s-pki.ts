import { Password } from "@cdktf/provider-random/lib/password";
import { CertRequest } from "@cdktf/provider-tls/lib/cert-request";
import { LocallySignedCert } from "@cdktf/provider-tls/lib/locally-signed-cert";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { SelfSignedCert } from "@cdktf/provider-tls/lib/self-signed-cert";
import { Fn, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { stateful } from "../core/stateful";

const DAY_HOURS = 24;
const YEAR_HOURS = 365 * DAY_HOURS;

/** The authorities of k3s by the path of their files below `server/tls`, without extension. */
const AUTHORITIES = ["server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"] as const;
type AuthorityPath = (typeof AUTHORITIES)[number];

/** A file that k3s finds when it first starts. */
export interface TlsFile {
  /** Path below `/var/lib/rancher/k3s/server/tls`. */
  readonly path: string;
  /** PEM. */
  readonly content: string;
  /** Mode in octal; only root reads. */
  readonly permissions: "0600";
}

/** Certificate and private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  /** Sensitive. */
  readonly privateKey: string;
}

/** Whose authorities these are. */
export interface K3sPkiProps {
  /** Name of the cluster, the organization of its authorities. */
  readonly cluster: string;
}

/**
 * Keys and authorities of a cluster, made before the cluster, so that the access to it is known without copying
 * anything out of it.
 *
 * Each authority is self-signed and stands alone: k3s hashes the PEM of a single certificate into the join token, but
 * the DER of a chain's root, which Terraform cannot compute. Authorities and token belong to the volume of the server:
 * k3s refuses to start on it with any others.
 */
export class K3sPki extends Construct {
  /** Certificate of the authority that signs the API server's, PEM; public. */
  readonly serverAuthority: string;
  /**
   * Cluster administrator, signed by the authority of clients. Valid for a year, renewed by an apply in its last 30
   * days.
   */
  readonly admin: KeyPair;
  /**
   * Join token in its full form, `K10<hash of the server authority>::server:<password>`: a node that joins
   * checks the server, and the server checks the node. Sensitive.
   */
  readonly token: string;
  /** Files that k3s would otherwise make itself at its first start. */
  readonly files: readonly TlsFile[];

  constructor(scope: Construct, id: string, props: K3sPkiProps) {
    super(scope, id);
    const authorities = new Map(AUTHORITIES.map((path) => [path, this.authority(path, props.cluster)]));
    const pairOf = (path: AuthorityPath): KeyPair => authorities.get(path) as KeyPair;
    // RSA 2048 is what k3s makes and tests for tokens of service accounts.
    const service = stateful(new PrivateKey(this, "service", { algorithm: "RSA", rsaBits: 2048 }), "service");
    // A colon would end the password early.
    const password = stateful(new Password(this, "token", { length: 48, special: false }), "token");

    this.serverAuthority = pairOf("server-ca").certificate;
    this.admin = this.administrator(pairOf("client-ca"));
    this.token = `K10${Fn.sha256(this.serverAuthority)}::server:${password.result}`;
    this.files = [
      ...AUTHORITIES.flatMap((path) => [
        file(`${path}.crt`, pairOf(path).certificate),
        file(`${path}.key`, pairOf(path).privateKey),
      ]),
      file("service.key", service.privateKeyPem),
    ];
  }

  /** Valid for ten years and never renewed, because another authority would be another cluster. */
  private authority(path: AuthorityPath, cluster: string): KeyPair {
    const name = path.replace("/", "-");
    const key = stateful(
      new PrivateKey(this, `${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }),
      name,
    ).privateKeyPem;
    const certificate = stateful(
      new SelfSignedCert(this, name, {
        privateKeyPem: key,
        subject: [{ commonName: `k3s-${name}`, organization: cluster }],
        isCaCertificate: true,
        allowedUses: ["digital_signature", "key_encipherment", "cert_signing"],
        validityPeriodHours: 10 * YEAR_HOURS,
      }),
      name,
    ).certPem;
    return { certificate, privateKey: key };
  }

  /** Not {@link stateful}: a renewal replaces it, and nothing is lost with it. */
  private administrator(clients: KeyPair): KeyPair {
    const key = fixed(new PrivateKey(this, "admin-key", { algorithm: "ECDSA", ecdsaCurve: "P256" }), "admin");
    const request = fixed(
      new CertRequest(this, "admin-request", {
        privateKeyPem: key.privateKeyPem,
        // k3s's own administrator; Kubernetes binds the organization to cluster-admin.
        subject: [{ commonName: "system:admin", organization: "system:masters" }],
      }),
      "admin",
    );
    const certificate = fixed(
      new LocallySignedCert(this, "admin", {
        certRequestPem: request.certRequestPem,
        caCertPem: clients.certificate,
        caPrivateKeyPem: clients.privateKey,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        validityPeriodHours: YEAR_HOURS,
        earlyRenewalHours: 30 * DAY_HOURS,
      }),
      "admin",
    );
    return { certificate: certificate.certPem, privateKey: key.privateKeyPem };
  }
}

/** Must be called before anything reads an attribute: a reference keeps the address that it was made with. */
function fixed<T extends TerraformResource>(resource: T, id: string): T {
  resource.overrideLogicalId(id);
  return resource;
}

function file(path: string, content: string): TlsFile {
  return { path, content, permissions: "0600" };
}
