import { structuredPatch } from "diff";
import fc from "fast-check";
import { inside, type Json, StackView, unescaped } from "../../synthesized/stack";
import { shortHash, sorted } from "../../synthesized/text";
import { readYaml, toYaml } from "../../synthesized/yaml";
import { readableStack, readableValue } from "./readable";
import { folded } from "./siblings";
import { allStacks } from "./sites";
import { unfolded } from "./unfolded";

const written = (value: unknown): string => toYaml(folded(value));
const readBack = (text: string): unknown => unfolded(readYaml(text, { maxAliases: 0 }));

/** Hunks as `git diff` shows them. */
const hunks = (before: string, after: string) => structuredPatch("", "", before, after, "", "", { context: 3 }).hunks;

const key = fc.oneof(
  fc.constantFrom("name", "a", "b", "app.io/name", "x y", '"', "[0]", "a[0].b", "", "0", "12", "__proto__", "spec"),
  fc.string({ maxLength: 4 }).filter((text) => !/[‹›]/.test(text)),
);
const scalar = fc.oneof(fc.constantFrom<unknown>(null, true, 0, 1.5, "", "a", "b", "(absent)", "name"), key);
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** Objects that are copies of one, each with its name in some places, and some with something else. */
const siblings = fc
  .record({
    base: fc.dictionary(key, anything, { minKeys: 8, maxKeys: 12 }),
    names: fc.uniqueArray(key, { minLength: 2, maxLength: 7 }),
    prefix: fc.constantFrom("", "app-", "app"),
    suffix: fc.constantFrom("", "_config"),
    own: fc.array(fc.tuple(fc.nat(6), key, anything), { maxLength: 6 }),
    lost: fc.array(fc.tuple(fc.nat(6), fc.nat(11)), { maxLength: 6 }),
  })
  .map(({ base, names, prefix, suffix, own, lost }) =>
    names.map((name, i) => {
      const gone = lost.filter(([at]) => at === i).map(([, place]) => Object.keys(base)[place]);
      const kept = Object.entries(base).filter(([each]) => !gone.includes(each));
      const mine = own.filter(([at]) => at === i).map(([, each, value]) => [each, value] as const);
      const body = Object.fromEntries([...kept, ...mine]);
      return [`${prefix}${name}${suffix}`, { ...body, label: `${prefix}${name}`, metadata: { name } }] as const;
    }),
  );

test("the long form is in the short one", () => {
  let short = 0;
  fc.assert(
    fc.property(siblings, anything, fc.boolean(), (group, other, asList) => {
      const value = sorted({
        before: other,
        group: asList ? [other, ...group.map(([, one]) => one), other] : Object.fromEntries(group),
      });
      const text = written(value);
      if (text.includes("‹name›")) short += 1;
      expect(readBack(text)).toEqual(value);
    }),
    { numRuns: 200 },
  );
  expect(short).toBeGreaterThan(50);
});

const cell = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constantFrom("=a", "a | b", "|", "="));

test("of many siblings each has a row, and nothing is lost", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 30, maxLength: 34 }), (own) => {
      const base = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`k${i}`, i]));
      const body = (values: unknown[], i: number) =>
        Object.fromEntries([
          ...Object.entries(base),
          ...values.map((value, at) => [`own${at}`, at === 0 ? `${i}=|${i}` : value] as const),
        ]);
      const value = sorted({ group: Object.fromEntries(own.map((values, i) => [`x-${i}a`, body(values, i)])) });
      const text = written(value);
      expect(text).toContain("columns:");
      expect(readBack(text)).toEqual(value);
    }),
    { numRuns: 50 },
  );
});

test("what looks like our own marks is refused", () => {
  expect(() => folded({ a: "‹own›" })).toThrow("‹");
});

test.each(allStacks().map((stack) => [stack.name, stack] as const))("%s: nothing is lost", (_name, stack) => {
  expect(readBack(readableStack(stack))).toEqual(readableValue(stack));
});

const SUMMIT = allStacks().find(({ name }) => name === "summit-efd") ?? new StackView("none", "efd", "{}", []);
const BEFORE = readableStack(SUMMIT);

type Bodies = Record<string, Record<string, Json>>;

/** The snapshot of the largest stack after a change. */
function changed(change: (resources: Bodies) => void): string {
  const json = JSON.parse(SUMMIT.text) as { resource: Bodies };
  change(json.resource);
  return readableStack(new StackView(SUMMIT.site, SUMMIT.layer, JSON.stringify(json), []));
}

/** Consumers of Telegraf in a stack, by type of resource. */
function consumers(resources: Bodies, type: string): Json[] {
  return Object.entries(resources[type] ?? {}).flatMap(([id, body]) => (id.startsWith("telegraf-") ? [body] : []));
}

