import fc from "fast-check";
import { SITES } from "../../environments";
import { SITE_RULES } from "../../environments/derived/rules";
import { APART, BAD_ENVIRONMENTS, type Changes } from "../support/bad-environments";
import { mistakesOf, siteWith } from "../support/environment";
import { BAD_LOVE } from "../support/love/cases";

const KINDS = [...BAD_ENVIRONMENTS, ...BAD_LOVE];

test("there are at least forty kinds, and every rule finds one of them", () => {
  expect(new Set(KINDS.map(({ kind }) => kind)).size).toBe(KINDS.length);
  expect(KINDS.length).toBeGreaterThanOrEqual(40);
  expect([...new Set(KINDS.flatMap(({ rule }) => rule ?? []))].toSorted()).toEqual(
    SITE_RULES.map(({ name }) => name).toSorted(),
  );
});

test.each(KINDS.map((bad) => [bad.kind, bad] as const))("%s is said, and nothing else", (_kind, { changes, line }) => {
  expect(mistakesOf(siteWith(changes))).toEqual([line]);
});

test("ten and more at once are all reported, each once, and nothing else", () => {
  expect(APART).toHaveLength(16);
  fc.assert(
    fc.property(fc.subarray(APART, { minLength: 10 }), (some) => {
      const changes = Object.assign({}, ...some.map((one) => one.changes)) as Changes;
      expect(mistakesOf(siteWith(changes)).toSorted()).toEqual(some.map(({ line }) => line).toSorted());
    }),
    { numRuns: 100 },
  );
});

test("no site breaks a rule", () => {
  for (const site of SITES) expect([site.name, mistakesOf(site)]).toEqual([site.name, []]);
});
