import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderError, UserError } from "../../../../ground/errors";
import type { Run } from "../../../../cli/shared/process/process";
import { progress } from "../../../../cli/shared/terraform/progress";
import { Terraform } from "../../../../cli/shared/terraform/terraform";
import { context, ends } from "../../support";

const event = (type: string, more: object = {}) => JSON.stringify({ type, "@message": "m", ...more });
const on = (address: string) => ({ hook: { resource: { addr: address }, action: "create" } });
const PLAN = [
  event("planned_change", { change: { resource: { addr: "a.b" }, action: "replace" } }),
  event("change_summary", { changes: { add: 1, change: 0, import: 0, remove: 1, operation: "plan" } }),
];

function speaking(code: number, lines: readonly string[], calls: string[][] = []): Run {
  return (_command, args, options) => {
    calls.push([...args]);
    lines.forEach((line) => options?.onLine?.(line));
    return Promise.resolve({ code, stdout: lines.join("\n"), stderr: "" });
  };
}

const terraform = (run: Run, log?: string) => new Terraform({ folder: "/stack", run, env: { TF_VAR_a: "x" }, log });

test("a plan with changes is one that went well", async () => {
  const plan = await terraform(speaking(2, PLAN)).plan();
  expect(plan).toEqual({
    saved: false,
    ok: true,
    changed: true,
    changes: { add: 1, change: 0, remove: 1 },
    actions: [{ address: "a.b", action: "replace" }],
    errors: [],
  });
  expect((await terraform(speaking(0, [])).plan()).changed).toBe(false);
});

test("an apply gives its errors with their addresses", async () => {
  const lines = [
    event("diagnostic", { diagnostic: { severity: "error", summary: "Odd", detail: "why", address: "a.b" } }),
    event("diagnostic", { diagnostic: { severity: "warning", summary: "Old" } }),
  ];
  expect(await terraform(speaking(1, lines)).apply()).toMatchObject({ ok: false, errors: ["a.b: Odd: why"] });
});

test("only what is named is planned for removal", async () => {
  const calls: string[][] = [];
  await terraform(speaking(0, [], calls)).plan({ destroy: true, targets: ["a.b", "c.d"] });
  expect(calls[0]).toEqual(expect.arrayContaining(["-destroy", "-target=a.b", "-target=c.d"]));
});

test("Terraform is kept from asking, and its state from moving by itself", async () => {
  const calls: string[][] = [];
  const environments: (NodeJS.ProcessEnv | undefined)[] = [];
  await terraform((command, args, options) => {
    environments.push(options?.env);
    return speaking(0, [], calls)(command, args, options);
  }).init();
  expect(calls[0]).toContain("-input=false");
  expect(calls[0]?.join(" ")).not.toMatch(/reconfigure|migrate/);
  expect(environments[0]).toMatchObject({ TF_INPUT: "0", TF_IN_AUTOMATION: "1", TF_VAR_a: "x" });
});

test("a layer that was never applied has no addresses; a state that cannot be read is an error", async () => {
  expect(await terraform(ends({ code: 1, stderr: "No state file was found!" })).stateList()).toEqual([]);
  expect(await terraform(ends({ stdout: "a.b\nc.d" })).stateList()).toEqual(["a.b", "c.d"]);
  await expect(terraform(ends({ code: 1, stderr: "locked" })).stateList()).rejects.toThrow(UserError);
});

test("no Terraform is one line", async () => {
  await expect(terraform(ends({ code: 127 })).init()).rejects.toThrow(/^Terraform was not found: install/);
});

test("a log on a full disk ends no apply", async () => {
  const warned = jest.spyOn(process, "emitWarning").mockImplementation();
  try {
    expect((await terraform(speaking(0, PLAN), "/dev/full").plan()).ok).toBe(true);
    for (let i = 0; i < 1000 && warned.mock.calls.length === 0; i++) await new Promise((go) => setTimeout(go, 10));
    expect(warned.mock.calls[0]?.[0]).toMatch(/^\/dev\/full is not whole: ENOSPC/);
  } finally {
    warned.mockRestore();
  }
});

test("the log is its owner's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-log-"));
  try {
    const log = join(folder, "logs", "a.log");
    await terraform(speaking(0, PLAN), log).plan();
    for (let i = 0; i < 1000 && !(existsSync(log) && statSync(log).size > 0); i++)
      await new Promise((go) => setTimeout(go, 10));
    expect(readdirSync(join(folder, "logs"))).toEqual(["a.log"]);
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(readFileSync(log, "utf8")).toBe(`${PLAN.join("\n")}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("progress counts what is done of what is planned", async () => {
  const { output, err } = context();
  const change = (addr: string) => event("planned_change", { change: { resource: { addr }, action: "create" } });
  const lines = [
    change("a.b"),
    change("c.d"),
    event("apply_start", on("a.b")),
    event("apply_complete", on("a.b")),
    event("apply_start", on("c.d")),
    event("apply_errored", on("c.d")),
  ];
  await terraform(speaking(1, lines)).apply(progress(output, "toy-efd"));
  expect(err.text).toBe("toy-efd: 1/2 a.b (0 s)\ntoy-efd: 1/2 c.d failed (0 s)\n");
});

test("progress ends at what was planned: a replacement is two steps, what only the state does is none", async () => {
  const { output, err } = context();
  const planned = [
    ["a.replaced", "replace"],
    ["a.updated", "update"],
    ["a.moved", "move"],
    ["a.imported", "import"],
    ["a.forgotten", "remove"],
  ].map(([addr, action]) => event("planned_change", { change: { resource: { addr }, action } }));
  const done = ["a.replaced", "a.replaced", "a.updated"].flatMap((addr) => [
    event("apply_start", on(addr)),
    event("apply_complete", on(addr)),
  ]);
  await terraform(speaking(0, [...planned, ...done])).apply(progress(output, "toy-efd"));
  expect(err.text.match(/\d+\/\d+ \S+/g)).toEqual(["1/3 a.replaced", "2/3 a.replaced", "3/3 a.updated"]);
});

test("a backend that the stack leaves incomplete is told the rest", async () => {
  const calls: string[][] = [];
  const one = terraform(speaking(0, [], calls));
  await one.init();
  await one.init(false);
  await one.init({ bucket: "some-bucket" });
  expect(calls.map((args) => args.slice(3))).toEqual([[], ["-backend=false"], ["-backend-config=bucket=some-bucket"]]);
});

test("a provider that cannot be had is told from a stack that is wrong", async () => {
  const missing = "Error: Failed to query available provider packages\n\nfor provider a/b: no such host\n";
  await expect(terraform(ends({ code: 1, stderr: missing })).init()).rejects.toThrow(ProviderError);
  await expect(terraform(ends({ code: 1, stderr: "Error: Odd\n" })).init()).rejects.not.toThrow(ProviderError);
});
