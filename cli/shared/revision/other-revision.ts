/** The revision of the checkout, and another one: unpacked into a folder and run by its own code. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../ground/errors";
import type { Run, RunResult } from "../process/process";
import { inTemporaryFolder } from "../process/temporary-folder";
import { CHECKOUT } from "../site/program";
import type { Context } from "../terminal/context";

const LOCK = "package-lock.json";

/** Most of a revision's bytes, which none of its programs needs. */
const LEFT_OUT = [":(exclude)__tests__", ":(exclude)docs"];

/** Suffix of a commit where files of the checkout differ from it. */
export const DIRTY = "-dirty";

/** Commit of the checkout, with `-dirty` where files differ from it; undefined outside of git. */
export async function currentRevision({ run }: { readonly run: Run }): Promise<string | undefined> {
  const commit = await run("git", ["rev-parse", "HEAD"], { cwd: CHECKOUT });
  if (commit.code !== 0) return undefined;
  const status = await run("git", ["status", "--porcelain"], { cwd: CHECKOUT });
  return `${commit.stdout.trim()}${status.stdout.trim() === "" ? "" : DIRTY}`;
}

/**
 * The commit of a name such as `HEAD~1`, which was given as this option.
 *
 * @throws {UserError} when git knows none.
 */
export async function commitOf({ run }: Context, option: string, ref: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const found = await run("git", args, { cwd: CHECKOUT });
  if (found.code === 127) throw new UserError(`${option}: git was not found, install it`);
  if (found.code === 0 && found.stdout.trim() !== "") return found.stdout.trim();
  const shallow = await run("git", ["rev-parse", "--is-shallow-repository"], { cwd: CHECKOUT });
  const why =
    shallow.stdout.trim() === "true" ? " (this checkout is shallow: `git fetch --unshallow` gets the rest)" : "";
  throw new UserError(
    `${option}: git knows no revision ${JSON.stringify(ref)}, name a commit, branch or tag that is fetched${why}`,
  );
}

/** A revision whose files lie in a folder. */
export class OtherRevision {
  private constructor(
    private readonly context: Context,
    readonly commit: string,
    readonly folder: string,
  ) {}

  /**
   * Unpacks a commit into a new folder, with the packages that it needs.
   *
   * @throws {UserError} when that fails.
   */
  static async unpack(context: Context, commit: string, folder: string): Promise<OtherRevision> {
    const { run, env, output } = context;
    const short = commit.slice(0, 8);
    const must = async (command: string, args: string[], cwd: string): Promise<void> => {
      const { code, stderr } = await run(command, args, { cwd, env });
      const reason = stderr.trim().split("\n").at(-1);
      if (code !== 0) throw new UserError(`revision ${short}: ${command} ${args[0]} failed: ${reason}`);
    };
    mkdirSync(folder, { recursive: true });
    const tar = `${folder}.tar`;
    output.step(`unpacking ${short}`, false);
    await must("git", ["archive", "--format=tar", `--output=${tar}`, commit, "--", ".", ...LEFT_OUT], CHECKOUT);
    await must("tar", ["-xf", tar, "-C", folder], folder);
    rmSync(tar, { force: true });
    if (hasPackagesOf(folder)) symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"), "dir");
    else {
      output.step(`installing the packages of ${short}, for its lock file differs`);
      await must("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder);
    }
    return new OtherRevision(context, commit, folder);
  }

  execute(file: string, ...args: string[]): Promise<RunResult> {
    const { run, env } = this.context;
    return run(process.execPath, ["--import", "tsx", file, ...args], { cwd: this.folder, env });
  }
}

/**
 * Works in a revision that is unpacked into a temporary folder, and removed afterwards.
 *
 * @throws {UserError} when there is no such revision, or when it cannot be unpacked.
 */
export async function inRevision<T>(
  context: Context,
  option: string,
  ref: string,
  work: (revision: OtherRevision) => Promise<T>,
): Promise<T> {
  const commit = await commitOf(context, option, ref);
  return inTemporaryFolder("revision", async (folder) =>
    work(await OtherRevision.unpack(context, commit, join(folder, "tree"))),
  );
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** Whether this checkout has all packages of another one, in the same versions. */
function hasPackagesOf(other: string): boolean {
  if (!existsSync(join(other, LOCK))) return false;
  const [theirs, ours] = [other, CHECKOUT].map((root) => readFileSync(join(root, LOCK), "utf8")) as [string, string];
  if (theirs === ours) return true;
  const [wanted, there] = [theirs, ours].map((text) => (JSON.parse(text) as Lockfile).packages) as [
    Lockfile["packages"],
    Lockfile["packages"],
  ];
  return Object.entries(wanted).every(([path, { version }]) => path === "" || there[path]?.version === version);
}
