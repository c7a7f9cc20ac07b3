/** Reviews that another job made, read as what they are: files of somebody. */
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ACTIONS, type Review, RISKS } from "../../review/model/model";
import { visible } from "../../review/render/show";

/** Bytes of a review; one of a thousand changes has less than a tenth of it. */
const MOST_BYTES = 32 * 1024 * 1024;

const shown = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), value: z.json() }),
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("secret") }),
]);
const difference = z.object({
  path: z.string(),
  before: shown.optional(),
  after: shown.optional(),
  replaces: z.literal(true).optional(),
});
const objectChange = z.object({
  action: z.enum(["create", "update", "delete"]),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  keep: z.boolean(),
  differences: z.array(difference),
});
const release = z.object({
  namespace: z.string(),
  name: z.string(),
  chart: z.object({ name: z.string(), from: z.string().optional(), to: z.string().optional() }),
  notes: z.array(z.string()),
  values: z.array(difference),
  objects: z.array(objectChange),
});
const change = z.object({
  address: z.string(),
  type: z.string(),
  name: z.string(),
  action: z.enum(ACTIONS),
  risk: z.enum(RISKS),
  risks: z.array(z.enum(RISKS)).optional(),
  previousAddress: z.string().optional(),
  reason: z.string().optional(),
  differences: z.array(difference),
  release: release.optional(),
});
const finding = z.object({
  rule: z.string(),
  risk: z.enum(RISKS),
  stack: z.string(),
  address: z.string(),
  what: z.string(),
  why: z.string(),
  remedy: z.string(),
  allow: z.string().optional(),
  allowed: z.boolean().optional(),
  asks: z.literal(true).optional(),
  fails: z.literal(true).optional(),
  more: z.array(z.object({ address: z.string(), allow: z.string().optional() })).optional(),
});
const review = z.object({
  format: z.literal(1),
  site: z.string(),
  title: z.string(),
  comparison: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("plan") }),
    z.object({ kind: z.literal("base"), base: z.string() }),
    z.object({ kind: z.literal("drift") }),
  ]),
  revision: z.string().optional(),
  layers: z.array(
    z.object({
      layer: z.string(),
      stack: z.string(),
      status: z.enum(["planned", "unchanged", "blocked", "failed"]),
      lines: z.array(z.string()),
      counts: z.partialRecord(z.enum(ACTIONS), z.number()),
      changes: z.array(change),
      versions: z.object({ terraform: z.string(), providers: z.record(z.string(), z.string()) }).optional(),
    }),
  ),
  findings: z.array(finding),
  risk: z.enum(RISKS).optional(),
});

/** What each kind of review compares; whoever wrote a file may not say another. */
const COMPARES = { plan: "plan", review: "base", drift: "drift" } as const;

/**
 * The review of a site in a folder of downloads, from `<kind>-<site>/review.json`; undefined where the job left none.
 * Each artifact brings that folder. Names of folders come from our list of sites, never from what was downloaded.
 *
 * @throws with one line, and nothing in it that begins another, when it is no file, is too large, is no review, or is
 * another site's or of another kind.
 */
export function readReview(folder: string, kind: keyof typeof COMPARES, site: string): Review | undefined {
  const path = join(folder, `${kind}-${site}`, "review.json");
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (!found.isFile()) throw new Error(`${path}: is no file`);
  if (found.size > MOST_BYTES) throw new Error(`${path}: has ${found.size} bytes, allowed ${MOST_BYTES}`);
  const { data, error } = review.safeParse(parsed(path));
  if (!data) {
    const first = error.issues[0];
    throw new Error(`${path}: is no review: ${visible(`${first?.path.join(".")} ${first?.message}`)}`);
  }
  if (data.site !== site) throw new Error(`${path}: is a review of ${JSON.stringify(data.site)}, not of ${site}`);
  if (data.comparison.kind !== COMPARES[kind])
    throw new Error(`${path}: is a review of the kind ${data.comparison.kind}, not ${COMPARES[kind]}`);
  return data;
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path}: is no JSON`);
  }
}
