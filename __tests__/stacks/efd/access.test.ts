import { parseEnvironment } from "../../../environments/parse";
import { efdAccess } from "../../../stacks/efd/access";
import { siteWith } from "../../support/environment";

const sinks = [{ name: "sink", topics: ["lsst.sal.Test.ackcmd"], database: "sinks" }];
const connect = { image: "registry.example.org/connect:1.0.0", sinks };
const access = (changes: Record<string, unknown> = {}) => efdAccess(parseEnvironment(siteWith(changes)));

test("every account of Kafka has its password beside Kafka, and where its programs are", () => {
  const { kafka, secrets } = access();
  const places = secrets.targets.map(({ namespace, name }) => `${namespace}/${name}`);
  for (const { name } of kafka.accounts) expect(places).toContain(`kafka/kafka-${name}`);
  expect(places).toContain("telegraf/kafka-telegraf");
  expect(new Set(places).size).toBe(places.length);
});

test("an account with a certificate has no password anywhere: Strimzi makes its Secret", () => {
  const clients = [
    { name: "by-certificate", description: "d", prefixes: ["p"], access: "all", login: "tls" },
    { name: "by-password", description: "d", prefixes: ["p"], access: "all" },
  ];
  const { kafka, secrets } = access({ "kafka.clients": clients });
  expect(kafka.accounts.map(({ name, login }) => [name, login])).toEqual(
    expect.arrayContaining([
      ["by-certificate", "tls"],
      ["by-password", "scram"],
    ]),
  );
  const names = secrets.targets.map(({ name }) => name);
  expect(names).toContain("kafka-by-password");
  expect(names.filter((name) => name.includes("by-certificate"))).toEqual([]);
});

test("every user of InfluxDB has its password beside InfluxDB", () => {
  const { influxdb, secrets } = access({ connect });
  const here = secrets.targets.filter(({ namespace }) => namespace === "influxdb").map(({ name }) => name);
  expect(influxdb.users.map(({ name }) => name)).toEqual(["telegraf", "connect", "efdreader"]);
  for (const { secret } of influxdb.users) expect(here).toContain(secret.name);
});

test("a database is made for every account that writes one, and for alerts; the reader reads all", () => {
  const { databases, users } = access({ connect }).influxdb;
  expect(databases.map(({ name }) => name)).toEqual(["efd", "sinks", "telegraf", "chronograf"]);
  expect(users.find(({ name }) => name === "efdreader")?.grants).toEqual(
    databases.map(({ name }) => ({ database: name, privilege: "READ" })),
  );
});

test("alerts are kept as long as what they tell of", () => {
  const { databases } = access({ "influxdb.retention": "30d" }).influxdb;
  expect(databases).toContainEqual({ name: "chronograf", retentionHours: 720 });
});

test("the registry lets in whoever is there: consumers, Connect, or both", () => {
  const consumers = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "telegraf" } } };
  const workers = {
    podSelector: { matchLabels: { "strimzi.io/kind": "KafkaConnect", "strimzi.io/cluster": "efd" } },
  };
  expect(access().registryClients).toEqual([consumers]);
  expect(access({ connect }).registryClients).toEqual([consumers, workers]);
  expect(access({ connect, telegraf: {} }).registryClients).toEqual([workers]);
});
