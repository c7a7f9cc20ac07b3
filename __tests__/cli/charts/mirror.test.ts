import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Interrupted } from "../../../ground/errors";
import { catchSignals } from "../../../cli/shared/process/interruption";
import { Helm } from "../../../cli/charts/helm";
import { pullCharts } from "../../../cli/charts/mirror";
import type { Run } from "../../../cli/shared/process/process";
import { ENTRY, repositoryOf, sha256, writePackage } from "./support";

const FILE = "made-up-1.2.3.tgz";
let work: string, folder: string, source: string, digest: string;
let helms: Helm[];

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), "efd-mirror-test-"));
  folder = join(work, "mirror");
  source = await writePackage(join(work, FILE));
  digest = sha256(readFileSync(source));
  helms = [];
});
afterEach(() => {
  for (const helm of helms) helm.close();
  rmSync(work, { recursive: true });
});

const pull = (run: Run, repository?: string) => {
  const helm = new Helm(run, { HELM_NAMESPACE: "led astray" });
  helms.push(helm);
  return pullCharts({ folder, charts: [ENTRY], helm, ...(repository ? { repository } : {}) });
};
const right = () => repositoryOf({ [FILE]: { path: source, digest } });

test("a chart comes whole, with its digest, for everybody to read", async () => {
  const run = right();
  expect(await pull(run)).toEqual([{ file: FILE, state: "pulled", lines: [] }]);
  expect(readdirSync(folder).sort()).toEqual(["SHA256SUMS", FILE]);
  expect(readFileSync(join(folder, "SHA256SUMS"), "utf8")).toBe(`${digest}  ${FILE}\n`);
  expect(sha256(readFileSync(join(folder, FILE)))).toBe(digest);
  expect(statSync(join(folder, "SHA256SUMS")).mode & 0o777).toBe(0o644);
  expect(run.calls.map(([verb, what, , url]) => [verb, verb === "repo" ? url : what])).toEqual([
    ["repo", ENTRY.repository],
    ["pull", "r0/made-up"],
  ]);
});

test("what is there and right needs no repository", async () => {
  await pull(right());
  const run = right();
  expect(await pull(run)).toEqual([{ file: FILE, state: "there", lines: [] }]);
  expect(run.calls).toEqual([]);
});

test("one that nobody vouched for is held against the index", async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, FILE), readFileSync(source));
  expect(await pull(right())).toEqual([{ file: FILE, state: "there", lines: [] }]);
  expect(readFileSync(join(folder, "SHA256SUMS"), "utf8")).toContain(digest);
});

test.each([
  ["damaged", () => Promise.resolve(writeFileSync(join(folder, FILE), "half a package")), /is no chart package/],
  [
    "another one under its name",
    () => writePackage(join(folder, FILE), { name: "b", version: "1.2.3", appVersion: "4.5.6" }),
    /says name b, the catalogue/,
  ],
  ["with other content", () => writePackage(join(folder, FILE), undefined, { "values.yaml": "" }), /has the digest/],
])("one that is %s is said and replaced", async (_what, spoil, expected) => {
  await pull(right());
  await spoil();
  expect(await pull(right())).toEqual([{ file: FILE, state: "pulled", lines: [expect.stringMatching(expected)] }]);
  expect(sha256(readFileSync(join(folder, FILE)))).toBe(digest);
});

test.each<[string, () => Promise<Run> | Run, RegExp]>([
  [
    "another digest than the index says",
    () => repositoryOf({ [FILE]: { path: source, digest: "0".repeat(64) } }),
    /another digest than its index says/,
  ],
  [
    "another chart",
    async () => {
      await writePackage(source, { name: "b", version: "1.2.3", appVersion: "4.5.6" });
      return repositoryOf({ [FILE]: { path: source, digest: sha256(readFileSync(source)) } });
    },
    /Chart.yaml says name b/,
  ],
  ["no such version", () => repositoryOf({}), /has no made-up 1\.2\.3: put the catalogue right/],
  ["a full disk", () => repositoryOf({ [FILE]: { path: "/nonexistent", digest } }), /the disk is full .*: make room/],
  [
    "no answer",
    () => () => Promise.resolve({ code: 1, stdout: "", stderr: "Error: dial tcp: no such host" }),
    /charts\.example\.org cannot be reached: dial tcp: no such host; look at network/,
  ],
  ["no helm", () => () => Promise.resolve({ code: 127, stdout: "", stderr: "" }), /helm was not found: install/],
])("%s: the chart fails, and nothing of it stays", async (_what, run, expected) => {
  expect(await pull(await run())).toEqual([{ file: FILE, state: "failed", lines: [expect.stringMatching(expected)] }]);
  expect(readdirSync(folder)).toEqual([]);
});

test("what a killed run left is thrown away", async () => {
  mkdirSync(join(folder, ".partial"), { recursive: true });
  writeFileSync(join(folder, ".partial", FILE), "half");
  await pull(right());
  expect(readdirSync(folder).sort()).toEqual(["SHA256SUMS", FILE]);
});

test("one repository may stand for all, and an oci:// one needs no index", async () => {
  const [one, oci] = [right(), right()];
  await pull(one, "http://127.0.0.1:1/charts");
  expect(one.calls[0]).toContain("http://127.0.0.1:1/charts");
  rmSync(folder, { recursive: true });
  await pull(oci, "oci://registry.example.org/charts/");
  expect(oci.calls.map(([verb, what]) => [verb, what])).toEqual([
    ["pull", "oci://registry.example.org/charts/made-up"],
  ]);
});

test("helm gets folders of its own, and nothing that leads it elsewhere", async () => {
  const seen: NodeJS.ProcessEnv[] = [];
  const run = right();
  await pull((command, args, options) => {
    seen.push(options?.env ?? {});
    return run(command, args, options);
  });
  expect(seen[0]).toMatchObject({ HELM_CACHE_HOME: expect.stringContaining("efd-helm-") });
  expect(seen[0]).not.toHaveProperty("HELM_NAMESPACE");
});

test("a folder that cannot be made is one line", async () => {
  writeFileSync(join(work, "file"), "");
  folder = join(work, "file", "mirror");
  await expect(pull(right())).rejects.toThrow(
    /mirror cannot be written \(ENOTDIR\): name a folder that you may write$/,
  );
});

// The last test of this file: whatever was interrupted once stays so.
test("Ctrl-C is no failure of a repository", async () => {
  catchSignals(() => undefined);
  const run: Run = (_command, args) => {
    if (args[0] === "repo") process.emit("SIGINT");
    return Promise.resolve({ code: 1, stdout: "", stderr: "" });
  };
  try {
    await expect(pull(run)).rejects.toThrow(Interrupted);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  }
});
