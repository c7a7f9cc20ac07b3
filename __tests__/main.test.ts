/** The program as people start it, with bad sites in place of ours. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APART } from "./support/bad-environments";
import { CHECKOUT } from "./support/sites";

interface Result {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "efd-main-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<Result> {
  const env = { ...process.env, CDKTF_OUTDIR: join(folder, "cdktf.out") };
  const preload = ["--import", "tsx", "--import", join(CHECKOUT, "__tests__", "support", "bad-sites.ts")];
  return new Promise((resolve) =>
    execFile(process.execPath, [...preload, ...args], { cwd: CHECKOUT, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );
}

/** Every line of every site. */
const LINES = [
  ...APART.map(({ line }) => line),
  "other.kafka.replication: got 4. Allowed: at most 3, the number of brokers. Lower it or add brokers.",
];
test.each([
  ["plain cdktf", ["main.ts"]],
  ["npm start", ["cli/index.ts", "start"]],
  ["npm run synth", ["cli/index.ts", "synth"]],
])("%s shows every mistake of every site, and writes nothing", async (_name, args) => {
  const { code, stdout, stderr } = await run(...args);
  expect(stderr.trimEnd().split("\n").toSorted()).toEqual(LINES.toSorted());
  expect(stdout).toBe("");
  expect(code).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});
