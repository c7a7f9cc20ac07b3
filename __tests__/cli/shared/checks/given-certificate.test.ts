/** The certificate that an operator gives, against what Kafka's brokers, traefik and their clients accept. */
import { checkSite, DESTROY_CHECKS } from "../../../../cli/shared/checks/checks";
import { certificateProblems } from "../../../../cli/shared/checks/given-certificate";
import { hostsOf } from "../../../../environments/derived/hosts";
import { parseEnvironment } from "../../../../environments/parse";
import { ncsa } from "../../../../environments/sites/ncsa";
import { makeCertificate } from "../../../support/certificates";
import { stack } from "../../../support/sites";
import { surroundings } from "../../support";

const environment = parseEnvironment(ncsa);
const HOSTS = hostsOf(environment);
const root = makeCertificate({ subject: "root", ca: true });
const middle = makeCertificate({ subject: "middle", ca: true, issuer: root });
const stranger = makeCertificate({ subject: "stranger", names: HOSTS });
const rootOfOthers = makeCertificate({ subject: "root", ca: true });

const own = makeCertificate({ subject: "efd", names: HOSTS, issuer: middle });
const leaf = (changes: Parameters<typeof makeCertificate>[0] | object) =>
  makeCertificate({ subject: "efd", names: HOSTS, issuer: middle, ...changes });
const chain = (...certificates: { certificate: string }[]) => certificates.map((one) => one.certificate).join("");

const whole = { chain: chain(own, middle, root), key: own.pkcs8 };

test.each([
  ["the whole chain", whole],
  ["the chain without its root, as it is served", { ...whole, chain: chain(own, middle) }],
  ["lines of Windows", { ...whole, chain: whole.chain.replaceAll("\n", "\r\n") }],
  ["text between the certificates", { ...whole, chain: `s:CN=efd\n${chain(own)}\ns:CN=middle\n${chain(middle)}` }],
])("is taken with %s", (_what, given) => {
  expect(certificateProblems(given, HOSTS)).toEqual([]);
});

test.each([
  ["a wildcard for each label", leaf({ names: ["*.ncsa.illinois.edu"] })],
  ["an RSA key", leaf({ type: "rsa" })],
  ["a certificate for servers", leaf({ usage: "serverAuth" })],
])("is taken with %s", (_what, made) => {
  expect(certificateProblems({ chain: chain(made, middle), key: made.pkcs8 }, HOSTS)).toEqual([]);
});

test.each<[string, { chain: string; key: string }, RegExp]>([
  [
    "the authority first",
    { ...whole, chain: chain(root, middle, own) },
    /^input tls_chain: .*CN=efd.* is number 3: put it first/,
  ],
  ["an authority before", { ...whole, chain: chain(middle, own) }, /is number 2: put it first/],
  [
    "authorities in another order",
    { ...whole, chain: chain(own, root, middle) },
    /certificate 2 \(CN=root\) did not sign certificate 1 \(CN=efd\)/,
  ],
  ["one left out", { ...whole, chain: chain(own, root) }, /certificate 2 \(CN=root\) did not sign/],
  [
    "an authority of the same name",
    { ...whole, chain: chain(own, middle, rootOfOthers) },
    /certificate 3 \(CN=root\) did not sign/,
  ],
  ["a certificate of somebody else behind", { ...whole, chain: chain(own, middle, stranger) }, /leave out others/],
  [
    "another certificate's key",
    { ...whole, key: stranger.pkcs8 },
    /^input tls_key: it belongs to no certificate of tls_chain \(the first is for CN=efd\)/,
  ],
  [
    "a broken certificate",
    { ...whole, chain: whole.chain.replace(/MII\w{8}/, "MIIAAAAAAAA") },
    /^input tls_chain: certificate 1 cannot be read/,
  ],
  ["a cut certificate", { ...whole, chain: own.certificate.slice(0, 200) }, /holds no whole certificate/],
  ["a cut key", { ...whole, key: own.pkcs8.slice(0, 80) }, /^input tls_key: it cannot be read/],
  ["two keys", { ...whole, key: own.pkcs8 + stranger.pkcs8 }, /^input tls_key: got 2 keys/],
  ["the key in the chain", { ...whole, chain: whole.chain + own.pkcs8 }, /^input tls_chain: it holds a private key/],
])("is refused with %s", (_what, given, told) => {
  const problems = certificateProblems(given, HOSTS);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(told);
});

