import { destroyLayer } from "../../../cli/destroy";
import { endKafkaNodes, removesKafka } from "../../../cli/destroy/kafka-nodes";
import { ApiError, type LiveObject } from "../../../cli/shared/kubernetes/client";
import type { Session } from "../../../cli/shared/session/session";
import { Interrupted, UserError } from "../../../ground/errors";
import { allUpperLayers, addressOf } from "../../stacks/support";
import { SITE_NAMES, stack } from "../../support/sites";
import { context } from "../support";

// Its package cannot be loaded here; kubeconfig.test.ts runs it.
jest.mock("../../../cli/shared/kubernetes/kubeconfig", () => ({
  readKubeconfig: () => Promise.reject(new UserError("no kubeconfig")),
}));

const POOLS = "/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkanodepools";

/** A cluster with a pool for each of these roles, whose nodes need so many looks to end. */
function cluster(looks: Record<string, number>) {
  const left = new Map(Object.entries(looks));
  const [ending, done] = [new Set<string>(), [] as string[]];
  const pool = (name: string): LiveObject => ({
    apiVersion: "v1",
    kind: "KafkaNodePool",
    metadata: { name, uid: name },
    spec: { roles: name.split("-") },
  });
  return {
    done,
    ending,
    list: (path: string): Promise<LiveObject[]> => {
      expect(path).toBe(POOLS);
      for (const name of ending) {
        const looksLeft = left.get(name) ?? 0;
        if (looksLeft > 0) left.set(name, looksLeft - 1);
        else if (left.delete(name)) done.push(`${name} ended`);
      }
      return Promise.resolve([...left.keys()].map(pool));
    },
    delete: (path: string, owned?: string): Promise<void> => {
      const name = path.slice(POOLS.length + 1);
      ending.add(name);
      done.push(`${name} told to end, ${owned ?? "afterwards"}`);
      return Promise.resolve();
    },
  };
}

const waiting = (most?: number) => {
  const { output, err } = context();
  return { waiting: { output, pause: 1, most }, err };
};

test("controllers are told to end when the nodes of all brokers have ended", async () => {
  const kafka = cluster({ controller: 1, broker: 2, "controller-broker": 0 });
  const { waiting: way, err } = waiting();
  await endKafkaNodes(kafka, way);
  expect(kafka.done).toEqual([
    "broker told to end, Foreground",
    "controller-broker told to end, Foreground",
    "controller-broker ended",
    "broker ended",
    "controller told to end, Foreground",
    "controller ended",
  ]);
  expect(err.text.split("\n")).toEqual([
    "Kafka: nodes of broker are ending",
    "Kafka: nodes of controller are ending",
    "",
  ]);
});

test("it goes on where an interrupted one stopped", async () => {
  const kafka = cluster({ controller: 0, broker: 3 });
  kafka.ending.add("broker");
  await endKafkaNodes(kafka, waiting().waiting);
  expect(kafka.done.slice(-3)).toEqual(["broker ended", "controller told to end, Foreground", "controller ended"]);
  const none = cluster({});
  await endKafkaNodes(none, waiting().waiting);
  expect(none.done).toEqual([]);
});

test("what does not end is said, and keeps nobody waiting beyond its time", async () => {
  const kafka = cluster({ controller: 0, broker: Infinity });
  const { waiting: way, err } = waiting(0.05);
  await endKafkaNodes(kafka, way);
  expect(kafka.done).toEqual(["broker told to end, Foreground"]);
  expect(err.text).toMatch(
    /Kafka: nodes of broker are ending, after 0\.05 s: kubectl -n kafka get pods shows why; what is left of Kafka ends with its namespace/,
  );
});

test("so is a refusal; an interruption ends the command", async () => {
  const refusing = (error: Error) => ({ ...cluster({ broker: 0 }), delete: () => Promise.reject(error) });
  const { waiting: way, err } = waiting();
  await endKafkaNodes(refusing(new ApiError(403, "forbidden")), way);
  expect(err.text).toMatch(/^forbidden; what is left of Kafka/);
  await expect(endKafkaNodes(refusing(new Interrupted()), way)).rejects.toThrow(Interrupted);
  await expect(endKafkaNodes(refusing(new TypeError("odd")), way)).rejects.toThrow("odd");
});

test.each(SITE_NAMES)("the namespace of Kafka at %s has the address that is looked for", (site) => {
  const address = addressOf(stack(site, "platform"), "kubernetes_namespace_v1", "kafka");
  expect(removesKafka({ actions: [{ address, action: "delete" }] })).toBe(true);
  expect(removesKafka({ actions: [{ address, action: "update" }] })).toBe(false);
  const others = allUpperLayers(site)
    .flatMap((one) => one.resources())
    .filter((one) => one.address !== address);
  expect(removesKafka({ actions: others.map((one) => ({ address: one.address, action: "delete" })) })).toBe(false);
});

describe("destroying a layer", () => {
  const done = async (address: string, ok = true) => {
    const steps: string[] = [];
    const made = context();
    const outcome = { ok, changed: true, changes: { add: 0, change: 0, remove: 1 }, errors: [], saved: true };
    const terraform = {
      plan: () => Promise.resolve({ ...outcome, actions: [{ address, action: "delete" }] }),
      apply: () => {
        steps.push(
          made.err.text.includes("no kubeconfig; what is left of Kafka") ? "Kafka, then the rest" : "the rest",
        );
        return Promise.resolve({ ...outcome, actions: [] });
      },
      forgetPlan: () => undefined,
    };
    const session = {
      kubeconfig: "",
      stacks: [],
      keptSecrets: "",
      stack: () => ({ name: "toy-platform" }),
      terraform: () => terraform,
      needKubeconfig: () => Promise.resolve(),
      forget: () => undefined,
    } as unknown as Session;
    const { status } = await destroyLayer(made, session, "platform", { kind: "all", count: 1 });
    return [...steps, status];
  };

  test("ends Kafka's nodes before its namespace goes, and only then", async () => {
    expect(await done("kubernetes_namespace_v1.kafka")).toEqual(["Kafka, then the rest", "destroyed"]);
    expect(await done("kubernetes_namespace_v1.influxdb")).toEqual(["the rest", "destroyed"]);
    expect(await done("kubernetes_namespace_v1.kafka", false)).toEqual(["failed"]);
  });
});
