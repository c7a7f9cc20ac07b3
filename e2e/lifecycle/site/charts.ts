/** The charts of the lifecycle tests: real packages, or stubs; a scenario may replace one. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { Run } from "../../../cli/shared/process/process";
import type { Context } from "../../../cli/shared/terminal/context";
import { makeStubs } from "../../rehearsal/charts/stubs";
import { stacksOf } from "../../rehearsal/charts/source";
import { parseEnvironment } from "../../../environments/parse";
import { smallest } from "./smallest";

/** Where charts come from. */
interface ChartsProps extends Pick<Context, "run" | "env"> {
  readonly folder: string;
  /** Folder with real packages, where there is one. */
  readonly packages: string;
  /** Folder with CRDs, for stubs, where there is one. */
  readonly crds: string;
}

/** A folder with a package of every chart of the site. */
export class ChartFolder {
  private constructor(
    readonly folder: string,
    /** What they are, for the last lines. */
    readonly origin: string,
    private readonly run: Run,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Links to the real packages where there are any, otherwise stubs. */
  static async of({ folder: parent, packages, crds, run, env }: ChartsProps): Promise<ChartFolder> {
    const folder = join(parent, "charts");
    const real = resolve(packages);
    mkdirSync(folder, { recursive: true });
    if (existsSync(real)) {
      for (const name of readdirSync(real)) symlinkSync(join(real, name), join(folder, name));
      return new ChartFolder(folder, "real", run, env);
    }
    const known = existsSync(crds) ? resolve(crds) : undefined;
    const site = parseEnvironment(smallest("/none", folder));
    await makeStubs(stacksOf(site), { folder, run, env, ...(known ? { crds: known } : {}) });
    const why = `there is no folder ${real}, set CHARTS`;
    return new ChartFolder(folder, `stub, for ${why} (CRDs: ${known ?? "made up"})`, run, env);
  }

  /**
   * Packs a chart anew, as another file or in its place. `change` gets the path and text of every file and answers the
   * new text. Answers how to bring back what was there.
   */
  async repack(from: string, to: string, change: (text: string, path: string) => string): Promise<() => void> {
    const folder = mkdtempSync(join(this.folder, "..", "chart-"));
    await this.tar("-xzf", join(this.folder, from), "-C", folder);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.ya?ml$/.test(path));
    for (const path of files) {
      const file = join(folder, path);
      writeFileSync(file, change(readFileSync(file, "utf8"), path));
    }
    const target = join(this.folder, to);
    const before = existsSync(target) ? readFileSync(target) : undefined;
    rmSync(target, { force: true });
    await this.tar("-czf", target, "-C", folder, ...readdirSync(folder));
    return () => (before ? writeFileSync(target, before) : rmSync(target));
  }

  private async tar(...args: string[]): Promise<void> {
    const { code, stderr } = await this.run("tar", args, { env: this.env });
    if (code !== 0) throw new Error(`tar: ${stderr.trim()}`);
  }
}
