/** A server of S3 on loopback: rclone's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";
import { freeApiPort } from "../rehearsal/control-plane/free-port";

/** Name of the bucket. */
export const BUCKET = "efd-backups";

/** Why this machine can have no such server; undefined where it can. */
export async function whyNoBucket(): Promise<string | undefined> {
  const { code, stdout } = await run("rclone", ["serve", "--help"]);
  if (code !== 0) return "rclone is not on PATH";
  return /^ +s3\b/m.test(stdout) ? undefined : "the rclone on PATH serves no S3, as 1.65 and later do";
}

/** Buckets that are folders, until {@link stop}. */
export class BucketServer {
  private constructor(
    /** Folder of the bucket. */
    readonly folder: string,
    readonly endpoint: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(root: string, id: string, key: string): Promise<BucketServer> {
    const folder = join(root, BUCKET);
    mkdirSync(folder, { recursive: true });
    const address = `127.0.0.1:${await freeApiPort()}`;
    const child = spawn("rclone", ["serve", "s3", "--addr", address, "--auth-key", `${id},${key}`, root], {
      stdio: "ignore",
    });
    const answers = () =>
      fetch(`http://${address}/`).then(
        () => "answers" as const,
        () => (child.exitCode === null ? undefined : ("has ended" as const)),
      );
    const server = new BucketServer(folder, `http://${address}`, child);
    const state = await until(180, answers);
    if (state === "answers") return server;
    await server.stop();
    throw new Error(`rclone serve s3 ${state ?? "does not answer after 180 s"}`);
  }

  /** Names of the finished backups of InfluxDB, oldest first. */
  backups(): string[] {
    const folder = join(this.folder, "toy", "influxdb");
    return readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, "finished")))
      .sort();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill("SIGTERM");
    await Promise.race([ended, sleep(5000)]);
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
  }
}
