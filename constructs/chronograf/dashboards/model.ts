/** Dashboards of Chronograf as it reads them from files, with the keys that we set, and how their cells are made. */
import { shortHash } from "../../../synthesized/text";

/** A query in InfluxQL. */
interface CellQuery {
  readonly query: string;
  readonly type: "influxql";
}

/** A column of a table. */
interface TableColumn {
  readonly internalName: string;
  readonly displayName: string;
  readonly visible: boolean;
}

/** What is drawn. */
interface CellContent {
  readonly name: string;
  readonly type: "line" | "table" | "note";
  readonly queries: readonly CellQuery[];
  /** Label of the axis of values, which says their unit. */
  readonly axes?: { readonly y: { readonly label: string } };
  readonly fieldOptions?: readonly TableColumn[];
  readonly tableOptions?: {
    readonly verticalTimeAxis: boolean;
    readonly sortBy: TableColumn;
    readonly wrapping: "truncate" | "wrap";
    readonly fixFirstColumn: boolean;
  };
  readonly timeFormat?: string;
  readonly decimalPlaces?: { readonly isEnforced: boolean; readonly digits: number };
  /** Markdown. */
  readonly note?: string;
}

/** A cell on the grid, which is twelve columns wide. */
export interface Cell extends CellContent {
  readonly i: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A variable that a person sets above the cells. In a query its value stands as it is: whoever writes it quotes it. */
export interface Variable {
  readonly id: string;
  readonly tempVar: string;
  readonly label: string;
  readonly type: "csv" | "influxql";
  readonly values: readonly { readonly value: string; readonly type: "csv"; readonly selected?: true }[];
  readonly query?: { readonly influxql: string };
}

/** A dashboard. Whoever has no login, and whoever logs in, works in the organization `default`. */
export interface Dashboard {
  /** Part of its address: the same name gives the same. */
  readonly id: number;
  readonly name: string;
  readonly organization: "default";
  readonly cells: readonly Cell[];
  readonly templates: readonly Variable[];
}

/** Chronograf counts those that people make from 1, and takes theirs where two have one number. */
const FIRST_ID = 1_000_000;

/** The number of what Chronograf reads from a file. */
export function fileId(name: string): number {
  return FIRST_ID + parseInt(shortHash(name).slice(0, 7), 16);
}

/** A dashboard whose cells lie in rows, each of which shares the width among its cells. */
export function dashboard(
  name: string,
  rows: readonly { readonly height: number; readonly cells: readonly CellContent[] }[],
  templates: readonly Variable[] = [],
): Dashboard {
  let y = 0;
  const cells = rows.flatMap(({ height: h, cells: row }, line) => {
    const w = 12 / row.length;
    const placed = row.map((cell, column) => ({ ...cell, i: `${line}-${column}`, x: column * w, y, w, h }));
    y += h;
    return placed;
  });
  return { id: fileId(name), name, organization: "default", cells, templates };
}

const influxql = (query: string): CellQuery => ({ query, type: "influxql" });

/** Lines over time. */
export function lines(name: string, unit: string, ...queries: readonly string[]): CellContent {
  return { name, type: "line", queries: queries.map(influxql), axes: { y: { label: unit } } };
}

const TIME: TableColumn = { internalName: "time", displayName: "time", visible: true };

/** A table whose first column is the time. */
export function table(name: string, query: string): CellContent {
  return {
    name,
    type: "table",
    queries: [influxql(query)],
    fieldOptions: [TIME],
    tableOptions: { verticalTimeAxis: true, sortBy: TIME, wrapping: "truncate", fixFirstColumn: true },
    timeFormat: "YYYY-MM-DD HH:mm:ss.SSS",
    decimalPlaces: { isEnforced: false, digits: 2 },
  };
}

/** A text in Markdown. Chronograf shows it only beside a query, be it empty. */
export function note(name: string, text: string): CellContent {
  return { name, type: "note", queries: [influxql("")], note: text };
}

/** A variable that is one of these texts, the first at first. */
export function choice(name: string, label: string, options: readonly string[]): Variable {
  const values = options.map((value, i) => ({
    value,
    type: "csv" as const,
    ...(i === 0 && { selected: true as const }),
  }));
  return { id: name, tempVar: `:${name}:`, label, type: "csv", values };
}

/** A variable that is one of what a SHOW query lists. */
export function listed(name: string, label: string, query: string): Variable {
  return { id: name, tempVar: `:${name}:`, label, type: "influxql", values: [], query: { influxql: query } };
}

/** The time that a person has chosen, as a condition. */
export const CHOSEN_TIME = "time > :dashboardTime: AND time < :upperDashboardTime:";
/** A point for each pixel or so of the time that a person has chosen. */
export const BY_INTERVAL = "GROUP BY time(:interval:)";
