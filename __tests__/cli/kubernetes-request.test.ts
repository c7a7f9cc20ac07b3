import { type Answer, answerOf, isGranted, patiently, refusalOf } from "../../cli/lib/kubernetes-request";

const OK: Answer = { status: 200, body: { kind: "List" } };

/** A server that gives these answers, the last one for ever; what came of it, and the seconds between. */
async function asked(...answers: Answer[]) {
  const waits: number[] = [];
  let asks = 0;
  const answer = await patiently(
    () => Promise.resolve(answers[Math.min(asks++, answers.length - 1)] ?? OK),
    (seconds) => Promise.resolve(void waits.push(seconds)),
  );
  return { answer, waits, asks };
}

test("a list that is refused while its storage starts is asked for again, when the server says", async () => {
  const starting = answerOf(429, "2", '{"message":"storage is (re)initializing"}');
  expect(await asked(starting, starting, OK)).toEqual({ answer: OK, waits: [2, 2], asks: 3 });
});

test.each<[string, Answer]>([
  ["too busy, and does not say for how long", { status: 429, body: {} }],
  ["starting", { status: 503, body: {} }],
  ["ending, and names the next try", { status: 500, body: {}, retryAfter: 1 }],
])("a server that is %s is asked again after a second", async (_what, answer) => {
  expect(await asked(answer, OK)).toEqual({ answer: OK, waits: [1], asks: 2 });
});

test.each([200, 201, 401, 403, 404, 409, 422, 500, 504])("%d is an answer", async (status) => {
  expect(await asked({ status, body: {} })).toMatchObject({ answer: { status }, waits: [], asks: 1 });
});

test("a server that stays so is believed in the end", async () => {
  const { answer, waits } = await asked({ status: 429, body: { message: "never" }, retryAfter: 3600 });
  expect([refusalOf(answer), isGranted(answer)]).toEqual(["never", false]);
  expect(waits).toEqual(Array(10).fill(10));
});

test("an answer is read as it comes", () => {
  expect(answerOf(429, "1", "{}")).toEqual({ status: 429, body: {}, retryAfter: 1 });
  expect(answerOf(503, "Wed, 21 Oct 2015 07:28:00 GMT", "not ready")).toEqual({
    status: 503,
    body: { message: "not ready" },
  });
  expect(answerOf(200, undefined, '{"a":1}')).toEqual({ status: 200, body: { a: 1 } });
  expect(refusalOf({ status: 418, body: {} })).toBe("status 418");
});
