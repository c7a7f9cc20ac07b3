/** What a change of the data changes, and nothing else. */
import { TOPIC } from "../site/smallest";
import { expect, type TestSite } from "../site/test-site";

/** One value: one release. */
export async function oneValue(testSite: TestSite): Promise<string> {
  const { done } = await testSite.change(
    (one) => ({ ...one, chronograf: { disk: "1Gi", resources: { limits: { memory: "777Mi" } } } }),
    "efd",
  );
  expect(
    done.join() === "helm_release.chronograf_efd",
    `more than Chronograf changed: ${done.join(", ") || "nothing"}`,
  );
  return done.join(", ");
}

/** A topic leaves the data: its object stays, and the user is told. */
export async function topicRemoved(testSite: TestSite): Promise<string> {
  const topics = async () =>
    (await testSite.items("/apis/kafka.strimzi.io/v1/namespaces/kafka/kafkatopics")).map(
      ({ spec }) => spec?.["topicName"],
    );
  expect((await topics()).includes(TOPIC), `${TOPIC} was not there to begin with`);
  const { printed, done } = await testSite.change((one) => ({ ...one, kafka: { ...one.kafka, topics: [] } }), "efd");
  expect((await topics()).includes(TOPIC), `${TOPIC} is gone from the cluster, and its data with it`);
  expect(
    /stays in the cluster.*: KafkaTopic kafka\/lsst\.sal\.test\.logevent-heartbeat/.test(printed),
    `nobody said that the topic stays:\n${printed}`,
  );
  return `the KafkaTopic stayed; ${done.length} changes`;
}
