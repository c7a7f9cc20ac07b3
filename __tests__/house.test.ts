/** Rules on our own sources that neither the compiler nor the linter knows. */
import { SITE_NAMES } from "./support/sites";
import { linesWith, PRODUCT, sourcesIn } from "./support/sources";

const PROGRAM = sourcesIn(PRODUCT);

/**
 * Sites whose name means nothing else, so that no code may have it as a text. `local` is a kind of backend and a
 * provider too, and a new site may be called by a word of the code (`base`): of those only comparisons are looked for.
 */
const NAMES_OF_SITES_ONLY = ["gcp", "tucson", "ncsa", "summit"];

test("no site is named outside environments/sites: sites differ in data", () => {
  const sources = PROGRAM.filter(({ path }) => !path.startsWith("environments/sites/")).map(({ path, text }) => ({
    path,
    text: withoutComments(text),
  }));
  const text = (names: readonly string[]) => `["'\`](${names.join("|")})["'\`]`;
  expect(linesWith(new RegExp(text(NAMES_OF_SITES_ONLY)), sources)).toEqual([]);
  const site = "\\b(site|siteName|(site|environment)\\.name)";
  const all = text(SITE_NAMES);
  expect(linesWith(new RegExp(`${site} [!=]== ${all}|${all} [!=]== ${site}|switch \\(${site}\\)`), sources)).toEqual(
    [],
  );
});

test("what may be depended on is called ready", () => {
  const otherwise = /^ {2}(public )?(readonly |get )(?!ready\b|dependsOn\b)\w+(\(\))?: ITerraformDependable\b(?!\[)/;
  expect(linesWith(otherwise, sourcesIn(["constructs", "stacks"]))).toEqual([]);
});

test("every exported declaration has a JSDoc sentence", () => {
  const declaration = /^export (default )?(abstract )?(async )?(function|class|interface|type|enum|const|let)\b/;
  const lines = [...PROGRAM, ...sourcesIn(["__tests__/support"])].flatMap(({ path, text }) => {
    const all = text.split("\n");
    return all.flatMap((line, i) => {
      // An instruction to the linter may stand between.
      const before = all.slice(0, i).findLast((one) => !one.startsWith("// eslint-disable"));
      return declaration.test(line) && !before?.endsWith("*/") ? [`${path}:${i + 1}: ${line}`] : [];
    });
  });
  expect(lines).toEqual([]);
});

/** A text whose comments are blank; strings stay. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "$1");
}
