/** Style sheets of the page and of the picture in it; both use the variables of the same colours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const sheet = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** Variables for light and dark. */
export const colourStyle = (): string => sheet("colours.css");
/** The page without its picture. */
export const pageStyle = (): string => sheet("page.css");
/** The picture of a site. */
export const graphStyle = (): string => sheet("graph.css");
