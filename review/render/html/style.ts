/** Style sheets of the page and of the picture in it; both use the variables of the same colours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The sheets one after the other: `colours` are variables for light and dark, `graph` is the picture of a site. */
export const style = (...sheets: readonly ("colours" | "page" | "graph")[]): string =>
  sheets.map((name) => readFileSync(join(__dirname, `${name}.css`), "utf8")).join("");
