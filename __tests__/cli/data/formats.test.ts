import { type Format, writerOf } from "../../../cli/data/formats";
import type { Rows } from "../../../cli/data/rows";

const COLUMNS = ["time", "a", 'b,"c"'];
const PAGES: Rows[] = [
  [
    ["1796000400000000000", 1.5, 'x"y,\nz'],
    ["1796000401000000001", "9007199254740993", ""],
  ],
  [["1796000402000000000", null, true]],
];

function written(format: Format, pages: readonly Rows[] = PAGES): string {
  const writer = writerOf(format, COLUMNS, { site: "toy" });
  return writer.head + pages.map(writer.rows).join("") + writer.end;
}

test("csv is that of RFC 4180; an empty text differs from none", () => {
  expect(written("csv")).toBe(
    [
      'time,a,"b,""c"""',
      '2026-11-30T01:00:00.000000000Z,1.5,"x""y,\nz"',
      '2026-11-30T01:00:01.000000001Z,9007199254740993,""',
      "2026-11-30T01:00:02.000000000Z,,true",
      "",
    ].join("\r\n"),
  );
});

test("json is a line for each row, without fields that have no value", () => {
  expect(
    written("json")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { time: "2026-11-30T01:00:00.000000000Z", a: 1.5, 'b,"c"': 'x"y,\nz' },
    { time: "2026-11-30T01:00:01.000000001Z", a: "9007199254740993", 'b,"c"': "" },
    { time: "2026-11-30T01:00:02.000000000Z", 'b,"c"': true },
  ]);
});

test("--json is one document, also without rows", () => {
  expect(JSON.parse(written("document"))).toEqual({
    site: "toy",
    columns: COLUMNS,
    rows: [
      ["2026-11-30T01:00:00.000000000Z", 1.5, 'x"y,\nz'],
      ["2026-11-30T01:00:01.000000001Z", "9007199254740993", ""],
      ["2026-11-30T01:00:02.000000000Z", null, true],
    ],
  });
  expect(JSON.parse(written("document", [[]]))).toMatchObject({ rows: [] });
});

test("a table has the widths of its first page", () => {
  expect(written("table")).toBe(`time                            a                 b,"c"
------------------------------  ----------------  ------
2026-11-30T01:00:00.000000000Z               1.5  x"y, z
2026-11-30T01:00:01.000000001Z  9007199254740993
2026-11-30T01:00:02.000000000Z  -                 true
`);
});
