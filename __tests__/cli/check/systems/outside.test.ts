import { once } from "node:events";
import { createServer as createPlain, type Server } from "node:net";
import { createServer } from "node:tls";
import { OUTSIDE } from "../../../../cli/check/systems/outside";
import { type Made, makeCertificate } from "../../../support/certificates";

const authority = makeCertificate({ subject: "authority", ca: true });
const open: Server[] = [];

async function portOf(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

const showing = ({ certificate: cert, pkcs8: key }: Made) => portOf(createServer({ cert, key }));

const look = (
  port: number,
  authorities: readonly string[] = [authority.certificate],
  signal = new AbortController().signal,
) => OUTSIDE.certificate({ host: "a.example.org", port, address: "127.0.0.1" }, authorities, signal);

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

it("gives what a server shows, and whether it is to be trusted", async () => {
  const port = await showing(makeCertificate({ subject: "a", names: ["a.example.org"], issuer: authority }));
  const shown = await look(port);
  expect(shown.certificate.checkHost("a.example.org")).toBe("a.example.org");
  expect(shown.distrust).toBeUndefined();
  const other = makeCertificate({ subject: "other", ca: true });
  expect((await look(port, [other.certificate])).distrust).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

it("gives it also where its name is another, or it has ended", async () => {
  const past = { from: new Date(Date.now() - 2e8), to: new Date(Date.now() - 1e8) };
  const ended = await showing(makeCertificate({ subject: "a", names: ["a.example.org"], issuer: authority, ...past }));
  expect((await look(ended)).distrust).toBe("CERT_HAS_EXPIRED");
  const another = await showing(makeCertificate({ subject: "a", names: ["b.example.org"], issuer: authority }));
  expect((await look(another)).distrust).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

it("gives up a server that accepts and never answers, when its time is over", async () => {
  const port = await portOf(createPlain(() => undefined));
  const ending = new AbortController();
  setTimeout(() => ending.abort(new Error("out of time")), 100);
  await expect(look(port, [], ending.signal)).rejects.toThrow("out of time");
});

it("says that nothing listens, or speaks no TLS", async () => {
  const port = await portOf(createPlain((socket) => socket.end("hello\r\n")));
  await expect(look(port)).rejects.toThrow(/^no TLS there: wrong version number$/);
  const closed = await portOf(createPlain());
  open.splice(0).forEach((server) => server.close());
  await expect(look(closed)).rejects.toThrow(/ECONNREFUSED/);
});

it("leads names below localhost to this machine without asking", async () => {
  expect(await OUTSIDE.addresses("kafka.local.localhost")).toEqual(["127.0.0.1"]);
});
