import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const SCRIPT = join(__dirname, "..", "..", "..", "constructs", "telegraf", "run.sh");

/**
 * Ends with the next code of `codes`; `until-told` runs until TERM and then ends with 0, having written what it holds.
 */
const TELEGRAF = String.raw`#!/bin/sh
trap 'echo written >> "$STATE/started"; exit 0' TERM
echo "$(basename "$2" .conf)" >> "$STATE/started"
code=$(head -n 1 "$STATE/codes")
sed -i 1d "$STATE/codes"
[ "$code" = until-told ] || exit "$code"
: > "$STATE/listens"
while :; do sleep 0.05; done
`;

let folder: string;
const environment = () => ({
  PATH: `${folder}:${process.env["PATH"] ?? ""}`,
  STATE: folder,
  CONFIGURATIONS: "/etc/telegraf",
  CAREFUL_SECONDS: "2",
});
const started = () => readFileSync(join(folder, "started"), "utf8").trim().split("\n");
const give = (...codes: (number | "until-told")[]) => {
  writeFileSync(join(folder, "codes"), codes.map((code) => `${code}\n`).join(""));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-telegraf-"));
  writeFileSync(join(folder, "telegraf"), TELEGRAF, { mode: 0o755 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...codes: (number | "until-told")[]) {
  give(...codes);
  const { status, stderr } = spawnSync("sh", [SCRIPT], { env: environment(), encoding: "utf8", timeout: 120_000 });
  return { status, stderr, started: started() };
}

test.each([0, 1, 137])("it ends as Telegraf ends, with %i", (code) => {
  expect(run(code)).toEqual({ status: code, stderr: "", started: ["telegraf"] });
});

test("after a panic it reads carefully for a while, and then as before", () => {
  const { stderr, ...rest } = run(2, "until-told", 0);
  expect(rest).toEqual({ status: 0, started: ["telegraf", "careful", "written", "telegraf"] });
  expect(stderr).toContain("Telegraf panicked: for 2 s it leaves out records that are no Avro\n");
});

test("as often as it panics", () => {
  const { status, started: order } = run(2, "until-told", 2, "until-told", 1);
  expect([status, order.filter((one) => one !== "written")]).toEqual([
    1,
    ["telegraf", "careful", "telegraf", "careful", "telegraf"],
  ]);
});

test("what panics in both, or fails, is left to Kubernetes", () => {
  expect(run(2, 2)).toMatchObject({ status: 2, started: ["telegraf", "careful"] });
  expect(run(2, 1)).toMatchObject({ status: 1 });
});

test.each([
  ["reads", ["until-told"], ["telegraf", "written"]],
  ["reads carefully", [2, "until-told"], ["telegraf", "careful", "written"]],
] as const)(
  "told to end while it %s, it lets Telegraf write what it holds and starts nothing",
  async (_, codes, want) => {
    give(...codes);
    const env = { ...environment(), CAREFUL_SECONDS: "30" };
    const child = spawn("sh", [SCRIPT], { env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    while (!existsSync(join(folder, "listens"))) await setTimeout(20);
    child.kill("SIGTERM");
    expect(await ended).not.toBeNull();
    expect(started()).toEqual(want);
  },
);
