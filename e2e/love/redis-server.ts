/** A real Redis of this machine, started as a site's is. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../cli/shared/site/synthesis";
import type { Environment } from "../../environments/schema";
import { inside, type Json, unescaped } from "../../synthesized/stack";
import { freePorts } from "../rehearsal/control-plane/free-port";
import { Program } from "../data-path/program";

const ADDRESS = "127.0.0.1";
/** One of each kind that it may be made of. */
export const PASSWORD = "aZ09._~-";

/** Redis and its clean-up as a site's LOVE layer has them. */
export interface Deployed {
  /** The file that Redis is started with. */
  readonly settings: string;
  /** The script that starts it. */
  readonly start: string;
  /** Memory that its pod may have. */
  readonly memoryLimit: string;
  /** The script of the clean-up, and its variables. */
  readonly cleanup: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Seconds that a group lives. */
  readonly groupExpiry: number;
}

/** Redis of a site. */
export function redisOf(site: Environment, folder: string): Deployed {
  const stack = synthesize([site], folder).find(({ layer }) => layer === "love");
  const object = (type: string, name: string): Json => {
    const found = stack?.resources(type).find(({ body }) => inside(body, "metadata", "name") === name);
    if (!found) throw new Error(`${site.name} has no ${type} ${name}`);
    return found.body;
  };
  const file = (config: string, name: string) =>
    unescaped(String((object("kubernetes_config_map_v1", config)["data"] as Json)[name]));
  const container = (body: Json, ...path: string[]) => inside(body, ...path, "template", "spec", "container") as Json[];
  const [redis = {}] = container(object("kubernetes_deployment_v1", "love-manager-redis"), "spec");
  const [cleanup = {}] = container(
    object("kubernetes_cron_job_v1", "love-manager-redis-cleanup"),
    ...["spec", "job_template", "spec"],
  );
  const variables = Object.fromEntries(
    (cleanup["env"] as { name: string; value?: string }[]).flatMap(({ name, value }) => (value ? [[name, value]] : [])),
  ) as Record<string, string>;
  return {
    settings: file("redis-conf", "redis.conf"),
    start: file("redis-conf", "start.sh"),
    memoryLimit: String(inside(redis, "resources", "limits", "memory")),
    cleanup: file("love-manager-redis-cleanup", "cleanup.sh"),
    variables,
    groupExpiry: Number(variables["GROUP_EXPIRY"]),
  };
}

/** How a script ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Redis until its program is stopped. */
export class RedisServer {
  private constructor(
    private readonly port: number,
    private readonly deployed: Deployed,
  ) {}

  /** Starts one as it is deployed; only address, port and folder are this machine's. */
  static async start(folder: string, deployed: Deployed): Promise<RedisServer> {
    const [port = 0] = await freePorts(1);
    const [config, start] = [join(folder, "redis.conf"), join(folder, "start.sh")];
    writeFileSync(start, deployed.start);
    writeFileSync(config, `${deployed.settings}bind ${ADDRESS}\nport ${port}\ndir ${folder}\n`);
    const env = { ...process.env, REDIS_PASS: PASSWORD };
    const log = join(folder, "redis.log");
    const program = new Program("redis-server", log, "sh", [start, config], env);
    await program.until("ready", 180, () => program.said.includes("Ready to accept connections"));
    return new RedisServer(port, deployed);
  }

  /** What `redis-cli` gets for one command, in words. */
  ask(words: readonly (string | number)[], password: string = PASSWORD): Ended {
    const { status, stdout, stderr } = spawnSync(
      "redis-cli",
      ["-e", "-h", ADDRESS, "-p", String(this.port), ...words.map(String)],
      { encoding: "utf8", env: { ...process.env, REDISCLI_AUTH: password }, maxBuffer: 2 ** 26 },
    );
    return { code: status, stdout: stdout.trim(), stderr: stderr.trim() };
  }

  /**
   * The lines of an answer.
   *
   * @throws where Redis refuses.
   */
  lines(...words: (string | number)[]): string[] {
    const { code, stdout, stderr } = this.ask(words);
    if (code !== 0) throw new Error(`redis-cli ${words.join(" ").slice(0, 80)}: ${stdout} ${stderr}`);
    return stdout === "" ? [] : stdout.split("\n").map((line) => line.trim());
  }

  /** A script of Lua, once for each list of arguments, by one connection. */
  each(script: string, calls: readonly (readonly (string | number)[])[]): void {
    const [sha = ""] = this.lines("SCRIPT", "LOAD", script);
    const { status, stdout } = spawnSync("redis-cli", ["-e", "-h", ADDRESS, "-p", String(this.port)], {
      encoding: "utf8",
      input: calls.map((args) => `EVALSHA ${sha} 0 ${args.join(" ")}\n`).join(""),
      env: { ...process.env, REDISCLI_AUTH: PASSWORD },
      maxBuffer: 2 ** 26,
    });
    if (status !== 0 || stdout.includes("ERR"))
      throw new Error(`Redis refused: ${stdout.split("\n").find((line) => line !== "") ?? ""}`);
  }

  /** A number that `INFO` says. */
  info(name: string): number {
    const line = this.lines("INFO").find((one) => one.startsWith(`${name}:`)) ?? "";
    return Number(line.slice(name.length + 1));
  }

  /** Bytes of memory that its process has had at most. */
  mostMemory(): number {
    const status = readFileSync(`/proc/${this.info("process_id")}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Arguments of all processes of this machine. */
  arguments(): string {
    return spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout;
  }

  /** The clean-up as its CronJob runs it, with some variables replaced. */
  cleanUp(instead: Readonly<Record<string, string>> = {}): Ended {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", this.deployed.cleanup], {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        ...this.deployed.variables,
        REDIS_HOST: ADDRESS,
        REDIS_PORT: String(this.port),
        REDISCLI_AUTH: PASSWORD,
        PATIENCE: "0",
        ...instead,
      },
    });
    return { code: status, stdout, stderr };
  }
}
