import { X509Certificate } from "node:crypto";
import type { Outside } from "../../../../cli/check/systems/outside";
import { fromOutside } from "../../../../cli/check/systems/certificates";
import { renewalChecks } from "../../../../cli/check/systems/renewal";
import type { CheckProps, Verdict } from "../../../../cli/check/model/verdict";
import { parseEnvironment } from "../../../../environments/parse";
import { UserError } from "../../../../ground/errors";
import { StackView } from "../../../../synthesized/stack";
import { makeCertificate } from "../../../support/certificates";
import { siteWith } from "../../../support/environment";
import { ago, checkProps, expectRemedies, NOW, short, type World } from "../support";

const DAY = 24 * 3600;
const day = (days: number) => new Date(NOW + days * DAY * 1000);

const stack = new StackView(
  "toy",
  "efd",
  JSON.stringify({
    output: {
      kafka_bootstrap: { value: "kafka.example.org:31092" },
      kafka_brokers: { value: ["kafka-0.example.org:31090"] },
    },
  }),
  [],
  "",
);

/** What the world outside shows. */
interface Surface {
  readonly address?: (name: string) => string[];
  readonly names?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  readonly distrust?: string;
  readonly error?: Error;
}

async function look(surface: Surface, world: World = {}, changes: Partial<CheckProps> = {}): Promise<string[]> {
  const verdicts = await verdictsOn(surface, world, changes);
  expectRemedies(verdicts);
  return short(verdicts);
}

function verdictsOn(surface: Surface, world: World = {}, changes: Partial<CheckProps> = {}): Promise<Verdict[]> {
  const { names = ["kafka.example.org", "kafka-0.example.org"], from = day(-60), to = day(60), distrust } = surface;
  const certificate = new X509Certificate(makeCertificate({ subject: "kafka", names, from, to }).certificate);
  const outside: Outside = {
    addresses: (name) => {
      const found = name.startsWith("192.") ? [name] : (surface.address ?? (() => ["192.0.2.1"]))(name);
      return found.length > 0 ? Promise.resolve(found) : Promise.reject(new Error(`getaddrinfo ENOTFOUND ${name}`));
    },
    certificate: () =>
      surface.error
        ? Promise.reject(surface.error)
        : Promise.resolve({ certificate, ...(distrust === undefined ? {} : { distrust }) }),
  };
  const authority = { clients: { secret: () => Promise.resolve("an authority") } };
  const props = checkProps({ ...authority, ...world }, { stacks: [stack], ...changes });
  return fromOutside(props, outside);
}

const BOOTSTRAP = "Kafka bootstrap (SASL_SSL, SCRAM-SHA-512) at kafka.example.org:31092";

describe("from outside", () => {
  it("is ok where names and certificates are right", async () => {
    expect(await look({})).toEqual([
      "ok DNS: 2 names lead there",
      `ok ${BOOTSTRAP}: valid until 2027-01-29T12:00Z, for 60 d`,
      "ok Kafka broker 0 at kafka-0.example.org:31090: valid until 2027-01-29T12:00Z, for 60 d",
    ]);
  });

  it("warns of an end within three weeks, and fails after it and before the beginning", async () => {
    expect(await look({ to: day(20) })).toContain(`warn ${BOOTSTRAP}: valid until 2026-12-20T12:00Z, for 20 d`);
    expect(await look({ to: day(-1) })).toContain(`fail ${BOOTSTRAP}: ended 24 h ago, at 2026-11-29T12:00Z`);
    expect(await look({ to: day(-1), distrust: "CERT_HAS_EXPIRED" })).toContain(
      `fail ${BOOTSTRAP}: ended 24 h ago, at 2026-11-29T12:00Z`,
    );
    expect(await look({ from: day(1) })).toContain(
      `fail ${BOOTSTRAP}: valid only from 2026-12-01T12:00Z: see the clocks`,
    );
  });

  it("fails where a certificate is for another name", async () => {
    expect(await look({ names: ["kafka-0.example.org"] })).toEqual([
      "ok DNS: 2 names lead there",
      `fail ${BOOTSTRAP}: its certificate is for another name: DNS:kafka-0.example.org`,
      expect.stringMatching(/^ok Kafka broker 0/),
    ]);
  });

  it("fails where nobody known signed it; without the cluster nobody knows the site's own authority", async () => {
    const surface = { distrust: "SELF_SIGNED_CERT_IN_CHAIN" };
    expect(await look(surface)).toContain(
      `fail ${BOOTSTRAP}: nobody known signed it (SELF_SIGNED_CERT_IN_CHAIN): its authority is CN=kafka, so clients refuse it`,
    );
    const secret = () => Promise.reject(new UserError("the cluster does not answer"));
    expect(await look(surface, { clients: { secret } })).toContainEqual(
      expect.stringMatching(/^unknown Kafka bootstrap.*only the cluster knows$/),
    );
    const usual = parseEnvironment(
      siteWith({
        certificates: {
          kind: "acme",
          server: "https://acme.example.org/directory",
          region: "us-east-1",
          hostedZoneId: "Z0123456789ABC",
        },
        secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "efd" },
      }),
    );
    expect(await look(surface, { clients: { secret } }, { site: usual })).toContainEqual(
      expect.stringMatching(/^fail Kafka bootstrap.*nobody known signed it/),
    );
  });

  it("says how another is issued, where the site issues them", async () => {
    const remedyAt = async (certificates: object) => {
      const site = parseEnvironment(siteWith({ certificates }));
      const verdicts = await verdictsOn({ distrust: "SELF_SIGNED_CERT_IN_CHAIN" }, {}, { site });
      return verdicts.find(({ what }) => what === BOOTSTRAP)?.remedy;
    };
    expect(await remedyAt({ kind: "own-ca" })).toMatch(/delete its Secret, and cert-manager issues another$/);
    expect(await remedyAt({ kind: "given" })).toMatch(/that names its Secret$/);
  });

  it("fails where a server shows nothing in time, and looks at the others", async () => {
    expect(await look({ error: new UserError("it shows no certificate within 5 s") })).toEqual([
      "ok DNS: 2 names lead there",
      `fail ${BOOTSTRAP}: it shows no certificate within 5 s`,
      expect.stringMatching(/^fail Kafka broker 0/),
    ]);
  });

  it("fails where a name leads nowhere or elsewhere", async () => {
    expect(await look({ address: (name) => (name === "kafka.example.org" ? [] : ["198.51.100.7"]) })).toEqual([
      "fail DNS of kafka.example.org: it leads nowhere: getaddrinfo ENOTFOUND kafka.example.org",
      "fail DNS of kafka-0.example.org: it leads to 198.51.100.7",
      expect.stringMatching(/^ok Kafka broker 0/),
    ]);
  });
});

