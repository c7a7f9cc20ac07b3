import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTarGzip } from "nanotar";
import { crdChanges } from "../../../cli/deploy/crds";
import { removedCustomResources } from "../../../cli/deploy/crds";
import type { KubernetesApi } from "../../../cli/shared/kubernetes/client";
import type { Json, ObjectJson } from "../../../synthesized/stack";
import type { PlannedChange } from "../../../cli/shared/terraform/terraform";
import { CHARTS } from "../../../ground/versions";

const mockWaits: number[] = [];
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => Promise.resolve(void mockWaits.push(milliseconds)),
}));

const { chart, version } = CHARTS.strimzi;
const LABEL = `${chart}-${version}`;
const folder = mkdtempSync(join(tmpdir(), "efd-crds-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A CRD that serves these versions. */
const crd = (...versions: string[]): ObjectJson => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "toys.example.org", labels: { own: "label" } },
  spec: {
    group: "example.org",
    names: { kind: "Toy" },
    versions: versions.map((name) => ({ name, served: name !== "v0", storage: true })),
  },
});

beforeAll(async () => {
  const note = { kind: "Note", metadata: { name: "note" } };
  const text = `---\n${JSON.stringify(crd("v2", "v1", "v0"))}\n---\n${JSON.stringify(note)}\n---\n`;
  const package_ = await createTarGzip([
    { name: `${chart}/Chart.yaml`, data: "name: x" },
    { name: `${chart}/crds/toy.yaml`, data: text },
    { name: `${chart}/crds/toy.yaml.orig`, data: text.replace("toys.", "others.") },
    { name: `${chart}/templates/crd.yaml`, data: text.replace("toys.", "others.") },
    // Helm makes that one each time, out of what is no YAML before.
    { name: `${chart}/templates/crds/crd.yaml`, data: "{{- if true }}" },
  ]);
  writeFileSync(join(folder, `${LABEL}.tgz`), package_);
  mkdirSync(join(folder, "empty"));
  const empty = await createTarGzip([{ name: `${chart}/Chart.yaml`, data: "name: x" }]);
  writeFileSync(join(folder, "empty", `${LABEL}.tgz`), empty);
});

/**
 * A cluster with this CRD, or none; it remembers what was applied, says what a dry run would change, and serves
 * a new CRD from the look after these conditions on.
 */
