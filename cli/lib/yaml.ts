/** Reads YAML that Helm and Kubernetes read too, and means by it what they do. */
import { loadAll, YAMLException } from "js-yaml";
import { GO_SCHEMA } from "../../constructs/core/yaml";
import { UserError } from "./errors";

/** How a text is read. */
export interface YamlOptions {
  /** What the text is, such as a path: errors begin with it. */
  readonly place?: string;
  /** Most aliases of a document: by a few of them a small text can stand for a huge value. @default 20 */
  readonly maxAliases?: number;
  /** Whether of a key that is there twice the last one counts, as for Helm; else it is an error. @default false */
  readonly repeatedKeys?: boolean;
}

/**
 * The documents of a text, null for an empty one.
 *
 * @throws {UserError} with the reason and the place, in one line, where the text is no YAML.
 */
export function readDocuments(text: string, options: YamlOptions = {}): unknown[] {
  const { place, maxAliases = 20, repeatedKeys = false } = options;
  try {
    return loadAll(text, { schema: GO_SCHEMA, maxAliases, json: repeatedKeys });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    throw new UserError(placed(mark ? `${reason} at line ${mark.line + 1}, column ${mark.column + 1}` : reason, place));
  }
}

/**
 * The only document of a text; null where there is none.
 *
 * @throws {UserError} as {@link readDocuments}, and where there are several.
 */
export function readYaml(text: string, options: YamlOptions = {}): unknown {
  const documents = readDocuments(text, options);
  if (documents.length > 1)
    throw new UserError(placed(`has ${documents.length} documents, one was expected`, options.place));
  return documents[0] ?? null;
}

function placed(fault: string, place: string | undefined): string {
  return place === undefined ? fault : `${place}: ${fault}`;
}