test.each<[string, ReturnType<typeof leaf>, RegExp]>([
  [
    "no name of a broker",
    leaf({ names: HOSTS.filter((host) => !host.includes("kafka-1")) }),
    /lacks lsst-kafka-1-int-efd\.ncsa\.illinois\.edu: ask/,
  ],
  ["no names but its subject", leaf({ subject: HOSTS[0], names: [] }), /lacks lsst-/],
  ["foreign names", leaf({ names: ["efd.example.org"] }), /lacks lsst-/],
  ["a wildcard that is too high", leaf({ names: ["*.illinois.edu"] }), /lacks lsst-/],
  ["a wildcard of a part of a label", leaf({ names: ["lsst-*-int-efd.ncsa.illinois.edu"] }), /lacks lsst-/],
  ["a usage for clients only", leaf({ usage: "clientAuth" }), /not for servers/],
  [
    "its last day over",
    leaf({ from: new Date("2020-01-01"), to: new Date("2021-01-01") }),
    /certificate 1 \(CN=efd\) ended on 2021-01-01/,
  ],
  ["its first day to come", leaf({ from: new Date("2120-01-01"), to: new Date("2121-01-01") }), /begins on 2120-01-01/],
  ["a key that brokers cannot read", leaf({ type: "ed25519" }), /^input tls_key: got a key of type ed25519/],
  ["a curve that Java has not", leaf({ curve: "secp256k1" }), /^input tls_key: got a key on the curve secp256k1/],
  ["a key that clients refuse", leaf({ type: "rsa", bits: 1024 }), /^input tls_key: got an RSA key of 1024 bits/],
])("is refused with %s", (_what, made, told) => {
  const problems = certificateProblems({ chain: chain(made, middle), key: made.pkcs8 }, HOSTS);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(told);
});

test("an authority that has ended is told too", () => {
  const old = makeCertificate({ subject: "old", ca: true, from: new Date("2019-01-01"), to: new Date("2020-01-01") });
  const made = leaf({ issuer: old });
  expect(certificateProblems({ chain: chain(made, old), key: made.pkcs8 }, HOSTS)).toEqual([
    "input tls_chain: certificate 2 (CN=old) ended on 2020-01-01: ask its authority for a new one",
  ]);
});

test("everything is told at once, and nothing of the key", () => {
  const made = leaf({ names: ["efd.example.org"], usage: "clientAuth", to: new Date("2021-01-01") });
  const problems = certificateProblems({ chain: chain(made, root), key: stranger.pkcs8 }, HOSTS);
  expect(problems.map((line) => /^input (\w+)/.exec(line)?.[1])).toEqual([
    "tls_key",
    "tls_chain",
    "tls_chain",
    "tls_chain",
    "tls_chain",
  ]);
  expect(problems.join()).not.toContain(stranger.pkcs8.split("\n")[1]);
});

describe("before anything changes", () => {
  const variables = (key: string) => ({ TF_VAR_tls_chain: chain(stranger), TF_VAR_tls_key: key });
  const lines = async (key: string, checks?: Parameters<typeof checkSite>[2]) => {
    const stacks = [stack("ncsa", "platform")] as Parameters<typeof checkSite>[0]["stacks"];
    const found = await checkSite({ environment, stacks }, surroundings({ env: variables(key) }), checks);
    return found.filter((line) => line.includes("tls_"));
  };

  test("deploy refuses it", async () => {
    expect(await lines(own.pkcs8)).toEqual([expect.stringMatching(/^input tls_key: it belongs to no certificate/)]);
    expect(await lines(stranger.pkcs8)).toEqual([]);
  });

  test.each(["RSA ", "EC ", "ENCRYPTED "])(
    "a key of the form BEGIN %sPRIVATE KEY is refused once, with the command that converts it",
    async (form) => {
      expect(await lines(own.pkcs8.replaceAll("PRIVATE KEY", `${form}PRIVATE KEY`))).toEqual([
        "input tls_key: got another text, allowed a private key in PKCS#8 as PEM without password (BEGIN PRIVATE KEY), convert it with openssl pkcs8 -topk8 -nocrypt -in key.pem -out key-pkcs8.pem",
      ]);
    },
  );

  test("destroy does not ask for it", async () => {
    expect(await lines(own.pkcs8, DESTROY_CHECKS)).toEqual([]);
  });
});
