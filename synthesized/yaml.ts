/** Writes and reads YAML as Helm, Kubernetes and k3s do, all of them by Go's libraries: neither YAML 1.1 nor 1.2, but something between. */
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  DEFAULT_SCALAR_STYLE_RULES,
  dump,
  floatCoreTag,
  intYaml11Tag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  SCALAR_STYLE,
  type ScalarStyleRule,
  type ScalarTagDefinition,
  YAMLException,
} from "js-yaml";
import { UserError } from "../ground/errors";

/** Whole numbers: `0777`, `0o777`, `0X1f` and `1_000`, but nothing to base 60. */
const integer: ScalarTagDefinition = {
  ...intYaml11Tag,
  resolve: (source, ...rest) =>
    source.includes(":")
      ? NOT_RESOLVED
      : intYaml11Tag.resolve(source.toLowerCase().replace(/^([-+]?0)o(?=.)/, "$1"), ...rest),
};

/** Other numbers: `1e3`, `08` and `1_0.5`. */
const float: ScalarTagDefinition = {
  ...floatCoreTag,
  resolve: (source, ...rest) => floatCoreTag.resolve(source.replaceAll("_", ""), ...rest),
};

/** What a text without quotes means: `yes`, `n` and `off` are booleans, `<<` merges, times and dates are texts. */
export const GO_SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, integer, float, mergeTag);

/**
 * What the library writes without quotes though not every reader takes it for a text: `--- a` as a key of the outermost
 * object, where it starts a document, and numbers that are too large, such as the hash `228e2136`.
 */
const quoteMore: ScalarStyleRule = (layout) => {
  const { tag, value } = layout.node;
  const isText = tag === "tag:yaml.org,2002:str";
  if ((layout.isKey && /^(---|\.\.\.)/.test(value)) || (isText && /^[-+]?\.?\d[\d_.]*e[-+]?\d+$/i.test(value)))
    layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
};

/**
 * A value as YAML that those programs read as that value: what they would take for something else than a text is quoted.
 * Keys stay in order, what is undefined is left out, no line is folded, and what occurs twice is written twice: not
 * every reader knows anchors.
 *
 * @throws {Error} where something is in it that no JSON has, such as a function or an object of a class.
 */
export function toYaml(value: unknown): string {
  return dump(value, {
    schema: GO_SCHEMA,
    lineWidth: -1,
    noRefs: true,
    quoteStyle: "double",
    scalarStyleRules: [quoteMore, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
  });
}

/** How a text is read. */
export interface YamlOptions {
  /** What the text is, such as a path: errors begin with it. */
  readonly place?: string;
  /** Most aliases of a document: by a few of them a small text can stand for a huge value. @default 20 */
  readonly maxAliases?: number;
  /** Whether a key may occur twice, as Helm allows: the last one counts. @default false, it is an error */
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
