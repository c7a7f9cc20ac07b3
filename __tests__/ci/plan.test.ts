/** What .ci/run leaves out where it would not end in time (.ci/plan). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { SCENARIOS as FAULTS } from "../../e2e/using/scenarios";
import { CHECKOUT } from "../support/sites";

const PLAN = join(CHECKOUT, ".ci", "plan");
const read = (...path: string[]) => readFileSync(join(CHECKOUT, ...path), "utf8");

/** Runs these lines after the plan; what was noted, and what was printed. */
async function bash(...lines: string[]): Promise<string[]> {
  const script = ['note() { echo "$1 $2 $3"; }', `source ${PLAN}`, ...lines].join("\n");
  const { code, stdout, stderr } = await run("bash", ["-euo", "pipefail", "-c", script], {
    env: { PATH: "/usr/bin:/bin" },
  });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout === "" ? [] : stdout.split("\n");
}

/** All that comes before the lanes is over, after so many seconds; it took so many times as long as planned. */
const atTheLanes = (seconds: number, slowness: number) => [
  `meant=400 took=$((${slowness * 100} * meant / 100)) lanes='main aside' SECONDS=${seconds}`,
];
const reduced = (lines: readonly string[]) => lines.map((line) => /^REDUCED (\S+ \S+ → \S+):/.exec(line)?.[1]);

const USUAL = ["kills 12 → 6", "using 12 → 7", "lifecycle 19 → 13", "data-path 10 → 4"];
const LATE = [
  "kills 6 → 3",
  "using 7 → 3",
  "lifecycle 13 → 9",
  "lifecycle 9 → 5",
  "upgrade whole → none",
  "nodes whole → no-reboot",
];

describe("a machine that is in time", () => {
  test("runs what is usual", async () => {
    expect(reduced(await bash("usually", ...atTheLanes(400, 1), "give_way"))).toEqual(USUAL);
  });

  test("or all of it, where it is asked to", async () => {
    expect(await bash(...atTheLanes(400, 1), "give_way")).toEqual([]);
  });

  test("is not thought to be slow for what it had to build first", async () => {
    expect(await bash("ended control-plane 900", "ended install 300", 'echo "$took of $meant"')).toEqual(["0 of 0"]);
  });
});

describe("a machine that is late", () => {
  test("gives way in the stated order, and no further than it has to", async () => {
    const clocks = [900, 1200, 1400, 1500, 1600, 1800, 2400];
    const seen = await Promise.all(clocks.map((at) => bash("usually", ...atTheLanes(at, 1), "give_way")));
    const steps = seen.map((lines) => reduced(lines).slice(USUAL.length));
    expect(steps[0]).toEqual([]);
    expect(steps.at(-1)).toEqual(LATE);
    for (const some of steps) expect(LATE.filter((one) => some.includes(one))).toEqual(some);
    const counts = steps.map((some) => some.length);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(new Set(counts).size).toBeGreaterThan(3);
  });

  test("whose steps take twice as long ends in time, and says how late it was", async () => {
    const lines = await bash("usually", ...atTheLanes(800, 2), "give_way", "behind main", "behind aside");
    expect(lines[USUAL.length]).toMatch(/^REDUCED kills 6 → 3: \d+ s behind$/);
    const left = lines.slice(-2).map(Number);
    // A lane may need what is to spare.
    for (const seconds of left) expect(seconds).toBeLessThanOrEqual(120);
  });

  test("makes nothing smaller that has begun, or that another lane runs", async () => {
    const lines = await bash("usually", ...atTheLanes(2000, 3), "begins kills", "lanes=main", "give_way");
    expect(reduced(lines).slice(USUAL.length)).toEqual(LATE.filter((one) => /^(using|lifecycle)/.test(one)));
  });

  test("gives way again where a lane falls behind later", async () => {
    const early = [...atTheLanes(400, 1), "usually", "give_way", "lanes=main"];
    const lines = await bash(
      ...early,
      "begins telegraf",
      "begins kills",
      "SECONDS=1600",
      "ended kills 1100",
      "give_way",
    );
    expect(reduced(lines).slice(USUAL.length)).toEqual(["using 7 → 3", "lifecycle 13 → 9", "lifecycle 9 → 5"]);
  });
});

test("what is built meanwhile gets no more than is left, and never the 0 that has no end", async () => {
  const [early, late, over] = await bash(...[0, 2300, 2500].map((at) => `SECONDS=${at}; at_most 900`));
  expect([early, over]).toEqual(["900", "1"]);
  expect(Number(late)).toBeLessThanOrEqual(100);
});

describe("the plan", () => {
  const lists = read(".ci", "plan").matchAll(/^readonly ([A-Z]+)_(\d+)=(?:\$([A-Z]+_\d+),)?(\S+)$/gm);
  const names: Record<string, string[]> = {};
  for (const [, kind, , base, own = ""] of lists)
    (names[kind ?? ""] ??= base ? (names[kind ?? ""] ?? []) : []).push(...own.split(","));

  test("says how many it names", async () => {
    const words = [...read(".ci", "plan").matchAll(/^readonly ([A-Z]+_(\d+))=/gm)];
    expect(words.length).toBeGreaterThan(8);
    for (const [, name, number] of words) expect(await bash(`count "$${name}"`)).toEqual([number]);
  });

  test("names what there is", () => {
    expect(names["FAULTS"]?.filter((name) => !(name in FAULTS))).toEqual([]);
    const dataPath = read("e2e", "data-path", "main.ts") + read("e2e", "data-path", "faults.ts");
    expect(names["PATH"]?.filter((name) => !new RegExp(`^  ${name}[,:]`, "m").test(dataPath))).toEqual([]);
  });

  test("has every scenario of a site's life, kills apart", () => {
    const all = [...read("e2e", "lifecycle", "main.ts").matchAll(/(?:inContainers\(|onSite\(|name: )"([a-z-]+)"/g)].map(
      ([, name]) => name,
    );
    expect([...(names["LIFE"] ?? []), "killed", "rebuilt"].sort()).toEqual(all.sort());
  });

  test("has a line for each step of .ci/run", async () => {
    const script = read(".ci", "run");
    const steps = [...script.matchAll(/(?:\bstep|\blook|^ *lifecycle) '([^']+)'/gm)].map(([, name = ""]) =>
      name.replace(/ /g, "-"),
    );
    const unplanned = await bash(...[...new Set(steps)].map((name) => `planned ${name} >/dev/null || echo ${name}`));
    expect(unplanned).toEqual(["bench", "same-tree"]);
  });

  test("makes a step smaller by each word of its order", async () => {
    const words = [
      "kills",
      "using",
      "lifecycle",
      "data-path",
      "kills",
      "using",
      "lifecycle",
      "lifecycle",
      "upgrade",
      "nodes",
    ];
    expect(await bash('echo "$GIVES_WAY"')).toEqual([words.join(" ")]);
    const lines = await bash(
      `for step in $GIVES_WAY; do read -r _ before _ <<<"$(planned $step)"; smaller $step late >/dev/null; read -r _ after _ <<<"$(planned $step)"; echo $((before - after)); done`,
    );
    for (const seconds of lines) expect(Number(seconds)).toBeGreaterThan(20);
  });
});
