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
