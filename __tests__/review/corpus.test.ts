/** Real plans, made by `npm run corpus`, each with what a human reviewer should be told of it. */
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { review } from "../../review/build";
import { differencesOf } from "../../review/diff/values";
import { replacesIt } from "../../review/read/force-new";
import { needingConsent } from "../../review/model/consent";
import { type Review, type Risk } from "../../review/model/model";
import { isOwnNoise } from "../../review/model/noise";
import { readPlan } from "../../review/read/plan";
import { type ObservedRelease, releaseDrift } from "../../review/read/release-drift";
import { renderTerminal } from "../../review/render/terminal";
import { RULES } from "../../review/classify";
import { CASES } from "../../e2e/corpus/cases";
import { TRAPS } from "../support/traps";

const FOLDER = join(__dirname, "corpus");

interface Recorded {
  case: string;
  layer: string;
  comparison: "plan" | "drift";
  made: string;
  expected: { worst: Risk; told: [Risk, ...string[]][] };
  releases?: ObservedRelease[];
  plan: { errored: boolean; resource_changes: { address: string }[]; resource_drift?: object[] };
}

const RECORDED = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Recorded);

function reviewed({
  layer,
  comparison,
  plan,
  releases = [],
}: Pick<Recorded, "layer" | "comparison" | "plan" | "releases">): Review {
  return review({
    site: "toy",
    title: "toy",
    comparison: { kind: comparison },
    allowDestroys: [],
    layers: [
      {
        layer,
        stack: `toy-${layer}`,
        plan: readPlan(JSON.stringify(plan)),
        releases: releases.flatMap((one) => releaseDrift(one) ?? []),
      },
    ],
  });
}

const plain = (text: string): string => text;
const PAINT = { bold: plain, dim: plain, red: plain, yellow: plain, green: plain };

test("every case is recorded, and nothing else", () => {
  expect(RECORDED.map((one) => one.case).sort()).toEqual(CASES.map(({ name }) => name).sort());
  expect(RECORDED.length).toBeGreaterThanOrEqual(30);
  for (const { made } of RECORDED) expect(made).toMatch(/Terraform \d+\.\d+\.\d+ and the providers \w+ \d/);
});

describe.each(RECORDED.map((one) => [one.case, one] as const))("%s", (name, recorded) => {
  const found = reviewed(recorded);
  const expected = CASES.find((one) => one.name === name)?.expected ?? recorded.expected;

  test("is as bad as a human says, and no worse", () => {
    expect({ risk: found.risk, findings: found.findings.map(({ risk, what }) => `${risk}: ${what}`) }).toMatchObject({
      risk: expected.worst,
    });
  });

  test.each(expected.told)("says %s: %s %s", (risk, ...words) => {
    const spoken = found.findings.filter((one) => one.risk === risk).map(({ what }) => what);
    expect(spoken).toContainEqual(expect.stringMatching(allOf(words)));
  });
});

/** Matches a text with all of these words, in any order; a rendering may begin a sentence with one. */
function allOf(words: readonly string[]): RegExp {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(escaped.map((word) => `(?=[\\s\\S]*${word})`).join(""), "i");
}

