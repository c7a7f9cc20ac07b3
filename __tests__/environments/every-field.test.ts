/** Every field of the schema against values that no site can mean. */
import { FIELDS, nameOf, siteHolding, type Field } from "../support/schema-fields";
import { mistakesOf } from "../support/environment";

/** Lines at a field. */
function linesAt(field: Field, value: unknown): string[] {
  const path = field.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return mistakesOf(siteHolding(field, value)).filter((line) => line.slice(0, line.indexOf(": ")).endsWith(`${path}`));
}

/** A line that says what is there, what is allowed, and what to do. */
const PROPER = /: got .+\. Allowed: .+\. [A-Z].+\.$/;

function refused(field: Field, value: unknown): void {
  const lines = linesAt(field, value);
  if (lines.length !== 1 || !PROPER.test(lines[0]!))
    throw new Error(`${nameOf(field)} = ${JSON.stringify(value)?.slice(0, 40)}: ${lines.join("\n") || "was taken"}`);
  expect(lines[0]).not.toMatch(/\p{Cc}|\p{Cf}/u);
  expect(lines[0]!.length).toBeLessThan(600);
}

const of = (type: Field["type"]) =>
  FIELDS.filter((field) => field.type === type).map((field) => [nameOf(field), field] as const);

/** What means something to Terraform, or is not seen, or is no text at all. */
const NOWHERE = [
  "${x}",
  "a${var.x}b",
  "%{if x}",
  "a\u0000b",
  "a\nb",
  "a\r\nb",
  "a\tb",
  "\u001b[31mred",
  "a\u202eb",
  "a\u200bb",
  "\ud800",
  " a",
  "a ",
  "a\n",
  "x".repeat(10_000),
  ...[null, true, {}, ["a"]],
];

/** What means something to a shell, a statement or a protocol. Lines for people may have it. */
const FOR_PEOPLE = [/^title$/, /^kafka\.clients\[0\]\.description$/];
const IN_LANGUAGES = [
  "",
  " ",
  "a;b",
  "a'b",
  'a"b',
  "a`b`",
  "a b",
  "a,b=c",
  "a|b",
  "a\\b",
  "<a>",
  "$HOME",
  "a&&b",
  "é",
  "a:b c",
];

test("the walk comes to every section", () => {
  expect(FIELDS.length).toBeGreaterThan(150);
  expect(of("text").length).toBeGreaterThan(60);
  expect(of("number").length).toBeGreaterThan(20);
});

test.each(of("text"))("%s takes no text that means something in another language", (name, field) => {
  for (const value of NOWHERE) refused(field, value);
  for (const value of ["", " "]) refused(field, value);
  if (!FOR_PEOPLE.some((one) => one.test(name))) for (const value of IN_LANGUAGES) refused(field, value);
});

test.each(of("number"))("%s takes no number beyond sense", (_name, field) => {
  for (const value of [NaN, Infinity, -Infinity, -1, 1.5, 1e15, 1e21, "3", "", null, true, [], {}])
    refused(field, value);
});

test.each(of("choice"))("%s takes what it lists only", (_name, field) => {
  for (const value of ["", "other", "True", 0, 1, null, {}, [], "${x}"]) {
    const lines = linesAt(field, value);
    // Another kind of a union is said at the union's kind.
    expect(lines.length).toBeGreaterThan(0);
  }
});

const takes = (field: Field, value: string) => linesAt(field, value).length === 0;
const withUnit = FIELDS.filter((field) => field.type === "text" && takes(field, "2Gi") && !takes(field, "Gi"));
const times = FIELDS.filter((field) => field.type === "text" && takes(field, "4h") && !takes(field, "h4"));
const cpus = FIELDS.filter((field) => field.type === "text" && takes(field, "500m") && !takes(field, "m500"));

test("sizes, times and cores are found", () => {
  expect([withUnit.length, times.length, cpus.length].map((count) => count > 2)).toEqual([true, true, true]);
});

test.each(withUnit.map((field) => [nameOf(field), field] as const))("%s needs a unit and sense", (_name, field) => {
  for (const value of ["2", "0", "0Gi", "-2Gi", "2 Gi", "2GB", "2gi", "2g", "1e9Gi", "1Ki", "999999Pi", 2, 2e9])
    refused(field, value);
});

test.each(times.map((field) => [nameOf(field), field] as const))("%s needs a unit and sense", (_name, field) => {
  for (const value of ["4", "0h", "-4h", "4 h", "1.5h", "4y", "20000w", "999999999d", 4, "4h30m"])
    refused(field, value);
});

test.each(cpus.map((field) => [nameOf(field), field] as const))("%s is within sense", (_name, field) => {
  for (const value of ["0", "0m", "0.5m", "-1", "1 core", "1e2", "99999999", "0.00005", 1]) refused(field, value);
});
