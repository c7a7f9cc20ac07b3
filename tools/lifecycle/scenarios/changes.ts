/** What a change of the data changes, and nothing else. */
import { expect, type World } from "../world";

/** One value: one release of the plan, one of the apply. */
export async function oneValue(world: World): Promise<string> {
  await world.settle(world.site());
  const site = world.site((one) => ({
    ...one,
    chronograf: { disk: "1Gi", resources: { limits: { memory: "777Mi" } } },
  }));
  const { done } = await world.settle(site);
  expect(
    done.join() === "helm_release.chronograf_efd",
    `more than Chronograf changed: ${done.join(", ") || "nothing"}`,
  );
  await world.isSettled(site);
  return done.join(", ");
}

/** A topic leaves the data: its object stays, and the user is told. */
export async function topicRemoved(world: World): Promise<string> {
  const path = "/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkatopics";
  const names = async () =>
    (((await world.api.get(path))?.["items"] ?? []) as { spec: { topicName: string } }[]).map(
      ({ spec }) => spec.topicName,
    );
  const topic = "lsst.sal.Test.logevent_heartbeat";
  await world.settle(world.site());
  expect((await names()).includes(topic), `${topic} was not there to begin with`);
  const without = world.site((one) => ({ ...one, kafka: { ...one.kafka, topics: [] } }));
  const { said } = await world.settle(without);
  expect((await names()).includes(topic), `${topic} is gone from the cluster, and its data with it`);
  expect(
    /stays in the cluster.*: KafkaTopic kafka\/lsst\.sal\.test\.logevent-heartbeat/.test(said),
    `nobody said that the topic stays:\n${said}`,
  );
  await world.settle(world.site());
  return "the KafkaTopic stayed";
}
