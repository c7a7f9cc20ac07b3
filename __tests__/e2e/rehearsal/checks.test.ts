import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chartProblem, type Machine, rehearsalProblems } from "../../../e2e/rehearsal/checks";
import type { Run } from "../../../cli/shared/process/process";

const folder = mkdtempSync(join(tmpdir(), "efd-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A package with one file, as tar writes it. */
function packed(name: string, content: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write(content.length.toString(8).padStart(11, "0"), 124);
  return gzipSync(Buffer.concat([head, Buffer.from(content), Buffer.alloc(1024 - (content.length % 512))]));
}

function machine(changes: { terraform?: string; bench?: string; memory?: number; disk?: number } = {}): Machine {
  const { terraform = "1.11.4", bench = "", memory = 8, disk = 8 } = changes;
  const run: Run = (command) =>
    Promise.resolve(
      command === "terraform"
        ? terraform === ""
          ? { code: 127, stdout: "", stderr: "" }
          : { code: 0, stdout: JSON.stringify({ terraform_version: terraform }), stderr: "" }
        : { code: bench === "" ? 0 : 1, stdout: "", stderr: bench },
    );
  return { run, env: {}, freeMemory: () => memory * 2 ** 30, freeDisk: () => disk * 2 ** 30 };
}

const stack = (version: string) => ({
  releases: () => [{ name: "a", namespace: "a", body: { chart: "a", version }, values: {} }],
});

test("nothing is wrong with a sound machine", async () => {
  expect(await rehearsalProblems({ stacks: [] }, machine())).toEqual([]);
});

test.each([
  ["no Terraform", { terraform: "" }, /Terraform was not found: install/],
  ["an old Terraform", { terraform: "1.9.0" }, /1\.9\.0 is too old/],
  ["no Go", { bench: "build: Go is missing: install Go 1.26" }, /Go is missing: install Go/],
  ["too little memory", { memory: 0.5 }, /0\.5 GiB of memory are free, .* end other programs/],
  ["too little disk", { disk: 0.2 }, /0\.2 GiB free, .* make room, or set TMPDIR/],
])("%s is one line with the remedy", async (_what, changes, line) => {
  const lines = await rehearsalProblems({ stacks: [] }, machine(changes));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(line);
});

describe("Docker", () => {
  const needs = (changes: object) => ({
    host: {
      address: "unix:///some.sock",
      version: () => Promise.resolve("28.5.2"),
      hasImage: (image: string) => Promise.resolve(image === "k3s:v1"),
      pull: () => Promise.reject(new Error("no such host")),
      listening: () => Promise.resolve(new Set([22, 443])),
      ...changes,
    },
    images: ["k3s:v1"],
    ports: [80],
  });

  test("that has all is no problem, and what can be pulled is not missing", async () => {
    const pulled: string[] = [];
    const pull = (image: string) => Promise.resolve(void pulled.push(image));
    const docker = { ...needs({ pull }), images: ["k3s:v1", "k3s:v2"] };
    expect(await rehearsalProblems({ stacks: [], docker }, machine())).toEqual([]);
    expect(pulled).toEqual(["k3s:v2"]);
  });

  test.each<[string, object, object, string]>([
    [
      "that is not there",
      { version: () => Promise.reject(new Error("connect ENOENT /some.sock")) },
      {},
      "there is no Docker at unix:///some.sock: install and start it, or name its socket by DOCKER_HOST",
    ],
    [
      "that does not answer",
      { version: () => Promise.reject(new Error("connect EACCES /some.sock")) },
      {},
      "Docker does not answer at unix:///some.sock (connect EACCES /some.sock): start it, or let your account use its socket",
    ],
    [
      "without the image",
      {},
      { images: ["k3s:v2"] },
      "image k3s:v2 is not on this Docker and cannot be pulled (no such host): load it there",
    ],
    [
      "on a machine whose ports are taken",
      {},
      { ports: [80, 443] },
      "port 443 of this machine is taken: stop what listens there (`ss -ltnp` names it)",
    ],
  ])("%s is one line with the remedy", async (_what, host, changes, line) => {
    expect(await rehearsalProblems({ stacks: [], docker: { ...needs(host), ...changes } }, machine())).toEqual([line]);
  });
});

test("everything that is wrong is told at once", async () => {
  const subject = { stacks: [stack("1.0.0") as never], charts: folder };
  const lines = await rehearsalProblems(subject, machine({ terraform: "", bench: "no Go", memory: 0, disk: 0 }));
  expect(lines).toHaveLength(5);
});

test("a folder of charts that is not there is one line, not one for each chart", async () => {
  const subject = { stacks: [stack("1.0.0") as never, stack("2.0.0") as never], charts: "/nonexistent" };
  expect(await rehearsalProblems(subject, machine())).toHaveLength(1);
});

test.each<[string, Buffer | undefined, RegExp | undefined]>([
  ["sound", packed("a/Chart.yaml", "name: a\nversion: 1.0.0\n"), undefined],
  ["missing", undefined, /is missing: npm run charts -- pull \/\S+$/],
  ["no package at all", Buffer.from("404 page not found"), /is corrupt/],
  ["cut off", packed("a/Chart.yaml", "name: a\nversion: 1.0.0\n").subarray(0, 40), /is corrupt/],
  ["another chart", packed("b/Chart.yaml", "name: b\nversion: 1.0.0\n"), /has no a\/Chart\.yaml: get it anew$/],
  ["another version", packed("a/Chart.yaml", "name: a\nversion: 2.0.0\n"), /holds a 2\.0\.0, not a 1\.0\.0/],
])("a chart that is %s", (what, content, problem) => {
  const path = join(folder, `${what}.tgz`);
  if (content) writeFileSync(path, content);
  const found = chartProblem(path, "a", "1.0.0");
  if (problem) expect(found).toMatch(problem);
  else expect(found).toBeUndefined();
});
