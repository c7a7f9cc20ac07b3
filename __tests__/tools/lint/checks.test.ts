import { type Check, runChecks } from "../../../tools/lint/checks";
import { runTool } from "../../../cli/shared/process/tool";

const check = (name: string, run: Check["run"]): Check => ({ name, run, remedy: `mend ${name}` });

async function said(checks: readonly Check[], signal: AbortSignal = new AbortController().signal) {
  const lines: string[] = [];
  const code = await runChecks(checks, signal, (line) => lines.push(line.replace(/ \(.* s\)$/, "")));
  return { code, lines };
}

test("a check that fails says what is wrong and what puts it right, and the others go on", async () => {
  const checks = [check("one", () => "a line"), check("two", () => undefined), check("three", () => undefined)];
  const { code, lines } = await said(checks);
  expect(code).toBe(1);
  expect(lines).toEqual(expect.arrayContaining(["FAILED       one", "a line\n-> mend one\n", "ok           three"]));
  expect(await said(checks.slice(1))).toMatchObject({ code: 0, lines: ["ok           two", "ok           three"] });
});

test("a check that the user interrupts did not fail: it is named, nothing is to be mended, and none begins", async () => {
  const controller = new AbortController();
  const ended = () => "half a line";
  const later = (end: () => string) => Promise.resolve().then(end);
  const checks = [
    check("one", () => later(() => (controller.abort(), ended()))),
    check("two", () => later(ended)),
    check("three", () => undefined),
  ];
  expect(await said(checks, controller.signal)).toEqual({ code: 1, lines: ["interrupted  one", "interrupted  two"] });
});

test("a tool that the user interrupts ends with 130, whatever it answers or throws", async () => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const before = { code: process.exitCode, listeners: signals.map((signal) => process.listeners(signal)) };
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    runTool(() => Promise.resolve(3));
    await new Promise(setImmediate);
    expect(process.exitCode).toBe(3);
    for (const end of [() => Promise.resolve(0), () => Promise.reject(new Error("half done"))]) {
      runTool(() => (process.emit("SIGINT"), end()));
      await new Promise(setImmediate);
      expect(process.exitCode).toBe(130);
      process.exitCode = 0;
    }
    expect(said.mock.calls.at(-1)).toEqual(["interrupted"]);
  } finally {
    said.mockRestore();
    process.exitCode = before.code;
    for (const [i, signal] of signals.entries())
      for (const one of process.listeners(signal))
        if (!before.listeners[i]!.includes(one)) process.removeListener(signal, one);
  }
});
