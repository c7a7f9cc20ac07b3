/**
 * Simulates cert-manager 1.21.1: issuers are Ready when what they sign with is there, and certificates become Secrets.
 * What it answers is compared with what the real one did (e2e/operators). Two things differ on purpose: an ACME issuer is
 * ready without an account, and wants the Secrets of its solvers at once, which the real one misses later.
 */
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
  type Readiness,
  type Reconcile,
  sayReady,
  text,
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

const PAIR = ["tls.crt", "tls.key"];

/** Whether a Secret has a certificate and its key. Simulated ones only look so. */
async function keyPair(view: ClusterView, namespace: string, name: string): Promise<Readiness> {
  const missing = await view.missingSecret(namespace, name, ...PAIR);
  if (missing) return { missing };
  const data = (await view.secret(namespace, name))?.data ?? {};
  const isPair = PAIR.every((key) =>
    Buffer.from(data[key] ?? "", "base64")
      .toString()
      .startsWith("-----BEGIN "),
  );
  return isPair ? {} : { missing: `Secret ${namespace}/${name} has no certificate and key` };
}

const issuer: Reconcile = async (object, view) => {
  const namespace = namespaceOf(object) || OWN_NAMESPACE;
  const authority = inside(object.spec, "ca", "secretName");
  if (authority !== undefined) {
    const verdict = await keyPair(view, namespace, String(authority));
    const isWell = verdict.missing === undefined;
    return {
      ...verdict,
      events: isWell ? ["Normal KeyPairVerified"] : ["Warning ErrGetKeyPair", "Warning ErrInitIssuer"],
    };
  }
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

const DAY = 24 * 3600 * 1000;
const UNITS: Readonly<Record<string, number>> = { h: 3600_000, m: 60_000, s: 1000 };

/** Milliseconds of a duration as Go writes it: `2160h0m0s`. */
const millisecondsOf = (duration: string): number =>
  [...duration.matchAll(/(\d+)([hms])/g)].reduce((sum, [, n, unit = ""]) => sum + Number(n) * (UNITS[unit] ?? 0), 0);

/** When a certificate ends and is renewed: without other words after 90 days, and after two thirds of them. */
function datesOf({ spec, status }: LiveObject) {
  const since = Date.parse(text(status, "notBefore")) || Date.now();
  const valid = millisecondsOf(text(spec, "duration")) || 90 * DAY;
  const before = millisecondsOf(text(spec, "renewBefore")) || valid / 3;
  const iso = (time: number) => new Date(time).toISOString().replace(/\.\d+/, "");
  return { notBefore: iso(since), notAfter: iso(since + valid), renewalTime: iso(since + valid - before) };
}

/** What is written on the Secret of a certificate. */
function secretMetadata({ metadata: { name }, spec }: LiveObject) {
  const {
    kind = "Issuer",
    name: issuer,
    group = GROUP,
  } = (spec?.["issuerRef"] ?? {}) as Partial<Record<string, string>>;
  const listed = (key: string) => ((spec?.[key] ?? []) as string[]).join(",");
  const said = {
    "alt-names": listed("dnsNames"),
    "certificate-name": name,
    "common-name": text(spec, "commonName"),
    "ip-sans": listed("ipAddresses"),
    "issuer-group": group,
    "issuer-kind": kind,
    "issuer-name": issuer ?? "",
    "uri-sans": listed("uris"),
  };
  return {
    labels: { "controller.cert-manager.io/fao": "true" },
    annotations: Object.fromEntries(Object.entries(said).map(([key, value]) => [`cert-manager.io/${key}`, value])),
  };
}

/** What is told of a certificate from the moment that it is asked for. */
const ASKED: Readiness["events"] = ["Normal Issuing", "Normal Generated", "Normal Requested"];

const certificate =
  (issue: Issue): Reconcile =>
  async (object, view) => {
    const namespace = namespaceOf(object);
    const { name, kind } = (object.spec?.["issuerRef"] ?? {}) as { name?: string; kind?: string };
    const of = kind === "ClusterIssuer" ? pathOf(CLUSTER_ISSUERS, "", name) : pathOf(ISSUERS, namespace, name);
    if (!isReady(await view.api.get(of)))
      return {
        missing: `${kind ?? "Issuer"} ${name} is not ready`,
        events: ASKED,
        status: { nextPrivateKeySecretName: `${object.metadata.name}-next` },
      };
    await view.ensureSecret({
      namespace,
      name: String(object.spec?.["secretName"]),
      type: "kubernetes.io/tls",
      metadata: secretMetadata(object),
      values: await issue(object, view),
    });
    return {
      events: ASKED,
      status: { ...datesOf(object), revision: object.status?.["revision"] ?? 1, nextPrivateKeySecretName: null },
    };
  };

/** What an issuer says that can sign. */
function readyWord({ spec }: LiveObject): string {
  if (inside(spec, "ca")) return "KeyPairVerified";
  return inside(spec, "acme") ? "ACMEAccountRegistered" : "IsReady";
}

/** What cert-manager says. A certificate that is not there is being issued for as long as its issuer is not ready. */
const says: Operator["says"] = (object, readiness) => {
  const observedGeneration = object.metadata.generation;
  if (object.kind !== "Certificate")
    return [{ ...sayReady(readiness, [readyWord(object), "ErrGetKeyPair"]), observedGeneration }];
  const ready = { ...sayReady(readiness, ["Ready", "DoesNotExist"]), observedGeneration };
  return readiness.missing === undefined ? [ready] : [{ ...ready, type: "Issuing", status: "True" }, ready];
};

/** cert-manager, which takes certificates from somewhere. */
export const simulatedCertManager = (issue: Issue): Operator => ({
  namespace: OWN_NAMESPACE,
  says,
  kinds: [
    [CLUSTER_ISSUERS, issuer],
    [ISSUERS, issuer],
    [CERTIFICATES, certificate(issue)],
  ],
});

/** cert-manager. */
export const SIMULATED_CERT_MANAGER: Operator = simulatedCertManager(placeholder);
