/** The nodes that the site is deployed on: the scripts in e2e/bench/node. */
import { join } from "node:path";
import { UserError } from "../../../ground/errors";
import { run } from "../../../cli/shared/process/process";
import { CHECKOUT } from "../../../cli/shared/site/program";
import type { MadeImage, WantedImage } from "./images";

const SCRIPTS = join(CHECKOUT, "e2e", "bench", "node");

/** What `up` prints. */
export interface BenchPlace {
  readonly dir: string;
  /** Address of the Docker daemon whose containers are the nodes. */
  readonly dockerHost: string;
  /** Network namespace. */
  readonly namespace: string;
  /** The host's address in it. */
  readonly address: string;
  /** URL of the registry that has every image. */
  readonly registry: string;
  /** Folder that the nodes have as the host's `/data`. */
  readonly data: string;
}

/** A bench of nodes in a folder of its own. */
export class NodeBench {
  constructor(
    readonly dir: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly tell: (line: string) => void,
  ) {}

  /**
   * Builds what is not built yet, and starts daemon, registry and namespace.
   *
   * @throws {UserError} with the bench's own line.
   */
  async up(): Promise<BenchPlace> {
    await this.script("build");
    return JSON.parse((await this.script("up", this.dir)).at(-1) ?? "") as BenchPlace;
  }

  /** Brings images to where the nodes find them. */
  async images(wanted: readonly Pick<WantedImage, "name" | "stub">[]): Promise<MadeImage[]> {
    const args = wanted.map(({ name, stub = [] }) => (stub.length > 0 ? `${name}=${stub.join(",")}` : name));
    return (await this.script("images", this.dir, ...args)).map((line) => JSON.parse(line) as MadeImage);
  }

  /** Whether all of it runs. */
  async isUp(): Promise<boolean> {
    return (await run(join(SCRIPTS, "status"), [this.dir], { env: this.env })).code === 0;
  }

  /** A command that runs where the site is reached, by these names too. */
  entering(names: readonly string[], command: readonly string[]): [program: string, args: string[]] {
    return [join(SCRIPTS, "enter"), [...names.flatMap((name) => ["--host", name]), this.dir, ...command]];
  }

  /** Ends and removes all of it, also after an interruption. */
  async down(): Promise<void> {
    const { code, stderr } = await run(this.downCommand[0], this.downCommand.slice(1), {
      env: this.env,
      cleanup: true,
    });
    if (code !== 0) this.tell(`the nodes in ${this.dir} were not removed: ${stderr.trim()}`);
  }

  /** What ends and removes it. */
  get downCommand(): [string, ...string[]] {
    return [join(SCRIPTS, "down"), "--wipe", this.dir];
  }

  private async script(name: string, ...args: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await run(join(SCRIPTS, name), args, { env: this.env, onErrorLine: this.tell });
    if (code === 0) return stdout.split("\n").filter((line) => line !== "");
    throw new UserError(stderr.trim().split("\n").at(-1) || `${name} of the bench ended with ${code}`);
  }
}
