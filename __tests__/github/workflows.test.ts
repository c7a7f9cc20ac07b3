import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { workflowFaults } from "../support/workflow-faults";
import { CHECKOUT, SITE_NAMES } from "../support/sites";

interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, string> }[];
}

const FOLDER = join(CHECKOUT, ".github", "workflows");
const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")] as const);
const plan = files.find(([name]) => name === "plan.yml")![1];
const sitePlan = files.find(([name]) => name === "site-plan.yml")![1];
const apply = files.find(([name]) => name === "apply.yml")![1];
const drift = files.find(([name]) => name === "drift.yml")![1];
const comment = files.find(([name]) => name === "comment.yml")![1];

test("those are there that the documents speak of", () => {
  expect(files.map(([name]) => name).sort()).toEqual(
    ["apply.yml", "ci.yml", "comment.yml", "drift.yml", "plan.yml", "site-plan.yml", "upgrade.yml"].sort(),
  );
});

test.each(files)("%s has no fault", (name, text) => {
  expect(workflowFaults(name, text)).toEqual([]);
});

test.each(files)("%s names no site: the program does", (_name, text) => {
  const words = JSON.stringify(load(text)).split(/[^a-z0-9-]+/);
  expect(SITE_NAMES.filter((site) => words.includes(site))).toEqual([]);
});

test("comment.yml follows workflows that there are", () => {
  const { on } = load(comment) as { on: { workflow_run: { workflows: string[] } } };
  const names = files.map(([, text]) => (load(text) as { name: string }).name);
  expect(on.workflow_run.workflows.filter((name) => !names.includes(name))).toEqual([]);
});

test("each review lies in a folder that is called like its artifact, as whoever reads it looks for it", () => {
  const jobs = files.flatMap(([, text]) => Object.values((load(text) as { jobs: Record<string, Job> }).jobs));
  const reports = jobs.flatMap(({ env, steps = [] }) => {
    const [written] = steps.flatMap(
      ({ run }) => /--report "\$RUNNER_TEMP\/reviews\/(\w+)-\$SITE"/.exec(run ?? "")?.[1] ?? [],
    );
    const upload = steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
    return upload
      ? [{ written: `${written}-${env?.["SITE"]}`, name: upload.with?.["name"], path: upload.with?.["path"] }]
      : [];
  });
  expect(reports).toHaveLength(4);
  for (const { written, name, path } of reports) expect([name, path]).toEqual([written, "${{ runner.temp }}/reviews"]);
});

