/** What was changed inside Helm releases, tried with real ones that nobody touched (`npm run corpus -- as-made`). */
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fields } from "../../../review/read/live";
import { releaseChange, releaseOf } from "../../../review/read/release";
import { keyOf, objectsOf, type ObservedRelease, releaseDrift } from "../../../review/read/release-drift";

const { releases: RELEASES } = JSON.parse(readFileSync(join(__dirname, "as-made.json"), "utf8")) as {
  releases: ObservedRelease[];
};

const objectsIn = (release: ObservedRelease) => objectsOf(release.manifest);

function changes(release: ObservedRelease) {
  const drift = releaseDrift(release);
  return drift ? releaseChange(releaseOf(drift), drift, () => []).objects : [];
}

test("the recording has many kinds", () => {
  const kinds = new Set(RELEASES.flatMap((one) => objectsIn(one).map(({ kind }) => kind)));
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      "ClusterRole",
      "ConfigMap",
      "Deployment",
      "Kafka",
      "KafkaNodePool",
      "KafkaTopic",
      "Service",
    ]),
  );
});

test.each(RELEASES.map((one) => [one.name, one] as const))("nobody touched %s, and it does not drift", (_name, one) => {
  expect(releaseDrift(one)).toBeUndefined();
});

/** Paths of all scalars of an object that a manifest sets. */
function scalars(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => scalars(one, [...path, i]));
  if (value !== null && typeof value === "object")
    return Object.entries(value).flatMap(([key, one]) => scalars(one, [...path, key]));
  return value === null || value === "" || value === false || value === 0 ? [] : [path];
}

