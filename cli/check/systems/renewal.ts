/** Checks of certificates inside the cluster: who renews them, and whether that works. */
import { X509Certificate } from "node:crypto";
import { inside } from "../../../synthesized/stack";
import { ISSUER, OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { UserError } from "../../../ground/errors";
import { NAMESPACE } from "../../../ground/namespaces";
import { unreadiness } from "../../shared/kubernetes/readiness";
import { moment, placeOf, secondsAgo, UNREADY_LEVEL } from "./objects";
import { duration } from "../../shared/terminal/duration";
import type { LiveObject } from "../../shared/kubernetes/client";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const DAY = 24 * 3600;
/** Days before its end at which a certificate is worth a warning: cert-manager and Strimzi have renewed it by then. */
export const SOON_DAYS = 21;
/** Seconds after which a renewal that is due has not worked. */
const RENEWAL = DAY;

/** A verdict of a certificate's dates alone. */
export function endVerdict(
  common: Pick<Verdict, "what" | "healthy"> & { readonly remedy: string; readonly page?: string },
  { validFrom, validTo }: Pick<X509Certificate, "validFrom" | "validTo">,
  now: number,
): Verdict {
  const left = -(secondsAgo(validTo, now) ?? 0);
  const end = moment(Date.parse(validTo));
  if ((secondsAgo(validFrom, now) ?? 0) < 0)
    return { ...common, level: "fail", measured: `valid only from ${moment(Date.parse(validFrom))}: see the clocks` };
  if (left <= 0) return { ...common, level: "fail", measured: `ended ${duration(-left)} ago, at ${end}` };
  const measured = `valid until ${end}, for ${duration(left)}`;
  if (left < SOON_DAYS * DAY) return { ...common, level: "warn", measured };
  return { what: common.what, healthy: common.healthy, level: "ok", measured };
}

/** What cert-manager says of its certificates, and whether the authority that the site has now signed them. */
async function certManager(props: CheckProps): Promise<Verdict[]> {
  const { site, clients, now } = props;
  const all = await clients.cluster.list("/apis/cert-manager.io/v1/certificates");
  const judgeSigner = await signerJudge(props);
  if (all.length > 0) return Promise.all(all.map(async (one) => (await judgeSigner(one)) ?? judge(one, now())));
  return [
    {
      level: "fail",
      what: "Certificates",
      measured: "cert-manager has none, so nothing renews what clients see",
      healthy: "one for each Secret with a certificate",
      remedy: `npm run deploy -- ${site.name} makes them; kubectl get crds says whether cert-manager is there at all`,
      page: "docs/operations.md",
    },
  ];
}

/** PEM of a Secret; undefined where there is none. */
const pemOf = (clients: CheckProps["clients"], namespace: string, name: string): Promise<string | undefined> =>
  clients.secret(namespace, name, "tls.crt").catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });

/**
 * Judges a certificate of a site with an authority of its own by who signed it. Where that authority was made anew,
 * cert-manager (1.21.1) does not notice: certificates of the old one stay until their renewal is due.
 */
async function signerJudge({ site, clients }: CheckProps): Promise<(one: LiveObject) => Promise<Verdict | undefined>> {
  const own =
    site.certificates.kind === "own-ca" ? await pemOf(clients, NAMESPACE.certManager, OWN_CA_SECRET) : undefined;
  if (own === undefined) return () => Promise.resolve(undefined);
  const authority = new X509Certificate(own);
  return async (one) => {
    if (inside(one.spec, "issuerRef", "name") !== ISSUER) return undefined;
    const { namespace = "" } = one.metadata;
    const name = String(one.spec?.["secretName"]);
    const pem = await pemOf(clients, namespace, name);
    if (pem === undefined || new X509Certificate(pem).verify(authority.publicKey)) return undefined;
    return {
      level: "fail",
      what: whatOf(one),
      healthy: HEALTHY,
      measured: "signed by an authority that the site no longer has: clients that trust the present one refuse it",
      remedy: `kubectl -n ${namespace} delete secret ${name}: cert-manager issues another at once, and brokers of Kafka restart for theirs`,
      page: "docs/operations.md",
    };
  };
}

const HEALTHY = "Ready, and renewed when that is due";
const whatOf = (one: LiveObject): string => `Certificate ${placeOf(one)}`;

function judge(one: LiveObject, now: number): Verdict {
  const { namespace, name } = one.metadata;
  const common = {
    what: whatOf(one),
    healthy: HEALTHY,
    remedy: `kubectl -n ${namespace} describe certificate,certificaterequest,order,challenge, and the log of cert-manager; it tries again: cmctl renew -n ${namespace} ${name}`,
    page: "docs/operations.md",
  };
  const status = (key: string) => inside(one, "status", key);
  const unready = unreadiness(one);
  if (unready) return { ...common, level: UNREADY_LEVEL[unready.state], measured: unready.why };
  const due = secondsAgo(status("renewalTime"), now);
  if (due !== undefined && due > RENEWAL)
    return { ...common, level: "warn", measured: `its renewal is due since ${duration(due)}, and was not made` };
  const end = status("notAfter");
  const measured = typeof end === "string" ? `Ready until ${moment(end)}` : "Ready";
  return { level: "ok", what: common.what, healthy: common.healthy, measured };
}

/** Secrets with the authorities that Strimzi makes and renews: of the brokers, and of accounts with a certificate. */
const STRIMZI = ["efd-cluster-ca-cert", "efd-clients-ca-cert"];

async function kafkaAuthorities({ clients, now }: CheckProps): Promise<Verdict[]> {
  const verdicts = STRIMZI.map(async (name): Promise<Verdict> => {
    const pem = await clients.secret(NAMESPACE.kafka, name, "ca.crt");
    const common = {
      what: `authority ${NAMESPACE.kafka}/${name}`,
      healthy: `valid for ${SOON_DAYS} days`,
      remedy:
        "Strimzi renews it 30 days before its end: read the log of its operator, then follow Certificates of Kafka",
      page: "docs/operations.md",
    };
    return endVerdict(common, new X509Certificate(pem), now());
  });
  return Promise.all(verdicts);
}

/** Checks of renewals. */
export const renewalChecks: readonly Check[] = [
  {
    subject: "certificates",
    title: "renewal by cert-manager",
    seconds: 15,
    applies: ({ certificates }) => certificates.kind !== "given",
    run: certManager,
  },
  { subject: "certificates", title: "Kafka's authorities", seconds: 15, run: kafkaAuthorities },
];
