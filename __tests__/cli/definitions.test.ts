import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTarGzip } from "nanotar";
import { definitionChanges } from "../../cli/lib/definitions";
import { departures } from "../../cli/lib/departures";
import type { KubernetesApi } from "../../cli/lib/kubernetes";
import type { Json, ObjectJson } from "../../cli/lib/stack-view";
import type { PlannedChange } from "../../cli/lib/terraform";
import { CHARTS } from "../../constructs/helm/catalogue";

const { chart, version } = CHARTS.strimzi;
const LABEL = `${chart}-${version}`;
const folder = mkdtempSync(join(tmpdir(), "efd-definitions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A definition that serves these versions. */
const definition = (...versions: string[]): ObjectJson => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "toys.example.org" },
  spec: {
    group: "example.org",
    names: { kind: "Toy" },
    versions: versions.map((name) => ({ name, served: true, storage: true })),
  },
});

beforeAll(async () => {
  const text = `---\n${JSON.stringify(definition("v2", "v1"))}\n`;
  const package_ = await createTarGzip([
    { name: `${chart}/Chart.yaml`, data: "name: x" },
    { name: `${chart}/crds/toy.yaml`, data: text },
    { name: `${chart}/templates/crd.yaml`, data: text.replace("toys.", "others.") },
    // Helm makes that one each time, out of what is no YAML before.
    { name: `${chart}/templates/crds/crd.yaml`, data: "{{- if true }}" },
  ]);
  writeFileSync(join(folder, `${LABEL}.tgz`), package_);
});

/** A cluster with this definition, or none; it remembers what was applied, and says what a dry run would change. */
function cluster(there: ObjectJson | undefined, labelled: boolean, dryGeneration = 1) {
  const applied: ObjectJson[] = [];
  const api: KubernetesApi = {
    get: (path) => {
      if (path.includes("labelSelector=")) return Promise.resolve({ items: labelled ? [{}] : [] });
      const now = applied[0] ?? there;
      return Promise.resolve(
        now && {
          ...now,
          status: { ...now, ...(there?.["status"] as Json), conditions: [{ type: "Established", status: "True" }] },
        },
      );
    },
    apply: (_path, object, dryRun) => {
      if (!dryRun) applied.push(object);
      return Promise.resolve({ ...object, metadata: { ...object.metadata, generation: dryGeneration } });
    },
    create: () => Promise.reject(new Error("nothing is made")),
    patch: () => Promise.reject(new Error("nothing is changed")),
    delete: () => Promise.reject(new Error("nothing is removed")),
  };
  return { api, applied };
}

const release = (action: string, name = `${folder}/${LABEL}.tgz`): PlannedChange[] => [
  {
    address: "helm_release.strimzi",
    type: "helm_release",
    change: { actions: [action], before: null, after: { chart: name, version } },
  },
];

const stored = (...versions: string[]): ObjectJson => ({
  ...definition("v1"),
  metadata: { name: "toys.example.org", generation: 1 },
  status: { storedVersions: versions },
});

test("definitions of crds/ come with a label, and nothing else of the chart does", async () => {
  const { api, applied } = cluster(undefined, false);
  const [changes, ...more] = await definitionChanges(release("create"), api, folder, []);
  expect(more).toEqual([]);
  expect(changes?.lines).toEqual([`new definition toys.example.org (${chart} ${version})`]);
  expect(applied).toEqual([]);
  await changes?.bring();
  expect(applied.map(({ metadata }) => [metadata.name, metadata["labels"]])).toEqual([
    ["toys.example.org", { "efd-chart": LABEL }],
  ]);
});

test.each([
  ["changed", 2, [`changed definition toys.example.org (${chart} ${version})`]],
  ["the same", 1, []],
])("what is there and %s is compared by the API server", async (_what, generation, lines) => {
  const { api } = cluster(stored("v1"), true, generation);
  const [changes] = await definitionChanges(release("update"), api, folder, []);
  expect([changes?.lines, changes?.obstacles]).toEqual([lines, []]);
});

test("a chart is not opened where its release stays and its definitions are there", async () => {
  expect(await definitionChanges(release("no-op"), cluster(stored("v1"), true).api, "/no/folder", [])).toEqual([]);
  await expect(definitionChanges(release("no-op"), cluster(stored("v1"), false).api, "/no/folder", [])).rejects.toThrow(
    /^\/no\/folder\/strimzi-kafka-operator-.*\.tgz is not there/,
  );
});

test("other charts, and charts that bring theirs with the release, are left alone", async () => {
  for (const other of ["./assets/resources", "influxdb", CHARTS.certManager.chart])
    expect(await definitionChanges(release("create", other), cluster(undefined, false).api, folder, [])).toEqual([]);
});

test("a version in which the cluster keeps objects must not go", async () => {
  const [changes] = await definitionChanges(release("update"), cluster(stored("v1", "v1beta1"), true).api, folder, []);
  expect(changes?.obstacles).toEqual([expect.stringMatching(/toys\.example\.org no longer knows v1beta1, in which/)]);
});

test("a version in which this program writes must be served", async () => {
  const written = (apiVersion: string): ObjectJson => ({ apiVersion, kind: "Toy", metadata: { name: "a" } });
  const { api } = cluster(stored("v1"), true);
  const [changes] = await definitionChanges(release("update"), api, folder, [
    written("example.org/v1"),
    written("example.org/v3"),
    written("other.org/v3"),
  ]);
  expect(changes?.obstacles).toEqual([expect.stringMatching(/does not serve example\.org\/v3, in which this program/)]);
});

test("every operator of the catalogue says how its definitions come", () => {
  const said = Object.entries(CHARTS).filter(([, entry]) => "definitions" in entry);
  expect(said.map(([name]) => name).sort()).toEqual(
    expect.arrayContaining(["certManager", "externalDns", "externalSecrets", "strimzi", "traefik"]),
  );
});

test("what leaves a release of ours is named: what is kept, and what goes", () => {
  const values = (...resources: object[]) => ({
    namespace: "kafka",
    chart: "./assets/resources",
    values: [JSON.stringify({ resources })],
  });
  const topic = { kind: "KafkaTopic", metadata: { name: "a", annotations: { "helm.sh/resource-policy": "keep" } } };
  const user = { kind: "KafkaUser", metadata: { name: "b" } };
  const change = (before: object, after: object | null) =>
    [{ address: "x", type: "helm_release", change: { actions: ["update"], before, after } }] as PlannedChange[];
  expect(departures(change(values(topic, user), values(user)))).toEqual([
    "stays in the cluster with its data, though it left the site's data: KafkaTopic kafka/a",
  ]);
  expect(departures(change(values(topic, user), null))).toHaveLength(2);
  expect(departures(change(values(topic, user), values(topic)))).toEqual(["removes KafkaUser kafka/b"]);
  expect(departures(change(values(topic), values(topic)))).toEqual([]);
});
