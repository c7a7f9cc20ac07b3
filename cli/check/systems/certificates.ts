/** Checks of certificates as clients outside the cluster see them, and of DNS. */
import { rootCertificates } from "node:tls";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { INPUTS } from "../../../constructs/core/inputs";
import { NAMESPACE } from "../../../ground/namespaces";
import { messageOf } from "../../../ground/errors";
import { accessOf } from "../../shared/site/addresses";
import { givenInput } from "../../shared/site/inputs";
import { type Outside, OUTSIDE, type Server, type Shown } from "./outside";
import type { Check, CheckProps, Verdict } from "../model/verdict";
import { endVerdict, SOON_DAYS } from "./renewal";

/** OpenSSL's words for what is judged here by dates and by name. */
const JUDGED_OTHERWISE = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "ERR_TLS_CERT_ALTNAME_INVALID"];
/** Milliseconds that the cluster gets to tell the site's own authority. */
const PATIENCE = 8000;
const PAGE = "docs/operations.md";

/** A server of a site that clients outside the cluster come to, and what it is. */
type Address = Pick<Server, "host" | "port"> & { readonly name: string };

/** Every server of a site, each once. */
function serversOf({ site, stacks, machine }: CheckProps): Address[] {
  const { addresses } = accessOf(site, stacks, "", machine.env);
  const all = addresses.map(({ name, address }) => {
    const url = new URL(address.startsWith("https://") ? address : `https://${address}`);
    return { name, host: url.hostname, port: Number(url.port || 443) };
  });
  const key = ({ host, port }: Address) => `${host}:${port}`;
  return all.filter((one, i) => all.findIndex((other) => key(other) === key(one)) === i);
}

/** Where all names of a site should lead; undefined where only its load balancers know. */
async function addressOf(
  { site: { cluster, kafka }, machine }: CheckProps,
  outside: Outside,
): Promise<string[] | undefined> {
  if (cluster.kind === "gke" || kafka.access.kind === "loadbalancer") return undefined;
  const server =
    cluster.kind === "k3s" ? (cluster.address ?? givenInput(INPUTS.serverAddress.name, machine.env)) : cluster.address;
  return server === undefined ? undefined : outside.addresses(server).catch(() => undefined);
}

/** Who may sign the site's certificates, in PEM: where it has an authority of its own, only the cluster knows that. */
async function authoritiesOf({ site, clients }: CheckProps): Promise<readonly string[] | undefined> {
  if (site.certificates.kind !== "own-ca") return rootCertificates;
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE).unref());
  const own = clients.secret(NAMESPACE.certManager, OWN_CA_SECRET, "tls.crt").catch(() => undefined);
  const found = await Promise.race([own, late]);
  return found === undefined ? undefined : [...rootCertificates, found];
}

/** Looks at every name and every certificate of a site from this machine. */
export async function fromOutside(props: CheckProps, outside: Outside = OUTSIDE): Promise<Verdict[]> {
  const servers = serversOf(props);
  const [expected, authorities] = await Promise.all([addressOf(props, outside), authoritiesOf(props)]);
  const names = [...new Set(servers.map(({ host }) => host))];
  const found = new Map<string, string[]>();
  const wrong = (await Promise.all(names.map((name) => judgeName(name, expected, outside, found)))).flat();
  const healthy = expected === undefined ? "each name leads somewhere" : `each leads to ${expected.join(", ")}`;
  const dns: Verdict[] =
    wrong.length > 0 ? wrong : [{ level: "ok", what: "DNS", measured: `${names.length} names lead there`, healthy }];
  const shown = servers.map(async (server): Promise<Verdict[]> => {
    const [address] = found.get(server.host) ?? [];
    return address === undefined ? [] : [await judgeServer(server, address, authorities, props, outside)];
  });
  return [...dns, ...(await Promise.all(shown)).flat()];
}

async function judgeName(
  name: string,
  expected: readonly string[] | undefined,
  outside: Outside,
  found: Map<string, string[]>,
): Promise<Verdict[]> {
  const healthy = expected === undefined ? "it leads somewhere" : `it leads to ${expected.join(", ")}`;
  const common = { level: "fail" as const, what: `DNS of ${name}`, healthy, page: PAGE };
  try {
    const addresses = await outside.addresses(name);
    found.set(name, addresses);
    if (expected === undefined || addresses.some((one) => expected.includes(one))) return [];
    return [
      {
        ...common,
        measured: `it leads to ${addresses.join(", ")}`,
        remedy: "correct its record, or the line of /etc/hosts; npm run access says what is right",
      },
    ];
  } catch (error) {
    return [
      {
        ...common,
        measured: `it leads nowhere: ${messageOf(error)}`,
        remedy: "make its record, or a line of /etc/hosts as npm run access says",
      },
    ];
  }
}

async function judgeServer(
  server: Address,
  address: string,
  authorities: readonly string[] | undefined,
  { site, signal, now }: CheckProps,
  outside: Outside,
): Promise<Verdict> {
  const { name, host, port } = server;
  const common = {
    what: `${name} at ${host}:${port}`,
    healthy: `a certificate for this name that a known authority signed, valid for ${SOON_DAYS} days`,
    page: PAGE,
  };
  try {
    const shown = await outside.certificate({ ...server, address }, authorities, signal);
    const isIssued = site.certificates.kind !== "given";
    return judgeShown(common, host, shown, { isKnown: authorities !== undefined, isIssued, now: now() });
  } catch (error) {
    if (signal.aborted) throw error;
    return {
      ...common,
      level: "fail",
      measured: messageOf(error),
      remedy:
        "see that what listens there runs (subject cluster), and that no firewall keeps its port from this machine",
    };
  }
}

function judgeShown(
  common: Pick<Verdict, "what" | "healthy"> & { readonly page: string },
  host: string,
  { certificate, distrust }: Shown,
  { isKnown, isIssued, now }: { readonly isKnown: boolean; readonly isIssued: boolean; readonly now: number },
): Verdict {
  const wrongName = certificate.checkHost(host) === undefined;
  const remedy = "see subject certificates from inside, and the Ingress or listener that names its Secret";
  if (wrongName) {
    const names = certificate.subjectAltName ?? certificate.subject.replaceAll("\n", ", ");
    return { ...common, level: "fail", measured: `its certificate is for another name: ${names}`, remedy };
  }
  const end = endVerdict({ ...common, remedy }, certificate, now);
  if (end.level !== "ok" || distrust === undefined || JUDGED_OTHERWISE.includes(distrust)) return end;
  const issuer = certificate.issuer.replaceAll("\n", ", ");
  if (!isKnown)
    return {
      ...common,
      level: "unknown",
      measured: `${end.measured}; whether ${issuer}, who signed it, is the site's authority only the cluster knows`,
      remedy: "run it again where the cluster answers",
    };
  const trust = `nobody known signed it (${distrust}): its authority is ${issuer}`;
  const another = isIssued
    ? "; if an earlier authority of the site signed it, delete its Secret, and cert-manager issues another"
    : "";
  return { ...common, level: "fail", measured: `${trust}, so clients refuse it`, remedy: `${remedy}${another}` };
}

/** Checks of certificates from outside. */
export const certificateChecks: readonly Check[] = [
  {
    subject: "certificates",
    title: "names and certificates from outside",
    seconds: 20,
    outside: true,
    run: (props) => fromOutside(props),
  },
];
