/** Ways to the programs of a site: a port that leads to a program's, and can stop doing so. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { endLater } from "../../data-path/program";

const HOST = "127.0.0.1";

/** A port. `passes`: to the program. `refuses`: nobody listens. `silent`: somebody takes every connection, and never answers. */
export type RelayMode = "passes" | "refuses" | "silent";

/** A port of this machine before a program's port. */
export class Relay {
  private server: Server | undefined;
  private readonly open = new Set<Socket>();
  private mode: RelayMode = "refuses";
  private told: (() => void)[] = [];

  constructor(
    readonly port: number,
    /** The program's port. */
    public to: number,
  ) {
    endLater(this);
  }

  /** Changes what happens to connections; those that are open end. */
  async set(mode: RelayMode): Promise<void> {
    this.mode = mode;
    for (const socket of this.open) socket.destroy();
    const { server } = this;
    if (mode === "refuses" && server) {
      this.server = undefined;
      await new Promise((resolve) => server.close(resolve));
    }
    if (mode === "refuses" || server) return;
    const made = createServer((socket) => this.take(socket));
    await new Promise<void>((resolve, reject) => {
      made.once("error", reject);
      made.listen(this.port, HOST, resolve);
    });
    this.server = made;
  }

  /** The next connection that comes. */
  taken(): Promise<void> {
    return new Promise((resolve) => this.told.push(resolve));
  }

  async stop(): Promise<void> {
    await this.set("refuses");
  }

  private take(socket: Socket): void {
    this.keep(socket);
    for (const tell of this.told.splice(0)) tell();
    if (this.mode === "silent") {
      socket.resume();
      return;
    }
    const onward = connect(this.to, HOST);
    this.keep(onward);
    socket.pipe(onward).pipe(socket);
    socket.once("close", () => onward.destroy());
    onward.once("close", () => socket.destroy());
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.open.delete(socket));
  }
}
