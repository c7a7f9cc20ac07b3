import { type CertificateAuthority, Certificates } from "../../../constructs/certificates/certificates";
import { at, built, customResource, readyJob } from "../support";

const view = (authority: CertificateAuthority) =>
  built((stack) => {
    new Certificates(stack, "certificates", {
      authority,
      domain: "example.org",
      dependsOn: [],
    });
  });

const acme: CertificateAuthority = {
  kind: "acme",
  server: "https://acme.example.org/directory",
  region: "us-east-1",
  hostedZoneId: "Z123",
};

test("an own authority signs itself, outlives its release and never changes its key", () => {
  const one = view({ kind: "own-ca" });
  expect(customResource(one, "ClusterIssuer", "self-signed").spec).toEqual({ selfSigned: {} });
  expect(customResource(one, "ClusterIssuer", "efd").spec).toEqual({ ca: { secretName: "efd-ca" } });
  const certificate = customResource(one, "Certificate", "efd-ca");
  expect(certificate.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
  expect(certificate.spec).toMatchObject({
    isCA: true,
    secretName: "efd-ca",
    issuerRef: { name: "self-signed", kind: "ClusterIssuer" },
    privateKey: { rotationPolicy: "Never" },
  });
});

test("ACME answers DNS-01 in the zone, with an account from a Secret", () => {
  const issuer = customResource(view(acme), "ClusterIssuer", "efd");
  expect(issuer.spec).toEqual({
    acme: {
      server: "https://acme.example.org/directory",
      privateKeySecretRef: { name: "acme-account" },
      solvers: [
        {
          selector: { dnsZones: ["example.org"] },
          dns01: {
            route53: {
              region: "us-east-1",
              hostedZoneID: "Z123",
              accessKeyIDSecretRef: { name: "route53", key: "aws_access_key_id" },
              secretAccessKeySecretRef: { name: "route53", key: "aws_secret_access_key" },
            },
          },
        },
      ],
    },
  });
  expect(view(acme).customResources()).toHaveLength(1);
});

test.each([{ kind: "own-ca" } as const, acme])("$kind: what needs certificates waits for the issuer", (authority) => {
  const one = view(authority);
  expect(at(one.resource(readyJob(one, "issuers")), "spec.template.spec.container.0.args.5")).toBe(
    "clusterissuers.cert-manager.io",
  );
});
