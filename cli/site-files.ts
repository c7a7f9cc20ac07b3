/** Mistakes of a site's file that show while it is loaded. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { messageOf, UserError } from "../ground/errors";

const SITE_FILE = /environments\/(index|sites\/[\w-]+)\.ts(:\d+:\d+)?/;
/** What esbuild says of a file that is no TypeScript, behind a first line that says nothing: `<file>:<line>:<column>`. */
const SYNTAX = /^.*:\d+:\d+: ERROR: (.+)$/m;
/** A frame of a stack that is neither Node's nor a library's. */
const OWN_FRAME = /^ +at (?!.*(node:|node_modules|<anonymous>\)?$)).+$/m;

const FOLDER = "environments/sites";

/** The mistake in a site's file, such as a name, a file or a value that does not exist; undefined for any other error. */
export function siteFileMistake(error: unknown, checkout = join(__dirname, "..")): UserError | undefined {
  const syntax = SYNTAX.exec(messageOf(error));
  const place = SITE_FILE.exec(syntax?.[0] ?? "")?.[0] ?? placeIn(error) ?? otherPlace(error, checkout);
  if (place === undefined) return undefined;
  const [message] = (syntax?.[1] ?? messageOf(error)).split("\n");
  return new UserError(`${place}: ${message || "throws an error without a message"}. Correct the file.`);
}

/** The file of an error that says nothing of its place. */
const otherPlace = (error: unknown, checkout: string) => (hasPlace(error) ? undefined : throwingFile(error, checkout));

const hasPlace = (error: unknown) => error instanceof Error && OWN_FRAME.test(error.stack ?? "");

/** Where an error says that it comes from a site's file. */
function placeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { stack = "", requireStack } = error as Error & { requireStack?: readonly string[] };
  return SITE_FILE.exec(requireStack?.[0] ?? OWN_FRAME.exec(stack)?.[0] ?? "")?.[0];
}

/** The file that throws the same again, of an error that says nothing of its place: `throw "text"`. */
function throwingFile(error: unknown, checkout: string): string | undefined {
  const folder = join(checkout, FOLDER);
  const load = createRequire(__filename);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".ts")) : [];
  const failing = files.filter((file) => {
    try {
      load(join(folder, file));
      return false;
    } catch (again) {
      return messageOf(again) === messageOf(error);
    }
  });
  // What another one imports fails first.
  const imports = (file: string, other: string) =>
    file !== other && readFileSync(join(folder, file), "utf8").includes(`./${other.slice(0, -".ts".length)}"`);
  const first = failing.find((file) => !failing.some((other) => imports(file, other)));
  return first && `${FOLDER}/${first}`;
}
