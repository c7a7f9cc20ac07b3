import { mkdirSync, readFileSync } from "node:fs";
import { diskProblem } from "../../cli/lib/errors";

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
