import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyStep, changedStep, reviewStep, type WorkflowStep } from "../../.github/scripts/steps";

const folder = mkdtempSync(join(tmpdir(), "efd-steps-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const outputs = join(folder, "outputs");
const manifest = '{"format":1}';
const digest = createHash("sha256").update(manifest).digest("hex");

function step(...codes: number[]) {
  const ran: string[][] = [];
  const lines: string[] = [];
  writeFileSync(outputs, "");
  const of: WorkflowStep = {
    command: (command, args) => Promise.resolve((ran.push([command, ...args]), codes.shift() ?? 0)),
    outputs,
    print: (line) => lines.push(line),
  };
  return { of, ran, lines, said: () => readFileSync(outputs, "utf8").trim().split("\n").filter(Boolean) };
}

test.each([
  [0, 0, ["changes=false"]],
  [2, 0, ["changes=true"]],
  [3, 3, ["changes=true"]],
  [1, 1, []],
  [127, 127, []],
])("a review that ends with %i ends the step with %i", async (code, expected, said) => {
  const one = step(code);
  expect(await reviewStep(one.of, "base", { base: "HEAD^1", report: "r" })).toBe(expected);
  expect(one.ran).toEqual([["review", "base", "--base", "HEAD^1", "--report", "r"]]);
  expect(one.said()).toEqual(said);
  expect(one.lines.some((line) => line.startsWith("::warning"))).toBe(code === 3);
});

test("data at risk is no failure where plans are saved for an approval, and their digest goes along", async () => {
  const out = mkdtempSync(join(folder, "plans-"));
  writeFileSync(join(out, "manifest.json"), manifest);
  const one = step(3);
  expect(await reviewStep(one.of, "base", { out })).toBe(0);
  expect(one.ran).toEqual([["review", "base", "--out", out]]);
  expect(one.said()).toEqual(["changes=true", `digest=${digest}`]);
  const without = step(2);
  await reviewStep(without.of, "base", { out: join(out, "nowhere") });
  expect(without.said()).toEqual(["changes=true"]);
});

test("data at risk by drift is no failure: it becomes an issue", async () => {
  const one = step(3);
  expect(await reviewStep(one.of, "base", { drift: true })).toBe(0);
  expect(one.ran).toEqual([["review", "base", "--drift"]]);
  expect(one.lines).toEqual(["::warning title=Data at risk::base: read the review"]);
});

test("outputs are printed where nobody takes them", async () => {
  const { of, lines } = step(2);
  await reviewStep({ ...of, outputs: undefined }, "base", {});
  expect(lines).toEqual(["changes=true"]);
});

test("sites that differ are listed; a review that cannot look ends it", async () => {
  const some = step(0, 2, 3);
  expect(await changedStep(some.of, ["a", "b", "c"], "HEAD^1")).toBe(0);
  expect(some.said()).toEqual(['sites=["b","c"]']);
  expect(some.ran).toEqual(["a", "b", "c"].map((site) => ["review", site, "--base", "HEAD^1"]));
  const none = step(0);
  await changedStep(none.of, ["a"], "HEAD^1");
  expect(none.said()).toEqual(["sites=[]"]);
  const failing = step(1);
  expect(await changedStep(failing.of, ["a", "b"], "HEAD^1")).toBe(1);
  expect(failing.said()).toEqual([]);
});

test("only the plans that were reviewed are applied; a reason is one word of the command, whatever it says", async () => {
  const plans = mkdtempSync(join(folder, "plans-"));
  writeFileSync(join(plans, "manifest.json"), manifest);
  const one = step(0);
  expect(await applyStep(one.of, "base", plans, digest, '"; rm -rf / #')).toBe(0);
  expect(one.ran).toEqual([["deploy", "base", "--reviewed", plans, "--during-observing", '"; rm -rf / #']]);
  for (const reason of [undefined, ""]) {
    const plain = step(7);
    expect(await applyStep(plain.of, "base", plans, digest, reason)).toBe(7);
    expect(plain.ran).toEqual([["deploy", "base", "--reviewed", plans]]);
  }
  const nowhere = join(plans, "nowhere");
  for (const [folder, reviewed, why] of [
    [plans, "0".repeat(64), `${plans}: has manifest ${digest}, reviewed was ${"0".repeat(64)}`],
    [plans, "", `${plans}: has manifest ${digest}, reviewed was none`],
    [nowhere, digest, `${nowhere}: has manifest none, reviewed was ${digest}`],
    [nowhere, "", `${nowhere}: has manifest none, reviewed was none`],
  ] as const) {
    const other = step(0);
    await expect(applyStep(other.of, "base", folder, reviewed, "")).rejects.toThrow(`${why}: plan and approve again`);
    expect(other.ran).toEqual([]);
  }
});
