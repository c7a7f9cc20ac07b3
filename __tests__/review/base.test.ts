/** The cases of the corpus as a comparison of two revisions shows them: it must say what the plan says. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case, EditableJson, Edit } from "../../e2e/corpus/case";
import { baseSite, CASES } from "../../e2e/corpus/cases";
import { baseCluster } from "../../e2e/corpus/cases-docker";
import { gkeSite } from "../../e2e/corpus/cases-google";
import { loveSite } from "../../e2e/corpus/cases-love";
import { synthesize } from "../../cli/shared/site/synthesis";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import type { TerraformJson } from "../../synthesized/stack";
import { review } from "../../review/build";
import { RULES } from "../../review/classify";
import type { Review } from "../../review/model/model";
import { compareStacks, stackGone } from "../../review/read/revisions";

type Kind = "site" | "docker" | "google" | "love";
const kindOf = ({ docker, google, layer }: Case): Kind =>
  docker ? "docker" : google ? "google" : layer === "love" ? "love" : "site";
const MORE = { site: () => undefined, docker: baseCluster, google: gkeSite, love: loveSite } as const;

const folder = mkdtempSync(join(tmpdir(), "efd-base-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const synthesized = new Map<string, string>();

/** A layer of the site that a case begins with, with a change of its data. */
function layerOf(kind: Kind, layer: string, change?: Edit["site"]): string {
  const key = `${kind} ${layer}`;
  const known = change ? undefined : synthesized.get(key);
  if (known !== undefined) return known;
  const site = structuredClone(SITES[0]);
  baseSite(site);
  MORE[kind](site);
  change?.(site);
  const stacks = synthesize([parseEnvironment(site)], folder);
  if (!change) for (const stack of stacks) synthesized.set(`${kind} ${stack.layer}`, stack.text);
  const found = stacks.find((stack) => stack.layer === layer);
  if (!found) throw new Error(`there is no layer ${layer}`);
  return found.text;
}

function edited(one: Case, { site, stack }: Edit = {}): TerraformJson {
  const json = JSON.parse(layerOf(kindOf(one), one.layer, site)) as TerraformJson;
  stack?.(json);
  return json;
}

const ABOUT = {
  site: "toy",
  title: "toy",
  comparison: { kind: "base", base: "main" },
  allowDestroys: [],
} as const;

function compared(one: Case): Review {
  return review({
    ...ABOUT,
    layers: [
      { layer: one.layer, stack: `toy-${one.layer}`, plan: compareStacks(edited(one, one.first), edited(one, one)) },
    ],
  });
}

const spokenOf = new Set<string>();

const SEEN = CASES.filter(({ byHand, docker, tainted }) => !byHand && !docker?.byHand && !tainted);

test.each(SEEN.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  const { findings, risk } = compared(one);
  for (const each of findings) spokenOf.add(`${each.rule}: ${each.risk}`);
  const spoken = findings.map((each) => `${each.risk}: ${each.what}`);
  expect({ risk, spoken }).toMatchObject({ risk: one.expected.worst });
  for (const [worst, ...words] of one.expected.told)
    expect({
      words,
      spoken: spoken
        .filter((text) => words.every((word) => text.toLowerCase().includes(word.toLowerCase())))
        .map((text) => text.startsWith(worst)),
    }).toEqual({ words, spoken: expect.arrayContaining([true]) });
});

test.each(["pvc-shrinks", "broker-disk-shrinks", "pvc-grows"])("%s restarts nothing", (name) => {
  const one = CASES.find((each) => each.name === name);
  const risks = one ? compared(one).findings.map(({ risk }) => risk) : [];
  expect(risks.length).toBeGreaterThan(0);
  expect(risks).not.toContain("restarts");
});

/** Rules that no comparison makes speak as badly as they can, each with its reason. */
const OF_CHARTS = "an object of a chart that is not ours: a comparison knows its values only";
const BY_HAND = "somebody does it by hand: two revisions do not show it";
const WITHOUT: Readonly<Record<string, string>> = {
  "config-map": OF_CHARTS,
  "crd-goes": OF_CHARTS,
  "node-changed": BY_HAND,
  paused: BY_HAND,
  "release-by-hand": BY_HAND,
};

/** What no change of a site's data or of one stack shows. */
test("other versions of providers, stacks that leave, and values that are no YAML", () => {
  const stack = JSON.parse(layerOf("site", "efd")) as TerraformJson;
  const other = structuredClone(stack);
  for (const provider of Object.values(other.terraform?.required_providers ?? {})) provider.version = "9.9.9";
  const broken: EditableJson = structuredClone(stack);
  broken.resource.helm_release.kapacitor_efd.values = ["a: [unclosed"];
  const plans = [compareStacks(stack, other), stackGone("toy-efd"), compareStacks(stack, broken as TerraformJson)];
  const told = plans.map((plan) => {
    const { findings } = review({ ...ABOUT, layers: [{ layer: "efd", stack: "toy-efd", plan }] });
    for (const each of findings) spokenOf.add(`${each.rule}: ${each.risk}`);
    return findings.map(({ rule, risk }) => `${rule}: ${risk}`);
  });
  expect(told).toEqual([
    expect.arrayContaining(["provider-version: harmless"]),
    ["stack-leaves: interrupts"],
    ["release-unread: loses data"],
  ]);
});

test("every rule speaks of a comparison, as badly as it can, or has a reason not to", () => {
  const silent = RULES.filter(({ id, risk }) => !spokenOf.has(`${id}: ${risk}`)).map(({ id }) => id);
  expect(silent.sort()).toEqual(Object.keys(WITHOUT).sort());
});
