import { execFile, spawnSync } from "node:child_process";
import { signal } from "../../../../cli/shared/process/process";
import { CHECKOUT } from "../../../support/sites";

/** Ends at once, and leaves a child outside of its group that holds its stdout for a while. */
const LEADER = `
  const child = require("node:child_process").spawn(
    process.execPath, ["-e", "setTimeout(() => undefined, 2000)"], { detached: true, stdio: "inherit" });
  child.unref();
  console.log("started");`;

/** Interrupts itself while what it runs has ended and its output has not. */
const PROGRAM = `
  const { catchSignals } = require("./cli/shared/process/interruption.ts");
  const { run } = require("./cli/shared/process/process.ts");
  catchSignals((line) => console.log(line));
  const interrupt = () => setTimeout(() => process.kill(process.pid, "SIGINT"), 800);
  run(process.execPath, ["-e", ${JSON.stringify(LEADER)}], { onLine: interrupt })
    .then(({ stdout }) => console.log("ended: " + stdout));`;

test("an interruption that finds nothing to interrupt is no mistake of the program", async () => {
  const result = await new Promise((resolve) =>
    execFile(process.execPath, ["--import", "tsx", "-e", PROGRAM], { cwd: CHECKOUT }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );
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
