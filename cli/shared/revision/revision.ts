/** Which commit the checkout is at, and what another one synthesizes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Context } from "../terminal/context";
import { UserError } from "../../../ground/errors";
import type { RunResult } from "../process/process";
import { CHECKOUT } from "../site/program";
import type { TerraformJson } from "../../../synthesized/stack";

/** Stands behind a commit where files of the checkout differ from it. */
export const DIRTY = "-dirty";

/** Commit of the checkout, with `-dirty` where files differ from it; undefined outside of git. */
export async function revisionOf({ run }: Pick<Context, "run">): Promise<string | undefined> {
  const commit = await run("git", ["rev-parse", "HEAD"], { cwd: CHECKOUT });
  if (commit.code !== 0) return undefined;
  const status = await run("git", ["status", "--porcelain"], { cwd: CHECKOUT });
  return `${commit.stdout.trim()}${status.stdout.trim() === "" ? "" : DIRTY}`;
}

/**
 * Every stack of a site as another revision synthesizes it, by name. No stack where that revision does not know the
 * site.
 *
 * @throws {UserError} where there is no such revision, or where it cannot synthesize.
 */
export function synthesizeRevision(context: Context, ref: string, site: string): Promise<Map<string, TerraformJson>> {
  return inRevision(context, ref, async (tree, verb) => {
    const { code, said } = await verb(["synth", "--", site], `synthesizing ${site}`);
    if (code !== 0 && said.includes(`unknown site ${site}`)) return new Map<string, TerraformJson>();
    if (code !== 0) throw new UserError(`--base: ${ref} cannot be synthesized: ${said}`);
    return readStacks(join(tree, "cdktf.out"), site);
  });
}

const overview = z.object({ stacks: z.array(z.object({ site: z.string() })) });

/**
 * Names of the sites of another revision.
 *
 * @throws {UserError} where there is no such revision, or where it does not say them.
 */
export function sitesOfRevision(context: Context, ref: string): Promise<string[]> {
  return inRevision(context, ref, async (_tree, verb) => {
    const { code, stdout, said } = await verb(["start", "--json"], "looking for the sites");
    if (code !== 0) throw new UserError(`--base: ${ref} does not say its sites: ${said}`);
    return [...new Set(overview.parse(JSON.parse(stdout)).stacks.map(({ site }) => site))];
  });
}

/** Runs a verb of another revision. */
type RevisionVerb = (args: readonly string[], step: string) => Promise<RunResult & { readonly said: string }>;

/** Works in another revision: in a work tree of its own, with its own program, both removed afterwards. */
async function inRevision<T>(
  { run, env, output }: Context,
  ref: string,
  work: (tree: string, verb: RevisionVerb) => Promise<T>,
): Promise<T> {
  const found = await run("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], {
    cwd: CHECKOUT,
  });
  const commit = found.stdout.trim();
  if (found.code !== 0 || commit === "")
    throw new UserError(
      `--base: git knows no revision ${JSON.stringify(ref)}, name a commit, branch or tag that is fetched`,
    );
  const folder = mkdtempSync(join(tmpdir(), "efd-base-"));
  const tree = join(folder, "tree");
  try {
    await mustRun("git worktree add", run("git", ["worktree", "add", "--detach", tree, commit], { cwd: CHECKOUT }));
    await bringModules(tree);
    return await work(tree, async (args, step) => {
      output.step(`${step} at ${commit.slice(0, 8)}`, false);
      const result = await run(process.execPath, ["--import", "tsx", "cli/index.ts", ...args], { cwd: tree, env });
      return { ...result, said: result.stderr.trim() || result.stdout.trim() };
    });
  } finally {
    await run("git", ["worktree", "remove", "--force", tree], { cwd: CHECKOUT, cleanup: true });
    rmSync(folder, { recursive: true, force: true });
  }

  /** The packages of this checkout where the lock file is the same, its own where it is not. */
  async function bringModules(into: string): Promise<void> {
    const lock = "package-lock.json";
    const same = existsSync(join(into, lock)) && sameText(join(into, lock), join(CHECKOUT, lock));
    if (same) return symlinkSync(join(CHECKOUT, "node_modules"), join(into, "node_modules"), "dir");
    output.step(`installing the packages of ${commit.slice(0, 8)}, for its lock file differs`);
    await mustRun("npm ci", run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: into, env }));
  }
}

function sameText(one: string, other: string): boolean {
  return readFileSync(one, "utf8") === readFileSync(other, "utf8");
}

async function mustRun(what: string, result: ReturnType<Context["run"]>): Promise<void> {
  const { code, stderr } = await result;
  if (code !== 0) throw new UserError(`${what} failed: ${stderr.trim()}`);
}

function readStacks(outdir: string, site: string): Map<string, TerraformJson> {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return new Map(
    Object.entries(stacks)
      .filter(([name]) => name.startsWith(`${site}-`))
      .map(([name, { synthesizedStackPath }]) => [
        name,
        JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as TerraformJson,
      ]),
  );
}
