import type { KubernetesApi } from "../../../../cli/shared/kubernetes/client";
import { unreadiness, unreadyObjects } from "../../../../cli/shared/kubernetes/readiness";
import { stack } from "../../../support/sites";

type Api = Pick<KubernetesApi, "get">;

const object = (name: string, ready?: object, namespace?: string) => ({
  kind: "ExternalSecret",
  metadata: { name, namespace },
  ...(ready && {
    status: {
      conditions: [
        { type: "Other", status: "False" },
        { type: "Ready", ...ready },
      ],
    },
  }),
});

/** An API in which these objects are at the path that begins so. */
function api(path: string, ...items: object[]): Api & { asked: string[] } {
  const asked: string[] = [];
  const get: Api["get"] = (where) => {
    asked.push(where);
    return Promise.resolve(where.startsWith(path) ? { items } : { items: [] });
  };
  return { asked, get };
}

test("asks for what the stack's Jobs wait for", async () => {
  const { asked, get } = api("");
  await unreadyObjects(stack("summit", "platform"), { get });
  expect(asked.sort()).toEqual([
    "/apis/cert-manager.io/v1/clusterissuers?labelSelector=efd-release%3Dissuers",
    "/apis/external-secrets.io/v1/clustersecretstores?labelSelector=efd-release%3Dsecret-stores",
    "/apis/external-secrets.io/v1/externalsecrets?labelSelector=efd-release%3Dplatform-secrets",
  ]);
});

test("several kinds of one Job are each asked for", async () => {
  const { asked, get } = api("");
  await unreadyObjects(stack("local", "efd"), { get });
  expect(asked).toEqual(
    expect.arrayContaining([
      "/apis/kafka.strimzi.io/v1/kafkausers?labelSelector=efd-release%3Dkafka-accounts",
      "/apis/kafka.strimzi.io/v1/kafkatopics?labelSelector=efd-release%3Dkafka-accounts",
    ]),
  );
});

const SINCE = { lastTransitionTime: "2026-03-01T00:00:00Z" };

test("says what is not ready, since when and why", async () => {
  const since = { status: "False", ...SINCE };
  const { get } = api(
    "/apis/external-secrets.io/v1/externalsecrets",
    object("one", { ...since, reason: "SecretSyncedError", message: "permission denied" }, "kafka"),
    object("two", { ...since, reason: "SecretSyncedError" }),
    object("well", { status: "True" }, "kafka"),
    object("new", undefined, "kafka"),
  );
  const said = await unreadyObjects(stack("summit", "platform"), { get });
  expect(said.map(({ what, state, why }) => [what, state, why])).toEqual([
    [
      "ExternalSecret kafka/one",
      "refused",
      "not ready since 2026-03-01T00:00:00Z: SecretSyncedError: permission denied",
    ],
    ["ExternalSecret two", "refused", "not ready since 2026-03-01T00:00:00Z: SecretSyncedError"],
    ["ExternalSecret kafka/new", "unseen", "its operator has not looked at it: see whether that runs"],
  ]);
});

test("kinds that are not there are no fault of readiness", async () => {
  expect(await unreadyObjects(stack("summit", "platform"), { get: () => Promise.resolve(undefined) })).toEqual([]);
});

const cause = { reason: "InvalidResourceException", message: "no password", ...SINCE };
const yes = { status: "True" };

// The statuses are those of Strimzi 1.2.0, and of cert-manager 1.21.1, which says of each condition what it looked at.
test.each<[string, object, [string, RegExp] | undefined]>([
  ["ready", { observedGeneration: 2, conditions: [{ type: "Ready", ...yes }] }, undefined],
  [
    "failed: NotReady, and no Ready",
    { observedGeneration: 2, conditions: [{ type: "NotReady", ...yes, ...cause }] },
    ["refused", /^not ready since 2026-03-01T00:00:00Z: InvalidResourceException: no password$/],
  ],
  [
    "a topic that failed: Ready is False",
    { observedGeneration: 2, conditions: [{ type: "Ready", status: "False", reason: "KafkaError" }] },
    ["refused", /^not ready: KafkaError$/],
  ],
  [
    "being made: it has seen no generation yet",
    { conditions: [{ type: "NotReady", ...yes, reason: "Creating", message: "Kafka cluster is being deployed" }] },
    ["refused", /^not ready: Creating: Kafka cluster is being deployed$/],
  ],
  ["not known", { conditions: [{ type: "Ready", status: "Unknown" }] }, ["refused", /^not ready: no reason is given$/]],
  ["no condition", {}, ["unseen", /has not looked at it/]],
  [
    "only a warning",
    { observedGeneration: 2, conditions: [{ type: "Warning", ...yes }] },
    ["unseen", /has not looked/],
  ],
  [
    "ready before its last change",
    { observedGeneration: 1, conditions: [{ type: "Ready", ...yes }] },
    ["behind", /its last change/],
  ],
  [
    "ready before its last change, said of the condition",
    { conditions: [{ type: "Ready", ...yes, observedGeneration: 1 }] },
    ["behind", /its last change/],
  ],
  ["paused", { conditions: [{ type: "ReconciliationPaused", ...yes }] }, ["left alone", /told to leave it alone/]],
  ["unmanaged", { conditions: [{ type: "Unmanaged", ...yes }] }, ["left alone", /told to leave it alone/]],
])("%s", (_what, status, wanted) => {
  const said = unreadiness({ kind: "KafkaUser", metadata: { name: "a", generation: 2 }, status });
  expect(said?.state).toBe(wanted?.[0]);
  if (wanted) expect(said?.why).toMatch(wanted[1]);
});

test("a pool of nodes has no condition: its operator writes which nodes it has", () => {
  const pool = (status?: object) => unreadiness({ kind: "KafkaNodePool", metadata: { generation: 2 }, status });
  expect(pool()?.state).toBe("unseen");
  expect(pool({ observedGeneration: 1, nodeIds: [0] })?.state).toBe("behind");
  expect(pool({ observedGeneration: 2, nodeIds: [0] })).toBeUndefined();
});
