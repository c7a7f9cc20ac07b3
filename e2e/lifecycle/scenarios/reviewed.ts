/** An apply does what was reviewed, and nothing else. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { applyReviewedPlans } from "../../../cli/deploy/apply-reviewed-plans";
import type { Context } from "../../../cli/shared/terminal/context";
import { messageOf } from "../../../ground/errors";
import { withReview } from "../../../cli/review/plan-layers";
import { digestOf, saveReviewedPlans } from "../../../cli/shared/plan/reviewed-plans";
import { inside } from "../../../synthesized/stack";
import type { State } from "../../../cli/shared/terraform/terraform";
import type { Environment } from "../../../environments/schema";
import { allowingEntries, forbidden } from "../../../review/model/consent";
import type { Review } from "../../../review/model/model";
import { limited } from "../site/smallest";
import { type SiteChange, doneIn, expect, type TestSite } from "../site/test-site";

const [COMMIT, OTHER_COMMIT] = ["a".repeat(40), "b".repeat(40)] as const;

/** The whole day, in two windows. */
const ALWAYS = [
  { from: "00:00", to: "12:00", timeZone: "UTC" },
  { from: "12:00", to: "00:00", timeZone: "UTC" },
];

/** A context whose checkout is at this commit, without other files. */
function checkedOut(context: Context, commit: string): Context {
  return {
    ...context,
    run: (command, args, options) =>
      command === "git"
        ? Promise.resolve({ code: 0, stdout: args[0] === "rev-parse" ? commit : "", stderr: "" })
        : context.run(command, args, options),
  };
}

/** Reviews layers of the site and saves the plans, as `npm run review -- <site> --out <dir>` does. */
async function save(
  testSite: TestSite,
  site: Environment,
  ...only: string[]
): Promise<{ folder: string; found: Review }> {
  const { session, context } = testSite.session(site);
  const at = checkedOut(context, COMMIT);
  const layers = session.stacks.map(({ layer }) => layer).filter((one) => only.length === 0 || only.includes(one));
  const folder = join(mkdtempSync(join(testSite.folder, "review-")), "reviewed");
  return withReview(at, session, layers, { revision: COMMIT }, async (found, planned) => {
    await saveReviewedPlans(at, session, folder, found, planned);
    return { folder, found };
  });
}

/** How a review is applied. */
interface Applying {
  /** Of the checkout. @default the reviewed one */
  readonly commit?: string;
  readonly duringObserving?: string;
}

/** Applies a review, as `npm run deploy -- <site> --reviewed <dir>` does; returns what was done, or why it was refused. */
async function apply(
  testSite: TestSite,
  site: Environment,
  reviewed: string,
  { commit = COMMIT, ...options }: Applying = {},
): Promise<{ done: string[]; refused?: string }> {
  const { session, context, printed } = testSite.session(site);
  const layers = session.stacks.map(({ layer }) => layer);
  try {
    const results = await applyReviewedPlans(checkedOut(context, commit), session, layers, { reviewed, ...options });
    for (const { stack, status, lines } of results)
      expect(status === "applied", `${stack} is ${status}: ${lines.join("; ")}`);
  } catch (error) {
    return { done: [], refused: messageOf(error) };
  }
  return { done: doneIn(printed()) };
}

/** Lineage and serial of every state. */
function states(testSite: TestSite): string {
  const folder = join(testSite.folder, ".state");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".tfstate"))
    .map((file) => {
      const { lineage, serial } = JSON.parse(readFileSync(join(folder, file), "utf8")) as State;
      return `${file} ${lineage} ${serial}`;
    })
    .join("; ");
}

/** A saved plan of another stack. */
async function planOfOther(testSite: TestSite, site: Environment): Promise<Buffer> {
  const { session } = testSite.session(site);
  const terraform = session.terraform("platform");
  try {
    await session.applied("platform");
    await terraform.plan();
    return readFileSync(terraform.planFile);
  } finally {
    terraform.forgetPlan();
  }
}

/** The memory that Chronograf may use in the cluster. */
async function memory(testSite: TestSite): Promise<unknown> {
  const [one] = await testSite.items("/apis/apps/v1/namespaces/chronograf/deployments");
  const [container] = (inside(one, "spec", "template", "spec", "containers") ?? []) as unknown[];
  return inside(container, "resources", "limits", "memory");
}

/** Applies a reviewed folder and expects one line that refuses it. */
type Refuses = (pattern: RegExp, of: Environment, folder: string, options?: Applying) => Promise<void>;

