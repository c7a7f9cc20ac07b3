/** Another revision of this program, in a folder of its own. */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LAYERS, type Layer } from "../../environments/derived/layers";
import type { Context } from "../../cli/shared/terminal/context";
import { UserError } from "../../ground/errors";
import { CHECKOUT, type Stack } from "../../cli/shared/site/program";
import { StackView } from "../../synthesized/stack";
import type { SynthesisProps } from "./synthesis";

const SYNTHESIS = join("e2e", "rehearsal", "synthesis.ts");
const LOCK = "package-lock.json";

/** A revision whose files lie in a folder. */
export class Revision {
  private constructor(
    private readonly context: Context,
    /** Full id of the commit. */
    readonly commit: string,
    private readonly folder: string,
  ) {}

  /**
   * The commit of a name such as `HEAD~1`.
   *
   * @throws {UserError} when there is none.
   */
  static async commitOf({ run }: Context, ref: string): Promise<string> {
    const found = await run("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], {
      cwd: CHECKOUT,
    });
    if (found.code === 127) throw new UserError("git is not there: --from needs it");
    if (found.code === 0) return found.stdout.trim();
    const shallow = await run("git", ["rev-parse", "--is-shallow-repository"], { cwd: CHECKOUT });
    const why =
      shallow.stdout.trim() === "true" ? " (this checkout is shallow: `git fetch --unshallow` gets the rest)" : "";
    throw new UserError(`--from ${ref} names no commit of this repository${why}`);
  }

  /**
   * Unpacks a commit into a folder, with the modules that it needs.
   *
   * @throws {UserError} when that fails.
   */
  static async unpack(context: Context, commit: string, folder: string): Promise<Revision> {
    const { run, output } = context;
    mkdirSync(folder, { recursive: true });
    const tar = join(folder, "..", `${commit}.tar`);
    const must = async (command: string, args: string[], cwd: string): Promise<void> => {
      const result = await run(command, args, { cwd });
      if (result.code !== 0)
        throw new UserError(
          `revision ${commit}: ${command} ${args[0]} failed: ${result.stderr.trim().split("\n").at(-1)}`,
        );
    };
    output.step(`unpacking ${commit.slice(0, 12)}`);
    await must("git", ["archive", "--format=tar", `--output=${tar}`, commit], CHECKOUT);
    await must("tar", ["-xf", tar, "-C", folder], folder);
    const lock = (root: string): string => (existsSync(join(root, LOCK)) ? readFileSync(join(root, LOCK), "utf8") : "");
    if (lock(folder) === lock(CHECKOUT)) symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
    else {
      output.note(`revision ${commit.slice(0, 12)} has other modules: npm ci gets them`);
      await must("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder);
    }
    return new Revision(context, commit, folder);
  }

  /**
   * Synthesizes a site by this revision's own code.
   *
   * @throws {UserError} with what that code says.
   */
  async synthesize(site: string, props: SynthesisProps): Promise<Stack[]> {
    const { run, env, output } = this.context;
    output.step(`synthesizing ${site} of ${this.commit.slice(0, 12)}`);
    const target = join(this.folder, SYNTHESIS);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(CHECKOUT, SYNTHESIS), target);
    const entry = join(this.folder, "rehearse.ts");
    writeFileSync(
      entry,
      `import { synthesizeHere } from "./e2e/rehearsal/synthesis";\n` +
        `synthesizeHere(${JSON.stringify(site)}, ${JSON.stringify(props)});\n`,
    );
    const done = await run(process.execPath, ["--import", "tsx", entry], { cwd: this.folder, env });
    if (done.code !== 0) {
      const line = done.stderr.split("\n").find((one) => /Error: /.test(one)) ?? done.stderr.trim();
      throw new UserError(
        `revision ${this.commit.slice(0, 12)} was not synthesized: ${line.replace(/^.*?Error: /, "")}`,
      );
    }
    return stacksOf(site, props.out);
  }
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { synthesizedStackPath: string; dependencies: string[] }>>;
}

/** The stacks of a site in such a folder, in the order of the layers that we know. */
function stacksOf(site: string, out: string): Stack[] {
  const { stacks } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
  return LAYERS.flatMap((layer: Layer) => {
    const stack = stacks[`${site}-${layer}`];
    if (!stack) return [];
    const path = join(out, stack.synthesizedStackPath);
    return [new StackView(site, layer, readFileSync(path, "utf8"), stack.dependencies, dirname(path))];
  });
}
