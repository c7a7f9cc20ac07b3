/** A made-up site's backups at work: the pods of its CronJobs, a volume, and an InfluxDB. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BACKUPS_BUCKET } from "../../constructs/backups/secrets";
import { INFLUXDB_CONNECT } from "../../constructs/connect/secrets";
import { INFLUXDB_ADMIN, INFLUXDB_READER, INFLUXDB_SETUP } from "../../constructs/influxdb/secrets";
import { INFLUXDB_TELEGRAF } from "../../constructs/telegraf/secrets";
import { run } from "../../cli/shared/process/process";
import type { StackView } from "../../synthesized/stack";
import { runPod, writeScripts } from "./pod";
import { Points } from "./points";

/** Values of the site's Secrets, as `secret/key`; passwords with what a shell or a query might take for its own. */
export const SECRETS = {
  [`${INFLUXDB_ADMIN.name}/influxdb-user`]: "admin",
  [`${INFLUXDB_ADMIN.name}/influxdb-password`]: `ad"min\\'s $pw`,
  [`${INFLUXDB_SETUP.name}/password`]: "the setup's",
  [`${INFLUXDB_CONNECT.name}/password`]: "Connect's",
  [`${INFLUXDB_TELEGRAF.name}/password`]: "telegraf's",
  [`${INFLUXDB_READER.name}/password`]: "the reader's",
  [`${BACKUPS_BUCKET.name}/access_key_id`]: "anid",
  [`${BACKUPS_BUCKET.name}/secret_access_key`]: "akey",
};

const FINISHED = /^\d{8}T\d{6}Z$/;

/** Where pods run and what they find there. */
export class Scenario {
  private readonly scripts: ReadonlyMap<string, string>;
  private readonly backups: string;
  private now?: Points;

  constructor(
    private readonly folder: string,
    private readonly stack: StackView,
    /** Variables of its pods that have another value on this machine. */
    private readonly instead: Readonly<Record<string, string>> = {},
  ) {
    this.scripts = writeScripts(stack, join(folder, "scripts"));
    this.backups = join(folder, "backups");
    for (const one of ["backups", "tmp", "fakes"]) mkdirSync(join(folder, one), { recursive: true });
  }

  /** An InfluxDB with an empty disk, in place of the one before. */
  async newInfluxdb(): Promise<Points> {
    await this.stop();
    rmSync(join(this.folder, "influxdb"), { recursive: true, force: true });
    return this.start();
  }

  /** InfluxDB starts again on its disk. Meanwhile this is done to the folder of its write-ahead logs. */
  async restarted(meanwhile: (logs: string) => Promise<void> | void): Promise<Points> {
    await this.stop();
    await meanwhile(join(this.folder, "influxdb", "wal"));
    return this.start();
  }

  /** Runs what InfluxDB's image runs before each start. */
  async beforeStart(logs: string): Promise<void> {
    const script = join(this.scripts.get("influxdb/influxdb-before-start") ?? "", "init-influxdb.sh");
    const { code, stderr } = await run("sh", [script], { env: { ...process.env, INFLUXDB_DATA_WAL_DIR: logs } });
    if (code !== 0 || stderr !== "") throw new Error(`the script before a start ended with ${code}: ${stderr}`);
  }

  private async start(): Promise<Points> {
    return (this.now = await Points.start(join(this.folder, "influxdb"), {
      admin: SECRETS[`${INFLUXDB_ADMIN.name}/influxdb-password`] ?? "",
      telegraf: SECRETS[`${INFLUXDB_TELEGRAF.name}/password`] ?? "",
    }));
  }

  async stop(): Promise<void> {
    await this.now?.stop();
  }

  private run(cronJob: string, instead: Readonly<Record<string, string>>) {
    return runPod(this.stack, this.scripts, cronJob, {
      volumes: { backups: this.backups, tmp: join(this.folder, "tmp") },
      secrets: SECRETS,
      instead: { PATIENCE: "0", ...this.instead, ...this.now?.variables, ...instead },
    });
  }

  /** Runs a pod to its end. */
  async succeeds(cronJob: string, instead: Readonly<Record<string, string>> = {}): Promise<void> {
    const { code, stderr } = await this.run(cronJob, instead);
    if (code !== 0) throw new Error(`${cronJob} ended with ${code}: ${stderr.split("\n").slice(-6).join(" | ")}`);
  }

  /** A pod fails, and says so in these words. */
  async fails(cronJob: string, words: string, instead: Readonly<Record<string, string>> = {}): Promise<void> {
    const { code, stderr } = await this.run(cronJob, instead);
    if (code === 0) throw new Error(`${cronJob} succeeded and should say: ${words}`);
    if (!stderr.includes(words)) throw new Error(`${cronJob} should say "${words}" and says: ${stderr.slice(-600)}`);
  }

  /** Makes a backup. Their names are seconds, so it waits for the next one. */
  async backUp(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await this.succeeds("influxdb-backup");
  }

  /** Names of the finished backups on the volume, oldest first. */
  finished(): string[] {
    return readdirSync(this.backups)
      .filter((name) => FINISHED.test(name))
      .sort();
  }

  /** Leaves the file of a restore that goes on with this folder. */
  interruptedRestore(folder: string): void {
    writeFileSync(join(this.backups, "restoring"), `${folder}\n`);
  }

  /** Folders of what restores replaced. */
  replaced(): string[] {
    return readdirSync(this.backups)
      .filter((name) => name.startsWith("before-"))
      .map((name) => join(this.backups, name));
  }

  /** Variables with which a program fails where an argument is this word, and is the real one otherwise. */
  broken(program: string, word: string): Readonly<Record<string, string>> {
    const folder = join(this.folder, "fakes");
    const path = process.env["PATH"] ?? "";
    const script = `#!/bin/sh\nfor one; do [ "$one" != ${word} ] || exit 1; done\nPATH='${path}' exec ${program} "$@"\n`;
    writeFileSync(join(folder, program), script, { mode: 0o755 });
    return { PATH: `${folder}:${path}` };
  }
}
