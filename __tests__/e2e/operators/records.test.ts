/** The simulated operators, on an API server in memory, held to what the real ones answered on a real one. */
import { doStep, look } from "../../../e2e/operators/answers";
import { type Cases, COMMON_KINDS } from "../../../e2e/operators/case";
import { COMPARED } from "../../../e2e/operators/operators";
import { differencesToRecord, recordOf } from "../../../e2e/operators/records";
import { differences, type View } from "../../../e2e/operators/view";
import { ClusterView, type Operator, pathOf } from "../../../e2e/rehearsal/operators/cluster-view";
import { statusOf } from "../../../e2e/rehearsal/operators/operators";
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
        const readiness = await reconcile(object, view);
        const path = `${pathOf(kind, object.metadata.namespace, object.metadata.name)}/status`;
        if (!readiness.unseen) await api.patch(path, { status: statusOf(object, operator, readiness) });
      }
    }
}

async function answered({ operator, kinds, passing }: Cases, simulated: Operator, one: Cases["cases"][number]) {
  const [api, known] = [new MemoryApi(), { ...COMMON_KINDS, ...kinds }];
  const place = { namespace: `${operator}-${one.name}`, server: "https://127.0.0.1:1" };
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

test("differences are told one by one, also what only one of them has", () => {
  const real = { "Secret a": { type: "Opaque", owners: ["b"] }, "Secret b": {} };
  expect(differences(real, real)).toEqual([]);
  expect(differences(real, { "Secret a": { type: "Opaque", owners: [] }, "Secret c": {} })).toEqual([
    'Secret a: owners is [], of the real operator ["b"]',
    "Secret b is not there",
    "Secret c is there, and should not be",
  ]);
});
