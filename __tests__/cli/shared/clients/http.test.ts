import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { http, overConnection, overNetwork } from "../../../../cli/shared/clients/http";
import { openTunnel } from "../../../../cli/shared/clients/tunnel";
import { UserError } from "../../../../ground/errors";
import { makeCertificate } from "../../../support/certificates";
import { fakeApi } from "./fake-api";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function listening(server: Server): Promise<number> {
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const program = (listener: RequestListener) => listening(createServer(listener));
const forever = () => new AbortController().signal;
const from = (port: number, signal = forever(), path = "") =>
  http({ name: "app.ns:80", signal, send: overNetwork(new URL(`http://127.0.0.1:${port}${path}`)) });

const ECHO: RequestListener = (request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part.toString()));
  request.on("end", () => {
    const { method, url, headers } = request;
    response.writeHead(302, { location: "/elsewhere" });
    response.end(JSON.stringify({ method, url, host: headers.host, x: headers["x-a"], body }));
  });
};

test("a question goes out as it is, and redirects are not followed", async () => {
  const port = await program(ECHO);
  const question = { method: "POST", path: "/b?c=d", headers: { "x-a": "e" }, body: "ü" } as const;
  const { status, headers, text } = await from(port, forever(), "/base/").ask(question);
  expect([status, headers["location"]]).toEqual([302, "/elsewhere"]);
  expect(JSON.parse(text)).toEqual({
    method: "POST",
    url: "/base/b?c=d",
    host: `127.0.0.1:${port}`,
    x: "e",
    body: "ü",
  });
});

test("through the API server", async () => {
  const port = await program(ECHO);
  const api = await fakeApi();
  closing.push(() => {
    api.close();
  });
  const open = () => openTunnel({ namespace: "ns", pod: "p", port }, { server: api.url, login: {}, signal: forever() });
  const inside = http({ name: "app.ns:80", signal: forever(), send: overConnection(open, "app.ns:80") });
  const { text } = await inside.ask({ method: "PUT", path: "/b", body: "c" });
  expect(JSON.parse(text)).toMatchObject({ method: "PUT", url: "/b", host: "app.ns:80", body: "c" });
  const nothing = http({
    name: "app.ns:80",
    signal: forever(),
    send: overConnection(
      () => openTunnel({ namespace: "ns", pod: "p", port: 1 }, { server: api.url, login: {}, signal: forever() }),
      "app.ns:80",
    ),
  });
  await expect(nothing.ask({ path: "/" })).rejects.toThrow(
    /^app\.ns:80 does not answer: no way to port 1 of pod ns\/p: .*ECONNREFUSED.* \(after [\d.]+ s\)$/,
  );
});

test("who does not answer is named", async () => {
  await expect(from(1).ask({ path: "/" })).rejects.toThrow(/^app\.ns:80 does not answer: .*ECONNREFUSED/);
  const broken = await program((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  });
  await expect(from(broken).ask({ path: "/" })).rejects.toThrow(UserError);
});

test("the signal ends a question that was accepted and is never answered, and an answer that never ends", async () => {
  const reason = new UserError("time is over");
  const silent = await program((request, response) => {
    if (request.url === "/some") response.writeHead(200).write("some");
  });
  const controller = new AbortController();
  const asking = [
    from(silent, controller.signal).ask({ path: "/" }),
    from(silent, controller.signal).ask({ path: "/some" }),
  ];
  setTimeout(() => {
    controller.abort(reason);
  }, 50);
  for (const one of asking) await expect(one).rejects.toBe(reason);
  await expect(from(silent, controller.signal).ask({ path: "/" })).rejects.toBe(reason);
});

test("an answer comes in pieces, and who stops to read closes it", async () => {
  let closed: Promise<unknown> | undefined;
  const endless = await program((_, response) => {
    closed = once(response, "close");
    response.writeHead(200);
    const fill = () => {
      while (response.write(Buffer.alloc(1024)));
      response.once("drain", fill);
    };
    fill();
  });
  const { status, pieces } = await from(endless).stream({ path: "/" });
  let length = 0;
  for await (const piece of pieces) if ((length += piece.length) > 100_000) break;
  expect(status).toBe(200);
  // One that nobody closes never says so.
  await closed;
});

test("the site's own authority is trusted besides others", async () => {
  const ca = makeCertificate({ subject: "ca", ca: true });
  const { certificate, pkcs8 } = makeCertificate({
    subject: "a",
    names: ["localhost"],
    usage: "serverAuth",
    issuer: ca,
  });
  const port = await listening(
    createTlsServer({ cert: certificate, key: pkcs8 }, (_, response) => response.end("hello")),
  );
  const url = new URL(`https://localhost:${port}`);
  const trusting = http({
    name: "a",
    signal: forever(),
    send: overNetwork(url, () => Promise.resolve([ca.certificate])),
  });
  expect((await trusting.ask({ path: "/" })).text).toBe("hello");
  const other = http({ name: "a", signal: forever(), send: overNetwork(url) });
  await expect(other.ask({ path: "/" })).rejects.toThrow(/^a does not answer: .*certificate/);
});
