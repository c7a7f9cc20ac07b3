/** Reviewed plans: saved with a manifest, and accepted only where nothing has changed since. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Review } from "../../../review/model/model";
import type { Layer } from "../../../environments/derived/layers";
import type { Context } from "../terminal/context";
import { UserError } from "../../../ground/errors";
import { shownPath } from "../terminal/output";
import { makeOutputFolder } from "../terminal/output-folder";
import type { PlannedLayer } from "./saved-plan";
import { currentRevision, DIRTY } from "../revision/other-revision";
import type { Session } from "../session/session";
import { terraformVersion } from "../terraform/terraform";

const state = z.strictObject({ lineage: z.string(), serial: z.int() });

const manifest = z.strictObject({
  format: z.literal(1),
  site: z.string(),
  revision: z.string(),
  terraform: z.string(),
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      stack: z.string(),
      providers: z.record(z.string(), z.string()),
      /** The saved plan, beside the manifest. */
      plan: z.string().regex(/^[a-z0-9-]+\.tfplan$/),
      /** SHA-256 of the saved plan, hexadecimal. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** The state that it was planned on; left out where there was none. */
      state: state.optional(),
    }),
  ),
});

/** What was planned, by which program, on which state. */
export type ReviewManifest = z.output<typeof manifest>;

/** One layer of it. */
export type ReviewedLayer = ReviewManifest["layers"][number];

const MANIFEST = "manifest.json";

/** SHA-256 of a file, hexadecimal. */
export function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/**
 * Saves plans that change something, the review and the manifest. A plan may hold secrets: only the
 * owner may read the folder.
 *
 * @throws {UserError} where the folder holds something else, or where a layer could not be planned.
 */
export async function saveReviewedPlans(
  context: Context,
  session: Session,
  folder: string,
  review: Review,
  planned: readonly PlannedLayer[],
): Promise<void> {
  const path = resolve(folder);
  const failed = review.layers.filter(({ status }) => status === "failed").map(({ stack }) => stack);
  if (failed.length > 0) {
    context.output.problem(`--out: nothing was saved, because ${failed.join(", ")} could not be planned`);
    return;
  }
  if (existsSync(join(path, MANIFEST)))
    throw new UserError(`--out: ${shownPath(path)} already holds a review, name a new folder`);
  makeOutputFolder(path, 0o700);
  const layers: ReviewedLayer[] = [];
  for (const { input, terraform } of planned) {
    const status = review.layers.find(({ stack }) => stack === input.stack)?.status;
    if (!terraform || !input.plan || status !== "planned") continue;
    const plan = `${input.stack}.tfplan`;
    copyFileSync(terraform.planFile, join(path, plan));
    const { lineage, serial } = await terraform.statePull();
    layers.push({
      layer: input.layer,
      stack: input.stack,
      providers: { ...input.plan.providers },
      plan,
      sha256: digestOf(join(path, plan)),
      ...(lineage !== undefined && serial !== undefined ? { state: { lineage, serial } } : {}),
    });
  }
  const whole: ReviewManifest = {
    format: 1,
    site: session.environment.name,
    revision: review.revision ?? "unknown",
    terraform: (await terraformVersion(context.run)) ?? "unknown",
    layers,
  };
  for (const [name, content] of [
    ["review.json", review],
    [MANIFEST, whole],
  ] as const)
    writeFileSync(join(path, name), `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  context.output.note(
    `plans of ${layers.map(({ stack }) => stack).join(", ") || "no layer"} are in ${shownPath(path)}`,
  );
}

/**
 * Reads a manifest, and checks what can be checked without the site.
 *
 * @throws {UserError} with one line for everything that differs.
 */
export async function readReviewManifest(context: Context, folder: string, site: string): Promise<ReviewManifest> {
  const path = resolve(folder);
  const found = parseManifest(join(path, MANIFEST));
  const faults: string[] = [];
  if (found.site !== site)
    faults.push(`it was made for ${found.site}, not for ${site}: name that site or another folder`);
  const revision = await currentRevision(context);
  if (found.revision.endsWith(DIRTY))
    faults.push("it was made of files that are not committed: commit them and review again");
  else if (`${found.revision}${DIRTY}` === revision)
    faults.push(
      "files of the checkout differ from the revision that was reviewed: undo the differences, or commit them and review again",
    );
  else if (found.revision !== revision)
    faults.push(
      `it was made at revision ${found.revision}, and the checkout is at ${revision ?? "none"}: check that out`,
    );
  const terraform = await terraformVersion(context.run);
  if (found.terraform !== terraform)
    faults.push(`it was made by Terraform ${found.terraform}, and ${terraform ?? "none"} is here: use that one`);
  for (const { stack, plan, sha256 } of found.layers) {
    const file = join(path, plan);
    if (!existsSync(file)) faults.push(`${plan}, the plan of ${stack}, is not there: review again`);
    else if (digestOf(file) !== sha256) faults.push(`${plan} is not the plan that was reviewed: review again`);
  }
  if (faults.length > 0)
    throw new UserError([`${shownPath(path)} cannot be applied:`, ...faults.map((line) => `- ${line}`)].join("\n"));
  return found;
}

function parseManifest(path: string): ReviewManifest {
  if (!existsSync(path)) throw new UserError(`${shownPath(path)} does not exist: make it with review --out`);
  try {
    return manifest.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new UserError(
      `${shownPath(path)} is no manifest of a review, or was written by another version of this program: review again`,
    );
  }
}

/** Why a reviewed plan no longer fits the state; undefined where it does. */
export async function whyStateDiffers(
  session: Session,
  { layer, stack, state: planned }: ReviewedLayer,
): Promise<string | undefined> {
  await session.applied(layer as Layer);
  const { lineage, serial } = await session.terraform(layer as Layer).statePull();
  if (lineage === planned?.lineage && serial === planned?.serial) return undefined;
  const name = (one: { lineage?: string; serial?: number } | undefined) =>
    one?.serial === undefined
      ? "none"
      : `serial ${one.serial}${one.lineage === planned?.lineage ? "" : " of another lineage"}`;
  return `the state of ${stack} changed since the review: reviewed with ${name(planned)}, now ${name({ lineage, serial })}; review again`;
}
