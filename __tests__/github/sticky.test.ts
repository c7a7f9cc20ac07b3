import { type Call, dryRun, list, type Send, sender } from "../../.github/scripts/api";
import { closeIssuesBut, mark, putComment, putIssue } from "../../.github/scripts/sticky";

const BOT = { login: "github-actions[bot]" };

/** A GitHub that answers lists with these entries; it keeps their paths, and the calls that change something. */
function github(entries: unknown[]): { send: Send; calls: Call[]; lists: string[] } {
  const calls: Call[] = [];
  const lists: string[] = [];
  const send: Send = (call) => {
    if (call.method === "GET") lists.push(call.path);
    else calls.push(call);
    return Promise.resolve(call.method === "GET" ? entries : undefined);
  };
  return { send, calls, lists };
}

describe("the comment of a site", () => {
  const put = async (entries: unknown[], quiet = false) => {
    const { send, calls, lists } = github(entries);
    const done = await putComment(send, "o/r", 7, "base", "text", quiet);
    expect(lists).toEqual(["/repos/o/r/issues/7/comments?per_page=100&page=1"]);
    return { done, calls };
  };
  const body = `${mark("review", "base")}\ntext`;

  test("is created once", async () => {
    expect(await put([])).toEqual({
      done: "created",
      calls: [{ method: "POST", path: "/repos/o/r/issues/7/comments", body: { body } }],
    });
  });

  test("is brought up to date where it is", async () => {
    const other = { id: 1, user: BOT, body: `${mark("review", "other")}\nold` };
    const own = { id: 2, user: BOT, body: `${mark("review", "base")}\nold` };
    expect(await put([other, own])).toEqual({
      done: "updated",
      calls: [{ method: "PATCH", path: "/repos/o/r/issues/comments/2", body: { body } }],
    });
    expect(await put([{ ...own, body }])).toEqual({ done: "unchanged", calls: [] });
  });

  test("is not one that somebody else marked, nor one that quotes ours", async () => {
    const planted = { id: 3, user: { login: "somebody" }, body };
    const quoted = { id: 4, user: BOT, body: `> ${body}` };
    expect((await put([planted, quoted])).done).toBe("created");
  });

  test("is not created where nothing changes, but brought up to date", async () => {
    expect(await put([], true)).toEqual({ done: "nothing to say", calls: [] });
    expect((await put([{ id: 2, user: BOT, body: `${mark("review", "base")}\nold` }], true)).done).toBe("updated");
  });
});

describe("the issue of a site", () => {
  const drift = { title: "base drifts", text: "text" };
  const body = `${mark("drift", "base")}\ntext`;
  const issue = { id: 9, number: 5, user: BOT, body: `${mark("drift", "base")}\nold`, state: "open" };
  const put = async (entries: unknown[], of: typeof drift | undefined) => {
    const { send, calls, lists } = github(entries);
    const done = await putIssue(send, "o/r", "base", of);
    expect(lists).toEqual([
      expect.stringMatching(/^\/repos\/o\/r\/issues\?state=all&labels=drift&creator=github-actions%5B/),
    ]);
    return { done, calls: calls.map(({ method, path, body }) => [method, path, body]) };
  };

  test("is opened, brought up to date, opened again, closed", async () => {
    expect(await put([], drift)).toEqual({
      done: "created",
      calls: [["POST", "/repos/o/r/issues", { title: drift.title, body, labels: ["drift"] }]],
    });
    expect(await put([issue], drift)).toEqual({
      done: "updated",
      calls: [["PATCH", "/repos/o/r/issues/5", { title: drift.title, body, state: "open" }]],
    });
    expect((await put([{ ...issue, state: "closed" }], drift)).done).toBe("reopened");
    const closed = await put([issue], undefined);
    expect(closed.done).toBe("closed");
    expect(closed.calls).toEqual([
      ["POST", "/repos/o/r/issues/5/comments", { body: "What runs is again what Terraform made." }],
      ["PATCH", "/repos/o/r/issues/5", { state: "closed", state_reason: "completed" }],
    ]);
  });

  test("is left alone where nothing is new", async () => {
    expect(await put([{ ...issue, body }], drift)).toEqual({ done: "unchanged", calls: [] });
    expect(await put([], undefined)).toEqual({ done: "nothing to say", calls: [] });
    expect(await put([{ ...issue, state: "closed" }], undefined)).toEqual({ done: "nothing to say", calls: [] });
    expect((await put([{ ...issue, pull_request: {} }], drift)).done).toBe("created");
  });
});

