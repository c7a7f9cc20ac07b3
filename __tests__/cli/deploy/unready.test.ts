import { unreadyAfter, unreadyLines } from "../../../cli/deploy/unready";
import type { LayerResult } from "../../../cli/shared/session/layer-results";
import { UserError } from "../../../ground/errors";
import { stack } from "../../support/sites";

const USERS = "/apis/kafka.strimzi.io/v1/kafkausers";
const session = { stack: (layer: LayerResult["layer"]) => stack("local", layer) };

const user = (name: string, type: string, more: object = {}) => ({
  kind: "KafkaUser",
  metadata: { name, namespace: "kafka", generation: 1 },
  status: { observedGeneration: 1, conditions: [{ type, status: "True", ...more }] },
});
const reason = { reason: "ExecutionException", message: "Secret passwords does not exist" };
const failing = user("telegraf", "NotReady", { ...reason, lastTransitionTime: "2026-03-01T00:00:00Z" });
const LINE =
  "KafkaUser kafka/telegraf: not ready since 2026-03-01T00:00:00Z: ExecutionException: Secret passwords does not exist";

const lines = (status: LayerResult["status"], ...users: object[]) =>
  unreadyLines(session, [{ layer: "efd", status }], {
    get: (path) => Promise.resolve(path.startsWith(USERS) ? { items: users } : undefined),
  });

test.each(["applied", "unchanged", "failed"] as const)("a layer that is %s: what is not ready, by name", async (is) => {
  expect(await lines(is, failing, user("well", "Ready"))).toEqual([LINE]);
});

test.each(["blocked", "declined", "planned"] as const)("a layer that is %s is not looked at", async (is) => {
  expect(await lines(is, failing)).toEqual([]);
});

test("what was stopped keeps only a layer that failed from being ready", async () => {
  const paused = user("telegraf", "ReconciliationPaused");
  expect(await lines("unchanged", paused)).toEqual([]);
  expect(await lines("failed", paused)).toEqual([
    expect.stringMatching(/^KafkaUser kafka\/telegraf: its operator was told to leave it alone/),
  ]);
});

test("the layer of the cluster has no custom resources, and is not asked", async () => {
  const get = jest.fn();
  expect(await unreadyLines(session, [{ layer: "cluster", status: "failed" }], { get })).toEqual([]);
  expect(get).not.toHaveBeenCalled();
});

test("a cluster that does not answer is told of an applied layer only: why another failed is said already", async () => {
  const api = { get: () => Promise.reject(new UserError("the cluster does not answer")) };
  expect(await unreadyLines(session, [{ layer: "efd", status: "failed" }], api)).toEqual([]);
  await expect(unreadyLines(session, [{ layer: "efd", status: "applied" }], api)).rejects.toThrow("does not answer");
  const faulty = { get: () => Promise.reject(new TypeError("a fault of ours")) };
  await expect(unreadyLines(session, [{ layer: "efd", status: "failed" }], faulty)).rejects.toThrow("a fault of ours");
});

describe("after a deployment", () => {
  const after = async (statuses: readonly LayerResult["status"][], ...looks: string[][]) => {
    const told: string[] = [];
    let looked = 0;
    const left = await unreadyAfter(
      statuses.map((status) => ({ status })),
      { look: () => Promise.resolve(looks[looked++] ?? []), tell: (line) => told.push(line), seconds: 0 },
    );
    return { left, told, looked };
  };

  test("it waits for what may become ready by itself, and tells for what", async () => {
    expect(await after(["unchanged", "applied"], ["a", "b"], [])).toEqual({
      left: [],
      told: ["waiting for up to 0 s: a, and 1 more"],
      looked: 2,
    });
  });

  test("an API server that does not answer once does not end the wait; a fault of ours does", async () => {
    const waited = (error: Error) => {
      const looks = [() => Promise.resolve(["a"]), () => Promise.reject(error), () => Promise.resolve([])];
      return unreadyAfter([{ status: "applied" }], {
        look: () => looks.shift()?.() ?? Promise.resolve([]),
        tell: jest.fn(),
        seconds: 1,
      });
    };
    expect(await waited(new UserError("it does not answer"))).toEqual([]);
    await expect(waited(new TypeError("a fault of ours"))).rejects.toThrow("a fault of ours");
  });

  test("what does not become ready is named as it is then", async () => {
    expect(await after(["applied"], ["a"], ["b"])).toMatchObject({ left: ["b"], looked: 2 });
  });

  test.each([[["unchanged"]], [["applied", "failed"]]] as const)("it does not wait where %j", async (statuses) => {
    expect(await after(statuses, ["a"], [])).toEqual({ left: ["a"], told: [], looked: 1 });
  });

  test("it does not wait where all is ready", async () => {
    expect(await after(["applied"], [])).toEqual({ left: [], told: [], looked: 1 });
  });
});
