/** Cases of cert-manager: authorities that are there and that are not, and what becomes of their certificates. */
import type { Json } from "../../synthesized/stack";
import type { Cases, Given } from "./case";
import { GIVEN } from "./view";

const SELF_SIGNED: Given = { kind: "Issuer", name: "self-signed", spec: { selfSigned: {} } };
const BY_SECRET: Given = { kind: "Issuer", name: "efd", spec: { ca: { secretName: "ca" } } };

const certificate = (name: string, issuer: string, spec: Json = {}, issuerKind = "Issuer"): Given => ({
  kind: "Certificate",
  name,
  spec: {
    secretName: name,
    dnsNames: [`${name}.localhost`],
    issuerRef: { kind: issuerKind, name: issuer },
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    ...spec,
  },
});

/** An authority as `local` has it: it signs itself, and its Secret is another issuer's. */
const AUTHORITY = certificate("ca", "self-signed", { isCA: true, commonName: "efd", dnsNames: undefined });
const COMPLETE = [SELF_SIGNED, AUTHORITY, BY_SECRET];

/** Cases of cert-manager. */
export const CERT_MANAGER_CASES: Cases = {
  operator: "cert-manager",
  version: "1.21.1",
  kinds: {
    ClusterIssuer: { apiVersion: "cert-manager.io/v1", plural: "clusterissuers", ofCluster: true, looked: true },
    Issuer: { apiVersion: "cert-manager.io/v1", plural: "issuers", looked: true },
    Certificate: { apiVersion: "cert-manager.io/v1", plural: "certificates", looked: true },
  },
  passing: "cert-manager.io/next-private-key",
  cases: [
    {
      name: "signed",
      steps: () => [
        { give: [...COMPLETE, certificate("leaf", "efd")] },
        { give: [certificate("leaf", "efd", { dnsNames: ["another.localhost"] })] },
        { take: [["Secret", "leaf"]] },
        { take: [["Certificate", "leaf"]] },
      ],
    },
    { name: "self-signed", steps: () => [{ give: [SELF_SIGNED, certificate("leaf", "self-signed")] }] },
    {
      name: "signed-for-a-time",
      steps: () => [
        { give: [...COMPLETE, certificate("leaf", "efd", { duration: "48h0m0s", renewBefore: "24h0m0s" })] },
      ],
    },
    {
      name: "no-issuer",
      steps: () => [{ give: [certificate("leaf", "efd")] }, { give: COMPLETE }],
    },
    {
      name: "issuer-of-another-kind",
      steps: () => [{ give: [...COMPLETE, certificate("leaf", "efd", {}, "ClusterIssuer")] }],
    },
    { name: "no-authority", steps: () => [{ give: [BY_SECRET, certificate("leaf", "efd")] }] },
    {
      name: "authority-without-key",
      steps: () => [
        { give: [{ kind: "Secret", name: "ca", stringData: { "tls.crt": `${GIVEN}nothing` } }, BY_SECRET] },
      ],
    },
    {
      name: "authority-is-none",
      steps: () => [
        {
          give: [
            { kind: "Secret", name: "ca", stringData: { "tls.crt": `${GIVEN}nothing`, "tls.key": `${GIVEN}nothing` } },
            BY_SECRET,
          ],
        },
      ],
    },
    {
      name: "where-a-secret-is",
      steps: () => [
        {
          give: [
            { kind: "Secret", name: "leaf", stringData: { other: `${GIVEN}other` } },
            ...COMPLETE,
            certificate("leaf", "efd"),
          ],
        },
      ],
    },
    {
      name: "cluster",
      steps: ({ namespace }) => [
        {
          give: [
            { kind: "ClusterIssuer", name: namespace, spec: { selfSigned: {} } },
            certificate("leaf", namespace, {}, "ClusterIssuer"),
          ],
        },
      ],
    },
    {
      name: "cluster-without-authority",
      steps: ({ namespace }) => [
        // Its Secret lies in the namespace of cert-manager, where nobody looks here.
        {
          give: [
            { kind: "Secret", name: "ca" },
            { kind: "ClusterIssuer", name: namespace, spec: { ca: { secretName: "ca" } } },
          ],
        },
      ],
    },
  ],
};
