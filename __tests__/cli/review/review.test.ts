import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { observingAt } from "../../../cli/shared/session/observing";
import type { Run } from "../../../cli/shared/process/process";
import {
  digestOf,
  whyStateDiffers,
  readReviewManifest,
  type ReviewedLayer,
} from "../../../cli/shared/plan/reviewed-plans";
import { sitesOfRevision } from "../../../cli/shared/revision/stacks";
import type { Session } from "../../../cli/shared/session/session";
import { reviewSite } from "../../../cli/review";
import { reviewExitCode } from "../../../cli/review/report";
import type { LayerReview, Review } from "../../../review/model/model";
import { CHECKOUT, SITE_NAMES } from "../../support/sites";
import { EXAMPLE } from "../../review/example";
import { context } from "../support";

const only = (layers: LayerReview[], findings: Review["findings"] = []): Review => ({ ...EXAMPLE, layers, findings });
const [unchanged, planned] = EXAMPLE.layers as [LayerReview, LayerReview];

test("exit codes: nothing, error, changes, data at risk", () => {
  const blocked: LayerReview = { ...unchanged, status: "blocked" };
  // Nothing changes as far as anybody could look: that is no "go".
  expect(reviewExitCode(only([unchanged, blocked]))).toBe(1);
  expect(reviewExitCode(only([unchanged, planned]))).toBe(2);
  expect(reviewExitCode(EXAMPLE)).toBe(3);
  expect(reviewExitCode({ ...EXAMPLE, layers: [...EXAMPLE.layers, { ...unchanged, status: "failed" }] })).toBe(1);
});

test("options that exclude one another, and unknown sites, are refused before anything runs", async () => {
  const [site = ""] = SITE_NAMES;
  await expect(reviewSite(context(), site, undefined, { base: "main", drift: true })).rejects.toThrow(
    "--base and --drift exclude one another: give one of them",
  );
  await expect(reviewSite(context(), "nowhere", undefined, {})).rejects.toThrow(/^unknown site nowhere/);
});

describe("a site that only the base knows", () => {
  /** A git and a program of another revision, which has one more site, `toy`. */
  const base: Run = (command, args, options) => {
    const [verb] = command === "git" ? args : args.slice(args.indexOf("cli/index.ts") + 1);
    const said = { code: 0, stdout: verb === "rev-parse" ? "0123456789abcdef" : "", stderr: "" };
    if (command === "tar")
      copyFileSync(join(CHECKOUT, "package-lock.json"), join(String(args.at(-1)), "package-lock.json"));
    if (verb === "start") said.stdout = JSON.stringify({ stacks: [{ site: SITE_NAMES[0] }, { site: "toy" }] });
    if (verb !== "synth") return Promise.resolve(said);
    const site = args.at(-1);
    if (site !== "toy") return Promise.resolve({ code: 1, stdout: "", stderr: `unknown site ${site}: known are toy` });
    const out = join(options?.cwd ?? "", "cdktf.out");
    mkdirSync(out);
    const names = ["toy-cluster", "toy-efd"];
    const stacks = Object.fromEntries(names.map((name) => [name, { synthesizedStackPath: name }]));
    writeFileSync(join(out, "manifest.json"), JSON.stringify({ stacks }));
    for (const name of names) writeFileSync(join(out, name), "{}");
    return Promise.resolve(said);
  };

  test("is reviewed as one that leaves, with a report", async () => {
    const report = mkdtempSync(join(tmpdir(), "efd-gone-"));
    try {
      const of = context({ run: base, json: true });
      expect(await reviewSite(of, "toy", undefined, { base: "main", report })).toBe(2);
      const found = JSON.parse(of.out.text) as Review;
      expect(found.findings.map(({ rule, stack }) => `${rule} ${stack}`)).toEqual([
        "stack-leaves toy-cluster",
        "stack-leaves toy-efd",
      ]);
      expect(readFileSync(join(report, "review.md"), "utf8")).toContain("> **The site leaves the program: ");
      const one = context({ run: base, json: true });
      await reviewSite(one, "toy", "efd", { base: "main" });
      expect((JSON.parse(one.out.text) as Review).layers.map(({ stack }) => stack)).toEqual(["toy-efd"]);
    } finally {
      rmSync(report, { recursive: true, force: true });
    }
  });

  test("is one of the sites of that revision", async () => {
    expect(await sitesOfRevision(context({ run: base }), "main")).toEqual([SITE_NAMES[0], "toy"]);
  });

  test("is unknown where the base does not know it either", async () => {
    await expect(reviewSite(context({ run: base }), "nowhere", undefined, { base: "main" })).rejects.toThrow(
      /^unknown site nowhere: known are/,
    );
    await expect(reviewSite(context({ run: base }), "toy", "x", { base: "main" })).rejects.toThrow(
      "toy has cluster, efd",
    );
  });
});

