/** A stub of an API server's port-forward: WebSocket to a port of this machine that plays the pod's. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { WebSocketServer } from "ws";

/** The stub. */
export interface FakeApi {
  readonly url: URL;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Open WebSockets. */
  open(): number;
  close(): void;
}

/** What the stub does instead of leading into a pod. */
export interface FakeApiProps {
  /** A refusal of every port-forward. */
  readonly refuses?: readonly [status: number, body: string];
  /** Accepts connections and never answers. */
  readonly isSilent?: boolean;
  /** Objects by path, for what is no port-forward. */
  readonly objects?: Readonly<Record<string, unknown>>;
}

/** Starts a stub; the port that a path asks for is one of this machine. */
export async function fakeApi({ refuses, isSilent = false, objects = {} }: FakeApiProps = {}): Promise<FakeApi> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (isSilent) return;
    const found = objects[request.url ?? ""];
    response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? { message: "not found" }));
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
  server.on("upgrade", (request, socket, head) => {
    asked.push(request.url ?? "");
    if (isSilent) return;
    if (refuses) {
      socket.end(`HTTP/1.1 ${refuses[0]} No\r\nConnection: close\r\n\r\n${refuses[1]}`);
      return;
    }
    const port = Number(new URL(request.url ?? "", "http://x").searchParams.get("ports"));
    sockets.handleUpgrade(request, socket, head, (client) => {
      const number = Buffer.of(port & 0xff, port >> 8);
      client.send(Buffer.concat([Buffer.of(0), number]));
      client.send(Buffer.concat([Buffer.of(1), number]));
      const inner = connect(port, "127.0.0.1");
      client.on("message", (message: Buffer) => inner.write(message.subarray(1)));
      client.on("close", () => inner.destroy());
      inner.on("data", (chunk) => {
        inner.pause();
        client.send(Buffer.concat([Buffer.of(0), chunk]), () => inner.resume());
      });
      inner.on("error", ({ message }) => {
        client.send(Buffer.concat([Buffer.of(1), Buffer.from(`error forwarding port ${port}: ${message}`)]));
        client.close();
      });
      inner.on("end", () => {
        client.close();
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked,
    open: () => sockets.clients.size,
    close: () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}
