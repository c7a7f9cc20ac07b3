/** Rules on our own sources that neither the compiler nor the linter knows. */
import { SITE_NAMES } from "./support/sites";
import { linesWith, PRODUCT, sourcesIn } from "./support/sources";

const PROGRAM = sourcesIn(PRODUCT);

/** Texts that are a site's name and mean something else there. */
const NOT_A_SITE: readonly { path: string; literal: string; means: string }[] = [
  { path: ".github/scripts/commands.ts", literal: "local", means: "a kind of backend" },
  { path: "e2e/lifecycle/site.ts", literal: "local", means: "a kind of backend" },
  { path: "e2e/rehearsal/loopback.ts", literal: "local", means: "a kind of backend and a provider" },
  { path: "environments/schema.ts", literal: "local", means: "a kind of backend" },
  { path: "stacks/base/backend.ts", literal: "local", means: "a kind of backend" },
  { path: "stacks/cluster/stack.ts", literal: "local", means: "a provider" },
];

test("no site is named outside environments/sites: sites differ in data", () => {
  const named = new RegExp(`["'\`](${SITE_NAMES.join("|")})["'\`]`);
  const literals = PROGRAM.filter(({ path }) => !path.startsWith("environments/sites/")).flatMap(({ path, text }) =>
    withoutComments(text)
      .split("\n")
      .flatMap((line) => named.exec(line)?.[1] ?? [])
      .map((literal) => ({ path, literal })),
  );
  const isListed = (one: { path: string; literal: string }) =>
    NOT_A_SITE.some(({ path, literal }) => path === one.path && literal === one.literal);
  expect(literals.filter((one) => !isListed(one))).toEqual([]);
  expect(
    NOT_A_SITE.filter((one) => !literals.some(({ path, literal }) => path === one.path && literal === one.literal)).map(
      ({ path }) => path,
    ),
  ).toEqual([]);
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