/** The same value with another scalar at a path; undefined where the API server has none there. */
function altered(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (key === undefined)
    return typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)}x`;
  if (value === null || typeof value !== "object" || !(key in value)) return undefined;
  const inner = altered((value as Fields)[key], rest);
  if (inner === undefined) return undefined;
  return Array.isArray(value) ? value.map((one: unknown, i) => (i === key ? inner : one)) : { ...value, [key]: inner };
}

const ORIGINS = RELEASES.flatMap((release) =>
  objectsIn(release).flatMap((object) =>
    scalars(object)
      .filter(([first, second]) => first === "spec" || first === "data" || first === "rules" || second === "labels")
      .filter((path) => !path.includes("app.kubernetes.io/managed-by") && !path.includes("caBundle"))
      .map((path) => ({ release, object, path })),
  ),
);

test("any field that a manifest sets and somebody changes is seen, with its object and nothing else", () => {
  expect(ORIGINS.length).toBeGreaterThan(500);
  let tried = 0;
  fc.assert(
    fc.property(fc.constantFrom(...ORIGINS), ({ release, object, path }) => {
      const key = keyOf(object);
      const live = altered(release.live[key], path) as Fields | undefined;
      // Where the API server has the list in another order, another element is at that place.
      if (live === undefined) return;
      tried++;
      const found = changes({ ...release, live: { ...release.live, [key]: live } });
      expect(found.map(({ action, kind, name }) => [action, kind, name])).toEqual([
        ["update", object.kind, object.metadata.name],
      ]);
      expect(found[0]?.differences.length).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
  expect(tried).toBeGreaterThan(40);
});

test("any object that somebody deletes is gone, though it is marked to be kept", () => {
  const all = RELEASES.flatMap((release) => objectsIn(release).map((object) => ({ release, object })));
  for (const { release, object } of all) {
    const live = Object.fromEntries(Object.entries(release.live).filter(([key]) => key !== keyOf(object)));
    const [found, ...others] = changes({ ...release, live });
    expect([found?.action, found?.kind, found?.keep, others.length]).toEqual(["delete", object.kind, false, 0]);
  }
});

const [FIRST] = RELEASES as [ObservedRelease];

test("an object that is being deleted counts as gone", () => {
  const [object] = objectsIn(FIRST);
  const key = keyOf(object!);
  const metadata = { ...(FIRST.live[key]?.["metadata"] as Fields), deletionTimestamp: "2026-01-01T00:00:00Z" };
  const live = { ...FIRST.live, [key]: { ...FIRST.live[key], metadata } };
  expect(changes({ ...FIRST, live }).map(({ action }) => action)).toEqual(["delete"]);
});

describe("Helm's record", () => {
  const later = { ...FIRST.newest, revision: FIRST.newest.revision + 4 };

  test("with another number that says the same is no drift", () => {
    expect(releaseDrift({ ...FIRST, newest: later })).toBeUndefined();
  });

  test.each([
    ["values", { values: { replicas: 3, password: "canary" } }],
    ["version", { version: "0.0.1" }],
  ])("with other %s is drift, with both revisions and the way back", (_what, other) => {
    const drift = releaseDrift({ ...FIRST, newest: { ...later, ...other } });
    expect(drift).toMatchObject({ before: { revision: FIRST.made.revision }, after: { revision: later.revision } });
    expect(drift?.opened?.notes.join()).toContain(
      `helm rollback ${FIRST.name} ${FIRST.made.revision} -n ${FIRST.namespace}`,
    );
    expect(JSON.stringify(drift)).not.toContain("canary");
  });

  test("whose last operation did not end is drift", () => {
    expect(releaseDrift({ ...FIRST, newest: { ...FIRST.newest, status: "pending-upgrade" } })).toMatchObject({
      after: { status: "pending-upgrade" },
    });
  });

  test("that Helm no longer keeps is not what the way back names", () => {
    const drift = releaseDrift({ ...FIRST, kept: false, newest: { ...later, version: "0.0.1" } });
    expect(drift?.opened?.notes.join()).toContain("Helm no longer keeps what Terraform made");
    expect(drift?.opened?.notes.join()).not.toContain("rollback");
  });
});

test("a manifest is read as Helm reads it: YAML 1.1, without times, with lists opened, without hooks", () => {
  const text = `# Source: a\n---\nkind: A\napiVersion: v1\nmetadata: {name: a}\nspec: {mode: 0644, on: yes, day: 2026-01-01, time: 1:30}\n---\n---\nkind: BList\napiVersion: v1\nitems:\n- {kind: B, apiVersion: v1, metadata: {name: b}}\n---\nkind: AccessList\nmetadata: {name: c}\n---\nkind: D\nmetadata: {name: d}\nitems: [e]\n`;
  expect(objectsOf(text)).toEqual([
    {
      kind: "A",
      apiVersion: "v1",
      metadata: { name: "a" },
      spec: { mode: 420, true: true, day: "2026-01-01", time: "1:30" },
    },
    { kind: "B", apiVersion: "v1", metadata: { name: "b" } },
    { kind: "AccessList", metadata: { name: "c" } },
    { kind: "D", metadata: { name: "d" }, items: ["e"] },
  ]);
});

test("of a key that a manifest has twice the last one counts, as for Helm", () => {
  const [object] = objectsOf("kind: A\napiVersion: v1\nmetadata: {name: a}\nspec: {a: 1, a: 2}\n");
  expect(object?.["spec"]).toEqual({ a: 2 });
});

test("no secret of a Secret, of a variable or of values is ever shown", () => {
  const object = (password: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: FIRST.namespace },
    data: { a: Buffer.from(password).toString("base64") },
    stringData: { b: password },
  });
  const manifest = JSON.stringify(object("canary-one"));
  const live = { [`Secret/${FIRST.namespace}/s`]: object("canary-two") };
  const drift = releaseDrift({ ...FIRST, manifest, live });
  const shown = JSON.stringify([drift, releaseChange(releaseOf(drift!), drift!, () => [])]);
  for (const secret of [
    "canary",
    Buffer.from("canary-one").toString("base64"),
    Buffer.from("canary-two").toString("base64"),
  ])
    expect(shown).not.toContain(secret);
  expect(shown).toContain("(secret)");
});
