import { Output, size, table } from "../../../../cli/shared/terminal/output";
import { Sink } from "../../support";

function output(json: boolean, tty = false, env = {}) {
  const [out, err] = [new Sink(tty), new Sink(tty, 20)];
  return { output: new Output({ json, stdout: out, stderr: err, env }), out, err };
}

test("with --json stdout is one JSON document", () => {
  const { output: it, out, err } = output(true);
  it.step("working");
  it.print("a table");
  it.note("a note");
  it.result({ a: 1 });
  expect(JSON.parse(out.text)).toEqual({ a: 1 });
  expect(err.text).toBe("working\na note\n");
});

test("without it stdout is for people", () => {
  const { output: it, out } = output(false);
  it.print("a table");
  it.result({ a: 1 });
  expect(out.text).toBe("a table\n");
});

test("a part of a long result waits for whoever reads it, and tells when nobody does any more", async () => {
  const waiting = new Map<string, () => void>();
  let text = "";
  const stdout = {
    write: (more: string) => {
      text += more;
      return false;
    },
    once: (event: string, listener: () => void) => waiting.set(`${event}${waiting.has(event) ? 2 : ""}`, listener),
    off: () => undefined,
  };
  const it = new Output({ json: true, stdout, stderr: new Sink(), env: {} });
  let isDone = false;
  const first = it.part("a").finally(() => (isDone = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect([text, isDone]).toEqual(["a", false]);
  waiting.get("drain")?.();
  expect(await first).toBe(true);
  const second = it.part("b");
  waiting.get("error")?.();
  waiting.get("error2")?.();
  expect(await second).toBe(false);
  expect(await it.part("c")).toBe(false);
  expect(text).toBe("ab");
});

test("a terminal gets one line that changes, as wide as it is, gone before anything else is said", () => {
  const { output: it, err } = output(false, true);
  it.step("something that is longer than the terminal");
  it.step("short", false);
  it.note("note");
  expect(err.text).toBe("\r\u001b[Ksomething that is …\r\u001b[Kshort\r\u001b[Knote\n");
});

test("anything else gets milestones, each once", () => {
  const { output: it, err } = output(false);
  it.step("a");
  it.step("a");
  it.step("b", false);
  it.step("c");
  expect(err.text).toBe("a\nc\n");
});

test("colour only on a terminal that wants it", () => {
  const red = (tty: boolean, env = {}) => output(false, tty, env).output.colour.red("x");
  expect(red(true)).toBe("\u001b[31mx\u001b[39m");
  expect([red(false), red(true, { NO_COLOR: "1" }), red(true, { TERM: "dumb" }), red(false, { CI: "1" })]).toEqual(
    Array(4).fill("x"),
  );
});

test("colour takes no place in a table", () => {
  expect(
    table(
      ["a", "b"],
      [
        ["\u001b[31mxx\u001b[39m", 1],
        ["yyy", 22],
      ],
    ).split("\n"),
  ).toEqual(["a     b", "---  --", "\u001b[31mxx\u001b[39m    1", "yyy  22"]);
});

test("sizes", () => {
  expect([0, 512, 2 ** 20, 8 * 2 ** 30, 1.5 * 2 ** 40].map(size)).toEqual(["-", "512", "1Mi", "8Gi", "1.5Ti"]);
});

test("a size has a unit, however small a volume's content is", () => {
  expect([2 ** 41, 1.5 * 2 ** 30, 124310, 0].map(size)).toEqual(["2Ti", "1.5Gi", "121.4Ki", "-"]);
});
