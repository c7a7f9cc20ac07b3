/** Checks of the certificate that an operator gives: what the brokers or their clients would refuse, before anything changes. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { INPUTS } from "../../../constructs/core/inputs";
import { hostsOf } from "../../../environments/derived/hosts";
import { givenInput } from "../site/inputs";
import { requiredInputs } from "../site/stack-facts";
import type { SiteCheck } from "./site-check";

const CHAIN = `input ${INPUTS.tlsChain.name}`;
const KEY = `input ${INPUTS.tlsKey.name}`;
/** Extended key usage of servers; a certificate without any may be used for all. */
const SERVER_USAGE = "1.3.6.1.5.5.7.3.1";
/** Types that Kafka reads as PEM (PemStore of DefaultSslEngineFactory). */
const KEY_TYPES = ["rsa", "ec"];

/** Curves that Java has: its release 16 gave up the others, secp256k1 among them. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
/** Bits below which clients of today refuse an RSA key (OpenSSL's security level 2). */
const LEAST_BITS = 2048;

/** Why brokers or clients refuse a key; undefined where they do not. */
function keyProblem({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject) {
  const type: string = asymmetricKeyType ?? "unknown";
  if (!KEY_TYPES.includes(type))
    return `got a key of type ${type}, which no broker reads: ask for a certificate of an RSA or EC key`;
  const { namedCurve: curve, modulusLength: bits } = details ?? {};
  if (curve !== undefined && !CURVES.includes(curve))
    return `got a key on the curve ${curve}, which no broker reads: ask for a certificate of a key on ${CURVES.join(", ")}`;
  return bits !== undefined && bits < LEAST_BITS
    ? `got an RSA key of ${bits} bits, which clients refuse: ask for a certificate of a key of ${LEAST_BITS} bits or more`
    : undefined;
}

/** The PEM blocks of a text, each with what it says that it is. */
function blocksOf(pem: string): { what: string; text: string }[] {
  return [...pem.matchAll(/-{5}BEGIN ([A-Z0-9 ]+)-{5}[^-]*-{5}END \1-{5}/g)].map(([text, what = ""]) => ({
    what,
    text,
  }));
}

/** What a reader gives; undefined where it throws. */
function read<T>(reader: () => T): T | undefined {
  try {
    return reader();
  } catch {
    return undefined;
  }
}

const named = (certificate: X509Certificate | undefined): string =>
  (certificate?.subject || certificate?.subjectAltName || "no name").replaceAll("\n", ", ");

const dayOf = (date: string): string => new Date(date).toISOString().slice(0, 10);

/** The key, and what is wrong with it; another check reports an input of another form. */
function readKey(pem: string): { key?: KeyObject; problems: string[] } {
  const keys = blocksOf(pem).filter(({ what }) => what.endsWith("PRIVATE KEY"));
  if (keys.length > 1) return { problems: [`${KEY}: got ${keys.length} keys: give the one of the site's certificate`] };
  const key = read(() => createPrivateKey(pem));
  if (!key)
    return {
      problems: [`${KEY}: it cannot be read: give it from BEGIN to END, as openssl pkcs8 -topk8 -nocrypt writes it`],
    };
  const problem = keyProblem(key);
  return { key, problems: problem === undefined ? [] : [`${KEY}: ${problem}`] };
}

/** Whether the certificates are in order: the site's own first, and behind each the one that signed it. */
function orderProblems(chain: readonly X509Certificate[], key: KeyObject | undefined): string[] {
  const [first] = chain;
  const own = key ? chain.findIndex((one) => one.checkPrivateKey(key)) : chain.findIndex(({ ca }) => !ca);
  if (own > 0)
    return [
      `${CHAIN}: the site's own certificate (${named(chain[own])}) is number ${own + 1}: put it first, and behind each certificate the one that signed it`,
    ];
  const stranger =
    own < 0 && key
      ? [
          `${KEY}: it belongs to no certificate of ${INPUTS.tlsChain.name} (the first is for ${named(first)}): give the key with which that certificate was asked for`,
        ]
      : [];
  const broken = chain.slice(1).flatMap((issuer, i) => {
    const signed = chain[i];
    return signed && signed.checkIssued(issuer) && signed.verify(issuer.publicKey)
      ? []
      : [
          `${CHAIN}: certificate ${i + 2} (${named(issuer)}) did not sign certificate ${i + 1} (${named(signed)}): put behind each certificate the one that signed it, and leave out others`,
        ];
  });
  // What follows a mistake of order is mostly that mistake again.
  return [...stranger, ...broken.slice(0, 1)];
}

/** Whether a certificate is valid now. */
function dateProblems(certificate: X509Certificate, position: number, now: Date): string[] {
  const which = `${CHAIN}: certificate ${position + 1} (${named(certificate)})`;
  if (new Date(certificate.validTo) <= now)
    return [`${which} ended on ${dayOf(certificate.validTo)}: ask its authority for a new one`];
  return new Date(certificate.validFrom) > now
    ? [`${which} begins on ${dayOf(certificate.validFrom)}: wait until then, or correct this machine's clock`]
    : [];
}

/** Whether clients accept a certificate for these names, as they do: `*` is one whole label, and the subject is no name. */
function nameProblems(own: X509Certificate, hosts: readonly string[]): string[] {
  const lacking = hosts.filter((host) => !own.checkHost(host, { subject: "never", partialWildcards: false }));
  const usage = own.keyUsage as readonly string[] | undefined;
  return [
    ...(lacking.length > 0
      ? [
          `${CHAIN}: the certificate lacks ${lacking.join(", ")}: ask for one whose alternative names cover all of ${hosts.join(", ")}`,
        ]
      : []),
    ...(usage && usage.length > 0 && !usage.includes(SERVER_USAGE)
      ? [`${CHAIN}: the certificate is not for servers (extended key usage): ask for one that is`]
      : []),
  ];
}

/** What is wrong with a chain and its key for these host names: one line each, with the remedy. */
export function certificateProblems(
  given: { readonly chain: string; readonly key: string },
  hosts: readonly string[],
  now: Date = new Date(),
): string[] {
  const blocks = blocksOf(given.chain);
  const certificates = blocks.filter(({ what }) => what === "CERTIFICATE");
  const chain = certificates.map(({ text }) => read(() => new X509Certificate(text)));
  const readable = chain.filter((one) => one !== undefined);
  const { key, problems } = readKey(given.key);
  const isWhole = chain.length > 0 && readable.length === chain.length;
  const own = readable.find((one) => (key ? one.checkPrivateKey(key) : !one.ca)) ?? readable[0];
  return [
    ...(blocks.some(({ what }) => what.endsWith("PRIVATE KEY"))
      ? [`${CHAIN}: it holds a private key: give that as ${INPUTS.tlsKey.name} alone`]
      : []),
    ...(certificates.length === 0 ? [`${CHAIN}: it holds no whole certificate: give each from BEGIN to END`] : []),
    ...chain.flatMap((one, i) =>
      one ? [] : [`${CHAIN}: certificate ${i + 1} cannot be read: give it from BEGIN to END, as its authority sent it`],
    ),
    ...problems,
    ...(isWhole ? orderProblems(readable, key) : []),
    ...readable.flatMap((one) => dateProblems(one, chain.indexOf(one), now)),
    ...(isWhole && own ? nameProblems(own, hosts) : []),
  ];
}

/** The certificate that is given fits its key, its authorities, the date and every host of the site. */
export const givenCertificateFits: SiteCheck = ({ environment, stacks }, { env }) => {
  const isAsked = requiredInputs(stacks).some(({ name }) => name === INPUTS.tlsChain.name);
  const chain = givenInput(INPUTS.tlsChain.name, env);
  const key = givenInput(INPUTS.tlsKey.name, env);
  if (environment.certificates.kind !== "given" || !isAsked || chain === undefined || key === undefined) return [];
  // Another check reports an input of another form.
  const formed = INPUTS.tlsChain.form.pattern.test(chain) && INPUTS.tlsKey.form.pattern.test(key);
  return formed ? certificateProblems({ chain, key }, hostsOf(environment)) : [];
};
