import { PROVIDER_VERSIONS } from "../ground/versions";
import { conformanceFaults } from "./support/conformance";
import { catalogueSchemas, hasSchemas, SCHEMA_FOLDERS } from "./support/schemas";
import { allStacks } from "./support/sites";

/** What the provider calls deprecated and we set all the same, each with its reason. */
const ALLOWED: Readonly<Record<string, string>> = {};

const here = hasSchemas();
if (!here)
  process.stderr.write(
    `\nconformance: NOT RUN, because no provider schema is in ${SCHEMA_FOLDERS.join(" or ")}; set PROVIDER_SCHEMAS\n\n`,
  );

(here ? describe : describe.skip)("what is synthesized is what the providers take", () => {
  const { schemas, missing } = catalogueSchemas();

  test("every provider of the catalogue has its schema at exactly that version", () => {
    expect(missing).toEqual([]);
  });

  test.each(here ? allStacks().map((stack) => [stack.name, stack] as const) : [])("%s", (_name, stack) => {
    const faults = conformanceFaults(stack.json, schemas);
    expect(faults.filter((fault) => !(fault in ALLOWED))).toEqual([]);
  });

  test("no allowed fault is out of use", () => {
    const all = allStacks().flatMap((stack) => conformanceFaults(stack.json, schemas));
    expect(Object.keys(ALLOWED).filter((fault) => !all.includes(fault))).toEqual([]);
  });
});

test.each(allStacks().map((stack) => [stack.name, stack] as const))("%s pins its providers", (_name, stack) => {
  const required = stack.json.terraform?.required_providers ?? {};
  for (const [name, { version }] of Object.entries(required))
    expect([name, version]).toEqual([name, PROVIDER_VERSIONS[name]]);
  const used = new Set(stack.resources().map(({ type }) => type.split("_")[0]));
  expect([...used].filter((name) => !(String(name) in required))).toEqual([]);
});
