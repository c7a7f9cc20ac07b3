/** What goes wrong in the middle of an apply, and the next apply. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { interruption } from "../../../cli/shared/process/interruption";
import { CHECKOUT } from "../../../cli/shared/site/program";
import { CHARTS } from "../../../ground/versions";
import type { EnvironmentInput } from "../../../environments/schema";
import { differences, inventory } from "../site/inventory";
import { killTerraform, untilTerraform } from "../site/processes";
import { limited } from "../site/smallest";
import { type SiteChange, expect, type TestSite } from "../site/test-site";

/** A release that fails is named, and healed by the next apply. */
export async function failedRelease(testSite: TestSite): Promise<string> {
  const { chart, version } = CHARTS.chronograf;
  const file = `${chart}-${version}.tgz`;
  const change = limited("555Mi");
  const mend = await testSite.charts.repack(file, file, (text) =>
    text.replace(/^kind: Service$/m, "kind: Service\nspecs: ["),
  );
  const { results } = await testSite.deploy(testSite.site(change), { layers: ["efd"] }).finally(mend);
  const failed = results.find(({ layer }) => layer === "efd");
  expect(failed?.status === "failed", `a broken chart was ${failed?.status}`);
  expect(
    failed.lines.some((line) => line.startsWith("helm_release.chronograf_efd: ")),
    failed.lines.join("\n"),
  );
  const { done } = await testSite.change(change, "efd");
  expect(done.includes("helm_release.chronograf_efd"), `the release was not repaired: ${done.join(", ")}`);
  await testSite.isSettled("efd");
  return `${failed.lines.length} line said why, the next apply repaired it`;
}

/** The API server goes in the middle: a clear line, and the same command continues from there. */
export async function apiGone(testSite: TestSite): Promise<string> {
  testSite.adopt((one) => ({
    ...limited("444Mi")(one),
    influxdb: { ...one.influxdb, retention: "3d" },
    kapacitor: { disk: "1Gi", resources: { limits: { memory: "444Mi" } } },
  }));
  const running = testSite.deploy(testSite.site(), { layers: ["efd"] });
  await untilTerraform(testSite.outdir, "apply", running);
  testSite.killApi();
  const { results } = await running;
  await testSite.down(false);
  await testSite.up();
  const efd = results.find(({ layer }) => layer === "efd");
  expect(efd?.status === "failed", `without an API the apply was ${efd?.status}`);
  expect(
    efd.lines.some((line) =>
      /connection refused|EOF|does not answer|connection reset|connection lost|unreachable/.test(line),
    ),
    `nobody said that nothing answers: ${efd.lines.join("\n")}`,
  );
  await testSite.settle(testSite.site(), "efd");
  await testSite.isSettled("efd");
  return efd.lines[0]?.slice(0, 120) ?? "";
}

/** A small random number generator (mulberry32): the same seed, the same moments. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How an apply is killed. */
export interface Kills {
  readonly count: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/**
 * `deploy` runs as a process of its own and is killed, with all that it started, at a random moment after its apply
 * began; again and again, from an empty cluster on, with the site's data as they were or changed. What is there in the end is what an undisturbed deployment makes.
 */
export async function killed(testSite: TestSite, { count, seed, tell }: Kills): Promise<string> {
  const { objects } = await testSite.undisturbed();
  await testSite.rebuild();
  const next = random(seed);
  tell(`seed ${seed}`);
  const same: SiteChange = (one) => one;
  const changed: SiteChange = (one) => ({
    ...one,
    influxdb: { ...one.influxdb, retention: "5d" },
    kafka: { ...one.kafka, retention: "3h", topics: [] },
  });
  let kills = 0;
  let finished = 0;
  while (kills < count && finished < 2 * count) {
    // The data may change between a kill and the next deployment.
    const site = (next() < 0.5 ? changed : same)(testSite.beginning());
    const after = Math.round(300 + next() * 5000);
    const end = await runAndKill(testSite, site, after, next() < 0.5);
    expect(end === "done" || end === "killed", `a deployment that nobody killed failed:\n${end}`);
    if (end === "done") finished++;
    else tell(`kill ${++kills} of ${count}: ${after} ms into an apply`);
  }
  testSite.doubt();
  await testSite.ready();
  await testSite.isSettled();
  const lines = differences(objects, await inventory(testSite.api));
  expect(lines.length === 0, `the clusters differ:\n${lines.join("\n")}`);
  return `seed ${seed}: ${kills} kills, ${finished} applies that ended before theirs; no object differs, second plan empty`;
}

/**
 * Ends a deployment of these layers, or of all, that many milliseconds after its apply began, by the ids of the
 * processes that it started. Answers `killed`, `done` where it ended before, or what it said where it failed.
 */
export async function runAndKill(
  testSite: TestSite,
  site: EnvironmentInput,
  after: number,
  withProviders: boolean,
  ...layers: string[]
): Promise<string> {
  interruption.throwIfAborted();
  const file = join(testSite.folder, "site.json");
  writeFileSync(file, JSON.stringify(site));
  const script = join(__dirname, "..", "deploy.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, file, testSite.outdir, ...layers], {
    cwd: CHECKOUT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...testSite.env, NO_COLOR: "1" },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const interrupt = () => void child.kill("SIGINT");
  interruption.addEventListener("abort", interrupt, { once: true });
  void ended.then(() => interruption.removeEventListener("abort", interrupt));
  if (!(await untilTerraform(testSite.outdir, "apply", ended))) return (await ended) === 0 ? "done" : text;
  await Promise.race([sleep(after), ended]);
  if (child.exitCode !== null) return child.exitCode === 0 ? "done" : text;
  killTerraform(testSite.outdir, withProviders);
  child.kill("SIGKILL");
  await ended;
  return "killed";
}
