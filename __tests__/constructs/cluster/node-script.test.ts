import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const SCRIPT = join(__dirname, "..", "..", "..", "constructs", "cluster", "node.sh");

/** Writes what it was told, and starts pods, which go on without it, as a kubelet's do. */
const K3S = String.raw`#!/bin/sh
echo "k3s $*" >> "$STATE/log"
for pod in $PODS; do program "$pod" & done
for pod in $PODS; do while ! grep -qs "$pod" "$STATE/pids"; do sleep 0.05; done; done
[ -z "$CODE" ] || exit "$CODE"
trap '[ -n "$DEAF" ] || { echo "k3s ends" >> "$STATE/log"; exit 3; }' TERM
echo up >> "$STATE/log"
while :; do sleep 0.05; done
`;

/** The first process of a container, with what the kernel says of it. */
const PROGRAM = String.raw`#!/bin/sh
mine=$PROC/$$
mkdir -p "$mine/root/etc"
echo "$1" > "$mine/root/etc/hostname"
case $1 in pause) echo pause ;; *) echo java ;; esac > "$mine/comm"
case $1 in shell) caught=0000000000000000 ;; *) caught=0000000000004002 ;; esac
printf 'Name:\tjava\nNSpid:\t%s\t1\nSigBlk:\t0000000000000000\nSigCgt:\t%s\n' "$$" "$caught" > "$mine/status"
trap '[ "$1" = deaf ] || [ "$1" = shell ] || { sleep 0.2; echo "$1 ends" >> "$STATE/log"; exit 0; }' TERM
echo "$$ $1" >> "$STATE/pids"
while :; do sleep 0.05; done
`;

let folder: string;
const log = () => {
  const file = join(folder, "log");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
const pids = () => {
  const file = join(folder, "pids");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(parseFloat) : [];
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-node-"));
  for (const one of ["proc", "groups", "pipes"]) mkdirSync(join(folder, one));
  for (const [name, text] of Object.entries({ k3s: K3S, program: PROGRAM }))
    writeFileSync(join(folder, name), text, { mode: 0o755 });
});
afterEach(() => {
  for (const pid of pids())
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended
    }
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a node until its pods are there, and tells it to end, unless its k3s ends by itself (`CODE`). */
async function node(seconds: number, pods: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn("sh", [SCRIPT, `${seconds}`, "efd-controller-*", "server", "--a b"], {
    env: {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      STATE: folder,
      PROC: join(folder, "proc"),
      CGROUPS: join(folder, "groups"),
      PIPES: join(folder, "pipes"),
      PODS: pods.join(" "),
      ...environment,
    },
    stdio: "ignore",
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  if (environment["CODE"] === undefined) {
    const until = Date.now() + 120_000;
    while (!log().includes("up") && Date.now() < until) await setTimeout(20);
    child.kill("SIGTERM");
  }
  const from = Date.now();
  const [code] = await ended;
  return { code, log: log(), seconds: (Date.now() - from) / 1000 };
}

test.each([0, 1, 137])("it ends as k3s ends, with %i", async (code) => {
  expect(await node(6, [], { CODE: `${code}` })).toMatchObject({ code, log: ["k3s server --a b"] });
});

test("k3s ends first, then what runs in pods, and last what the others need for it; networks stay", async () => {
  const { code, log: seen } = await node(60, ["efd-controller-3", "influxdb-0", "pause", "efd-broker-0"]);
  expect(code).toBe(3);
  expect(seen.slice(0, 3)).toEqual(["k3s server --a b", "up", "k3s ends"]);
  expect([seen.slice(3, 5).sort(), seen.slice(5)]).toEqual([
    ["efd-broker-0 ends", "influxdb-0 ends"],
    ["efd-controller-3 ends"],
  ]);
});

test("pods end before a container whose k3s ended by itself", async () => {
  expect(await node(60, ["influxdb-0"], { CODE: "2" })).toMatchObject({
    code: 2,
    log: ["k3s server --a b", "influxdb-0 ends"],
  });
});

test("a k3s that does not end leaves the pods their time", async () => {
  const seen = await node(18, ["influxdb-0"], { DEAF: "yes" });
  expect(seen).toMatchObject({ code: 137, log: ["k3s server --a b", "up", "influxdb-0 ends"] });
  expect(seen.seconds).toBeLessThan(18);
});

test("a program that does not end holds nothing up beyond its time", async () => {
  const seen = await node(6, ["deaf", "efd-controller-3"]);
  // A busy machine's ends after the one second that is left for it: it was told to.
  for (let looks = 0; looks < 3000 && log().length < 4; looks++) await setTimeout(20);
  expect(log()).toEqual(["k3s server --a b", "up", "k3s ends", "efd-controller-3 ends"]);
  expect(seen.seconds).toBeLessThan(60);
});

test("nobody waits for a program that the kernel does not tell to end", async () => {
  const seen = await node(180, ["shell", "influxdb-0", "efd-controller-3"]);
  expect(seen.log.slice(-2)).toEqual(["influxdb-0 ends", "efd-controller-3 ends"]);
  expect(seen.seconds).toBeLessThan(90);
});

test("groups of version 2 get their controllers, as k3s gives them where it is the first process", async () => {
  const file = (name: string) => join(folder, "groups", name);
  writeFileSync(file("cgroup.procs"), "1\n");
  writeFileSync(file("cgroup.controllers"), "memory\n");
  await node(6, [], { CODE: "0" });
  expect(readFileSync(file("init/cgroup.procs"), "utf8")).toBe("1\n");
  expect(readFileSync(file("cgroup.subtree_control"), "utf8")).toBe("+memory\n");
});

test("without them nothing is made there", async () => {
  await node(6, [], { CODE: "0" });
  expect(existsSync(join(folder, "groups", "init"))).toBe(false);
});