function cluster(there: ObjectJson | undefined, labelled: boolean, dryGeneration = 1, before: Json[][] = []) {
  const applied: ObjectJson[] = [];
  const looks = [...before];
  const api: KubernetesApi = {
    get: (path) => {
      if (path.includes("labelSelector=")) return Promise.resolve({ items: labelled ? [{}] : [] });
      const now = [applied[0] ?? there].find((one) => path.endsWith(`/${one?.metadata.name}`));
      const conditions = (applied.length > 0 && looks.shift()) || [{ type: "Established", status: "True" }];
      return Promise.resolve(now && { ...now, status: { ...(there?.["status"] as Json), conditions } });
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
  ...crd("v1"),
  metadata: { name: "toys.example.org", generation: 1 },
  status: { storedVersions: versions },
});

test("CRDs of crds/ come with a label, and nothing else of the chart does", async () => {
  const { api, applied } = cluster(undefined, false);
  const [changes, ...more] = await crdChanges(release("create"), api, folder, []);
  expect(more).toEqual([]);
  expect(changes?.lines).toEqual([`new CRD toys.example.org (${chart} ${version})`]);
  expect(applied).toEqual([]);
  await changes?.apply();
  expect(applied.map(({ metadata }) => [metadata.name, metadata["labels"]])).toEqual([
    ["toys.example.org", { own: "label", "efd-chart": LABEL }],
  ]);
});

describe("what was brought", () => {
  // Only pauses take time.
  beforeEach(() =>
    jest.spyOn(performance, "now").mockImplementation(() => mockWaits.reduce((sum, one) => sum + one, 0)),
  );
  afterEach(() => jest.restoreAllMocks());

  const brought = async (...before: Json[][]) => {
    const [changes] = await crdChanges(release("create"), cluster(undefined, false, 1, before).api, folder, []);
    mockWaits.length = 0;
    return changes?.apply();
  };

  test("is waited for until the API serves it", async () => {
    await brought([], [{ type: "Established", status: "False" }], [{ type: "NamesAccepted", status: "True" }]);
    expect(mockWaits).toEqual([500, 500, 500]);
  });

  test("is no longer waited for than two minutes", async () => {
    await expect(brought(...Array<Json[]>(300).fill([]))).rejects.toThrow(
      "CRD toys.example.org is not served after 120 s",
    );
    expect(mockWaits).toHaveLength(240);
  });
});

test("a chart without CRDs is named", async () => {
  await expect(
    crdChanges(release("create", chart), cluster(undefined, false).api, join(folder, "empty"), []),
  ).rejects.toThrow(`chart ${chart} ${version} has no CRDs in crds/`);
});

test("a release that goes, and what is no release, brings none", async () => {
  const [created] = release("create");
  const gone = { ...created!, change: { ...created!.change, actions: ["delete"], after: null } };
  for (const plan of [gone, { ...created!, type: "toy" }])
    expect(await crdChanges([plan], cluster(undefined, false).api, folder, [])).toEqual([]);
});

test.each([
  ["changed", 2, [`changed CRD toys.example.org (${chart} ${version})`]],
  ["the same", 1, []],
])("what is there and %s is compared by the API server", async (_what, generation, lines) => {
  const { api, applied } = cluster(stored("v1"), true, generation);
  const [changes] = await crdChanges(release("update"), api, folder, []);
  expect([changes?.lines, changes?.obstacles, applied]).toEqual([lines, [], []]);
});

test("a chart is not opened where its release stays and its CRDs are there", async () => {
  expect(await crdChanges(release("no-op"), cluster(stored("v1"), true).api, "/no/folder", [])).toEqual([]);
  await expect(crdChanges(release("no-op"), cluster(stored("v1"), false).api, "/no/folder", [])).rejects.toThrow(
    /^\/no\/folder\/strimzi-kafka-operator-.*\.tgz does not exist/,
  );
});

test("other charts, and charts that bring theirs with the release, are left alone", async () => {
  for (const other of ["./assets/resources", "influxdb", CHARTS.certManager.chart])
    expect(await crdChanges(release("create", other), cluster(undefined, false).api, folder, [])).toEqual([]);
});

test("a version in which the cluster keeps objects must not go", async () => {
  const { api } = cluster(stored("v1", "v1beta1"), true, 2);
  const [changes] = await crdChanges(release("update"), api, folder, []);
  expect(changes?.lines).toEqual([]);
  expect(changes?.obstacles).toEqual([expect.stringMatching(/toys\.example\.org lacks v1beta1, in which/)]);
});

test("a version in which this program writes must be served", async () => {
  const written = (apiVersion: string): ObjectJson => ({ apiVersion, kind: "Toy", metadata: { name: "a" } });
  const { api } = cluster(stored("v1"), true);
  const [changes] = await crdChanges(release("update"), api, folder, [
    written("example.org/v1"),
    written("example.org/v3"),
    written("example.org/v0"),
    written("other.org/v3"),
  ]);
  expect(changes?.obstacles).toEqual([
    expect.stringMatching(/does not serve example\.org\/v3, in which this program/),
    expect.stringMatching(/does not serve example\.org\/v0, in which this program/),
  ]);
});

test("every operator of the catalogue says how its CRDs come", () => {
  const said = Object.entries(CHARTS).filter(([, entry]) => "crds" in entry);
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
  expect(removedCustomResources(change(values(topic, user), values(user)))).toEqual([
    "stays in the cluster with its data, though the site no longer declares it: KafkaTopic kafka/a",
  ]);
  expect(removedCustomResources(change(values(topic, user), null))).toHaveLength(2);
  expect(removedCustomResources(change(values(topic, user), values(topic)))).toEqual(["removes KafkaUser kafka/b"]);
  expect(removedCustomResources(change(values(topic), values(topic)))).toEqual([]);
});
