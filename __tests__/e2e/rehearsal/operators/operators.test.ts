/** When simulated operators look at an object, and what they say of it. */
import { ApiError, type LiveObject } from "../../../../cli/shared/kubernetes/client";
import { Operators } from "../../../../e2e/rehearsal/operators/operators";
import {
  type Readiness,
  type Reconcile,
  type ResourceKind,
  sayReady,
} from "../../../../e2e/rehearsal/operators/cluster-view";

const mockApi = {
  list: jest.fn<Promise<unknown[]>, [string]>(),
  patch: jest.fn<Promise<void>, [string, { status: object }]>(() => Promise.resolve()),
  close: jest.fn<void, []>(),
};
jest.mock("../../../../cli/shared/kubernetes/client", () => ({
  ...jest.requireActual<object>("../../../../cli/shared/kubernetes/client"),
  Cluster: class {
    constructor() {
      return mockApi;
    }
  },
}));

const KIND: ResourceKind = { group: "example.org", version: "v1", plural: "toys" };
const TOYS = "/apis/example.org/v1/toys";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/operators/deployments";
/** Milliseconds: a bit more than the pause between two looks, and than the rest of what is ready. */
const [LOOK, REST] = [251, 10_001];

let toys: LiveObject[] = [];
/** Deployments in the operator's namespace. */
let operators: object[] = [];
let simulating: Operators | undefined;

const toy = (name: string, metadata: object = {}): LiveObject => ({
  apiVersion: "example.org/v1",
  kind: "Toy",
  metadata: { name, namespace: "n", uid: name, generation: 1, ...metadata },
});

const never = () => Promise.reject(new Error("nothing runs"));
const PROPS = { kubeconfig: "", kubectl: "", run: never, env: {}, folder: "" };

/** An operator that says Ready, and which generation it has seen. */
const TOYMAKER = {
  namespace: "operators",
  observes: true,
  says: (_object: LiveObject, readiness: Readiness) => [sayReady(readiness, ["Simulated", "Missing"])],
};

/** Simulates one kind, by this. */
function simulate(reconcile: Reconcile) {
  const looks = jest.fn(reconcile);
  simulating = new Operators({ ...PROPS, simulated: [{ ...TOYMAKER, kinds: [[KIND, looks]] }] });
  simulating.start();
  return { operators: simulating, looks, wait: (time: number) => jest.advanceTimersByTimeAsync(time) };
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date("2026-01-02T03:04:05.678Z") });
  mockApi.list
    .mockReset()
    .mockImplementation((path) => Promise.resolve(path === TOYS ? toys : path === DEPLOYMENTS ? operators : []));
  operators = [{}];
  mockApi.patch.mockClear();
  mockApi.close.mockClear();
  toys = [toy("a")];
});
afterEach(async () => {
  const stopped = simulating?.stop();
  await jest.advanceTimersByTimeAsync(LOOK);
  await stopped;
  jest.useRealTimers();
});

test("every operator is simulated, and the ready Jobs are waited for", async () => {
  simulating = new Operators(PROPS);
  simulating.start();
  await jest.advanceTimersByTimeAsync(LOOK);
  const asked = new Set(mockApi.list.mock.calls.map(([path]) => path.split("/").at(-1)?.replace(/\?.*/, "")));
  expect([...asked]).toEqual(
    expect.arrayContaining(["externalsecrets", "certificates", "kafkas", "kafkatopics", "pods"]),
  );
});

test("values that an operator made up are known", async () => {
  const { operators, wait } = simulate((_object, view) =>
    Promise.resolve({ status: { made: view.random("a value") } }),
  );
  await wait(0);
  expect(operators.values).toEqual([{ name: "a value", value: expect.any(String) as string }]);
});

