/** HTTP to one program. */
import { setMaxListeners } from "node:events";
import { type ClientRequest, type IncomingMessage, request as requestPlain, type RequestOptions } from "node:http";
import { request as requestTls } from "node:https";
import type { Duplex } from "node:stream";
import { messageOf, UserError } from "../../../ground/errors";
import { ApiError, NoAnswer } from "../kubernetes/client";
import { reasonOf } from "./signals";
import { NoWay } from "./tunnel";

/** Milliseconds in which nothing comes, after which a program counts as one that does not answer. */
const PATIENCE = 60_000;
/** Bytes of an answer that `ask` reads: the largest answers to questions of ours are lists of a few MB. */
const LONGEST_ANSWER = 64 * 2 ** 20;

/** A question. */
export interface HttpQuestion {
  /** @default GET */
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, whatever its status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A program that speaks HTTP. */
export interface Http {
  /**
   * Asks, and reads the whole answer.
   *
   * @throws {UserError} when it does not answer: it says who (`influxdb.influxdb:8086`), why, and after how many seconds.
   */
  ask(question: HttpQuestion): Promise<HttpReply>;
  /**
   * Asks, and gives the answer in pieces as it comes, so that any length needs the same memory. Whoever stops to read
   * them closes the connection.
   *
   * @throws {UserError} as `ask`; so do the pieces when the answer breaks off.
   */
  stream(question: HttpQuestion): Promise<{ readonly status: number; readonly pieces: AsyncIterable<Buffer> }>;
}

/** How a program is reached. */
export interface HttpProps {
  /** Whom errors name: `influxdb.influxdb:8086`. */
  readonly name: string;
  /** Ends every question. */
  readonly signal: AbortSignal;
  /** Sends the head of a question; the caller adds the body. */
  readonly send: (options: RequestOptions) => ClientRequest | Promise<ClientRequest>;
}

/** Asks a program. Redirects are answers, and nothing is asked twice. */
export function http(props: HttpProps): Http {
  // Many questions at once each listen to it.
  setMaxListeners(0, props.signal);
  return {
    ask: async (question) => {
      const { reply, pieces } = await exchange(props, question);
      const parts: Buffer[] = [];
      let length = 0;
      for await (const piece of pieces) {
        length += piece.length;
        if (length > LONGEST_ANSWER)
          throw new UserError(`${props.name} answers with more than ${LONGEST_ANSWER} bytes`);
        parts.push(piece);
      }
      return { status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(parts).toString("utf8") };
    },
    stream: async (question) => {
      const { reply, pieces } = await exchange(props, question);
      return { status: reply.statusCode ?? 0, pieces };
    },
  };
}

/** Over a connection that is made for each question. */
export function overConnection(open: () => Promise<Duplex>, host: string): HttpProps["send"] {
  return async (options) => {
    const connection = await open();
    return requestPlain({ ...options, headers: { ...options.headers, host }, createConnection: () => connection });
  };
}

/**
 * From this machine; paths of questions are below the URL's.
 *
 * @param authorities - certificates that are trusted, as PEM. @default - those that Node.js trusts
 */
export function overNetwork(url: URL, authorities?: () => Promise<readonly string[] | undefined>): HttpProps["send"] {
  return async ({ path = "", ...options }) => {
    const target = new URL(`${url.pathname.replace(/\/$/, "")}${path}`, url);
    if (target.protocol === "http:") return requestPlain(target, { ...options, agent: false });
    const ca = await authorities?.();
    return requestTls(target, { ...options, agent: false, ...(ca ? { ca: [...ca] } : {}) });
  };
}

async function exchange({ name, signal, send }: HttpProps, question: HttpQuestion) {
  const { method = "GET", path, headers = {}, body } = question;
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 100) / 10;
  const failure = (error: unknown): Error => {
    if (signal.aborted) return reasonOf(signal);
    if (error instanceof NoWay || error instanceof ApiError || error instanceof NoAnswer) return error;
    return new UserError(`${name} does not answer: ${causeOf(error)} (after ${seconds()} s)`);
  };
  let call: ClientRequest | undefined;
  const silence = new Silence(() => call?.destroy(new Error("nothing comes")));
  try {
    signal.throwIfAborted();
    call = await send({
      method,
      path,
      signal,
      headers: { ...headers, ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }) },
    });
    const reply = await replyOf(call, body);
    return { reply, pieces: piecesOf(reply, silence, failure) };
  } catch (error) {
    silence.end();
    throw failure(error);
  }
}

/** Why a connection failed. Where a name has several addresses, of which none answers, the errors are within one without a text. */
function causeOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return messageOf(first ?? error);
}

function replyOf(call: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.on("error", reject);
    call.once("response", resolve);
    call.end(body);
  });
}

async function* piecesOf(reply: IncomingMessage, silence: Silence, failure: (error: unknown) => Error) {
  try {
    for await (const piece of reply) {
      // Time that the reader takes is not the program's.
      silence.pause();
      yield piece as Buffer;
      silence.begin();
    }
    if (!reply.complete) throw new Error("the answer breaks off");
  } catch (error) {
    throw failure(error);
  } finally {
    silence.end();
    reply.destroy();
  }
}

/** Calls back when nothing comes for too long. */
class Silence {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: () => void) {
    this.begin();
  }

  begin(): void {
    this.timer = setTimeout(this.tell, PATIENCE);
  }

  pause(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
