/** Simulates cert-manager: issuers are Ready when what they sign with is there, and certificates become Secrets. */
import { NAMESPACE } from "../../../ground/namespaces";
import { fieldsIn, inside } from "../../../synthesized/stack";
import type { LiveObject } from "../../../cli/shared/kubernetes/client";
import {
  type ClusterView,
  isReady,
  type Operator,
  type ResourceKind,
  namespaceOf,
  pathOf,
  type Reconcile,
} from "./cluster-view";

const GROUP = "cert-manager.io";
const CLUSTER_ISSUERS: ResourceKind = { group: GROUP, version: "v1", plural: "clusterissuers" };
const ISSUERS: ResourceKind = { group: GROUP, version: "v1", plural: "issuers" };
const CERTIFICATES: ResourceKind = { group: GROUP, version: "v1", plural: "certificates" };
/** Where a ClusterIssuer finds its Secrets. */
const OWN_NAMESPACE = NAMESPACE.certManager;

const pem = (what: string): string => `-----BEGIN ${what}-----\nsimulated\n-----END ${what}-----\n`;

/** References to Secrets anywhere in an ACME account's solvers. */
function secretReferences(value: unknown): { name: string; key: string }[] {
  return fieldsIn(value)
    .filter(({ key }) => /SecretRef$/.test(key))
    .map(({ value: reference }) => ({
      name: String(inside(reference, "name")),
      key: String(inside(reference, "key")),
    }));
}

const issuer: Reconcile = async (object, view) => {
  const namespace = namespaceOf(object) || OWN_NAMESPACE;
  const authority = inside(object.spec, "ca", "secretName");
  if (authority !== undefined)
    return { missing: await view.missingSecret(namespace, String(authority), "tls.crt", "tls.key") };
  const acme = inside(object.spec, "acme");
  for (const { name, key } of secretReferences(inside(acme, "solvers"))) {
    const missing = await view.missingSecret(namespace, name, key);
    if (missing) return { missing };
  }
  const account = inside(acme, "privateKeySecretRef", "name");
  if (account !== undefined)
    await view.ensureSecret({ namespace, name: String(account), values: { "tls.key": pem("PRIVATE KEY") } });
  return {};
};

/** The keys of a certificate's Secret. */
export type Issue = (certificate: LiveObject, view: ClusterView) => Promise<Readonly<Record<string, string>>>;

/** Nothing that a program accepts. */
const placeholder: Issue = () =>
  Promise.resolve({ "tls.crt": pem("CERTIFICATE"), "tls.key": pem("PRIVATE KEY"), "ca.crt": pem("CERTIFICATE") });

const certificate =
  (issue: Issue): Reconcile =>
  async (object, view) => {
    const namespace = namespaceOf(object);
    const { name, kind } = (object.spec?.["issuerRef"] ?? {}) as { name?: string; kind?: string };
    const of = kind === "ClusterIssuer" ? pathOf(CLUSTER_ISSUERS, "", name) : pathOf(ISSUERS, namespace, name);
    if (!isReady(await view.api.get(of))) return { missing: `${kind} ${name} is not ready` };
    await view.ensureSecret({
      namespace,
      name: String(object.spec?.["secretName"]),
      type: "kubernetes.io/tls",
      values: await issue(object, view),
    });
    return {};
  };

/** cert-manager, which takes certificates from somewhere. */
export const simulatedCertManager = (issue: Issue): Operator => ({
  namespace: OWN_NAMESPACE,
  kinds: [
    [CLUSTER_ISSUERS, issuer],
    [ISSUERS, issuer],
    [CERTIFICATES, certificate(issue)],
  ],
});

/** cert-manager. */
export const SIMULATED_CERT_MANAGER: Operator = simulatedCertManager(placeholder);
