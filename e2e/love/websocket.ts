/** As much of WebSocket (RFC 6455) as stand-ins for managers and their clients need. */
import { createHash, randomBytes } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";

const TEXT = 1;
const CLOSE = 8;
/** What a socket says that ended without saying why. */
export const ABNORMAL = 1006;

/** Answers a request for a WebSocket, and says something at once. */
export function accept({ headers }: IncomingMessage, socket: Duplex, hello: string): void {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const answer = createHash("sha1").update(key).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\n\r\n`,
  );
  socket.write(frame(TEXT, Buffer.from(hello)));
}

/** Ends a WebSocket with a code. */
export function sayGoodbye(socket: Duplex, code: number): void {
  const reason = Buffer.alloc(2);
  reason.writeUInt16BE(code);
  socket.end(frame(CLOSE, reason));
}

/** A frame of a server. */
function frame(kind: number, data: Buffer): Buffer {
  const head = data.length < 126 ? [0x80 | kind, data.length] : [0x80 | kind, 126, data.length >> 8, data.length & 255];
  return Buffer.concat([Buffer.from(head), data]);
}

/** One side of a WebSocket that was opened: the client's. */
export class ClientSocket {
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
  private code: number | undefined;

  private constructor(
    private readonly socket: Duplex,
    /** What the server said at once. */
    readonly hello: string,
    ended: Promise<number>,
  ) {
    this.closed = ended.then((code) => (this.code = code));
  }

  /** Whether it is open. */
  get isOpen(): boolean {
    return this.code === undefined;
  }

  /**
   * Opens one.
   *
   * @throws with the status where the server opens none.
   */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<ClientSocket> {
    return new Promise((resolve, reject) => {
      const asked = request(url, {
        agent: false,
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
          ...headers,
        },
      });
      asked.once("error", reject);
      asked.once("response", (answer) => {
        answer.resume();
        reject(new Error(`status ${answer.statusCode}`));
      });
      asked.once("upgrade", (_answer, socket, first) => {
        let code = ABNORMAL;
        const ended = new Promise<number>((end) => socket.once("close", () => end(code)));
        socket.on("error", () => undefined);
        let rest = first;
        const read = () => {
          for (let one = frameIn(rest); one; one = frameIn(rest)) {
            rest = rest.subarray(one.length);
            if (one.kind === TEXT) resolve(new ClientSocket(socket, String(one.data), ended));
            if (one.kind === CLOSE) {
              code = one.data.readUInt16BE();
              socket.end();
            }
          }
        };
        read();
        socket.on("data", (data: Buffer) => {
          rest = Buffer.concat([rest, data]);
          read();
        });
      });
      asked.end();
    });
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }
}

/** The first frame of a server's bytes, where it is complete. */
function frameIn(bytes: Buffer): { kind: number; data: Buffer; length: number } | undefined {
  if (bytes.length < 4) return undefined;
  const isLong = (bytes[1] ?? 0) === 126;
  const begin = isLong ? 4 : 2;
  const length = begin + (isLong ? bytes.readUInt16BE(2) : (bytes[1] ?? 0));
  if (bytes.length < length) return undefined;
  return { kind: (bytes[0] ?? 0) & 15, data: bytes.subarray(begin, length), length };
}
