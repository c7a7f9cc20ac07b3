import { KafkaAccounts, type KafkaAccountsProps } from "../../../constructs/kafka/kafka-accounts";
import { mayJoin, mayUse } from "../../../constructs/kafka/rights";
import { at, built, customResource, readyJob, SUBDOMAIN, texts } from "../support";

const view = (props: Partial<KafkaAccountsProps> = {}) =>
  built((stack) => {
    new KafkaAccounts(stack, "accounts", {
      accounts: [
        { name: "camera", login: "scram", acls: [...mayUse("lsst.ATCamera", "lsst.CCCamera"), mayJoin("*")] },
        { name: "backpack", login: "tls", acls: mayUse("lsst.backpack") },
      ],
      topics: [{ name: "lsst.sal.Test.logevent_heartbeat", partitions: 3, config: { "cleanup.policy": "compact" } }],
      replication: 2,
      dependsOn: [],
      ...props,
    });
  });

describe("accounts", () => {
  test("log in with a password of the account's own Secret", () => {
    const user = customResource(view(), "KafkaUser", "camera");
    expect(user.metadata["labels"]).toMatchObject({ "strimzi.io/cluster": "efd" });
    expect(user.spec).toEqual({
      authentication: {
        type: "scram-sha-512",
        password: { valueFrom: { secretKeyRef: { name: "kafka-camera", key: "password" } } },
      },
      authorization: { type: "simple", acls: [...mayUse("lsst.ATCamera", "lsst.CCCamera"), mayJoin("*")] },
    });
  });

  test("log in with a certificate where the site says so, and have no password anywhere", () => {
    const user = customResource(view(), "KafkaUser", "backpack");
    expect(user.spec).toEqual({
      authentication: { type: "tls" },
      authorization: { type: "simple", acls: mayUse("lsst.backpack") },
    });
  });

  test("the administrator logs in with a certificate and has no password anywhere", () => {
    const admin = customResource(view({ accounts: [] }), "KafkaUser", "kafka-admin");
    expect(admin.spec).toEqual({ authentication: { type: "tls" } });
    expect(texts(admin).filter((text) => text.includes("password"))).toEqual([]);
  });
});

describe("topics", () => {
  test("keep their own name, have a copy on each broker, and stay when they leave the program", () => {
    const [topic, ...others] = view().customResources("KafkaTopic");
    expect(others).toEqual([]);
    expect(topic?.spec).toEqual({
      topicName: "lsst.sal.Test.logevent_heartbeat",
      partitions: 3,
      replicas: 2,
      config: { "cleanup.policy": "compact" },
    });
    expect(topic?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(topic?.metadata["labels"]).toMatchObject({ "strimzi.io/cluster": "efd" });
  });

  test("have names that Kubernetes takes and that never meet", () => {
    const names = ["_schemas", "lsst.sal.Test", "lsst.sal.test", "lsst.sal_Test", "lsst.sal.TEST"];
    const topics = view({ topics: names.map((name) => ({ name, partitions: 1 })) }).customResources("KafkaTopic");
    for (const { metadata } of topics) expect(metadata.name).toMatch(SUBDOMAIN);
    expect(new Set(topics.map(({ metadata }) => metadata.name)).size).toBe(names.length);
    expect(topics.map(({ spec }) => spec?.["topicName"])).toEqual(names);
  });
});

test("who logs in waits for both kinds", () => {
  const one = view();
  expect(at(one.resource(readyJob(one, "kafka-accounts")), "spec.template.spec.container.0.args.5")).toBe(
    "kafkausers.kafka.strimzi.io,kafkatopics.kafka.strimzi.io",
  );
});
