/** One request to a Kubernetes API server, put again as long as the server asks for patience. */
import { request, type RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { inside, type Json } from "../../../synthesized/stack";

/** Milliseconds that one answer may take. */
const PATIENCE = 30_000;

/** How often a request is put again, as client-go does. */
const MOST_RETRIES = 10;

/** Seconds until it is put again where the server names none, and the most that it may name. */
const [PAUSE, LONGEST_PAUSE] = [1, 10] as const;

/** What the server said. */
export interface HttpAnswer {
  readonly status: number;
  /** The JSON of the answer; text that is none as its `message`. */
  readonly body: Json;
  /** Seconds after which the server wants to be asked again; undefined where it does not say. */
  readonly retryAfter?: number;
}

/** What is asked. */
export interface HttpRequest extends RequestOptions {
  readonly url: URL;
  /** Sent as JSON. @default - nothing */
  readonly body?: object;
}

/** Asks, and asks again while the server says "later". @throws whatever the connection ends with. */
export function sendWithRetries(question: HttpRequest): Promise<HttpAnswer> {
  const { signal } = question;
  return retryWhileBusy(
    () => send(question),
    (seconds) => sleep(seconds * 1000, undefined, { signal: signal ?? undefined }),
  );
}

/**
 * Sends until the answer is one: a server that starts, stops or has too much to do answers 429 or 503, or another
 * failure with the time of the next try. The last answer is given where it stays so.
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
        resolve(readAnswer(reply.statusCode ?? 0, reply.headers["retry-after"], text));
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

/** JSON of a text; a text that is none as its `message`. */
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

/** Why it did not, in its own words. */
export function failureMessage({ status, body }: HttpAnswer): string {
  return String(inside(body, "message") ?? `status ${status}`);
}
