/**
 * Cases of Strimzi's operators of topics and users, and the cluster itself, beside a Kafka of one broker that runs: the
 * real ones answered on the nodes of the bench (`npm run bench:nodes`, scenario `entities`).
 */
import { KAFKA_CLUSTER } from "../../constructs/kafka/resources";
import { NAMESPACE } from "../../ground/namespaces";
import type { Json } from "../../synthesized/stack";
import type { Case, CasePlace, Cases, Given, Step } from "./case";
import { inKafka, PAUSED, STRIMZI_KINDS, STRIMZI_VERSION } from "./cases-strimzi";
import { GIVEN } from "./view";

const OURS = inKafka(KAFKA_CLUSTER);

/** Makes an object of one kind whose name is the case's, followed by `more`. */
type Giving = (spec?: Json, metadata?: Json, more?: string) => (place: CasePlace) => Given;

const giving =
  (kind: string, usual: Json): Giving =>
  (spec = {}, metadata = OURS, more = "") =>
  ({ named = "" }) => ({ kind, name: `${named}${more}`, metadata, spec: { ...usual, ...spec } });

const topic = giving("KafkaTopic", { partitions: 1, replicas: 1 });
const user = giving("KafkaUser", { authentication: { type: "scram-sha-512" } });

const secret =
  (data: Json, more = "") =>
  ({ named = "" }: CasePlace): Given => ({ kind: "Secret", name: `${named}${more}`, stringData: data });

const called =
  (kind: string, more = "") =>
  ({ named = "" }: CasePlace): readonly [string, string] => [kind, `${named}${more}`];

/** One step of a case: what it gives and what it takes away. */
type Doing = readonly ((place: CasePlace) => Given | readonly [string, string])[];

const step = (doing: Doing, place: CasePlace): Step => {
  const all = doing.map((one) => one(place));
  return {
    give: all.flatMap((one) => ("kind" in one ? [one] : [])),
    take: all.flatMap((one) => ("kind" in one ? [] : [one])),
  };
};

const when = (name: string, ...steps: readonly Doing[]): Case => ({
  name,
  steps: (place) => steps.map((doing) => step(doing, place)),
});

/** Of what only a broker knows. */
const atBroker = (...given: Parameters<typeof when>): Case => ({ ...when(...given), asksBroker: true });

const GOES_ON = { annotations: { "strimzi.io/pause-reconciliation": "false" } };
const MANAGED_BY_HAND = { ...OURS, annotations: { "strimzi.io/managed": "false" } };
const PASSWORD_KEY = { name: "user-given-source", key: "password" };
const GIVEN_PASSWORD = {
  authentication: { type: "scram-sha-512", password: { valueFrom: { secretKeyRef: PASSWORD_KEY } } },
};
const RIGHTS = (operation: string): Json => ({
  authorization: {
    type: "simple",
    acls: [{ resource: { type: "topic", name: "case", patternType: "prefix" }, operations: [operation] }],
  },
});
const CERTIFICATE = { authentication: { type: "tls" } };
/** Longer than a certificate's name may be. */
const LONG = `-${"x".repeat(60)}`;

const TOPICS: readonly Case[] = [
  when("topic-plain", [topic()], [called("KafkaTopic")]),
  when("topic-as-the-broker-wants", [
    ({ named = "" }) => ({ kind: "KafkaTopic", name: named, metadata: OURS, spec: {} }),
  ]),
  when(
    "topic-settings",
    [topic({ config: { "retention.ms": 3600000 } })],
    [topic({ config: { "retention.ms": 7200000 } })],
  ),
  atBroker("topic-setting-unknown", [topic({ config: { "no.such.setting": "1" } })]),
  atBroker("topic-setting-wrong", [topic({ config: { "retention.ms": "soon" } })], [topic()]),
  atBroker("topic-name-wrong", [topic({ topicName: "a name" })]),
  when("topic-too-many-copies", [topic({ replicas: 3 })], [topic()]),
  when("topic-more-copies-later", [topic()], [topic({ replicas: 3 })], [topic()]),
  when("topic-more-partitions", [topic()], [topic({ partitions: 2 })]),
  when("topic-fewer-partitions", [topic({ partitions: 2 })], [topic()]),
  when("topic-renamed", [topic({ topicName: "topic-renamed-a" })], [topic({ topicName: "topic-renamed-b" })]),
  when(
    "topic-twice",
    [topic({ topicName: "topic-twice" }, OURS, "-a")],
    [topic({ topicName: "topic-twice" }, OURS, "-b")],
    [called("KafkaTopic", "-a")],
  ),
  when("topic-by-hand", [topic({}, MANAGED_BY_HAND)]),
  when("topic-paused", [topic({}, { ...OURS, ...PAUSED })], [topic({}, { ...OURS, ...GOES_ON })]),
  when("topic-later-paused", [topic()], [topic({ partitions: 2 }, { ...OURS, ...PAUSED })]),
  when("topic-of-nobody", [topic({}, {})]),
  when("topic-of-another", [topic({}, inKafka("other"))]),
];

const USERS: readonly Case[] = [
  when("user-password", [user(RIGHTS("Read"))], [called("KafkaUser")]),
  when("user-certificate", [user(CERTIFICATE)], [called("KafkaUser")]),
  when("user-outer-certificate", [user({ authentication: { type: "tls-external" } })]),
  when("user-without-login", [user({ authentication: undefined, ...RIGHTS("Read") })]),
  when("user-given", [user(GIVEN_PASSWORD)], [secret({ password: `${GIVEN}password` }, "-source")]),
  when("user-lacks-key", [
    secret({ other: `${GIVEN}password` }, "-source"),
    user({
      authentication: {
        type: "scram-sha-512",
        password: { valueFrom: { secretKeyRef: { name: "user-lacks-key-source", key: "password" } } },
      },
    }),
  ]),
  when("user-long-certificate", [user(CERTIFICATE, OURS, LONG)]),
  when("user-long-password", [user({}, OURS, LONG)]),
  when("user-paused", [user({}, { ...OURS, ...PAUSED })], [user({}, { ...OURS, ...GOES_ON })]),
  when("user-other-login", [user()], [user({ authentication: { type: "tls" } })]),
  when("user-other-rights", [user(RIGHTS("Read"))], [user(RIGHTS("Write"))]),
  when("user-quotas", [user({ quotas: { producerByteRate: 1048576 } })]),
  when("user-secret-labelled", [
    user({ template: { secret: { metadata: { labels: { a: "b" }, annotations: { c: "d" } } } } }),
  ]),
  when("user-secret-there", [secret({ other: `${GIVEN}value` })], [user()]),
  when("user-secret-gone", [user()], [called("Secret")]),
  when("user-of-nobody", [user({}, {})]),
  when("user-of-another", [user({}, inKafka("other"))]),
];

const { Kafka, StrimziPodSet } = STRIMZI_KINDS;

/** What Strimzi's entity operator answers, and what is seen of a cluster that runs. */
export const ENTITY_CASES: Cases = {
  operator: "strimzi-entities",
  version: STRIMZI_VERSION,
  shared: NAMESPACE.kafka,
  // They look at all that they know every two minutes.
  quiet: 130,
  kinds: {
    Kafka,
    StrimziPodSet,
    KafkaTopic: { ...Kafka, plural: "kafkatopics" },
    KafkaUser: { ...Kafka, plural: "kafkausers" },
  },
  cases: [when(KAFKA_CLUSTER, []), ...TOPICS, ...USERS],
};
