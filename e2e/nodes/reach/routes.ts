/** The routes of the site as whoever is outside sees them: certificates, redirects, logins, hosts that are none. */
import { request } from "node:https";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { OWN_CA_SECRET } from "../../../constructs/certificates/certificates";
import { INFLUXDB_READER, READER } from "../../../constructs/influxdb/secrets";
import { NAMESPACE } from "../../../ground/namespaces";
import { messageOf } from "../../../ground/errors";
import type { Checks } from "../../data-path/check";
import { type AddressName, addressesOf, addressOf } from "../site/reader";
import type { RunningSite } from "../site/running-site";

/** What a server shows to whoever asks for a host. */
export interface Shown {
  /** Names of its certificate. */
  readonly names: readonly string[];
  /** Why it is not trusted; nothing where it is. */
  readonly error: string;
}

/** Asks a server at 127.0.0.1:443 for the certificate of a host. The own authority alone is trusted. */
export function shownFor(host: string, authority: string, port = 443): Promise<Shown> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, servername: host, ca: [authority], rejectUnauthorized: false });
    const end = (shown: Shown) => {
      socket.destroy();
      resolve(shown);
    };
    socket.once("secureConnect", () =>
      end({
        names: namesOf(socket.getPeerCertificate(true)),
        error: socket.authorized ? "" : messageOf(socket.authorizationError),
      }),
    );
    socket.once("error", (error) => end({ names: [], error: messageOf(error) }));
    socket.setTimeout(60_000, () => end({ names: [], error: "no answer" }));
  });
}

/** Status of the answer to whoever connects to one host of 127.0.0.1:443, and then asks for another one. */
function statusOf(asked: string, host: string, authority: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const way = { host: "127.0.0.1", port: 443, servername: host, ca: [authority], agent: false };
    const call = request({ ...way, headers: { host: asked } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    call.setTimeout(60_000, () => call.destroy(new Error(`${host} does not answer`)));
    call.once("error", reject);
    call.end();
  });
}

const namesOf = ({ subjectaltname = "" }: Partial<DetailedPeerCertificate>): string[] =>
  subjectaltname.split(", ").flatMap((one) => (one.startsWith("DNS:") ? [one.slice("DNS:".length)] : []));

/** Looks at every route. */
export async function lookAtRoutes(site: RunningSite, checks: Checks): Promise<void> {
  const { clients } = site;
  const authority = await clients.secret(NAMESPACE.certManager, OWN_CA_SECRET, "tls.crt");
  const ask = (address: string, path = "/") => clients.outside(address).ask({ path });
  for (const [name, address] of addressesOf(site)) {
    if (!address.startsWith("https://")) continue;
    const { host, href } = new URL(address);
    checks.same(`certificate of ${name}`, await shownFor(host, authority), { names: [host], error: "" });
    // InfluxDB has no page; the registry asks for a login.
    const path = name.startsWith("influxdb") ? "/ping" : "/";
    const { status, headers } = await ask(address, path);
    checks.same(`route of ${name} leads to its program`, [200, 204, 401].includes(status), true);
    checks.same(`route of ${name} sets no HSTS`, headers["strict-transport-security"], undefined);
    const plain = await ask(address.replace("https://", "http://"));
    // traefik answers 301 to whoever reads, and 308 to all others.
    checks.same(`${name} without TLS`, [plain.status, plain.headers["location"]], [301, href]);
  }
  await logins(site, checks);
  const { host } = new URL(addressOf(site, "influxdb"));
  const unknown = host.replace(/^[^-.]+/, "unknown");
  const stranger = await shownFor(unknown, authority);
  checks.same(
    "a host that is none has no certificate of ours",
    stranger.error !== "" && !stranger.names.includes(unknown),
    true,
  );
  checks.same("a host that is none leads nowhere", await statusOf(unknown, host, authority), 404);
}

/** Who gives no password, or a wrong one, gets nothing. */
async function logins(site: RunningSite, checks: Checks): Promise<void> {
  const { clients } = site;
  const at = (name: AddressName) => clients.outside(addressOf(site, name));
  const basic = (name: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
  });
  const registry = { path: "/subjects" } as const;
  checks.same("registry without a login", (await at("schema-registry").ask(registry)).status, 401);
  checks.same(
    "registry with a wrong password",
    (await at("schema-registry").ask({ ...registry, headers: basic("efd", "wrong") })).status,
    401,
  );
  const question = { path: `/query?q=${encodeURIComponent("SHOW DATABASES")}` };
  checks.same("InfluxDB without a login", (await at("influxdb").ask(question)).status, 401);
  checks.same(
    "InfluxDB with a wrong password",
    (await at("influxdb").ask({ ...question, headers: basic(READER, "wrong") })).status,
    401,
  );
  const password = await clients.secret(NAMESPACE.influxdb, INFLUXDB_READER.name, "password");
  const read = await at("influxdb").ask({ ...question, headers: basic(READER, password) });
  checks.same("InfluxDB as its reader", [read.status, read.text.includes('"efd"')], [200, true]);
}