/** Rules that no recorded plan, and those that no recorded drift makes speak as badly as they can, each with its reason. */
const REVISIONS = "seen between two revisions only: base.test.ts has it";
const OF_CHARTS = "an object of a chart that is not ours: a plan knows its values only";
const BY_HAND = "somebody does it by hand: a plan does not show it, or shows that it is undone";
const IN_STATE = "it is in Terraform's state alone, where nobody changes it by hand";
const OF_PLAN = "it is something that a plan does";
const AT_GOOGLE = "the state of the cases at Google is made up, and nothing there can be changed";
const ANEW = "a container that somebody made anew is another one: the provider sees that the old one is gone";
const WITHOUT: Readonly<Record<"plan" | "drift", Readonly<Record<string, string>>>> = {
  plan: {
    "config-map": OF_CHARTS,
    "crd-goes": OF_CHARTS,
    "node-changed": BY_HAND,
    paused: BY_HAND,
    "provider-version": REVISIONS,
    "release-by-hand": BY_HAND,
    "stack-leaves": REVISIONS,
  },
  drift: {
    "admin-access": IN_STATE,
    "authority-replaced": IN_STATE,
    forgotten: OF_PLAN,
    "gke-changed": AT_GOOGLE,
    "gke-goes": AT_GOOGLE,
    "k3s-version": ANEW,
    "love-setup": "Kubernetes lets nobody change the pods of a Job",
    moved: OF_PLAN,
    "node-mounts": ANEW,
    "node-pool": AT_GOOGLE,
    "protection-gone": OF_PLAN,
    "provider-version": REVISIONS,
    "release-goes":
      "at its worst only where a chart takes its CRDs with it, which none of ours does; at less in chart-with-pvc-uninstalled-by-hand",
    "release-unread": OF_PLAN,
    "stack-leaves": REVISIONS,
    "storage-class":
      "at its worst where the class retains nothing, which the API lets nobody change; at less in class-deleted-by-hand",
    "unknown-cause": OF_PLAN,
    "volume-goes": "Docker removes no volume that a container uses",
    "volume-resized": "Kubernetes refuses to shrink a PVC",
  },
};

test.each(["plan", "drift"] as const)(
  "every rule speaks of a real %s, as badly as it can, or has a reason not to",
  (view) => {
    const seen = RECORDED.filter(({ comparison }) => comparison === view);
    const spoken = new Set(seen.flatMap((one) => reviewed(one).findings.map(({ rule, risk }) => `${rule}: ${risk}`)));
    const silent = RULES.filter(({ id, risk }) => !spoken.has(`${id}: ${risk}`)).map(({ id }) => id);
    expect(silent.sort()).toEqual(Object.keys(WITHOUT[view]).sort());
  },
);

test("where there is no plan, the same attributes are known to replace their resource as in the plans", () => {
  const plans = RECORDED.filter(({ comparison }) => comparison === "plan");
  const resources = plans.flatMap(({ plan }) => readPlan(JSON.stringify(plan)).resources);
  const replacing = resources.flatMap(({ type, replacePaths }) =>
    replacePaths.map((path) => [type, path.filter((key) => typeof key === "string").join(".")] as const),
  );
  const kept = resources.flatMap(({ type, action, before, after }) =>
    action === "update" && type !== "helm_release"
      ? differencesOf(before, after)
          .filter((one) => !isOwnNoise(type, one, "update"))
          .map(({ path }) => [type, path] as const)
      : [],
  );
  expect(replacing.length).toBeGreaterThanOrEqual(30);
  expect(kept.length).toBeGreaterThanOrEqual(10);
  // A PVC is replaced for a smaller size only.
  const bySize = (path: string) => path === "spec.resources.requests";
  expect(replacing.filter(([type, path]) => !replacesIt(type, path) && !bySize(path))).toEqual([]);
  expect(kept.filter(([type, path]) => replacesIt(type, path))).toEqual([]);
});

test("every known trap has a case, or a reason to have none", () => {
  expect(TRAPS).toHaveLength(20);
  const names = new Set(CASES.map(({ name }) => name));
  for (const { trap, cases, instead } of TRAPS) {
    expect([trap, ...cases.filter((one) => !names.has(one))]).toEqual([trap]);
    expect([trap, cases.length > 0 || instead !== undefined]).toEqual([trap, true]);
  }
});

test("no recording holds a canary: a text that a case wrote where secrets are", () => {
  const leaking = RECORDED.filter((one) => JSON.stringify(one).includes("canary"));
  expect(leaking.map((one) => one.case)).toEqual([]);
});

