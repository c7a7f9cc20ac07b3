import { mkdirSync, readFileSync } from "node:fs";
import { diskProblem, Interrupted, errorLines, messageOf, ProviderError, UserError } from "../../ground/errors";

test("what the user can put right becomes lines", () => {
  expect(errorLines(new UserError("one\ntwo"))).toEqual(["one", "two"]);
  expect(errorLines(new ProviderError("three"))).toEqual(["three"]);
});

test.each([new Interrupted(), new TypeError("ours"), "text"])("%s is no line of a result and goes on", (thrown) => {
  let went: unknown;
  try {
    errorLines(thrown);
  } catch (error) {
    went = error;
  }
  expect(went).toBe(thrown);
});

test("whatever is thrown says something", () => {
  expect([new Error("broken"), "text", undefined].map(messageOf)).toEqual(["broken", "text", "undefined"]);
});

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
const readOnly = Object.assign(new Error("EROFS: read-only file system, mkdir '/x'"), {
  ...{ code: "EROFS", syscall: "mkdir", path: "/x" },
});

test("a full disk and a file that is not ours are one line each, with what to do", () => {
  expect(diskProblem(full)).toMatch(/^a file: no space left on device \(write\): make room, TMPDIR .*\/.*again$/);
  expect(diskProblem(readOnly)).toBe(
    "/x: read-only file system (mkdir): let your account do so, then run the same command again",
  );
});

test("whatever else goes wrong with files is a mistake of the program", () => {
  expect(diskProblem(thrown(() => readFileSync("/nowhere/at/all")))).toBeUndefined();
  expect(diskProblem(thrown(() => mkdirSync("/")))).toBeUndefined();
  expect(diskProblem(new TypeError("x"))).toBeUndefined();
  expect(diskProblem("ENOSPC")).toBeUndefined();
});
