/** Checks of certificates inside the cluster: who renews them, and whether that works. */
import { X509Certificate } from "node:crypto";
import { inside } from "../../../synthesized/stack";
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

/** What cert-manager says of its certificates. */
async function certManager({ site, clients, now }: CheckProps): Promise<Verdict[]> {
  const all = await clients.cluster.list("/apis/cert-manager.io/v1/certificates");
  if (all.length > 0) return all.map((one) => judge(one, now()));
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

function judge(one: LiveObject, now: number): Verdict {
  const { namespace, name } = one.metadata;
  const common = {
    what: `Certificate ${placeOf(one)}`,
    healthy: "Ready, and renewed when that is due",
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
