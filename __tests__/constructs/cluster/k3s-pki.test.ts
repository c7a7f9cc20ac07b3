import { TerraformOutput, Testing } from "cdktf";
import { K3sPki, type TlsFile } from "../../../constructs/cluster/k3s-pki";
import { isStateful } from "../../../constructs/core/stateful";

interface PkiJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly output: { readonly files: { readonly value: TlsFile[] }; readonly token: { readonly value: string } };
}

const stateful: string[] = [];
const json = JSON.parse(
  Testing.synthScope((scope) => {
    const pki = new K3sPki(scope, "pki", { cluster: "base" });
    new TerraformOutput(scope, "files", { value: pki.files, staticId: true });
    new TerraformOutput(scope, "token", { value: pki.token, staticId: true });
    stateful.push(
      ...pki.node
        .findAll()
        .filter(isStateful)
        .map(({ node }) => node.id),
    );
  }),
) as PkiJson;

/** cdktf.md §2.2: the authorities of k3s. */
const AUTHORITIES = ["client-ca", "etcd-peer-ca", "etcd-server-ca", "request-header-ca", "server-ca"];

test("the server is given exactly the 11 files of its PKI, readable by root only", () => {
  const files = json.output.files.value;
  expect(files.map(({ path }) => path).sort()).toEqual([
    "client-ca.crt",
    "client-ca.key",
    "etcd/peer-ca.crt",
    "etcd/peer-ca.key",
    "etcd/server-ca.crt",
    "etcd/server-ca.key",
    "request-header-ca.crt",
    "request-header-ca.key",
    "server-ca.crt",
    "server-ca.key",
    "service.key",
  ]);
  for (const { path, content, permissions } of files) {
    const name = path.replace("/", "-").replace(/\.(crt|key)$/, "");
    expect(content).toBe(
      path.endsWith(".crt")
        ? `\${tls_self_signed_cert.${name}.cert_pem}`
        : `\${tls_private_key.${name}.private_key_pem}`,
    );
    expect(permissions).toBe("0600");
  }
});

test("authorities stand alone, sign and last ten years without renewal", () => {
  const certificates = json.resource["tls_self_signed_cert"] ?? {};
  expect(Object.keys(certificates).sort()).toEqual(AUTHORITIES);
  for (const [name, certificate] of Object.entries(certificates)) {
    expect(certificate).toEqual({
      private_key_pem: `\${tls_private_key.${name}.private_key_pem}`,
      subject: [{ common_name: `k3s-${name}`, organization: "base" }],
      is_ca_certificate: true,
      allowed_uses: ["digital_signature", "key_encipherment", "cert_signing"],
      validity_period_hours: 87600,
    });
    expect(json.resource["tls_private_key"]?.[name]).toEqual({ algorithm: "ECDSA", ecdsa_curve: "P256" });
  }
  expect(json.resource["tls_private_key"]?.["service"]).toEqual({ algorithm: "RSA", rsa_bits: 2048 });
});

test("the administrator's certificate lasts a year, is renewed 30 days before and may be replaced", () => {
  expect(json.resource["tls_cert_request"]?.["admin"]).toMatchObject({
    private_key_pem: "${tls_private_key.admin.private_key_pem}",
    subject: [{ common_name: "system:admin", organization: "system:masters" }],
  });
  expect(json.resource["tls_locally_signed_cert"]?.["admin"]).toMatchObject({
    cert_request_pem: "${tls_cert_request.admin.cert_request_pem}",
    ca_cert_pem: "${tls_self_signed_cert.client-ca.cert_pem}",
    ca_private_key_pem: "${tls_private_key.client-ca.private_key_pem}",
    allowed_uses: ["digital_signature", "key_encipherment", "client_auth"],
    validity_period_hours: 8760,
    early_renewal_hours: 720,
  });
  expect(stateful.filter((id) => id.startsWith("admin"))).toEqual([]);
});

test("the token is in its full form, its password without a colon", () => {
  expect(json.output.token.value).toBe(
    "K10${sha256(tls_self_signed_cert.server-ca.cert_pem)}::server:${random_password.token.result}",
  );
  expect(json.resource["random_password"]).toEqual({ token: { length: 48, special: false } });
});
