/** What another revision synthesizes, and for which sites. */
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../../ground/errors";
import type { TerraformJson } from "../../../synthesized/stack";
import type { RunResult } from "../process/process";
import { readJsonStacks } from "../site/program";
import type { Context } from "../terminal/context";
import { inRevision } from "./other-revision";

/** Every stack of a site by name; none where the revision does not know the site. */
export type RevisionStacks = ReadonlyMap<string, TerraformJson>;

const messageIn = ({ stderr, stdout }: RunResult): string => stderr.trim() || stdout.trim();

/**
 * Every stack of a site as another revision synthesizes it, in a process of its own. `meanwhile` is called as soon as
 * that process runs.
 *
 * @throws {UserError} where there is no such revision, or where it cannot synthesize.
 */
export function synthesizeRevision<T>(
  context: Context,
  ref: string,
  site: string,
  meanwhile: () => Promise<T>,
): Promise<{ readonly stacks: RevisionStacks; readonly ours: T }> {
  return inRevision(context, "--base", ref, async (revision) => {
    context.output.step(`synthesizing ${site} at ${revision.commit.slice(0, 8)}`, false);
    const synthesis = revision.execute("cli/index.ts", "synth", "--", site);
    // A failure here waits for the other process: its folder is removed afterwards.
    const [result, ours] = await Promise.allSettled([synthesis, meanwhile()]);
    if (ours.status === "rejected") throw ours.reason;
    if (result.status === "rejected") throw result.reason;
    const message = messageIn(result.value);
    if (result.value.code === 0)
      return { stacks: readJsonStacks(join(revision.folder, "cdktf.out"), site), ours: ours.value };
    if (message.includes(`unknown site ${site}`)) return { stacks: new Map(), ours: ours.value };
    throw new UserError(`--base: ${ref} cannot be synthesized: ${message}`);
  });
}

const overview = z.object({ stacks: z.array(z.object({ site: z.string() })) });

/**
 * Names of the sites of another revision.
 *
 * @throws {UserError} where there is no such revision, or where it does not say them.
 */
export function sitesOfRevision(context: Context, ref: string): Promise<string[]> {
  return inRevision(context, "--base", ref, async (revision) => {
    context.output.step(`looking for the sites of ${revision.commit.slice(0, 8)}`, false);
    const result = await revision.execute("cli/index.ts", "start", "--json");
    if (result.code !== 0) throw new UserError(`--base: ${ref} does not say its sites: ${messageIn(result)}`);
    return [...new Set(overview.parse(JSON.parse(result.stdout)).stacks.map(({ site }) => site))];
  });
}
