/** The generated files of docs/: written by `npm run docs`, compared by `npm run lint`. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../cli/shared/site/program";
import { synthesize } from "../../cli/shared/site/synthesis";
import { selectSites } from "../../cli/shared/site/sites";
import { SITES } from "../../environments";
import { insertTests, testFiles } from "./acceptance";
import { environmentJsonSchema, environmentTables } from "./environments";
import { insertLayers, layersPicture } from "./layers";
import { insertReach } from "./reach";
import { insertRules } from "./rules";
import { insertInputsAndOutputs } from "./using";

const DOCS = join(CHECKOUT, "docs");
const ARCHITECTURE = "architecture.md";
const REVIEW = "review.md";
const SECURITY = "security.md";
const USING = "using.md";
/** Lists of acceptance by the system that they are of. */
const ACCEPTANCE = { EFD: join("acceptance", "efd.md"), LOVE: join("acceptance", "love.md") };

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
      [SECURITY, insertReach(text(SECURITY), stacks)],
      [USING, insertInputsAndOutputs(text(USING), stacks)],
      ...Object.entries(ACCEPTANCE).map(
        ([system, name]) => [name, insertTests(system, text(name), testFiles())] as const,
      ),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files that are not as they would be written now. */
function stale(): [name: string, text: string][] {
  return [...generated()].filter(([name, text]) => {
    const path = join(DOCS, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
}

/** Names of the files that are not as they would be written now, one a line; nothing where all are. */
export function docsAreCurrent(): string | undefined {
  const lines = stale().map(([name]) => `docs/${name} is not as it is generated`);
  return lines.length > 0 ? lines.join("\n") : undefined;
}

/**
 * Writes every generated file that is not as it should be.
 *
 * @returns one line for each.
 */
export function writeDocs(): string[] {
  return stale().map(([name, text]) => {
    writeFileSync(join(DOCS, name), text);
    return `wrote docs/${name}`;
  });
}
