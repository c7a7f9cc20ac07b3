/**
 * `npm run bench:backups`: a real InfluxDB of this machine is backed up by the script of the site's CronJob, loses its disk,
 * and gets all points back by the script of its restore; by a bucket as well, where rclone 1.65 or later is on PATH. With
 * torn logs it keeps its points by the script before its start.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../ground/errors";
import { run } from "../../cli/shared/process/process";
import { inTemporaryFolder } from "../../cli/shared/process/temporary-folder";
import { printTally, runToolCommand, toolCommand } from "../../cli/shared/process/tool";
import { synthesize } from "../../cli/shared/site/synthesis";
import { parseEnvironment } from "../../environments/parse";
import type { EnvironmentInput } from "../../environments/schema";
import { lacksInfluxdb } from "../lifecycle/site/influxdb";
import { smallest } from "../lifecycle/site/smallest";
import { BUCKET, BucketServer, whyNoBucket } from "./bucket";
import { Scenario, SECRETS } from "./scenario";
import { missingAfterTornLogs } from "./torn-log";

type Target = NonNullable<EnvironmentInput["backups"]>["target"];

/** The made-up site, with two databases, of whose backups two are kept. */
function site(target: Target): EnvironmentInput {
  const toy = smallest("/nowhere/kubeconfig", "/nowhere");
  const camera = { name: "camera", topics: ["lsst.ATCamera.*"], database: "lsst.ATCamera" };
  return {
    ...toy,
    influxdb: { disk: "2Gi", retention: "forever" },
    telegraf: { consumers: [...(toy.telegraf?.consumers ?? []), camera] },
    // The account of a bucket cannot be generated.
    secrets: { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "toy" },
    backups: { keep: 2, target },
  };
}

/** Both lists have the same lines, and some. */
function same(what: string, got: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.filter((line) => !got.includes(line)).length;
  if (wanted.length === 0 || missing > 0 || got.length !== wanted.length)
    throw new Error(`${what}: ${got.length} lines, ${missing} of ${wanted.length} are missing`);
}

/** A disk that died: what the CronJob's own script copied comes back, equal point by point. */
async function lostDisk(scenario: Scenario): Promise<void> {
  const influxdb = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-setup");
  await influxdb.write();
  const before = await influxdb.all();
  await scenario.backUp();
  const made = scenario.finished();

  const empty = await scenario.newInfluxdb();
  await scenario.fails("influxdb-backup", "InfluxDB has no points");
  same("backups after the one that failed", scenario.finished(), made);
  await scenario.succeeds("influxdb-restore");
  same("points after the restore", await empty.all(), before);
  same("answers to writes", (await empty.write()).map(String), ["204", "204"]);
}

/** Back to an older backup over newer points, with an interruption: nothing is lost, and nobody writes in between. */
async function backInTime(scenario: Scenario): Promise<void> {
  const influxdb = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-setup");
  await influxdb.write();
  const older = await influxdb.all();
  await scenario.backUp();
  const [name = ""] = scenario.finished();
  await influxdb.write("later");
  const newer = await influxdb.all();
  await scenario.backUp();

  const back = { BACKUP: name };
  await scenario.fails("influxdb-restore", "there is no backup 20200101T000000Z", { BACKUP: "20200101T000000Z" });
  await scenario.fails("influxdb-restore", "was not restored", { ...back, ...scenario.broken("influxd", "restore") });
  const [efd] = await influxdb.write("meanwhile");
  if (efd !== 403 && efd !== 404) throw new Error(`a write during a restore is answered with ${efd}: it would be lost`);
  await scenario.fails("influxdb-setup", "a restore is under way");
  await scenario.fails("influxdb-backup", "a restore is under way");
  await scenario.succeeds("influxdb-restore", back);
  same("points of the older backup", await influxdb.all(), older);
  same("answers to writes", (await influxdb.write()).map(String), ["204", "204"]);

  await scenario.succeeds("influxdb-restore");
  same("points of the newer backup", await influxdb.all(), newer);
  const saved = scenario.replaced().map((folder) => readdirSync(join(folder, "efd")).length);
  if (saved.length !== 2 || saved.some((files) => files < 2)) throw new Error("what was replaced is not kept");

  // One that was interrupted when it had ended is not gone on with: points that came since then would not be saved.
  await influxdb.write("since");
  scenario.interruptedRestore("before-20200101T000000Z");
  await scenario.succeeds("influxdb-restore");
  if (scenario.replaced().length !== 3) throw new Error("what came since a restore that had ended is not kept");

  // Nor is one of an InfluxDB that is no more.
  await scenario.fails("influxdb-restore", "was not restored", scenario.broken("influxd", "restore"));
  const empty = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-restore");
  same("points of the newer backup in another InfluxDB", await empty.all(), newer);
}