describe("observing hours", () => {
  const night = { from: "17:30", to: "08:00", timeZone: "America/Santiago" };
  const day = { from: "09:00", to: "10:00", timeZone: "UTC" };

  test.each([
    ["at midnight there", "2026-06-15T04:00:00Z", true],
    ["at their begin", "2026-06-15T21:30:00Z", true],
    ["a minute before", "2026-06-15T21:29:00Z", false],
    ["at their end", "2026-06-15T12:00:00Z", false],
    ["in summer time, an hour earlier by UTC", "2026-01-15T20:30:00Z", true],
  ])("%s", (_name, moment, expected) => {
    expect(observingAt([night], new Date(moment)) !== undefined).toBe(expected);
  });

  test("several windows, and none", () => {
    expect(observingAt([night, day], new Date("2026-06-15T09:30:00Z"))).toBe(night);
    expect(observingAt([day], new Date("2026-06-15T09:30:00Z"))).toBe(day);
    expect(observingAt([], new Date())).toBeUndefined();
  });
});

describe("reviewed plans", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "efd-reviewed-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const commit = "0123456789abcdef0123456789abcdef01234567";
  const run =
    (terraform = "1.11.4", status = ""): Run =>
    (command, args) =>
      Promise.resolve({
        code: 0,
        stdout:
          command === "terraform"
            ? JSON.stringify({ terraform_version: terraform })
            : args[0] === "status"
              ? status
              : commit,
        stderr: "",
      });

  function write(changes: object = {}): ReviewedLayer {
    writeFileSync(join(folder, "toy-efd.tfplan"), "a plan");
    const layer: ReviewedLayer = {
      layer: "efd",
      stack: "toy-efd",
      providers: {},
      plan: "toy-efd.tfplan",
      sha256: digestOf(join(folder, "toy-efd.tfplan")),
      state: { lineage: "a", serial: 3 },
    };
    const manifest = { format: 1, site: "toy", revision: commit, terraform: "1.11.4", layers: [layer], ...changes };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
    return layer;
  }

  const read = (of: Run = run(), site = "toy") => readReviewManifest(context({ run: of }), folder, site);

  test("are read where nothing moved", async () => {
    const layer = write();
    expect((await read()).layers).toEqual([layer]);
  });

  test("are refused with a line for each thing that moved", async () => {
    write({ revision: "f".repeat(40) });
    writeFileSync(join(folder, "toy-efd.tfplan"), "another plan");
    const lines = await read(run("1.12.0"), "other").catch((error: Error) => error.message.split("\n"));
    expect(lines).toEqual([
      expect.stringMatching(/cannot be applied:$/),
      "- it was made for toy, not for other: name that site or another folder",
      expect.stringMatching(/^- it was made at revision f+, and the checkout is at 0123/),
      "- it was made by Terraform 1.11.4, and 1.12.0 is here: use that one",
      "- toy-efd.tfplan is not the plan that was reviewed: review again",
    ]);
  });

  test("of files that were not committed are refused", async () => {
    write({ revision: `${commit}-dirty` });
    await expect(read(run("1.11.4", " M a.ts"))).rejects.toThrow(/not committed: commit them and review again/);
  });

  test("are refused where files differ from what was reviewed", async () => {
    write();
    await expect(read(run("1.11.4", " M a.ts"))).rejects.toThrow(/- files of the checkout differ from the revision/);
  });

  test("need a manifest of ours", async () => {
    await expect(read()).rejects.toThrow(/manifest\.json does not exist: make it with review --out/);
    write({ format: 2 });
    await expect(read()).rejects.toThrow(/is no manifest of a review/);
    write({ layers: [{ ...write(), plan: "../toy.tfplan" }] });
    await expect(read()).rejects.toThrow(/is no manifest of a review/);
  });

  test("are refused when the state moved on", async () => {
    const layer = write();
    const session = (state: object) =>
      ({
        applied: () => Promise.resolve([]),
        terraform: () => ({ statePull: () => Promise.resolve(state) }),
      }) as unknown as Session;
    expect(await whyStateDiffers(session({ lineage: "a", serial: 3 }), layer)).toBeUndefined();
    expect(await whyStateDiffers(session({ lineage: "a", serial: 4 }), layer)).toBe(
      "the state of toy-efd changed since the review: reviewed with serial 3, now serial 4; review again",
    );
    expect(await whyStateDiffers(session({ lineage: "b", serial: 3 }), layer)).toMatch(
      /now serial 3 of another lineage/,
    );
    expect(await whyStateDiffers(session({}), layer)).toMatch(/now none/);
  });
});
