import { type Check, runChecks } from "../../tools/checks";

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
