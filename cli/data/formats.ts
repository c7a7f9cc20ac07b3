/** Writes rows as text, a piece for each page. */
import type { Value } from "../shared/clients/influxdb";
import type { Rows } from "./rows";
import { timeWriter } from "./times";

/** How rows can be written. */
export const FORMATS = ["table", "csv", "json"] as const;

/** How rows are written; `document` is that of `--json`. */
export type Format = (typeof FORMATS)[number] | "document";

/** Writes rows, whatever their number. */
export interface Writer {
  /** Before the rows. */
  readonly head: string;
  readonly rows: (rows: Rows) => string;
  /** Behind them. */
  readonly end: string;
}

/** A writer for these columns, the first of which is the time. */
export function writerOf(format: Format, columns: readonly string[], facts: object): Writer {
  const time = timeWriter();
  const timed = (row: readonly Value[]): readonly Value[] => [time(String(row[0])), ...row.slice(1)];
  switch (format) {
    case "csv":
      return {
        head: csvLine(columns),
        rows: (rows) => rows.map((row) => csvLine(timed(row))).join(""),
        end: "",
      };
    case "json":
      return { head: "", rows: (rows) => rows.map((row) => `${jsonObject(columns, timed(row))}\n`).join(""), end: "" };
    case "document":
      return documentWriter(columns, facts, timed);
    case "table":
      return tableWriter(columns, timed);
  }
}

/** RFC 4180: lines end with CR and LF. An empty text is quoted, what is not there is empty. */
function csvLine(cells: readonly Value[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: Value): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  return cell === "" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A field without a value is left out. */
function jsonObject(columns: readonly string[], row: readonly Value[]): string {
  return JSON.stringify(
    Object.fromEntries(columns.flatMap((column, i) => (row[i] === null ? [] : [[column, row[i]] as const]))),
  );
}

/** One document whose rows are written as they come. */
function documentWriter(
  columns: readonly string[],
  facts: object,
  timed: (row: readonly Value[]) => readonly Value[],
): Writer {
  let isFirst = true;
  const head = JSON.stringify({ ...facts, columns }).slice(0, -1);
  return {
    head: `${head},"rows":[`,
    rows: (rows) => {
      if (rows.length === 0) return "";
      const text = rows.map((row) => JSON.stringify(timed(row))).join(",\n");
      const start = isFirst ? "\n" : ",\n";
      isFirst = false;
      return `${start}${text}`;
    },
    end: "\n]}\n",
  };
}

/** Columns are as wide as the first page needs; what is wider later moves its line. */
function tableWriter(columns: readonly string[], timed: (row: readonly Value[]) => readonly Value[]): Writer {
  let widths: readonly number[] | undefined;
  const line = (cells: readonly Value[]) =>
    `${cells
      .map((cell, i) => {
        const width = widths?.[i] ?? 0;
        return typeof cell === "number" ? shown(cell).padStart(width) : shown(cell).padEnd(width);
      })
      .join("  ")
      .trimEnd()}\n`;
  return {
    head: "",
    rows: (rows) => {
      const cells = rows.map(timed);
      const isFirst = widths === undefined;
      widths ??= columns.map((column, i) =>
        cells.reduce((most, row) => Math.max(most, shown(row[i]).length), column.length),
      );
      const head = isFirst ? line(columns) + line(widths.map((width) => "-".repeat(width))) : "";
      return head + cells.map(line).join("");
    },
    end: "",
  };
}

const shown = (cell: Value | undefined): string =>
  cell === null || cell === undefined ? "-" : String(cell).replace(/[\r\n\t]/g, " ");
