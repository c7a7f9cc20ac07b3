import type { Http, HttpQuestion } from "../../../../cli/shared/clients/http";
import { influxdbOver, identifier } from "../../../../cli/shared/clients/influxdb";

const asked: HttpQuestion[] = [];

/** A stub that answers with these pieces. */
function stub(pieces: readonly string[], status = 200): Http {
  async function* bytes() {
    for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
  }
  return {
    ask: () => Promise.reject(new Error("not asked")),
    stream: (question) => {
      asked.push(question);
      return Promise.resolve({ status, pieces: bytes() });
    },
  };
}

const influxdb = (pieces: readonly string[], status?: number) =>
  influxdbOver(stub(pieces, status), { name: "me", password: "pass:word" });

const answer = (series: object, more: object = {}) =>
  `${JSON.stringify({ results: [{ series: [series], ...more }] })}\n`;

test("the question and the login are where nobody logs them: in the body and in a header", async () => {
  await influxdb([answer({ columns: ["name"], values: [["efd"]] })]).query("e f", 'SHOW "x"');
  expect(asked.at(-1)).toEqual({
    method: "POST",
    path: "/query?db=e+f&epoch=ns&chunked=true&chunk_size=1000",
    headers: {
      authorization: `Basic ${Buffer.from("me:pass:word").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "q=SHOW+%22x%22",
  });
});

test("integers beyond 2^53 are text, and texts that look like them stay what they are", async () => {
  const line =
    '{"results":[{"series":[{"name":"m","columns":["time","a","b","c","d"],"values":[[1796000000123456789,9007199254740993,-9007199254740993,9007199254740991,"[1,12345678901234567890,\\"2,12345678901234567890]"],[1,0.1234567890123456,1e21,null,true]]}]}]}\n';
  const [series] = await influxdb([line]).query("d", "q");
  expect(series?.rows).toEqual([
    [
      "1796000000123456789",
      "9007199254740993",
      "-9007199254740993",
      9007199254740991,
      '[1,12345678901234567890,"2,12345678901234567890]',
    ],
    ["1", 0.1234567890123456, 1e21, null, true],
  ]);
});

test("lines come in pieces that end anywhere, also within a letter, and one series is one again", async () => {
  const first = Buffer.from(answer({ name: "m", columns: ["time", "a"], values: [[1, "ü"]], partial: true }));
  const second = answer({ name: "m", columns: ["time", "a"], values: [[2, "b"]] });
  const other = answer({ name: "m", tags: { t: "1" }, columns: ["time", "a"], values: [[3, "c"]] });
  const cut = first.indexOf(0xbc);
  async function* bytes() {
    for (const piece of [first.subarray(0, cut), first.subarray(cut), Buffer.from(second + other.trimEnd())])
      yield await Promise.resolve(piece);
  }
  const way = { ...stub([]), stream: () => Promise.resolve({ status: 200, pieces: bytes() }) };
  const found = await influxdbOver(way, { name: "a", password: "b" }).query("d", "q");
  expect(found).toEqual([
    {
      name: "m",
      tags: {},
      columns: ["time", "a"],
      rows: [
        ["1", "ü"],
        ["2", "b"],
      ],
    },
    { name: "m", tags: { t: "1" }, columns: ["time", "a"], rows: [["3", "c"]] },
  ]);
});

test("what came before a failure is given first", async () => {
  const pages = influxdb([
    answer({ name: "m", columns: ["time", "a"], values: [[1, 2]], partial: true }),
    '{"results":[{"error":"query-timeout limit exceeded"}]}\n',
  ]).pages("d", "q");
  const rows: unknown[] = [];
  const reading = (async () => {
    for await (const one of pages) rows.push(...one.rows);
  })();
  await expect(reading).rejects.toMatchObject({ status: 200, reason: "query-timeout limit exceeded" });
  expect(rows).toEqual([["1", 2]]);
});

test.each([
  ["InfluxDB refuses the account me: authorization failed", 401, '{"error":"authorization failed"}\n'],
  ["InfluxDB does not do what me asks: requires admin privilege", 403, '{"error":"requires admin privilege"}\n'],
  [
    "InfluxDB does not do what me asks: database not found: x",
    200,
    '{"results":[{"error":"database not found: x"}]}\n',
  ],
  ["InfluxDB does not do what me asks: status 503", 503, "{}"],
  ["InfluxDB answers with something else than JSON (status 502)", 502, "<html>Bad Gateway</html>"],
])("%s", async (message, status, text) => {
  await expect(influxdb([text], status).query("d", "q")).rejects.toThrow(message);
});

test("names", () => {
  expect(identifier('a.b"c\\')).toBe('"a.b\\"c\\\\"');
});
