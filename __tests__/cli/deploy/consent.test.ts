/** A plain deploy of recorded plans: what loses data is asked about, whatever was said in advance. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployLayers, type DeployLayersOptions } from "../../../cli/deploy/deploy-layers";
import type { Run } from "../../../cli/shared/process/process";
import type { Session } from "../../../cli/shared/session/session";
import { Terraform } from "../../../cli/shared/terraform/terraform";
import { smallSite } from "../../support/environment";
import { parseEnvironment } from "../../../environments/parse";
import { CHECKOUT } from "../../support/sites";
import { context } from "../support";

interface Plan {
  readonly terraform_version: string;
}

const folder = mkdtempSync(join(tmpdir(), "efd-consent-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Deploys a recorded plan, on a layer outside of the cluster: no API is asked. */
async function deployed(recorded: string, options: DeployLayersOptions, typed?: string) {
  const path = join(CHECKOUT, "__tests__", "review", "corpus", `${recorded}.json`);
  const { plan } = JSON.parse(readFileSync(path, "utf8")) as { plan: Plan };
  const asked: string[] = [];
  const ran: string[] = [];
  const run: Run = (_program, args) => {
    const [verb = ""] = args;
    ran.push(verb);
    const out = args.find((one) => one.startsWith("-out="));
    if (out) writeFileSync(out.slice("-out=".length), "");
    const text = { show: JSON.stringify(plan), version: JSON.stringify({ terraform_version: plan.terraform_version }) };
    const stdout = { ...text, state: "" }[verb] ?? "";
    return Promise.resolve({ code: verb === "plan" ? 2 : 0, stdout, stderr: "" });
  };
  const surroundings = context({
    run,
    ...(typed === undefined ? {} : { ask: (question: string) => (asked.push(question), Promise.resolve(typed)) }),
  });
  const stack = { name: "toy-cluster", layer: "cluster", folder, json: {}, resources: () => [] };
  const terraform = new Terraform({ folder, run, env: {} });
  const session = {
    environment: { ...parseEnvironment(smallSite()), name: "toy", allowDestroys: [] },
    stacks: [],
    stack: () => stack,
    terraform: () => terraform,
    upstream: () => undefined,
    applied: () => Promise.resolve([]),
    forget: () => undefined,
  } as unknown as Session;
  const [result] = await deployLayers(surroundings, session, ["cluster"], options);
  return { result, asked, applied: ran.includes("apply"), said: surroundings.err.text };
}

const LOSSES = [
  ["influxdb-retention-shorter", /keeps points for 168 h instead of 720 h/],
  ["kafka-retention-shorter", /keeps messages for 2 h instead of 24 h/],
  ["topic-retention", /keeps less than before/],
  ["influxdb-database-gone", /database .* leaves the program/],
  ["topic-removed", /topic/],
  ["pvc-deleted", /PVC/],
] as const;

test.each(LOSSES)("%s: a yes in advance does not cover it, and the line to type is said", async (name, what) => {
  const { result, applied } = await deployed(name, { yes: true });
  expect([result?.status, applied]).toEqual(["failed", false]);
  expect(result?.lines[0]).toMatch(what);
  expect(result?.lines.at(-1)).toMatch(/type: npm run deploy -- toy cluster --yes --confirm toy$/);
});

test.each(LOSSES)("%s: on a terminal the site's name is asked for, a yes is not enough", async (name, what) => {
  const refused = await deployed(name, { yes: true }, "y");
  expect([refused.result?.status, refused.applied]).toEqual(["failed", false]);
  expect(refused.asked).toEqual(["Type the site's name (toy) to apply this: "]);
  expect(refused.said).toMatch(what);
  const meant = await deployed(name, {}, "toy");
  expect([meant.result?.status, meant.applied]).toEqual(["applied", true]);
});

test("the name may be given in advance, and a dry run says what would be asked", async () => {
  const given = await deployed("topic-removed", { yes: true, confirm: "toy" });
  expect([given.result?.status, given.applied]).toEqual(["applied", true]);
  const dry = await deployed("topic-removed", { dryRun: true });
  expect([dry.result?.status, dry.applied]).toEqual(["planned", false]);
  expect(dry.said).toMatch(/topic/);
});

test("what loses nothing is applied with a yes", async () => {
  const { result, asked } = await deployed("kafka-retention-longer", {}, "y");
  expect(result?.status).toBe("applied");
  expect(asked).toEqual(["Apply this to toy-cluster? [y/N] "]);
  expect((await deployed("kafka-retention-longer", { yes: true })).applied).toBe(true);
});
