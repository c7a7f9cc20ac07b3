/** The simulated operators, on an API server in memory, held to what the real ones answered on a real one. */
import { doStep, look, placeOf } from "../../../e2e/operators/answers";
import { type CaseKind, caseKindPath, type Cases, COMMON_KINDS } from "../../../e2e/operators/case";
import { ENTITY_CASES } from "../../../e2e/operators/cases-entities";
import { STRIMZI_KINDS } from "../../../e2e/operators/cases-strimzi";
import { COMPARED, outdated } from "../../../e2e/operators/operators";
import { differencesToRecord, recordOf } from "../../../e2e/operators/records";
import { differences, type View } from "../../../e2e/operators/view";
import { ClusterView, type Operator, pathOf } from "../../../e2e/rehearsal/operators/cluster-view";
import { say } from "../../../e2e/rehearsal/operators/operators";
import { SIMULATED_STRIMZI } from "../../../e2e/rehearsal/operators/strimzi";
import { stack } from "../../support/sites";
import { MemoryApi } from "./api";

/** Rounds after which nothing changes any more: a leaf waits for its issuer, that for its authority, that for its issuer. */
const ROUNDS = 6;

/** Lets an operator look at everything. */
async function round(operator: Operator, api: MemoryApi): Promise<void> {
  const view = new ClusterView(api.cluster);
  for (const [kind, reconcile, released] of operator.kinds)
    for (const object of await api.list(pathOf(kind))) {
      if (object.metadata.deletionTimestamp) await released?.(object, view);
      else {
        const verdict = await reconcile(object, view);
        await say(object, { kind, operator, verdict }, view);
      }
    }
}

async function answered(cases: Cases, simulated: Operator, one: Cases["cases"][number], api = new MemoryApi()) {
  const { kinds, passing } = cases;
  const known = { ...COMMON_KINDS, ...kinds };
  const place = placeOf(cases, one.name, "https://127.0.0.1:1");
  const seen: View[] = [];
  for (const step of one.steps(place)) {
    await doStep(step, place, known, api.cluster);
    for (let i = 0; i < ROUNDS; i++) await round(simulated, api);
    seen.push(await look(place, known, api.cluster, passing));
  }
  return seen;
}

describe.each(COMPARED.map(({ cases, simulated }) => [cases.operator, cases, simulated] as const))(
  "%s",
  (_name, cases, simulated) => {
    test.each(cases.cases.map((one) => [one.name, one] as const))("%s", async (name, one) => {
      const found = differencesToRecord({ ...cases, cases: [one] }, { [name]: await answered(cases, simulated, one) });
      expect([...found].flatMap(([where, lines]) => lines.map((line) => `${where}: ${line}`))).toEqual([]);
      expect(found.size).toBe(one.steps({ namespace: "", server: "" }).length);
    });

    test("is recorded as its cases and its version are", () => {
      expect(recordOf(cases).version).toBe(cases.version);
      expect(Object.keys(recordOf(cases).answers)).toEqual(cases.cases.map(({ name }) => name));
    });
  },
);

describe("strimzi-entities, beside the Kafka of local, whose pods run", () => {
  const efd = stack("local", "efd");
  const cases = { ...ENTITY_CASES, cases: ENTITY_CASES.cases.filter(({ asksBroker }) => !asksBroker) };

  async function withKafka(): Promise<MemoryApi> {
    const api = new MemoryApi("running");
    const data = { "tls.crt": "", "tls.key": "" };
    for (const { spec } of efd.customResources("Certificate")) {
      const name = String(spec?.["secretName"]);
      await api.apply(caseKindPath(COMMON_KINDS["Secret"] as CaseKind, "kafka", name), { metadata: { name }, data });
    }
    for (const one of [...efd.customResources("KafkaNodePool"), ...efd.customResources("Kafka")])
      await api.apply(caseKindPath(STRIMZI_KINDS[one.kind as "Kafka"], "kafka", one.metadata.name), one);
    for (let i = 0; i < ROUNDS; i++) await round(SIMULATED_STRIMZI, api);
    return api;
  }

  test.each(cases.cases.map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const answers = { [name]: await answered(cases, SIMULATED_STRIMZI, one, await withKafka()) };
    const found = differencesToRecord({ ...cases, cases: [one] }, answers);
    expect([...found].flatMap(([where, lines]) => lines.map((line) => `${where}: ${line}`))).toEqual([]);
  });

  test("no object of one case is called as one of another", () => {
    const names = ENTITY_CASES.cases.map(({ name }) => name);
    expect(names.filter((one) => names.some((other) => one.startsWith(`${other}-`)))).toEqual([]);
  });

  test("is recorded as its cases and its version are", () => {
    expect(recordOf(ENTITY_CASES).version).toBe(ENTITY_CASES.version);
    expect(Object.keys(recordOf(ENTITY_CASES).answers)).toEqual(ENTITY_CASES.cases.map(({ name }) => name));
  });
});

test("records of another version than the catalogue's are told", () => {
  const cases = { operator: "one", version: "1.2.0", kinds: {}, cases: [] };
  expect(
    outdated([
      { cases, inUse: "v1.2.0" },
      { cases, inUse: "1.2.0" },
    ]),
  ).toEqual([]);
  expect(outdated([{ cases, inUse: "v1.3.0" }])).toEqual([
    "one: 1.2.0 is recorded, and the catalogue has v1.3.0: record that one (--only one --record <program>)",
  ]);
});

test("differences are told one by one, also what only one of them has", () => {
  const real = { "Secret a": { type: "Opaque", owners: ["b"] }, "Secret b": {} };
  expect(differences(real, real)).toEqual([]);
  expect(differences(real, { "Secret a": { type: "Opaque", owners: [] }, "Secret c": {} })).toEqual([
    'Secret a: owners is [], of the real operator ["b"]',
    "Secret b is not there",
    "Secret c is there, and should not be",
  ]);
});
