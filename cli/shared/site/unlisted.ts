/** Files of sites that nobody lists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./program";

const LIST = "environments/index.ts";
const FOLDER = "environments/sites";

/** Names under which a list imports what a file exports, where it uses them too; none where it does not import it. */
function usedFrom(list: string, file: string): string[] {
  const [whole = "", names = ""] = new RegExp(`import \\{([^}]*)\\} from "\\./sites/${file}"`).exec(list) ?? [];
  const rest = list.replace(whole, "");
  return names
    .split(",")
    .flatMap(
      (one) =>
        one
          .trim()
          .split(/\s+as\s+/)
          .at(-1) || [],
    )
    .filter((name) => new RegExp(`\\b${name}\\b`).test(rest));
}

/** Whether a file defines a site, in either way to say so; what several sites share has no name. */
function definesSite(text: string): boolean {
  return /\bdefineEnvironment\(/.test(text) || (/\bEnvironmentInput\b/.test(text) && /^\s+name:/m.test(text));
}

/** One line for each file that defines a site which stands in no list: no command knows it, and nothing else says so. */
export function unlistedSites(checkout: string = CHECKOUT): string[] {
  const folder = join(checkout, FOLDER);
  if (!existsSync(folder)) return [];
  const list = readFileSync(join(checkout, LIST), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .filter((file) => definesSite(readFileSync(join(folder, file), "utf8")))
    .filter((file) => usedFrom(list, file.slice(0, -".ts".length)).length === 0)
    .map((file) => `${FOLDER}/${file}: its site is not in SITES. Add it to ${LIST}.`);
}
