import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Review } from "../../review/model/model";
import type { Call, Send } from "../../.github/scripts/api";
import { comment, knownSite, siteList, updateDriftIssues } from "../../.github/scripts/commands";
import { ownPullRequest } from "../../.github/scripts/pull-request";
import { followedRun, repositoryOf } from "../../.github/scripts/run";
import { mark } from "../../.github/scripts/sticky";
import { EXAMPLE } from "../review/example";
import { HOSTILE } from "../review/hostile";
import { SITE_NAMES } from "../support/sites";

const folder = mkdtempSync(join(tmpdir(), "efd-github-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const repository = { name: "o/r", api: "https://api.invalid", pages: "https://pages.invalid", token: "t" };
const planned = EXAMPLE.layers.find(({ changes }) => changes.length > 0);
const [site, other] = SITE_NAMES as [string, string];
const sha = "0123456789abcdef0123456789abcdef01234567";

function file(path: string, content: unknown): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
  return whole;
}

const event = (branch: string, { kind = "pull_request", workflow = "plan", from = "fork/r" } = {}) =>
  file(`event-${Math.abs(branch.length)}-${kind}.json`, {
    workflow_run: {
      id: 42,
      event: kind,
      path: `.github/workflows/${workflow}.yml`,
      head_sha: sha,
      head_branch: branch,
      head_repository: { full_name: from, owner: { login: "fork" } },
    },
  });

/** A GitHub with one pull request, its files and no comments. */
function github(files: readonly string[] = [], head = sha) {
  const calls: Call[] = [];
  const send: Send = (call) => {
    calls.push(call);
    if (call.path.includes("/pulls?")) return Promise.resolve([{ number: 7, head: { sha: head } }]);
    if (call.path.includes("/files")) return Promise.resolve(files.map((filename) => ({ filename })));
    return Promise.resolve(call.method === "GET" ? [] : undefined);
  };
  return { send, calls, posts: () => calls.filter(({ method }) => method !== "GET") };
}

const review = (name: string): Review => ({ ...EXAMPLE, site: name, comparison: { kind: "base", base: "HEAD^1" } });
const drifted = (name: string): Review => ({ ...EXAMPLE, site: name, comparison: { kind: "drift" } });
const plan = (name: string): Review => ({ ...EXAMPLE, site: name, comparison: { kind: "plan" } });
const notes: string[] = [];
const note = (line: string) => void notes.push(line);
beforeEach(() => notes.splice(0));

test("only an open pull request of this repository that can be merged is planned inside a site", async () => {
  const merge = "a".repeat(40);
  const ask = (changes: object, number = "7") => {
    const one = { number: 7, head: { sha, repo: { full_name: "o/r" } }, merge_commit_sha: merge, ...changes };
    return ownPullRequest(() => Promise.resolve([one]), "o/r", number);
  };
  expect(await ask({})).toEqual({ head: sha, merge });
  await expect(ask({}, "8")).rejects.toThrow('pull request: got "8", allowed the number of an open one');
  await expect(ask({}, "7; rm -rf /")).rejects.toThrow(/allowed the number/);
  for (const repo of [{ full_name: "fork/r" }, { full_name: "O/R" }, null])
    await expect(ask({ head: { sha, repo } })).rejects.toThrow(/no code of a fork runs inside a site/);
  await expect(ask({ merge_commit_sha: null })).rejects.toThrow(/cannot be merged/);
});

describe("comment", () => {
  const run = (dir: string, of = github(), branch = "topic", made: Parameters<typeof event>[1] = {}) =>
    comment({ send: of.send, repository, dir: join(folder, dir), event: event(branch, made), note }).then((code) => ({
      code,
      ...of,
    }));

  test("writes one comment for each site that left a review, and the page of the run", async () => {
    file(`a/review-${site}/review.json`, review(site));
    file(`a/review-${other}/review.json`, review(other));
    const { code, posts } = await run("a");
    expect(code).toBe(0);
    expect(posts().map(({ path }) => path)).toEqual(["/repos/o/r/issues/7/comments", "/repos/o/r/issues/7/comments"]);
    const { body } = posts()[0]!.body as { body: string };
    expect(body).toContain(EXAMPLE.findings[0]!.what.slice(1));
    expect(body).toContain("https://pages.invalid/o/r/actions/runs/42#artifacts");
    expect(body).not.toContain("[!WARNING]");
  });

  test("takes a plan against the site from the run that made it, and from no run that it follows", async () => {
    file(`b/review-${site}/review.json`, { ...review(site), title: "from two revisions" });
    file(`b/plan-${site}/review.json`, { ...plan(site), title: "from the site" });
    const planned = async (head: string, of = github()) => {
      await comment({
        send: of.send,
        repository,
        dir: join(folder, "b"),
        note,
        planned: { number: "7", head, run: "43" },
      });
      return JSON.stringify(of.posts());
    };
    expect(await planned(sha)).toMatch(/from the site.*actions\/runs\/43#.*after an approval/);
    expect(await planned("f".repeat(40))).toBe("[]");
    expect(notes.at(-1)).toBe("pull request 7 is closed, or has changed since its plan was made: nothing to comment");
    for (const workflow of ["site-plan", "plan"])
      for (const from of ["fork/r", repository.name])
        expect(JSON.stringify((await run("b", github(), "topic", { workflow, from })).posts())).toMatch(
          /from two revisions.*without access to the site/,
        );
    file(`b/review-${site}/review.json`, plan(site));
    expect((await run("b")).code).toBe(1);
    expect(notes.at(-1)).toContain("is a review of the kind plan, not base");
  });

  test("warns where the pull request changes what reviews it", async () => {
    file(`c/review-${site}/review.json`, review(site));
    const { posts } = await run("c", github(["review/classify.ts", "docs/cli/a.md", "environments/x.ts"]));
    const { body } = posts()[0]!.body as { body: string };
    expect(body).toMatch(/\[!WARNING\]\n.*`review\/classify\.ts`/);
    expect(body).not.toMatch(/docs\/cli|environments\/x/);
    // npm obeys this one before anything of ours runs.
    expect(JSON.stringify((await run("c", github([".npmrc"]))).posts()[0]!.body)).toContain("`.npmrc`");
  });

  test("is never longer than GitHub takes, however much there is to say", async () => {
    const [change] = planned!.changes;
    const changes = Array.from({ length: 2000 }, (_, i) => ({ ...change!, address: `a.b${i}`, name: "x".repeat(150) }));
    file(`k/review-${site}/review.json`, { ...review(site), layers: [{ ...planned!, changes }] });
    const files = Array.from({ length: 20 }, (_, i) => `review/${i}${"x".repeat(300)}`);
    const { body } = (await run("k", github(files))).posts()[0]!.body as { body: string };
    expect(body.length).toBeGreaterThan(60_000);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_100);
    expect(body).toContain("and 10 more");
    expect(body).toContain("without access to the site");
  });

  test("finds the pull request by fork, branch and commit, whatever the branch is called", async () => {
    for (const branch of HOSTILE) {
      const { calls } = await run("none", github(), branch);
      const url = new URL(`https://api.invalid${calls[0]!.path}`);
      expect(url.pathname).toBe("/repos/o/r/pulls");
      expect(url.searchParams.get("state")).toBe("open");
      expect(url.searchParams.get("head")).toBe(`fork:${branch}`.replace("\ud800", "\ufffd"));
    }
    expect((await run("a", github([], "f".repeat(40)))).posts()).toEqual([]);
  });

  test("refuses what is no review, with one line for each, and writes the others", async () => {
    file(`d/review-${site}/review.json`, { ...review(other) });
    file(`d/review-${other}/review.json`, review(other));
    const { code, posts } = await run("d");
    expect(code).toBe(1);
    expect(posts()).toHaveLength(1);
    expect(notes.at(-1)).toContain(`is a review of "${other}", not of ${site}`);
    for (const bad of ["{", "[]", { format: 2 }, { ...review(site), layers: [{ layer: 1 }] }]) {
      file(`e/review-${site}/review.json`, bad);
      expect((await run("e")).code).toBe(1);
      expect(notes.at(-1)).toMatch(/review\.json: is no (review|JSON)/);
    }
  });

  test("what a file says gets into no line of the log, and a file that is none is not read", async () => {
    const workflowCommand = "\n::error::planted";
    const of = `i/review-${site}/review.json`;
    file(of, review(workflowCommand));
    await run("i");
    file(of, {
      ...review(site),
      layers: [{ ...EXAMPLE.layers[0], versions: { terraform: "1", providers: { [workflowCommand]: 1 } } }],
    });
    await run("i");
    expect(notes.filter((line) => line.includes("planted"))).toHaveLength(2);
    expect(notes.join("")).not.toContain("\n");
    rmSync(join(folder, of));
    symlinkSync(file("secret.json", review(site)), join(folder, of));
    expect(await run("i").then(({ code, posts }) => [code, posts()])).toEqual([1, []]);
    expect(notes.at(-1)).toMatch(/is no file$/);
  });

  test("a file that is too large or too deep is refused", async () => {
    const of = `j/review-${site}/review.json`;
    file(of, "");
    truncateSync(join(folder, of), 32 * 1024 * 1024 + 1);
    expect((await run("j")).code).toBe(1);
    expect(notes.at(-1)).toMatch(/has 33554433 bytes, allowed 33554432$/);
    const deep = {
      ...planned!,
      changes: [{ ...planned!.changes[0]!, differences: [{ path: "a", after: { kind: "value", value: 0 } }] }],
    };
    const text = JSON.stringify({ ...review(site), layers: [deep] });
    file(of, text);
    expect((await run("j")).code).toBe(0);
    file(of, text.replace('"value":0', `"value":${"[".repeat(1e6)}${"]".repeat(1e6)}`));
    expect((await run("j")).code).toBe(1);
  });

  test("has nothing to do where the run was of no pull request", async () => {
    const of = github();
    expect(await comment({ send: of.send, repository, dir: folder, event: event("x", { kind: "push" }), note })).toBe(
      0,
    );
    expect(of.calls).toEqual([]);
  });
});

describe("drift", () => {
  const [remote] = siteList(true) as [string];
  const run = (dir: string, of = github()) =>
    updateDriftIssues({ send: of.send, repository, dir: join(folder, dir), note, run: "43" }).then((code) => ({
      code,
      ...of,
    }));

  test("opens an issue for a site that drifts, and leaves sites without a review alone", async () => {
    file(`f/drift-${remote}/review.json`, drifted(remote));
    const { code, posts } = await run("f");
    expect(code).toBe(0);
    expect(posts().map(({ path, body }) => [path, (body as { title: string }).title])).toEqual([
      ["/repos/o/r/issues", `${remote}: what runs is not what Terraform made`],
    ]);
    expect(notes.filter((line) => line.includes("stays as it is"))).toHaveLength(siteList(true).length - 1);
  });

  test("leaves the issue alone where nothing drifts in what could be looked at, and a layer could not", async () => {
    const layers = [{ ...EXAMPLE.layers[0]!, status: "blocked", lines: ["the cluster does not answer"] }];
    file(`h/drift-${remote}/review.json`, { ...drifted(remote), layers, findings: [], risk: undefined });
    expect((await run("h")).posts()).toEqual([]);
    expect(notes).toContain(`${remote}: not all of it could be looked at, its issue stays as it is`);
  });

  test("closes the issue of a site that is gone, and fails where it cannot", async () => {
    const send: Send = ({ method, path }) =>
      Promise.resolve(
        method === "GET" && path.includes("state=open")
          ? [{ id: 1, number: 8, user: { login: "github-actions[bot]" }, body: mark("drift", "former") }]
          : [],
      );
    expect(await updateDriftIssues({ send, repository, dir: join(folder, "none"), note, run: "43" })).toBe(0);
    expect(notes.at(-1)).toBe("former: no site any more, its issue is closed");
    const refusing: Send = () => Promise.reject(new Error("GitHub refused"));
    expect(await updateDriftIssues({ send: refusing, repository, dir: join(folder, "none"), note, run: "43" })).toBe(1);
    expect(notes.at(-1)).toBe("GitHub refused");
  });

  test("opens none where nothing drifts", async () => {
    const [cluster] = EXAMPLE.layers;
    file(`g/drift-${remote}/review.json`, { ...drifted(remote), layers: [cluster!], findings: [], risk: undefined });
    expect((await run("g")).posts()).toEqual([]);
  });
});

test("sites come from the program; those with a state on one machine are out of reach", () => {
  expect(siteList(false)).toEqual(SITE_NAMES);
  expect(siteList(true).length).toBeLessThan(SITE_NAMES.length);
  expect(() => knownSite("$(id)")).toThrow('site: got "$(id)", allowed ');
});

test("a job without its variables is told what is missing, all at once", () => {
  expect(() => repositoryOf({})).toThrow(/GITHUB_REPOSITORY: got "", allowed owner\/name\nGITHUB_TOKEN is missing/);
  expect(() => repositoryOf({ GITHUB_REPOSITORY: "a/b/c", GITHUB_TOKEN: "t" })).toThrow(/got "a\/b\/c"/);
  expect(() => followedRun(file("odd.json", { workflow_run: { head_sha: "x" } }))).toThrow(
    "no event of a workflow_run",
  );
});