test("issues of sites that are none any more are closed with the reason, and no others", async () => {
  const issue = (number: number, site: string, changes: object = {}) => ({
    id: number,
    number,
    user: BOT,
    state: "open",
    body: `${mark("drift", site)}\ntext`,
    ...changes,
  });
  const { send, calls, lists } = github([
    issue(1, "base"),
    issue(2, "former"),
    issue(3, "planted", { user: { login: "somebody" } }),
    issue(4, "request", { pull_request: {} }),
    issue(5, "other", { body: mark("review", "other") }),
    issue(6, "quoted", { body: `> ${mark("drift", "quoted")}` }),
    issue(7, "empty", { body: null }),
  ]);
  const closed = await closeIssuesBut(send, "o/r", ["base", "other"]);
  expect(closed).toEqual(["former"]);
  expect(lists[0]).toMatch(/^\/repos\/o\/r\/issues\?state=open&labels=drift&creator=github-actions%5Bbot%5D&/);
  expect(calls).toEqual([
    {
      method: "POST",
      path: "/repos/o/r/issues/2/comments",
      body: { body: expect.stringMatching(/^Nobody looks for drift of former any more: it left the program, or /) },
    },
    { method: "PATCH", path: "/repos/o/r/issues/2", body: { state: "closed", state_reason: "not_planned" } },
  ]);
});

describe("calls", () => {
  test("of a list go on until a page is not full, and end", async () => {
    const full = Array.from({ length: 100 }, () => 1);
    const pages: string[] = [];
    const send =
      (last: number): Send =>
      ({ path }) => {
        pages.push(path);
        return Promise.resolve(pages.length < last ? full : [1]);
      };
    expect(await list(send(3), "/a?b=c")).toHaveLength(201);
    expect(pages[2]).toBe("/a?b=c&per_page=100&page=3");
    pages.length = 0;
    await expect(list(send(99), "/a")).rejects.toThrow("more than 2000");
    expect(pages).toHaveLength(20);
  });

  /** What is sent for a call, and what comes of it. */
  const sent = async (call: Call, answer: Response) => {
    const seen: unknown[] = [];
    const fetching = ((url: string, options: unknown) => (
      seen.push([url, options]),
      Promise.resolve(answer)
    )) as typeof fetch;
    const done = await sender("https://api.invalid", "planted-token", fetching)(call).catch((error: Error) => error);
    return { seen, done };
  };
  const headers = {
    accept: "application/vnd.github+json",
    authorization: "Bearer planted-token",
    "x-github-api-version": "2022-11-28",
  };
  const signal = expect.any(AbortSignal) as unknown;

  test("carry the token in a header, and no refusal repeats it", async () => {
    const { seen, done } = await sent(
      { method: "POST", path: "/x", body: { a: 1 } },
      new Response("no".repeat(200), { status: 403 }),
    );
    expect(done).toEqual(new Error(`GitHub refused POST /x: 403 ${"no".repeat(150)}`));
    expect(seen).toEqual([
      [
        "https://api.invalid/x",
        { method: "POST", body: '{"a":1}', headers: { ...headers, "content-type": "application/json" }, signal },
      ],
    ]);
  });

  test("give what GitHub says, and nothing where it says nothing", async () => {
    const { seen, done } = await sent({ method: "GET", path: "/x" }, new Response("[1]"));
    expect(done).toEqual([1]);
    expect(seen).toEqual([["https://api.invalid/x", { method: "GET", headers, signal }]]);
    expect((await sent({ method: "GET", path: "/x" }, new Response(""))).done).toBeUndefined();
  });

  test("of a dry run are printed and not sent", async () => {
    const lines: string[] = [];
    const done = await putComment(
      dryRun((line) => lines.push(line)),
      "o/r",
      7,
      "base",
      "text",
      false,
    );
    expect(done).toBe("created");
    expect(lines.map((line) => (JSON.parse(line) as Call).method)).toEqual(["GET", "POST"]);
  });
});
