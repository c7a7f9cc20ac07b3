/** A name server as the cluster's: A records of Services without an address of their own, by UDP, and by TCP where they are many. */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { endLater } from "../data-path/program";

/** What fits into an answer by UDP. */
const MOST = 512;
/** The type of an A record, and the class of the internet. */
const A = [0, 1, 0, 1];
const OK = 0;
const NO_SUCH_NAME = 3;

/** Answers with the addresses that a name has at that moment; a name without any does not exist. */
export class NameServer {
  /** Addresses by name, as a test changes them. */
  readonly zone = new Map<string, readonly string[]>();
  /** Questions that came by TCP, after an answer that was cut. */
  byTcp = 0;

  private constructor(
    private readonly udp: UdpSocket,
    private readonly tcp: Server,
    /** Port, the same of UDP and TCP. */
    readonly port: number,
  ) {
    udp.on("message", (question, { address, port: from }) => {
      const answer = this.answer(question);
      const cut = Buffer.from(answer.subarray(0, 12));
      cut[2] = (cut[2] ?? 0) | 2;
      cut.fill(0, 4);
      udp.send(
        answer.length <= MOST ? answer : Buffer.concat([withQuestion(cut), questionOf(question)]),
        from,
        address,
      );
    });
    tcp.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        this.byTcp++;
        const answer = this.answer(data.subarray(2));
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      });
    });
    endLater(this);
  }

  /** Begins to answer at an address, on a port that UDP and TCP have free. */
  static async start(address: string): Promise<NameServer> {
    const tcp = createServer();
    await new Promise<void>((resolve, reject) => tcp.once("error", reject).listen(0, address, resolve));
    const { port } = tcp.address() as { port: number };
    const udp = createSocket("udp4");
    await new Promise<void>((resolve, reject) => udp.once("error", reject).bind(port, address, resolve));
    return new NameServer(udp, tcp, port);
  }

  async stop(): Promise<void> {
    if (!this.tcp.listening) return;
    await new Promise<void>((resolve) => this.udp.close(() => resolve()));
    await new Promise<void>((resolve) => this.tcp.close(() => resolve()));
  }

  private answer(question: Buffer): Buffer {
    const asked = questionOf(question);
    const isA = asked.subarray(-4).equals(Buffer.from(A));
    const addresses = this.zone.get(nameIn(asked)) ?? [];
    const records = isA ? addresses.map((address) => [0xc0, 12, ...A, 0, 0, 0, 5, 0, 4, ...bytesOf(address)]) : [];
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 + (addresses.length > 0 ? OK : NO_SUCH_NAME), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, asked, ...records.map((record) => Buffer.from(record))]);
  }
}

const bytesOf = (address: string): number[] => address.split(".").map(Number);

function withQuestion(header: Buffer): Buffer {
  header.writeUInt16BE(1, 4);
  return header;
}

/** The question of a message: name, type and class. */
function questionOf(message: Buffer): Buffer {
  let end = 12;
  while (message[end]) end += (message[end] ?? 0) + 1;
  return message.subarray(12, end + 5);
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0, length = question[0] ?? 0; length > 0; at += length + 1, length = question[at] ?? 0)
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
  return labels.join(".").toLowerCase();
}
