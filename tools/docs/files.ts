/** The generated files of docs/: written by `npm run docs`, compared by `npm run lint`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/lib/program";
import { synthesize } from "../../cli/lib/synthesis";
import { selectSites } from "../../cli/lib/sites";
import { SITES } from "../../environments";
import { environmentJsonSchema, environmentTables } from "./environments";
import { insertLayers, layersPicture } from "./layers";
import { insertRules } from "./rules";

const DOCS = join(CHECKOUT, "docs");
const ARCHITECTURE = "architecture.md";
const REVIEW = "review.md";

/** Every generated file by its name in docs/. */
function generated(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "efd-docs-"));
  try {
    const stacks = synthesize(selectSites(SITES), folder);
    const text = (name: string) => (existsSync(join(DOCS, name)) ? readFileSync(join(DOCS, name), "utf8") : "");
    return new Map([
      ["environments.md", environmentTables()],
      ["environment.schema.json", environmentJsonSchema()],
      [ARCHITECTURE, insertLayers(text(ARCHITECTURE), layersPicture(stacks))],
      [REVIEW, insertRules(text(REVIEW))],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of the files that are not as they would be written now, one a line; nothing where all are. */
export function docsAreCurrent(): string | undefined {
  const stale = [...generated()].filter(([name, text]) => {
    const path = join(DOCS, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  return stale.length > 0 ? stale.map(([name]) => `docs/${name} is not as it is generated`).join("\n") : undefined;
}

/** Writes every generated file. */
export function writeDocs(): void {
  for (const [name, text] of generated()) writeFileSync(join(DOCS, name), text);
}