describe("renewal", () => {
  const at = async (title: string, world: World) => {
    const check = renewalChecks.find((one) => one.title === title);
    const verdicts = (await check?.run(checkProps(world))) ?? [];
    expectRemedies(verdicts);
    return short(verdicts);
  };
  const certificate = (status: object) => ({ metadata: { name: "kafka", namespace: "kafka" }, status });
  const certManager = (status: object) =>
    at("renewal by cert-manager", {
      objects: { "/apis/cert-manager.io/v1/certificates": [certificate(status)] },
    });
  const ready = [{ type: "Ready", status: "True" }];

  it("is what cert-manager says", async () => {
    expect(await certManager({ conditions: ready, notAfter: ago(-60 * DAY), renewalTime: ago(-30 * DAY) })).toEqual([
      "ok Certificate kafka/kafka: Ready until 2027-01-29T12:00Z",
    ]);
    expect(await certManager({ conditions: ready, notAfter: ago(-20 * DAY), renewalTime: ago(10 * DAY) })).toEqual([
      "warn Certificate kafka/kafka: its renewal is due since 10 d, and was not made",
    ]);
    expect(
      await certManager({
        conditions: [{ type: "Ready", status: "False", reason: "Failed", message: "no challenge" }],
      }),
    ).toEqual(["fail Certificate kafka/kafka: not ready: Failed: no challenge"]);
  });

  it("fails for a certificate that an earlier authority of the site signed", async () => {
    const now = makeCertificate({ subject: "EFD", ca: true, to: day(3000) });
    const before = makeCertificate({ subject: "EFD", ca: true, to: day(3000) });
    const seen = (issuer: typeof now, name = "efd") => {
      const leaf = makeCertificate({ subject: "kafka", issuer });
      const pems = new Map([
        ["efd-ca", now.certificate],
        ["kafka-external-tls", leaf.certificate],
      ]);
      return at("renewal by cert-manager", {
        objects: {
          "/apis/cert-manager.io/v1/certificates": [
            {
              metadata: { name: "efd-ca", namespace: "cert-manager" },
              spec: { secretName: "efd-ca" },
              status: { conditions: ready },
            },
            {
              ...certificate({ conditions: ready }),
              spec: { secretName: "kafka-external-tls", issuerRef: { name } },
            },
          ],
        },
        clients: { secret: (_namespace, name) => Promise.resolve(pems.get(name) ?? "") },
      });
    };
    expect(await seen(now)).toEqual(["ok Certificate cert-manager/efd-ca: Ready", "ok Certificate kafka/kafka: Ready"]);
    expect(await seen(before)).toEqual([
      "ok Certificate cert-manager/efd-ca: Ready",
      "fail Certificate kafka/kafka: signed by an authority that the site no longer has: clients that trust the present one refuse it",
    ]);
    expect(await seen(before, "another")).toEqual(await seen(now));
  });

  it("is not there at all", async () => {
    expect(await at("renewal by cert-manager", {})).toEqual([
      "fail Certificates: cert-manager has none, so nothing renews what clients see",
    ]);
  });

  it("is seen at Kafka's authorities", async () => {
    const secret = (_namespace: string, name: string) => {
      const to = name === "efd-cluster-ca-cert" ? day(300) : day(5);
      return Promise.resolve(makeCertificate({ subject: name, ca: true, from: day(-60), to }).certificate);
    };
    expect(await at("Kafka's authorities", { clients: { secret } })).toEqual([
      expect.stringMatching(/^ok authority kafka\/efd-cluster-ca-cert: valid until .*, for 300 d$/),
      expect.stringMatching(/^warn authority kafka\/efd-clients-ca-cert: valid until .*, for 5 d$/),
    ]);
  });
});