test("one action has one version", () => {
  const pins = files.flatMap(([, text]) =>
    [...text.matchAll(/uses: (\S+)@(\S+ # \S+)/g)].map(([, action, pin]) => [action!, pin!] as const),
  );
  expect(pins.length).toBeGreaterThan(20);
  for (const [action, pin] of pins) expect([action, new Map(pins).get(action)]).toEqual([action, pin]);
});

describe("the check finds", () => {
  test.each([
    ["pull_request_target", plan, "  pull_request:", "  pull_request_target:", /pull_request_target/],
    ["permissions for all", plan, "permissions: {}", "permissions: write-all", /permissions to all/],
    ["a job without permissions", plan, /\n {4}permissions:\n {6}contents: read/, "", /asks for no permissions/],
    ["a job that may write for a pull request", plan, "contents: read", "contents: write", /may write/],
    ["an action by its tag", plan, /@[0-9a-f]{40} # v7.0.1/, "@v7", /pinned by its commit/],
    ["a commit without its version", plan, / # v7.0.1/, "", /pinned by its commit/],
    [
      "an expression in a script",
      plan,
      "run: npm ci",
      "run: echo ${{ github.head_ref }}; npm ci",
      /pastes an expression/,
    ],
    [
      "a program in YAML",
      plan,
      "run: npm ci --no-audit --no-fund",
      "run: |\n          a\n          b\n          c",
      /several lines/,
    ],
    ["a token in the checkout", plan, "persist-credentials: false", "persist-credentials: true", /leaves its token/],
    ["a site open for every ref", sitePlan, / {4}if: github[^\n]* && needs[^\n]*\n/, "", /for any ref/],
    ["a site open for one more ref", apply, "refs/heads/main'\n", "refs/heads/main' || true\n", /for any ref/],
    [
      "a tag called like the branch",
      apply,
      "github.ref == 'refs/heads/main'\n",
      "github.ref_name == 'main'\n",
      /name of a ref/,
    ],
    [
      "the end of a ref",
      drift,
      "github.ref == 'refs/heads/main'\n",
      "endsWith(github.ref, '/main')\n",
      /name of a ref/,
    ],
    [
      "the last job for any ref",
      apply,
      "always() && github.ref == 'refs/heads/main' && ",
      "always() && ",
      /forget: .* any ref/,
    ],
    [
      "a site that a pull request starts",
      sitePlan,
      "  workflow_dispatch:\n",
      "  pull_request:\n  workflow_dispatch:\n",
      /can bring/,
    ],
    [
      "a site that a push to any branch starts",
      drift,
      "  workflow_dispatch:\n",
      "  push:\n  workflow_dispatch:\n",
      /can bring/,
    ],
    ["a runner that any workflow reaches", apply, / {6}group: .*\n/, "", /without a runner group/],
    ["a runner of the group of all", drift, "group: efd-sites", "group: Default", /without a runner group/],
    ["a runner by its labels", drift, /runs-on:\n.*\n {6}labels: /, "runs-on: ", /without a runner group/],
    ["a runner by its name", plan, "runs-on: ubuntu-24.04", "runs-on: some-runner", /without a runner group/],
    [
      "a pull request's code with rights",
      sitePlan,
      /(changed:[^]*?)contents: read/,
      "$1contents: write",
      /with rights/,
    ],
    ["a cache that a pull request fills", sitePlan, "package-manager-cache: false", "cache: npm", /cache/],
    ["a site without approval", sitePlan, / {4}environment: [^\n]*\n/, "", /without an environment/],
    ...(["${{ secrets['TOKEN'] }}", "${{ toJSON(secrets) }}", "${{ secrets[matrix.name] }}"] as const).map(
      (secret) =>
        [
          `${secret} that nothing guards`,
          plan,
          "run: npm ci",
          `env:\n          ONE: ${secret}\n        run: npm ci`,
          /secrets without an environment/,
        ] as const,
    ),
    [
      "all secrets for another workflow",
      plan,
      /\n {4}permissions:\n/,
      "\n    secrets: inherit\n    permissions:\n",
      /secrets without an environment/,
    ],
    ["plans that nobody removes", apply, /run: rm -rf .*/, "run: npm ci", /leaves plans/],
    ["plans that a cancelled run leaves", apply, "if: always() && ", "if: ", /leaves plans/],
    [
      "plans removed before they are applied",
      apply,
      "needs: [site, plan, apply]",
      "needs: [site, plan]",
      /leaves plans/,
    ],
    [
      "plans removed on another runner",
      apply,
      /(forget:[^]*?)runs-on:\n.*\n.*/,
      "$1runs-on: ubuntu-24.04",
      /leaves plans/,
    ],
    ["plans where a second attempt finds them", apply, /-\$GITHUB_RUN_ATTEMPT/, "", /another attempt/],
    ["plans in an artifact", sitePlan, "path: ${{ runner.temp }}/reviews", "path: ~/.efd-plans", /uploads plans/],
    [
      "a download whose folders depend on how many there are",
      comment,
      "merge-multiple: true",
      "merge-multiple: false",
      /merge-multiple/,
    ],
    [
      "a pull request's program with rights",
      comment,
      "persist-credentials: false",
      "persist-credentials: false\n          ref: x",
      /with rights/,
    ],
    ["a job without an end", plan, /\n {4}timeout-minutes: \d+/, "", /timeout-minutes/],
    ["no shell that heeds pipes", plan, "shell: bash", "shell: sh", /pipe/],
    ["no concurrency", plan, /concurrency:\n.*\n.*\n/, "", /concurrency/],
  ] as const)("%s", (_what, text, old, now, fault) => {
    const changed = text.replace(old, now);
    expect(changed).not.toBe(text);
    expect(workflowFaults("x.yml", changed)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });
});
