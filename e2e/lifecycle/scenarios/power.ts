/** A site's programs stop and start, and whoever stops or starts them is killed. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { NAMESPACE } from "../../../ground/namespaces";
import { differences, inventory } from "../site/inventory";
import { withStrimzi } from "../site/strimzi";
import { expect, type TestSite } from "../site/test-site";
import type { Kills } from "./faults";

/** Namespaces in which nothing runs while the site is down. */
const QUIET = [
  ...[NAMESPACE.kafka, NAMESPACE.influxdb, NAMESPACE.telegraf],
  ...[NAMESPACE.chronograf, NAMESPACE.kapacitor],
];

/**
 * Down and up, undisturbed and killed at any moment: while the site is down none of its pods is there, and afterwards it is
 * what it was, so that a plan has nothing to do. Strimzi is simulated; pods have no containers.
 */
export function powered(testSite: TestSite, { seed, tell }: Kills): Promise<string> {
  return withStrimzi(testSite, async () => {
    const before = await inventory(testSite.api);
    const { length: pods } = await podsOf(testSite);
    const same = async (what: string) => {
      const lines = differences(before, await inventory(testSite.api));
      expect(lines.length === 0, `after ${what} the cluster differs:\n${lines.join("\n")}`);
    };

    const down = await power(testSite, "down");
    await isDown(testSite);
    expect(/nothing to do/.test((await power(testSite, "down")).said), "a second down does something");
    const up = await power(testSite, "up");
    await same("down and up");

    let killed = 0;
    for (const [action, { seconds }] of [
      ["down", down],
      ["up", up],
    ] as const) {
      // Any moment: a test kills it after each of its changes.
      const after = Math.round(seconds * (seed % 1000));
      const ended = await power(testSite, action, after);
      if (ended.killed) tell(`${action} killed after ${after} ms`);
      if (ended.killed) killed++;
      await power(testSite, action);
      if (action === "down") await isDown(testSite);
    }
    await same(`${killed} kills`);
    await power(testSite, "restart");
    await testSite.isSettled();
    return `${pods} pods; down ${down.seconds} s, up ${up.seconds} s; ${killed} kills; no object differs, a plan is empty`;
  });
}

/** Pods of the site's programs that have not ended. */
async function podsOf(testSite: TestSite): Promise<string[]> {
  const lists = await Promise.all(QUIET.map((one) => testSite.items(`/api/v1/namespaces/${one}/pods`)));
  const running = lists
    .flat()
    .filter(({ status }) => !["Succeeded", "Failed"].includes(String((status as { phase?: unknown }).phase)));
  return running.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

async function isDown(testSite: TestSite): Promise<void> {
  const pods = await podsOf(testSite);
  expect(pods.length === 0, `the site is down, and ${pods.join(", ")} run`);
  const jobs = await testSite.items("/apis/batch/v1/cronjobs");
  const awake = jobs.filter(
    ({ spec, metadata }) => spec?.["suspend"] !== true && QUIET.some((one) => one === metadata.namespace),
  );
  expect(
    awake.length === 0,
    `the site is down, and CronJobs start Jobs: ${awake.map(({ metadata }) => metadata.name).join(", ")}`,
  );
}

/** Runs `power` as a process of its own, and kills it after so many milliseconds. */
async function power(testSite: TestSite, action: "down" | "up" | "restart", killAfter?: number) {
  const file = join(testSite.folder, "site.json");
  writeFileSync(file, JSON.stringify(testSite.site()));
  const script = join(__dirname, "..", "power.ts");
  const begin = Date.now();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", script, file, join(testSite.folder, "power", "cdktf.out"), action],
    {
      cwd: CHECKOUT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...testSite.env, NO_COLOR: "1" },
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  if (killAfter !== undefined) {
    await Promise.race([sleep(killAfter), ended]);
    child.kill("SIGKILL");
  }
  const code = await ended;
  const killed = code === null;
  expect(code === 0 || killed, `power ${action} ended with ${code}:\n${said}`);
  expect(!killed || killAfter !== undefined, `power ${action} was killed by somebody else`);
  return { said, killed, seconds: Math.round((Date.now() - begin) / 100) / 10 };
}
