/** A real InfluxDB 1.x of this machine on loopback, with authentication on as the site's chart has it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../cli/shared/process/until";
import { freeApiPort } from "../../rehearsal/control-plane/free-port";
import { expect } from "./test-site";

/** Why there is no InfluxDB here; undefined where there is one. */
export async function lacksInfluxdb(
  run: (command: string, args: readonly string[]) => Promise<{ code: number; stdout: string }>,
): Promise<string | undefined> {
  for (const [program, arg] of [
    ["influxd", "version"],
    ["influx", "-version"],
  ] as const) {
    const { code, stdout } = await run(program, [arg]);
    if (code === 127) return `${program} is not on PATH`;
    if (!/ v?1\./.test(stdout)) return `${program} is not of InfluxDB 1.x: ${stdout.trim()}`;
  }
  return undefined;
}

/** An InfluxDB until {@link stop}. */
export class InfluxdbProcess {
  private constructor(
    readonly port: number,
    /** Port for backups, which asks for no password. */
    readonly backupPort: number,
    private readonly child: ChildProcess,
  ) {}

  /** Starts one below a folder; what it says is in `influxd.log` there. */
  static async start(folder: string): Promise<InfluxdbProcess> {
    mkdirSync(folder, { recursive: true });
    const [port, backups] = [await freeApiPort(), await freeApiPort()];
    const paths = (["meta", "data", "wal"] as const).map((name) => join(folder, name));
    writeFileSync(
      join(folder, "influxdb.conf"),
      `reporting-disabled = true
bind-address = "127.0.0.1:${backups}"
[meta]
dir = "${paths[0]}"
[data]
dir = "${paths[1]}"
wal-dir = "${paths[2]}"
[monitor]
store-interval = "1s"
[http]
bind-address = "127.0.0.1:${port}"
auth-enabled = true
`,
    );
    const child = spawn("influxd", ["run", "-config", join(folder, "influxdb.conf")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(join(folder, "influxd.log"));
    for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
    const influxdb = new InfluxdbProcess(port, backups, child);
    if (await until(180, () => influxdb.answers())) return influxdb;
    await influxdb.stop();
    throw new Error(`influxd does not answer after 180 s: see ${join(folder, "influxd.log")}`);
  }

  private answers(): Promise<true | undefined> {
    return fetch(`http://127.0.0.1:${this.port}/ping`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    );
  }

  /** Whether it lets an account in with this password. */
  async letsIn(user: string, password: string): Promise<boolean> {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const { status } = await fetch(`http://127.0.0.1:${this.port}/query?q=SHOW+DATABASES`, {
      headers: { authorization },
    });
    expect([200, 401].includes(status), `InfluxDB answers ${user} with status ${status}`);
    return status === 200;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill("SIGTERM");
    await Promise.race([ended, sleep(60_000)]);
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
  }
}