test.each([
  ["influxdb-retention-shorter", "influxdb-retention"],
  ["kafka-retention-shorter", "kafka-retention"],
  ["topic-retention", "topic-retention"],
  ["influxdb-database-gone", "influxdb-database"],
  ["topic-removed", "topic-goes"],
  ["topic-unkept-goes", "topic-goes"],
])("%s needs somebody's consent before any command applies it", (name, rule) => {
  const recorded = RECORDED.find((one) => one.case === name);
  expect(recorded && needingConsent(reviewed(recorded).findings).map((one) => one.rule)).toContain(rule);
});

test("what only restarts needs no consent", () => {
  const recorded = RECORDED.find((one) => one.case === "kafka-retention-longer");
  expect(recorded && needingConsent(reviewed(recorded).findings)).toEqual([]);
});

const LOSING = RECORDED.filter(({ expected }) => expected.worst === "loses data");

test("no change that loses data is called less", () => {
  expect(LOSING.length).toBeGreaterThanOrEqual(15);
  expect(LOSING.filter((one) => reviewed(one).risk !== "loses data").map((one) => one.case)).toEqual([]);
});

test.each(LOSING.map((one) => [one.case, one] as const))("%s is on the first screen among 500 others", (_name, one) => {
  const [harmless] = RECORDED.filter((other) => other.case === "network-policy-gone");
  const other = harmless?.plan.resource_changes.find(({ address }) => address.includes("network_policy"));
  const many = Array.from({ length: 500 }, (_, i) => ({ ...other, address: `${other?.address}_${i}`, name: `n${i}` }));
  const mixed = { ...one, plan: { ...one.plan, resource_changes: [...many, ...one.plan.resource_changes] } };
  const screen = renderTerminal(reviewed(mixed), PAINT).split("\n").slice(0, 20).join("\n");
  const [, ...words] = one.expected.told[0] ?? ["loses data"];
  expect(screen).toMatch(allOf(["LOSES DATA", ...words]));
});

test("what schedules and an autoscaler did to LOVE is no drift beside what somebody did", () => {
  const recorded = RECORDED.find((one) => one.case === "love-commander-stopped-by-hand");
  const drift = readPlan(JSON.stringify(recorded?.plan)).drift;
  const paths = drift.flatMap(({ before, after }) => differencesOf(before, after).map(({ path }) => path));
  expect(paths).toEqual(
    expect.arrayContaining(["spec.min_replicas", "spec.replicas", 'spec.template.metadata.annotations["efd/secrets"]']),
  );
  const changes = recorded ? reviewed(recorded).layers.flatMap((layer) => layer.changes) : [];
  expect(changes.map(({ name }) => name)).toEqual(["deployment love/love-commander"]);
});

test("any order of changes gives the same review", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RECORDED).chain((one) =>
        fc.tuple(
          fc.constant(one),
          fc.shuffledSubarray(one.plan.resource_changes, {
            minLength: one.plan.resource_changes.length,
          }),
        ),
      ),
      ([one, shuffled]) => {
        expect(reviewed({ ...one, plan: { ...one.plan, resource_changes: shuffled } })).toEqual(reviewed(one));
      },
    ),
    { numRuns: 60 },
  );
});

test("where a consumer writes is read from its output, as it is now and as the recorded plans have it", () => {
  const recorded = RECORDED.find((one) => one.case === "consumer-topics-moved");
  if (!recorded) throw new Error("consumer-topics-moved is not recorded");
  const now = JSON.stringify(recorded.plan)
    .replaceAll("[[outputs.influxdb]]", "[[outputs.http]]")
    .replace(
      /database = \\+"([^"\\]+)\\+"/g,
      (_, name: string) => `url = 'http://influxdb.influxdb:8086/write?db=${name}'`,
    );
  expect(now).not.toContain("outputs.influxdb");
  const spoken = (plan: Recorded["plan"]) => reviewed({ ...recorded, plan }).findings.map(({ what }) => what);
  const topics = spoken(recorded.plan).filter((what) => / into /.test(what));
  expect(topics.length).toBeGreaterThan(0);
  expect(spoken(JSON.parse(now) as Recorded["plan"]).filter((what) => / into /.test(what))).toEqual(topics);
});
