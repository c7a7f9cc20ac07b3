import type { KubernetesApi } from "../../../../cli/shared/kubernetes/client";
import { notReadyLines } from "../../../../cli/shared/kubernetes/readiness";
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
  await notReadyLines(stack("summit", "platform"), { get });
  expect(asked.sort()).toEqual([
    "/apis/cert-manager.io/v1/clusterissuers?labelSelector=efd-release%3Dissuers",
    "/apis/external-secrets.io/v1/clustersecretstores?labelSelector=efd-release%3Dsecret-stores",
    "/apis/external-secrets.io/v1/externalsecrets?labelSelector=efd-release%3Dplatform-secrets",
  ]);
});

test("several kinds of one Job are each asked for", async () => {
  const { asked, get } = api("");
  await notReadyLines(stack("local", "efd"), { get });
  expect(asked).toEqual(
    expect.arrayContaining([
      "/apis/kafka.strimzi.io/v1/kafkausers?labelSelector=efd-release%3Dkafka-accounts",
      "/apis/kafka.strimzi.io/v1/kafkatopics?labelSelector=efd-release%3Dkafka-accounts",
    ]),
  );
});

test("says what is not ready, since when and why", async () => {
  const since = { status: "False", lastTransitionTime: "2026-03-01T00:00:00Z" };
  const { get } = api(
    "/apis/external-secrets.io/v1/externalsecrets",
    object("one", { ...since, message: "permission denied" }, "kafka"),
    object("two", { ...since, reason: "SecretSyncedError" }),
    object("well", { status: "True" }, "kafka"),
    object("new", undefined, "kafka"),
  );
  expect(await notReadyLines(stack("summit", "platform"), { get })).toEqual([
    "ExternalSecret kafka/one is not ready since 2026-03-01T00:00:00Z: permission denied",
    "ExternalSecret two is not ready since 2026-03-01T00:00:00Z: SecretSyncedError",
  ]);
});

test("kinds that are not there are no fault of readiness", async () => {
  expect(await notReadyLines(stack("summit", "platform"), { get: () => Promise.resolve(undefined) })).toEqual([]);
});