/** A plan that was tampered with, cut, forged, or made by another Terraform. */
async function refusesOtherPlans(testSite: TestSite, of: Environment, folder: string, refuses: Refuses) {
  const plan = join(folder, "toy-efd.tfplan");
  copyFileSync(plan, `${plan}.kept`);
  appendFileSync(plan, "tampered");
  await refuses(/toy-efd\.tfplan is not the plan that was reviewed/, of, folder);
  const manifest = join(folder, "manifest.json");
  const kept = readFileSync(manifest, "utf8");
  const whole = readFileSync(`${plan}.kept`);
  const forged = (content: Buffer) => {
    writeFileSync(plan, content);
    writeFileSync(manifest, kept.replace(/"sha256": "[0-9a-f]+"/, `"sha256": "${digestOf(plan)}"`));
  };
  forged(whole.subarray(0, whole.length / 2));
  await refuses(/^- toy-efd: this plan is empty: Terraform could not read it; plan again$/, of, folder);
  forged(await planOfOther(testSite, of));
  await refuses(/^- toy-efd: this plan is not of toy-efd as this checkout has it: /, of, folder);
  copyFileSync(`${plan}.kept`, plan);
  writeFileSync(manifest, kept.replace(/"terraform": "[^"]+"/, '"terraform": "1.10.0"'));
  await refuses(/it was made by Terraform 1\.10\.0, and 1\.\d+\.\d+ is here: use that one/, of, folder);
  writeFileSync(manifest, kept);
}

/** Plans are applied as they were reviewed; where anything changed since, one line refuses them. */
export async function reviewed(testSite: TestSite): Promise<string> {
  const site = (limit: string, more: SiteChange = (one) => one) =>
    testSite.site((one) => more({ ...limited(limit)(one), allowDestroys: [] }));
  const refusals: string[] = [];
  const refuses: Refuses = async (pattern, of, folder, options = {}) => {
    const before = states(testSite);
    const { refused } = await apply(testSite, of, folder, options);
    expect(refused !== undefined, `it was applied, and must be refused: ${pattern}`);
    const [, ...lines] = refused.split("\n");
    expect(lines.length === 1 && pattern.test(lines[0] ?? ""), `refused with other words than ${pattern}:\n${refused}`);
    expect(states(testSite) === before, `a state changed though it was refused: ${lines[0]}`);
    refusals.push(lines[0] ?? "");
  };

  const first = await save(testSite, site("311Mi"));
  await refuses(/the checkout is at b{40}/, site("311Mi"), first.folder, { commit: OTHER_COMMIT });
  await refusesOtherPlans(testSite, site("311Mi"), first.folder, refuses);

  // Another limit in the checkout's data: what was reviewed must be applied all the same.
  const now = site("322Mi", (one) => ({ ...one, observing: ALWAYS }));
  await refuses(/the telescope observes from/, now, first.folder);
  const log = join(testSite.folder, ".logs", "toy-observing.log");
  rmSync(log, { force: true });
  const duringObserving = "a disk is full";
  const { done, refused } = await apply(testSite, now, first.folder, { duringObserving });
  expect(refused === undefined, `it was refused: ${refused}`);
  const changes = first.found.layers.flatMap((layer) => layer.changes.map(({ address }) => address));
  expect(
    done.join() === changes.join() && done.join() === "helm_release.chronograf_efd",
    `reviewed ${changes.join(", ")}, applied ${done.join(", ")}`,
  );
  const limit = await memory(testSite);
  expect(limit === "311Mi", `Chronograf has ${String(limit)}, and 311Mi was reviewed`);
  const written = existsSync(log) ? readFileSync(log, "utf8") : "nothing";
  expect(new RegExp(`^\\S+Z applied while observing: ${duringObserving}\n$`).test(written), `the log says ${written}`);
  await refuses(
    /the state of toy-efd changed since the review: reviewed with serial \d+, now serial \d+/,
    now,
    first.folder,
    {
      duringObserving,
    },
  );

  const shorter: SiteChange = (one) => ({ ...one, influxdb: { ...one.influxdb, retention: "2d" } });
  const second = await save(testSite, site("311Mi", shorter), "efd");
  const entries = forbidden(second.found.findings).map(allowingEntries).join(", ");
  const allow = JSON.parse(`[${entries}]`) as string[];
  // Alerts are kept as long as what they tell of.
  expect(
    allow.join() === "toy-efd/database/efd,toy-efd/database/chronograf",
    `a shorter retention loses data, and the review allows it by ${entries || "none"}`,
  );
  await refuses(
    /allowDestroys of the reviewed revision does not name "toy-efd\//,
    site("311Mi", shorter),
    second.folder,
  );
  const allowed = site("311Mi", (one) => ({ ...shorter(one), allowDestroys: allow }));
  const third = await save(testSite, allowed, "efd");
  const last = await apply(testSite, allowed, third.folder);
  expect(last.refused === undefined && last.done.length > 0, `it was not applied though allowed: ${last.refused}`);
  testSite.adopt((one) => shorter(limited("311Mi")(one)));
  return `applied as reviewed; ${refusals.length} refusals of one line each`;
}