test("what lacks nothing is called ready, once, and looked at again after a rest", async () => {
  const { operators, looks, wait } = simulate(() => Promise.resolve({ status: { more: 1 } }));
  await wait(LOOK * 4);
  expect(looks).toHaveBeenCalledTimes(1);
  await wait(REST);
  expect(looks).toHaveBeenCalledTimes(2);
  expect(mockApi.patch.mock.calls).toEqual([
    [
      "/apis/example.org/v1/namespaces/n/toys/a/status",
      {
        status: {
          more: 1,
          observedGeneration: 1,
          conditions: [
            {
              type: "Ready",
              status: "True",
              reason: "Simulated",
              message: "said by a rehearsal: no operator runs",
              lastTransitionTime: "2026-01-02T03:04:05Z",
            },
          ],
        },
      },
    ],
  ]);
  expect(operators.report()).toEqual({ ready: { Toy: 1 }, notReady: [], waited: [], refused: [] });
});

test("what lacks something is looked at again at once, and told anew where that changed", async () => {
  let missing: string | undefined = "paint";
  const { operators, looks, wait } = simulate(() => Promise.resolve({ missing }));
  const told = () =>
    mockApi.patch.mock.calls
      .splice(0)
      .map(([path, { status }]) => [path, (status as { conditions: object[] }).conditions[0]]);
  const path = "/apis/example.org/v1/namespaces/n/toys/a/status";
  toys.push(toy("b", { namespace: undefined }));
  await wait(LOOK);
  expect(looks.mock.calls.map(([{ metadata }]) => metadata.name)).toEqual(["a", "b", "a", "b"]);
  expect(operators.report()).toMatchObject({
    ready: {},
    notReady: [
      { object: "Toy n/a", reason: "paint" },
      { object: "Toy b", reason: "paint" },
    ],
  });
  expect(told()).toMatchObject([
    [path, { status: "False", reason: "Missing", message: "paint" }],
    [`${TOYS}/b/status`, { status: "False" }],
  ]);
  toys.pop();
  missing = "wheels";
  await wait(LOOK);
  expect(told()).toMatchObject([[path, { message: "wheels" }]]);
  missing = undefined;
  await wait(LOOK);
  expect(told()).toMatchObject([[path, { status: "True" }]]);
  expect(operators.report()).toMatchObject({ ready: { Toy: 1 }, notReady: [] });
});

test("an operator has its own words, and keeps what it saw last of what it was told to leave alone", async () => {
  const says = jest.fn(() => [{ type: "NotReady", status: "True", reason: "Odd" }]);
  const answers: Readiness[] = [{ missing: "paint" }, { paused: true }];
  const kinds = [[KIND, () => Promise.resolve(answers.shift() ?? {})]] as const;
  toys = [toy("a", { generation: 3 })];
  simulating = new Operators({ ...PROPS, simulated: [{ ...TOYMAKER, kinds, says }] });
  simulating.start();
  await jest.advanceTimersByTimeAsync(0);
  toys = [{ ...toy("a", { generation: 4 }), status: { observedGeneration: 3 } }];
  await jest.advanceTimersByTimeAsync(LOOK);
  const condition = { type: "NotReady", status: "True", reason: "Odd", lastTransitionTime: "2026-01-02T03:04:05Z" };
  expect(mockApi.patch.mock.calls.map(([, { status }]) => status)).toEqual([
    { observedGeneration: 3, conditions: [condition] },
    { observedGeneration: 3, conditions: [condition] },
  ]);
  expect(says.mock.calls.map(([, verdict]: unknown[]) => verdict)).toEqual([{ missing: "paint" }, { paused: true }]);
});

test("of what nobody has looked at nothing is said, and the rehearsal still tells what it lacks", async () => {
  const { operators, wait } = simulate(() => Promise.resolve({ missing: "a Kafka", unseen: true }));
  await wait(LOOK);
  expect(mockApi.patch).not.toHaveBeenCalled();
  expect(operators.report().notReady).toEqual([{ object: "Toy n/a", reason: "a Kafka" }]);
});

test("what somebody changed is looked at again at once", async () => {
  const { looks, wait } = simulate(() => Promise.resolve({}));
  await wait(LOOK);
  toys = [toy("a", { generation: 2 })];
  await wait(LOOK);
  expect(looks).toHaveBeenCalledTimes(2);
  expect(mockApi.patch.mock.calls.map(([, { status }]) => status)).toMatchObject([
    { observedGeneration: 1 },
    { observedGeneration: 2 },
  ]);
});