/** Without the site's script an InfluxDB with torn logs loses what it took; with it nothing. */
async function tornLogs(scenario: Scenario): Promise<void> {
  const without = await missingAfterTornLogs(scenario, false);
  if (without === 0) throw new Error("this InfluxDB loses nothing by itself: the script before its start can go");
  const missing = await missingAfterTornLogs(scenario, true);
  if (missing > 0) throw new Error(`${missing} lines are missing, and ${without} without the site's script`);
}

/** Only as many stay as are kept, and the newest do; a backup that is cut off is none. */
async function oldOnesGo(scenario: Scenario): Promise<void> {
  const influxdb = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-setup");
  await influxdb.write();
  const made: string[] = [];
  for (let i = 0; i < 4; i++) {
    await scenario.backUp();
    made.push(scenario.finished().at(-1) ?? "");
  }
  same("backups that stay", scenario.finished(), made.slice(-2));
  await scenario.fails("influxdb-backup", "InfluxDB gave no backup", scenario.broken("influxd", "backup"));
  same("backups after one that failed", scenario.finished(), made.slice(-2));
}

/** The same by a bucket: what is cut off is no backup, and a wrong key is an error. */
async function byBucket(scenario: Scenario, bucket: BucketServer): Promise<void> {
  const influxdb = await scenario.newInfluxdb();
  await scenario.succeeds("influxdb-setup");
  await influxdb.write();
  const before = await influxdb.all();
  for (let i = 0; i < 3; i++) await scenario.backUp();
  const kept = bucket.backups();
  if (kept.length !== 2 || scenario.finished().length > 0)
    throw new Error(
      `2 are kept in the bucket and none beside it: ${kept.join(", ")}; ${scenario.finished().join(", ")}`,
    );
  await scenario.fails("influxdb-backup", "", { RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: "wrong", RCLONE_RETRIES: "1" });
  await scenario.fails("influxdb-backup", "", scenario.broken("rclone", "rcat"));
  same("backups after two that were cut off", bucket.backups(), kept);

  const empty = await scenario.newInfluxdb();
  await scenario.fails("influxdb-backup", "InfluxDB has no points");
  same("backups after one without points", bucket.backups(), kept);
  await scenario.succeeds("influxdb-restore");
  same("points from the bucket", await empty.all(), before);
}

async function main(): Promise<number> {
  const lacks = await lacksInfluxdb((command, args) => run(command, args));
  if (lacks !== undefined) {
    console.error(`backups: NOT RUN, because ${lacks}`);
    return 3;
  }
  const failed: string[] = [];
  let passed = 0;
  const attempt = async (
    name: string,
    target: Target,
    work: (scenario: Scenario) => Promise<void>,
    instead: Readonly<Record<string, string>> = {},
  ) =>
    inTemporaryFolder("backups", async (folder) => {
      const stacks = synthesize([parseEnvironment(site(target))], join(folder, "out"));
      const stack = stacks.find(({ layer }) => layer === "efd");
      if (!stack) throw new Error("the made-up site has no EFD");
      const scenario = new Scenario(folder, stack, instead);
      try {
        await work(scenario);
        console.log(`ok      ${name}`);
        passed++;
      } catch (error) {
        failed.push(`${name}: ${messageOf(error)}`);
      } finally {
        await scenario.stop();
      }
    });
  const volume = { kind: "volume", disk: "6Gi" } as const;
  await attempt("a disk that died", volume, lostDisk);
  await attempt("back in time, interrupted", volume, backInTime);
  await attempt("old backups go", volume, oldOnesGo);
  await attempt("torn write-ahead logs", volume, tornLogs);
  const whyNot = await whyNoBucket();
  if (whyNot !== undefined) {
    console.log(`by a bucket: NOT RUN, because ${whyNot}`);
    return printTally(passed, failed);
  }
  await inTemporaryFolder("bucket", async (root) => {
    const server = await BucketServer.start(
      root,
      SECRETS["backups-bucket/access_key_id"] ?? "",
      SECRETS["backups-bucket/secret_access_key"] ?? "",
    );
    try {
      // A site may not name a loopback address, which in a pod is the pod's own.
      const endpoint = "https://s3.example.org";
      const target = { kind: "s3", disk: "2Gi", bucket: BUCKET, region: "us-east-1", endpoint } as const;
      const here = { RCLONE_CONFIG_S3_ENDPOINT: server.endpoint };
      await attempt("by a bucket", target, (scenario) => byBucket(scenario, server), here);
    } finally {
      await server.stop();
    }
  });
  return printTally(passed, failed);
}

runToolCommand(
  toolCommand("bench:backups", "backs up a real InfluxDB of this machine as a site's CronJob does, and restores it"),
  main,
);
