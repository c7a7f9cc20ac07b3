import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signal } from "../../../../cli/shared/process/process";
import { CHECKOUT } from "../../../support/sites";

/** Ends at once, and leaves a child outside of its group that holds its stdout as long as a file is there. */
const LEADER = `
  const [file] = process.argv.slice(-1);
  const holds = "setInterval(() => require('fs').existsSync(process.argv.at(-1)) || process.exit(), 20)";
  require("node:child_process")
    .spawn(process.execPath, ["-e", holds, file], { detached: true, stdio: "inherit" })
    .unref();
  console.log(process.pid);`;

/** Interrupts itself when what it runs has ended and its output has not. */
const PROGRAM = `
  const { rmSync } = require("node:fs");
  const { catchSignals } = require("./cli/shared/process/interruption.ts");
  const { run } = require("./cli/shared/process/process.ts");
  const file = process.env.HELD;
  catchSignals((line) => {
    console.log(line);
    rmSync(file);
  });
  const isThere = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const interrupt = (pid) => {
    const looks = setInterval(() => {
      if (isThere(Number(pid))) return;
      clearInterval(looks);
      process.kill(process.pid, "SIGINT");
    }, 20);
  };
  run(process.execPath, ["-e", ${JSON.stringify(LEADER)}, file], { onLine: interrupt })
    .then(({ stdout }) => console.log("ended: " + stdout.replace(/^\\d+$/, "started")));`;

test("an interruption that finds nothing to interrupt is no mistake of the program", async () => {
  const folder = mkdtempSync(join(tmpdir(), "efd-held-"));
  const file = join(folder, "held");
  writeFileSync(file, "");
  const options = { cwd: CHECKOUT, env: { ...process.env, HELD: file } };
  const result = await new Promise((resolve) =>
    execFile(process.execPath, ["--import", "tsx", "-e", PROGRAM], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );
  rmSync(folder, { recursive: true });
  expect(result).toEqual({
    code: 0,
    stdout: "interrupted: waiting until what runs has ended\nended: started\n",
    stderr: "",
  });
});

test("a signal to what has ended is none, any other that cannot be sent is an error", () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  expect(() => signal(pid, "SIGTERM")).not.toThrow();
  expect(() => signal(pid, "SIGNONE" as NodeJS.Signals)).toThrow("SIGNONE");
});