test("what goes is not looked at, and lacks nothing once it is gone", async () => {
  const { operators, looks, wait } = simulate(() => Promise.resolve({ missing: "paint" }));
  toys.push(toy("going", { deletionTimestamp: "2026-01-01T00:00:00Z" }));
  await wait(LOOK);
  expect(new Set(looks.mock.calls.map(([{ metadata }]) => metadata.name))).toEqual(new Set(["a"]));
  toys = [];
  await wait(LOOK);
  expect(operators.report().notReady).toEqual([]);
});

test("an operator whose Deployment is not there does nothing", async () => {
  operators = [];
  const { operators: simulation, looks, wait } = simulate(() => Promise.resolve({}));
  await wait(LOOK);
  expect(looks).not.toHaveBeenCalled();
  expect(mockApi.patch).not.toHaveBeenCalled();
  operators = [{}];
  await wait(LOOK);
  expect(simulation.report().ready).toEqual({ Toy: 1 });
});

test("what goes is let go by the operator that holds it, while its Deployment is there", async () => {
  toys = [toy("going", { deletionTimestamp: "2026-01-01T00:00:00Z" })];
  operators = [];
  const released = jest.fn(() => Promise.resolve({}));
  const kinds = [[KIND, () => Promise.resolve({}), released]] as const;
  simulating = new Operators({ ...PROPS, simulated: [{ ...TOYMAKER, kinds }] });
  simulating.start();
  await jest.advanceTimersByTimeAsync(LOOK);
  expect(released).not.toHaveBeenCalled();
  operators = [{}];
  await jest.advanceTimersByTimeAsync(LOOK);
  expect(released).toHaveBeenCalledWith(toys[0], expect.anything());
});

test("a refusal while an object is looked after is what it lacks, and its own fault ends nothing", async () => {
  const answers = [new ApiError(403, "forbidden"), new Error("a fault")];
  const { operators, wait } = simulate(() => Promise.reject(answers.shift() ?? new ApiError(422, "odd")));
  await wait(LOOK);
  expect(operators.report()).toMatchObject({ notReady: [{ object: "Toy n/a", reason: "forbidden" }], refused: [] });
  await wait(LOOK);
  await wait(LOOK);
  expect(operators.report().notReady).toEqual([{ object: "Toy n/a", reason: "odd" }]);
});

test.each([
  [403, ["no"]],
  [500, ["no"]],
  [404, []],
  [409, []],
  [429, []],
  [503, []],
  [504, []],
])("a refusal of %d is told once where it does not pass by itself", async (status, told) => {
  mockApi.list.mockImplementation(() => Promise.reject(new ApiError(status, "no")));
  const { operators, wait } = simulate(() => Promise.resolve({}));
  await wait(LOOK * 3);
  expect(mockApi.list.mock.calls.length).toBeGreaterThan(3);
  expect(operators.report().refused).toEqual(told);
});

test("a connection that ends is nobody's refusal", async () => {
  mockApi.list.mockImplementation(() => Promise.reject(new Error("socket hang up")));
  const { operators, wait } = simulate(() => Promise.resolve({}));
  await wait(LOOK);
  expect(operators.report().refused).toEqual([]);
});

test("nothing is looked at after the end, not even the rest of a list", async () => {
  toys = [toy("a"), toy("b")];
  let stopped: Promise<void> | undefined;
  const { operators, looks, wait } = simulate(() => {
    stopped = operators.stop();
    return Promise.resolve({});
  });
  await wait(LOOK * 3);
  await stopped;
  expect(looks.mock.calls.map(([{ metadata }]) => metadata.name)).toEqual(["a"]);
  expect(mockApi.close).toHaveBeenCalledTimes(1);
});

test("the end waits for what runs", async () => {
  let finish = (): void => undefined;
  const { operators, wait } = simulate(() => new Promise((resolve) => (finish = () => resolve({}))));
  await wait(0);
  const stopped = operators.stop();
  await wait(LOOK * 2);
  expect(mockApi.close).not.toHaveBeenCalled();
  finish();
  await wait(LOOK);
  await stopped;
  expect(mockApi.close).toHaveBeenCalledTimes(1);
});
