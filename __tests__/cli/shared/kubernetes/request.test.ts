import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type HttpAnswer,
  readAnswer,
  sendWithRetries,
  isSuccess,
  retryWhileBusy,
  failureMessage,
} from "../../../../cli/shared/kubernetes/request";

// What is asked of an API server, without its certificates.
jest.mock("node:https", () => jest.requireActual<object>("node:http"));

const OK: HttpAnswer = { status: 200, body: { kind: "List" } };

/** A server that gives these answers, the last one for ever; what came of it, and the seconds between. */
async function asked(...answers: HttpAnswer[]) {
  const waits: number[] = [];
  let asks = 0;
  const answer = await retryWhileBusy(
    () => Promise.resolve(answers[Math.min(asks++, answers.length - 1)] ?? OK),
    (seconds) => Promise.resolve(void waits.push(seconds)),
  );
  return { answer, waits, asks };
}

test("a list that is refused while its storage starts is asked for again, when the server says", async () => {
  const starting = readAnswer(429, "2", '{"message":"storage is (re)initializing"}');
  expect(await asked(starting, starting, OK)).toEqual({ answer: OK, waits: [2, 2], asks: 3 });
});

test.each<[string, HttpAnswer]>([
  ["too busy, and does not say for how long", { status: 429, body: {} }],
  ["starting", { status: 503, body: {} }],
  ["ending, and names the next try", { status: 500, body: {}, retryAfter: 1 }],
])("a server that is %s is asked again after a second", async (_what, answer) => {
  expect(await asked(answer, OK)).toEqual({ answer: OK, waits: [1], asks: 2 });
});

test.each([200, 201, 401, 403, 404, 409, 422, 500, 504])("%d is an answer", async (status) => {
  expect(await asked({ status, body: {} })).toMatchObject({ answer: { status }, waits: [], asks: 1 });
});

test("a refusal is no reason to ask again, whatever time it names", async () => {
  expect(await asked({ status: 409, body: {}, retryAfter: 1 })).toMatchObject({ waits: [], asks: 1 });
});

test.each([
  [199, false],
  [200, true],
  [299, true],
  [300, false],
])("%d: granted %s", (status, granted) => expect(isSuccess({ status, body: {} })).toBe(granted));

test("a server that stays so is believed in the end", async () => {
  const { answer, waits } = await asked({ status: 429, body: { message: "never" }, retryAfter: 3600 });
  expect([failureMessage(answer), isSuccess(answer)]).toEqual(["never", false]);
  expect(waits).toEqual(Array(10).fill(10));
});

test("an answer is read as it comes", () => {
  expect(readAnswer(429, "1", "{}")).toEqual({ status: 429, body: {}, retryAfter: 1 });
  expect(readAnswer(503, "Wed, 21 Oct 2015 07:28:00 GMT", "not ready")).toEqual({
    status: 503,
    body: { message: "not ready" },
  });
  expect(readAnswer(200, undefined, '{"a":1}')).toEqual({ status: 200, body: { a: 1 } });
  expect(failureMessage({ status: 418, body: {} })).toBe("status 418");
});

describe("a request", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => servers.splice(0).forEach((one) => (one.closeAllConnections(), one.close())));

  /** A server on this machine; its URL. */
  const serving = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
    new Promise<URL>((resolve) => {
      const server = createServer(answer).listen(0, "127.0.0.1", () =>
        resolve(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api?a=b`)),
      );
      servers.push(server);
    });

  test("sends method, headers and body, and reads the answer", async () => {
    const url = await serving((request, response) => {
      request.setEncoding("utf8").on("data", (body: string) => {
        const { method, url: path, headers } = request;
        response
          .writeHead(201, { date: "Mon, 01 Dec 2025 00:00:00 GMT" })
          .end(JSON.stringify([method, path, headers["content-type"], body, "ü"]));
      });
    });
    const headers = { "content-type": "application/json" };
    expect(await sendWithRetries({ url, method: "POST", headers, body: { a: 1 } })).toEqual({
      status: 201,
      body: ["POST", "/api?a=b", "application/json", '{"a":1}', "ü"],
      time: Date.UTC(2025, 11, 1),
    });
  });

  test("sends nothing where there is no body, and puts the pieces of an answer together", async () => {
    const url = await serving((request, response) => {
      response.sendDate = false;
      response.writeHead(200);
      // A letter of two bytes, cut.
      const [first, second] = [Buffer.from('["ü"]').subarray(0, 3), Buffer.from('["ü"]').subarray(3)];
      response.write(first, () => setTimeout(() => response.end(second), 20));
      request.resume();
    });
    expect(await sendWithRetries({ url })).toEqual({ status: 200, body: ["ü"] });
  });

  test("is put again when the server says", async () => {
    let asks = 0;
    const url = await serving((_request, response) =>
      asks++ === 0 ? response.writeHead(500, { "retry-after": "0" }).end() : response.writeHead(200).end("{}"),
    );
    expect(await sendWithRetries({ url })).toMatchObject({ status: 200, body: {} });
    expect(asks).toBe(2);
  });

  test("is given up at an interruption, under way and between two tries", async () => {
    for (const answer of [
      () => undefined,
      (_request: IncomingMessage, response: ServerResponse) => response.writeHead(429, { "retry-after": "10" }).end(),
    ]) {
      const interruption = new AbortController();
      const url = await serving((request, response) => {
        answer(request, response);
        setTimeout(() => interruption.abort(), 20);
      });
      await expect(sendWithRetries({ url, signal: interruption.signal })).rejects.toThrow(/aborted/);
    }
  });

  test("ends with what the connection ends with", async () => {
    const gone = await serving((request) => request.socket.destroy());
    await expect(sendWithRetries({ url: gone })).rejects.toThrow("socket hang up");
    const cut = await serving((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    await expect(sendWithRetries({ url: cut })).rejects.toThrow("aborted");
  });
});
