/**
 * Stands before the API server and answers for the kubelets of simulated nodes how full volumes are: theirs do not, and an
 * API server asks no kubelet on a loopback address for that. Everything else goes through, port-forwards too.
 */
import { readFileSync, statfsSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request, type RequestOptions, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { inside, type Json } from "../../../synthesized/stack";
import { readYaml, toYaml } from "../../../synthesized/yaml";
import { endLater } from "../../data-path/program";

const SUMMARY = /^\/api\/v1\/nodes\/[^/]+\/proxy\/stats\/summary/;

/** A claim, and the folder of this machine whose file system is its volume. */
export interface Volume {
  readonly namespace: string;
  readonly pod: string;
  readonly claim: string;
  readonly folder: string;
}

/** The address by which everybody reaches the cluster. */
export class ApiFront {
  /** Seconds by which the API server's clock is ahead. */
  ahead = 0;
  /** Takes every question, and never answers. */
  isSilent = false;

  private constructor(
    private readonly server: Server,
    private readonly onward: RequestOptions,
    private readonly sockets: Set<Socket | Duplex>,
    /** What volumes there are. */
    readonly volumes: Volume[],
  ) {
    endLater(this);
  }

  /** Starts it before the API server of a kubeconfig, whose folder has its certificates, and writes a kubeconfig that leads here. */
  static async start(kubeconfig: string, written: string): Promise<ApiFront> {
    const tls = (name: string) => readFileSync(join(dirname(kubeconfig), "tls", name));
    const config = readYaml(readFileSync(kubeconfig, "utf8")) as Json;
    const { port } = new URL(String(inside(config, "clusters", "cluster", "server")));
    const onward = { host: "127.0.0.1", port, ca: tls("server-ca.crt") };
    const login = { cert: tls("client-admin.crt"), key: tls("client-admin.key") };
    const server = createServer({ cert: tls("serving-kube-apiserver.crt"), key: tls("serving-kube-apiserver.key") });
    const front = new ApiFront(server, { ...onward, ...login }, new Set(), []);
    server.on("request", (asked, answer) => front.answer(asked, answer));
    server.on("upgrade", (asked, socket, head) => front.upgrade(asked, socket, head));
    server.on("secureConnection", (socket) => front.keep(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const here = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const text = toYaml(config).replace(/server: \S+/, `server: ${here}`);
    writeFileSync(written, text, { mode: 0o600 });
    return front;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(socket: Socket | Duplex): void {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.sockets.delete(socket));
  }

  private answer(asked: IncomingMessage, answer: ServerResponse): void {
    const { url = "", method, headers } = asked;
    if (this.isSilent) return;
    if (SUMMARY.test(url)) {
      answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(this.summary()));
      return;
    }
    const forwarded = request({ ...this.onward, path: url, method, headers }, (given) => {
      const date = new Date(Date.now() + this.ahead * 1000).toUTCString();
      answer.writeHead(given.statusCode ?? 502, { ...given.headers, ...(this.ahead === 0 ? {} : { date }) });
      given.pipe(answer);
    });
    forwarded.on("error", () => answer.destroy());
    answer.once("close", () => forwarded.destroy());
    asked.pipe(forwarded);
  }

  private upgrade({ url, headers, method }: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.isSilent) return;
    const forwarded = request({ ...this.onward, path: url, method, headers });
    forwarded.on("upgrade", (given, other, first) => {
      this.keep(other);
      const lines = given.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${given.rawHeaders[i + 1]}`] : []));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.write(first);
      other.write(head);
      other.pipe(socket).pipe(other);
      other.once("close", () => socket.destroy());
      socket.once("close", () => other.destroy());
    });
    forwarded.on("response", (given) => {
      socket.write(`HTTP/1.1 ${given.statusCode} ${given.statusMessage}\r\nconnection: close\r\n\r\n`);
      given.pipe(socket);
    });
    forwarded.on("error", () => socket.destroy());
    forwarded.end();
  }

  /** What a kubelet says of the volumes of its pods: the file systems of this machine that hold their data. */
  private summary(): object {
    const pods = this.volumes.map(({ namespace, pod, claim, folder }) => {
      const { bsize, blocks, bavail } = statfsSync(folder);
      const [capacityBytes, availableBytes] = [blocks * bsize, bavail * bsize];
      const volume = {
        name: claim,
        pvcRef: { namespace, name: claim },
        capacityBytes,
        availableBytes,
        usedBytes: capacityBytes - availableBytes,
      };
      return { podRef: { namespace, name: pod }, volume: [volume] };
    });
    return { pods };
  }
}
