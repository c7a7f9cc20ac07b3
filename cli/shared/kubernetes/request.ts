/** Sends one request to a Kubernetes API server, with retries while the server is busy. */
import { request, type RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { inside, type Json } from "../../../synthesized/stack";

/** Milliseconds that one answer may take. */
const PATIENCE = 30_000;

/** Most retries of a request, as in client-go. */
const MOST_RETRIES = 10;

/** Seconds before a retry where the server names none, and the longest that the server may name. */
const [PAUSE, LONGEST_PAUSE] = [1, 10] as const;

/** An answer of the server. */
export interface HttpAnswer {
  readonly status: number;
  /** The JSON of the answer; other text as its `message`. */
  readonly body: Json;
  /** Seconds after which the server allows a retry; undefined where it names none. */
  readonly retryAfter?: number;
  /** The server's time in milliseconds since 1970, to the second; undefined where it does not say it. */
  readonly time?: number;
}

/** A request. */
export interface HttpRequest extends RequestOptions {
  readonly url: URL;
  readonly body?: object;
}

/** Sends a request, and again while the server is busy. @throws the error of the connection. */
export function sendWithRetries(question: HttpRequest): Promise<HttpAnswer> {
  const { signal } = question;
  return retryWhileBusy(
    () => send(question),
    (seconds) => sleep(seconds * 1000, undefined, { signal: signal ?? undefined }),
  );
}

/**
 * Sends until the server is no longer busy: it answers 429 or 503 while it starts, stops or has too much to do, or another
 * failure with `Retry-After`. Returns the last answer after the last retry.
 */
export async function retryWhileBusy(
  attempt: () => Promise<HttpAnswer>,
  wait: (seconds: number) => Promise<void>,
): Promise<HttpAnswer> {
  for (let retries = 0; ; retries++) {
    const answer = await attempt();
    if (retries === MOST_RETRIES || !isBusy(answer)) return answer;
    await wait(Math.min(answer.retryAfter ?? PAUSE, LONGEST_PAUSE));
  }
}

function isBusy({ status, retryAfter }: HttpAnswer): boolean {
  return status === 429 || status === 503 || (status >= 500 && retryAfter !== undefined);
}

function send({ url, body, signal, ...options }: HttpRequest): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(PATIENCE);
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, signal: signal ? AbortSignal.any([signal, limit]) : limit }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (chunk: string) => (text += chunk));
      reply.on("end", () => {
        const { date, "retry-after": retryAfter } = reply.headers;
        const time = date === undefined ? {} : { time: Date.parse(date) };
        resolve({ ...readAnswer(reply.statusCode ?? 0, retryAfter, text), ...time });
      });
      reply.on("error", reject);
    });
    call.on("error", reject);
    call.end(body && JSON.stringify(body));
  });
}

/** Reads an answer; `retryAfter` is the header of that name. */
export function readAnswer(status: number, retryAfter: string | undefined, text: string): HttpAnswer {
  const seconds = Number.parseInt(retryAfter ?? "", 10);
  return { status, body: parseJson(text), ...(Number.isNaN(seconds) ? {} : { retryAfter: seconds }) };
}

/** JSON of a text; other text as its `message`. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { message: text };
  }
}

/** Whether the server did what was asked. */
export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Why it did not, as the server says it. */
export function failureMessage({ status, body }: HttpAnswer): string {
  return String(inside(body, "message") ?? `status ${status}`);
}
