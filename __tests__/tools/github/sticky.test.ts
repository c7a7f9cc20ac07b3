import { type Call, dryRun, list, type Send, sender } from "../../../tools/github/api";
import { closeIssuesBut, mark, putComment, putIssue } from "../../../tools/github/sticky";

const BOT = { login: "github-actions[bot]" };

/** A GitHub that answers lists with these entries, and keeps the calls that change something. */
function github(entries: unknown[]): { send: Send; calls: Call[] } {
  const calls: Call[] = [];
  const send: Send = (call) => {
    if (call.method !== "GET") calls.push(call);
    return Promise.resolve(call.method === "GET" ? entries : undefined);
  };
  return { send, calls };
}

describe("the comment of a site", () => {
  const put = (entries: unknown[], quiet = false) => {
    const { send, calls } = github(entries);
    return putComment(send, "o/r", 7, "base", "text", quiet).then((done) => ({ done, calls }));
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
  const put = (entries: unknown[], of: typeof drift | undefined) => {
    const { send, calls } = github(entries);
    return putIssue(send, "o/r", "base", of).then((done) => ({
      done,
      calls: calls.map(({ method, path, body }) => [method, path, body]),
    }));
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
    expect(closed.calls.at(-1)).toEqual([
      "PATCH",
      "/repos/o/r/issues/5",
      { state: "closed", state_reason: "completed" },
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
  const paths: string[] = [];
  const { send, calls } = github([
    issue(1, "base"),
    issue(2, "former"),
    issue(3, "planted", { user: { login: "somebody" } }),
    issue(4, "request", { pull_request: {} }),
    issue(5, "other", { body: mark("review", "other") }),
    issue(6, "quoted", { body: `> ${mark("drift", "quoted")}` }),
    issue(7, "empty", { body: null }),
  ]);
  const closed = await closeIssuesBut((call) => (paths.push(call.path), send(call)), "o/r", ["base", "other"]);
  expect(closed).toEqual(["former"]);
  expect(paths[0]).toMatch(/^\/repos\/o\/r\/issues\?state=open&labels=drift&creator=github-actions%5Bbot%5D&/);
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
  });

  test("carry the token in a header, and no refusal repeats it", async () => {
    const seen: unknown[] = [];
    const fetching = ((url: string, options: unknown) => {
      seen.push([url, options]);
      return Promise.resolve(new Response("no", { status: 403 }));
    }) as typeof fetch;
    const call = sender(
      "https://api.invalid",
      "planted-token",
      fetching,
    )({ method: "POST", path: "/x", body: { a: 1 } });
    await expect(call).rejects.toThrow("GitHub refused POST /x: 403 no");
    await expect(call).rejects.not.toThrow("planted-token");
    expect(seen).toMatchObject([
      [
        "https://api.invalid/x",
        { method: "POST", body: '{"a":1}', headers: { authorization: "Bearer planted-token" } },
      ],
    ]);
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