/** Changes a configuration, and its hash wherever it stands. */
function reconfigure(resources: Bodies, body: Json, from: RegExp, to: string): void {
  const data = body["data"] as Record<string, string>;
  const [old = "", now = ""] = [data["telegraf.conf"], data["telegraf.conf"]?.replace(from, to)];
  expect(now).not.toBe(old);
  data["telegraf.conf"] = now;
  for (const one of consumers(resources, "kubernetes_deployment_v1")) {
    const { annotations } = inside(one, "spec", "template", "metadata") as { annotations: Record<string, string> };
    if (annotations["efd/config"] === shortHash(unescaped(old))) annotations["efd/config"] = shortHash(unescaped(now));
  }
}

const NUMBER = Object.keys(SUMMIT.json.resource?.["kubernetes_config_map_v1"] ?? {}).filter((id) =>
  id.startsWith("telegraf-"),
).length;

describe("one shared setting makes one hunk", () => {
  test("of all configurations: the Deployments name their hash, not what it is", () => {
    const after = changed((all) => {
      for (const body of consumers(all, "kubernetes_config_map_v1"))
        reconfigure(all, body, /metric_buffer_limit = \d+/, "metric_buffer_limit = 7");
    });
    expect(NUMBER).toBeGreaterThan(20);
    expect(hunks(BEFORE, after)).toHaveLength(1);
  });

  test("of all Deployments, whether it changes or comes", () => {
    const replaced = changed((all) => {
      for (const body of consumers(all, "kubernetes_deployment_v1"))
        Object.assign(inside(body, "spec", "template", "spec") as Json, { enable_service_links: true });
    });
    const added = changed((all) => {
      for (const body of consumers(all, "kubernetes_deployment_v1"))
        Object.assign(inside(body, "spec", "template", "spec") as Json, { dns_policy: "Default" });
    });
    expect([replaced, added].map((after) => hunks(BEFORE, after).length)).toEqual([1, 1]);
  });
});

/** The first, the last, and some between: whoever it is, the others stay as they are. */
const SOME = Array.from({ length: NUMBER }, (_, i) => i).filter((i) => i % 6 === 0 || i === NUMBER - 1);

test.each(SOME)("one sibling's own change makes one hunk of its own: number %d", (i) => {
  const after = changed((all) => {
    const body = consumers(all, "kubernetes_config_map_v1")[i] ?? {};
    reconfigure(all, body, /flush_interval = "\d+s"/, 'flush_interval = "77s"');
  });
  const lines = hunks(BEFORE, after).map((hunk) => hunk.lines.filter((line) => /^[-+]/.test(line)));
  expect(lines).toEqual([[expect.stringContaining("agent.flush_interval: 77s")]]);
});

test("127 more workloads fit: each adds what is its own", () => {
  const more = Array.from({ length: 127 }, (_, i) => `csc-n${i}`);
  const after = changed((all) => {
    const [one = {}] = consumers(all, "kubernetes_deployment_v1");
    const name = String(inside(one, "metadata", "name"));
    const copies = more.map((id): [string, Json] => [
      `${id}_deployment`,
      JSON.parse(JSON.stringify(one).replaceAll(name, id).replaceAll('"efd/config":', '"own":')) as Json,
    ]);
    Object.assign(all["kubernetes_deployment_v1"] ?? {}, Object.fromEntries(copies));
  });
  expect(after.split("\n").length - BEFORE.split("\n").length).toBeLessThan(4 * more.length);
});

describe("LOVE's producers in its snapshot", () => {
  const love = allStacks().find(({ name }) => name === "summit-love");
  const all = Object.entries((love?.json.resource?.["kubernetes_deployment_v1"] ?? {}) as Record<string, Json>);
  const group = Object.fromEntries(all.filter(([id]) => id.startsWith("producers_")));
  const before = written(sorted({ group }));

  test("are one in full, and a row or little more for each other", () => {
    expect(Object.keys(group).length).toBeGreaterThan(100);
    expect(before).toContain("columns:");
    expect(before.split("\n").length).toBeLessThan(3 * Object.keys(group).length);
  });

  test("show whatever changes of any of them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(group)), fc.nat(), (id, place) => {
        const text = JSON.stringify(group[id]);
        const leaves = [...text.matchAll(/(?<=:)("[^"]*"|\d+|true|false)(?=[,}\]])/g)];
        const leaf = leaves[place % leaves.length];
        if (!leaf) throw new Error(`${id} has no leaf`);
        const other = `${text.slice(0, leaf.index)}"changed"${text.slice(leaf.index + leaf[0].length)}`;
        expect(written(sorted({ group: { ...group, [id]: JSON.parse(other) as Json } }))).not.toBe(before);
      }),
      { numRuns: 12 },
    );
  });
});
