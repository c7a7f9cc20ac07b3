/** A dry run of every script of the workflows, by the shell that GitHub runs it with. */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { load } from "js-yaml";
import { EXAMPLE } from "../review/example";
import { siteList } from "../../.github/scripts/commands";

const CHECKOUT = join(__dirname, "..", "..");
const WORKFLOWS = join(CHECKOUT, ".github", "workflows");

interface Script {
  readonly file: string;
  readonly job: string;
  readonly text: string;
}

const SCRIPTS = readdirSync(WORKFLOWS).flatMap((file): Script[] => {
  const { jobs } = load(readFileSync(join(WORKFLOWS, file), "utf8")) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  return Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ run }) => (run === undefined ? [] : [{ file, job, text: run.trim() }])),
  );
});

const [SITE = ""] = siteList(true);
/** What a plan's folder is called: run 43, second attempt. */
const ATTEMPT = "43-2";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** A machine of GitHub's: npm and npx print what they are asked for; our own program runs dry. */
async function runs(text: string, variables: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(tmpdir(), "efd-script-"));
  const [bin, outputs, temp] = [join(home, "bin"), join(home, "outputs"), join(home, "temp")];
  const reviews = join(temp, "reviews");
  const comparisons = { drift: { kind: "drift" }, review: { kind: "base", base: "HEAD^1" } };
  for (const [kind, comparison] of Object.entries(comparisons)) {
    mkdirSync(join(reviews, `${kind}-${SITE}`), { recursive: true });
    const review = { ...EXAMPLE, site: SITE, comparison };
    writeFileSync(join(reviews, `${kind}-${SITE}`, "review.json"), JSON.stringify(review));
  }
  const plans = join(home, ".efd-plans", ATTEMPT);
  mkdirSync(plans, { recursive: true });
  writeFileSync(join(plans, "manifest.json"), "");
  mkdirSync(bin);
  const ours = `${process.execPath} --import tsx .github/scripts/main.ts`;
  const stub = `#!/bin/bash\nif [ "$1 $2 $3 $4" = "run -s github --" ]; then shift 4; exec ${ours} "$@" --dry-run; fi\necho "\${0##*/} $*"\n`;
  for (const name of ["npm", "npx"]) {
    writeFileSync(join(bin, name), stub);
    chmodSync(join(bin, name), 0o755);
  }
  const event = join(home, "event.json");
  const run = { id: 42, event: "pull_request", head_sha: COMMIT, head_branch: "topic" };
  const from = {
    path: ".github/workflows/plan.yml",
    head_repository: { full_name: "fork/name", owner: { login: "fork" } },
  };
  writeFileSync(event, JSON.stringify({ workflow_run: { ...run, ...from } }));
  writeFileSync(outputs, "");
  const env = {
    PATH: [bin, process.env["PATH"]].join(delimiter),
    HOME: home,
    SITE,
    PULL_REQUEST: "7",
    HEAD: COMMIT,
    // SHA-256 of an empty manifest.
    DIGEST: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    RUNNER_TEMP: temp,
    GITHUB_OUTPUT: outputs,
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: "owner/name",
    GITHUB_RUN_ID: "43",
    GITHUB_RUN_ATTEMPT: "2",
    ...variables,
  };
  // As GitHub does where a workflow says `shell: bash`.
  const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", text.replace(/^\.ci\/run$/, "echo .ci/run")];
  const { code, said } = await new Promise<{ code: number; said: string }>((resolve) => {
    execFile("bash", args, { cwd: CHECKOUT, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    );
  });
  const left = { code, said, outputs: readFileSync(outputs, "utf8"), home: readdirSync(join(home, ".efd-plans")) };
  rmSync(home, { recursive: true, force: true });
  return left;
}

/** What a script must say or do, by its text. */
const EXPECTED: readonly (readonly [script: string, says: RegExp])[] = [
  ["npm ci --no-audit --no-fund", /^npm ci --no-audit --no-fund$/m],
  ["npm run lint", /^npm run lint$/m],
  ["npm test", /^npm test$/m],
  ["npm run synth", /^npm run synth$/m],
  [".ci/run", /^\.ci\/run$/m],
  ["npx --yes renovate", /^npx --yes renovate@\d/m],
  ['-- site "$SITE"', new RegExp(`^site=${SITE}$`, "m")],
  ["-- sites --remote", /^sites=\["/m],
  ["-- sites --base HEAD^1)", /^sites=\["/m],
  ["-- changed HEAD^1", /"npm","run","-s","review","--","\w+","--base","HEAD\^1"/],
  [
    "--base HEAD^1 --report",
    new RegExp(`"review","--","${SITE}","--base","HEAD\\^1","--report","[^"]+/reviews/review-${SITE}"`),
  ],
  ["--drift --report", new RegExp(`"review","--","${SITE}","--drift","--report","[^"]+/reviews/drift-${SITE}"`)],
  [
    '--out "$HOME/.efd-plans',
    new RegExp(`"review","--","${SITE}","--out","[^"]+/${ATTEMPT}","--report","[^"]+/reviews/plan-${SITE}"`),
  ],
  ['review "$SITE" --report', new RegExp(`"review","--","${SITE}","--report","[^"]+/reviews/plan-${SITE}"`)],
  ["-- apply", new RegExp(`"deploy","--","${SITE}","--reviewed","[^"]+/\\.efd-plans/${ATTEMPT}"`)],
  ["-- pull-request", /"path":"\/repos\/owner\/name\/pulls\?state=open/],
  ["-- comment --dir", /"path":"\/repos\/owner\/name\/pulls\?/],
  ["-- drift --dir", new RegExp(`"title":"${SITE}: what runs is not what Terraform made"`)],
  ["rm -rf", /^$/],
];

const DISTINCT = [...new Map(SCRIPTS.map((one) => [one.text, one])).values()];
const expectedOf = (text: string) => EXPECTED.filter(([part]) => text.includes(part)).map(([, says]) => says);

test("every script of every workflow is tried, and nothing else", () => {
  expect(SCRIPTS.length).toBeGreaterThan(20);
  expect(DISTINCT.filter(({ text }) => expectedOf(text).length === 0)).toEqual([]);
  expect(EXPECTED.filter(([part]) => !DISTINCT.some(({ text }) => text.includes(part)))).toEqual([]);
});

test.each(DISTINCT.map((one) => [`${one.file} ${one.job}`, one.text] as const))(
  "%s: %s",
  async (_name, text) => {
    const { code, said, outputs, home } = await runs(text);
    expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });
    for (const says of expectedOf(text)) expect(`${outputs}${said}`).toMatch(says);
    expect(home).toEqual(text.startsWith("rm -rf") ? [] : [ATTEMPT]);
  },
  60_000,
);

test("a site that is a piece of shell ends the script that takes one from outside", async () => {
  const [script] = DISTINCT.filter(({ text }) => text.includes('-- site "$SITE"'));
  const { code, said, outputs } = await runs(script?.text ?? "", { SITE: '"; echo pwned; "$(echo pwned)' });
  expect(code).not.toBe(0);
  expect(said).toMatch(/^site: got .*, allowed /m);
  expect(said).not.toMatch(/^pwned$/m);
  expect(outputs).toBe("");
}, 60_000);
