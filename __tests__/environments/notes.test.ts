import { notesOn } from "../../environments/derived/notes";
import { parseEnvironment } from "../../environments/parse";
import { type Changes, GKE, VAULT } from "../support/bad-environments";
import { siteWith } from "../support/environment";

/** Agents on hosts of their own. */
const APART = { "cluster.agents": ["a", "b"].map((name) => ({ name, dockerHost: `ssh://${name}` })) };

/** Paths of the warnings on a site. */
const warned = (changes: Changes) =>
  notesOn(parseEnvironment(siteWith(changes)))
    .filter((line) => !line.includes("so nothing checks whether") && !line.startsWith("toy.backups: none"))
    .map((line) => line.slice("toy.".length, line.indexOf(": ")));

const nights = (from: string, to: string, timeZone: string) => ({ observing: [{ from, to, timeZone }] });

const CASES: [what: string, changes: Changes, paths: string[]][] = [
  ["copies on several machines", {}, []],
  ["one copy", { "kafka.replication": 1, "kafka.minInSyncReplicas": 1 }, ["kafka.replication"]],
  ["one copy of what is acknowledged", { "kafka.minInSyncReplicas": 1 }, ["kafka.minInSyncReplicas"]],
  ["one controller", { "kafka.controllerIds": [9] }, ["kafka.controllerIds"]],
  ["agents on the server's machine", { "cluster.agents": [{ name: "a" }] }, ["kafka.brokers"]],
  [
    "one machine whose label brokers ask for",
    {
      "cluster.agents": [
        { name: "a", dockerHost: "ssh://a", labels: { kafka: "yes" } },
        { name: "b", dockerHost: "ssh://b" },
      ],
      "kafka.brokerNodeSelector": { kafka: "yes" },
    },
    ["kafka.brokers"],
  ],
  ["hosts with old control groups", { "cluster.allowCgroupV1": true }, ["cluster.allowCgroupV1"]],
  ["one node of Google's", { ...GKE, "cluster.nodes": 1 }, ["kafka.brokers"]],
  ["a cluster of somebody else's", { ...GKE, cluster: { kind: "existing", kubeconfig: "/k" } }, []],
  ["backups on the disk of the data", { backups: { target: { kind: "volume", disk: "99Gi" } } }, ["backups.target"]],
  ["a path with the engine's mount", { secrets: { ...VAULT, path: "secret/efd" } }, ["secrets.path"]],
  ["a path with what only Vault's API has", { secrets: { ...VAULT, path: "data/efd" } }, ["secrets.path"]],
  ["a path that begins like the mount", { secrets: { ...VAULT, path: "secrets/efd" } }, []],
  ...["LSST.SAL.Test.*", "sal.Test.*", "lsst.Sal.Test.*", "lsst_sal.Test.*"].map(
    (topic): [string, Changes, string[]] => [
      `SAL's topics as ${topic}`,
      { "telegraf.consumers.0.topics": [topic] },
      ["telegraf.consumers[0].topics[0]"],
    ],
  ),
  ["topics that begin like SAL's", { "telegraf.consumers.0.topics": ["lsst.salt.*", "sales.*"] }, []],
  [
    "one consumer of several with another time",
    {
      "telegraf.consumers": ["a", "b", "c", "d"].map((name, i) => ({
        name,
        topics: [`x.${name}`],
        timestampField: i === 0 ? "timestamp" : "private_efdStamp",
      })),
    },
    ["telegraf.consumers[0].timestampField"],
  ],
  ["nights in Chile", nights("17:30", "08:00", "America/Santiago"), []],
  ["nights in Chile by UTC", nights("20:30", "12:00", "UTC"), []],
  ["a morning", nights("06:00", "12:00", "America/Santiago"), []],
  ["begin and end changed", nights("08:00", "17:30", "America/Santiago"), ["observing[0]"]],
  ["a window that ends the next afternoon", nights("17:30", "13:00", "America/Phoenix"), ["observing[0]"]],
  ["days in Chile by UTC", nights("12:00", "20:30", "Etc/UTC"), ["observing[0]"]],
  ["an afternoon", nights("12:00", "20:30", "America/Phoenix"), ["observing[0]"]],
];

test.each(CASES)("%s", (_what, changes, paths) => {
  expect(warned("cluster" in changes ? changes : { ...APART, ...changes })).toEqual(paths);
});

test("a warning says where, what follows, and what to do; what no rule can judge stands behind", () => {
  expect(notesOn(parseEnvironment(siteWith({ "kafka.controllerIds": [9] })))).toEqual([
    "toy.kafka.controllerIds: one copy of Kafka's metadata, without which no broker knows its topics. Write three ids.",
    "toy.kafka.brokers: all 3 run on one machine, which takes every copy with it when it fails. Add agents on other hosts where the data must outlive the machine.",
    "toy.backups: none, so what is removed by mistake or lost with its disk stays lost. Name a target.",
    "toy.cluster.capacity: cpu, memory, disk left out, so nothing checks whether the site fits its host",
    "toy.ingestBytesPerSecond: left out, so nothing checks whether Kafka's and InfluxDB's volumes hold what they keep",
  ]);
});
