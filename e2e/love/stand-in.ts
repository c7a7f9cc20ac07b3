/** Stand-ins for the programs behind nginx. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { endLater } from "../data-path/program";
import { accept, sayGoodbye } from "./websocket";

/** Code with which uvicorn closes sockets when it ends. */
export const RESTARTS = 1012;

/** What a stand-in saw of a request, and says in its answer. */
export interface Seen {
  /** Name of the stand-in. */
  readonly by: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body. */
  readonly body: number;
}

/** A server that says what it was asked, by WebSocket and without. A path that ends with `/slow` takes two seconds. */
export class StandIn {
  /** WebSockets that are open. */
  readonly sockets = new Set<Duplex>();
  /** Requests without WebSocket. */
  readonly requests: Seen[] = [];

  private constructor(
    readonly name: string,
    readonly address: string,
    private readonly server: Server,
    answer: string | undefined,
  ) {
    server.on("request", (asked, response) => {
      let body = 0;
      asked.on("data", (data: Buffer) => (body += data.length));
      asked.on("end", () => {
        const seen = this.seen(asked, body);
        this.requests.push(seen);
        const slow = /\/slow$/.test(asked.url ?? "") ? 2000 : 0;
        void sleep(slow).then(() => response.end(answer ?? JSON.stringify(seen)));
      });
    });
    server.on("upgrade", (asked: IncomingMessage, socket: Duplex) => {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("end", () => socket.end());
      socket.resume();
      accept(asked, socket, JSON.stringify(this.seen(asked, 0)));
    });
    endLater(this);
  }

  /** Starts one; `answer` is what it says to every request in place of what it saw. */
  static async start(name: string, address: string, port: number, answer?: string): Promise<StandIn> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, address, resolve));
    return new StandIn(name, address, server, answer);
  }

  /** Ends as uvicorn does: it closes its sockets with a code. */
  async ends(): Promise<void> {
    for (const socket of this.sockets) sayGoodbye(socket, RESTARTS);
    await this.stop();
  }

  /** Ends at once; what was said last still arrives. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.sockets) (socket as Socket).destroySoon();
    await closed;
  }

  private seen({ method = "", url = "", headers }: IncomingMessage, body: number): Seen {
    return { by: this.name, method, url, headers, body };
  }
}
