/**
 * A connection into a port of a pod through the API server: a port-forward as a stream, without a port on this machine.
 * The API server speaks it by WebSocket in the subprotocol `v4.channel.k8s.io`: the first byte of a message is its channel,
 * 0 for data and 1 for what went wrong, and the first message of each channel is the number of the port, in two bytes.
 */
import type { RequestOptions } from "node:https";
import { Duplex } from "node:stream";
import WebSocket, { type RawData } from "ws";
import { messageOf, UserError } from "../../../ground/errors";
import { failureMessage, parseJson } from "../kubernetes/request";
import { reasonOf } from "./signals";

const PROTOCOL = "v4.channel.k8s.io";
const [DATA, FAILURE] = [0, 1] as const;
/** Bytes of a port's number. */
const PORT_BYTES = 2;
/** Milliseconds that the API server may take to open a way. */
const PATIENCE = 15_000;
/** Bytes of a refusal that are read. */
const LONGEST_REFUSAL = 64 * 1024;

/** A port of a pod. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Who opens a way. */
export interface TunnelProps {
  /** The API server. */
  readonly server: URL;
  /** How one logs in there. */
  readonly login: RequestOptions;
  /** Ends the connection at once. */
  readonly signal: AbortSignal;
}

/** The API server opens no way, for it does not answer or this account may not. It says nothing of the program behind. */
export class NoWay extends UserError {}

/** The stream of a way that is open. */
class Tunnel extends Duplex {
  /** Channels whose first message has come. */
  private readonly begun = new Set<number>();

  constructor(
    private readonly socket: WebSocket,
    private readonly to: string,
    signal: AbortSignal,
  ) {
    super({ allowHalfOpen: false });
    const abort = () => this.destroy(reasonOf(signal));
    signal.addEventListener("abort", abort, { once: true });
    this.once("close", () => {
      signal.removeEventListener("abort", abort);
    });
    socket.on("message", (message: RawData) => {
      this.receive(message as Buffer);
    });
    socket.on("close", () => this.push(null));
    socket.on("error", (error) => this.destroy(new UserError(`the way to ${to} broke: ${error.message}`)));
  }

  private receive(message: Buffer): void {
    const channel = message[0] ?? DATA;
    const content = message.subarray(this.begun.has(channel) ? 1 : 1 + PORT_BYTES);
    this.begun.add(channel);
    if (content.length === 0 || this.destroyed) return;
    if (channel === FAILURE) this.destroy(new UserError(`no way to ${this.to}: ${content.toString("utf8").trim()}`));
    else if (!this.push(content)) this.socket.pause();
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    // A reader who never reads would otherwise be written to for ever: the callback comes when the bytes have left.
    this.socket.send(Buffer.concat([Buffer.of(DATA), chunk]), (error) => {
      done(error && new UserError(`the way to ${this.to} is closed`));
    });
  }

  override _final(done: () => void): void {
    this.socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.terminate();
    done(error);
  }
}

/**
 * Opens a connection into a pod.
 *
 * @returns the stream. It ends with a {@link UserError} when nothing listens in the pod, which is known only later.
 * @throws {UserError} when the API server does not answer or refuses.
 * @throws the signal's reason when it ends.
 */
export function openTunnel({ namespace, pod, port }: PodPort, props: TunnelProps): Promise<Duplex> {
  const { server, login, signal } = props;
  const to = `port ${port} of pod ${namespace}/${pod}`;
  if (signal.aborted) return Promise.reject(reasonOf(signal));
  const url = new URL(`/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`, server);
  const options = { ...login, handshakeTimeout: PATIENCE, perMessageDeflate: false };
  const socket = new WebSocket(url, PROTOCOL, options);
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(reasonOf(signal));
      socket.terminate();
    };
    signal.addEventListener("abort", abort, { once: true });
    const settle = () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", failed);
    };
    const failed = (error: Error) => {
      settle();
      // What it says after a refusal is that it was ended.
      socket.on("error", () => undefined);
      reject(new NoWay(`no way to ${to}: the API server does not answer at ${server.origin}: ${messageOf(error)}`));
    };
    socket.on("error", failed);
    socket.once("open", () => {
      settle();
      resolve(new Tunnel(socket, to, signal));
    });
    socket.once("unexpected-response", (_, reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (part: string) => (text = `${text}${part}`.slice(0, LONGEST_REFUSAL)));
      reply.once("close", () => {
        const status = reply.statusCode ?? 0;
        const why = `no way to ${to}: ${refusal(status, text)}`;
        reject([401, 403].includes(status) ? new NoWay(why) : new UserError(why));
        socket.terminate();
      });
    });
  });
}

function refusal(status: number, text: string): string {
  const reason = failureMessage({ status, body: text === "" ? {} : parseJson(text) }).trim();
  const rights = "; the kubeconfig's account needs get and create on pods/portforward";
  return `the cluster refuses it: ${reason}${status === 403 ? rights : ""}`;
}
