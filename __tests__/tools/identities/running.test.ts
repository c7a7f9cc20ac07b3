import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnvironment } from "../../../environments/parse";
import { committedContract, writeContracts } from "../../../tools/identities/contracts";
import { refusedSteps, type Running, runningOf } from "../../../tools/identities/running";
import type { Changes } from "../../support/bad-environments";
import { siteWith } from "../../support/environment";

const BASE: Changes = { "cluster.version": "v1.36.5-k3s1", "cluster.agents": [{ name: "kube-0" }] };
const running = (changes: Changes = {}): Running => runningOf(parseEnvironment(siteWith({ ...BASE, ...changes })));
const refused = (from: Running, to: Changes) => refusedSteps("toy", from, running(to));
const brokers = (...ids: number[]) => ({
  "kafka.brokers": ids.map((id, i) => ({ id, nodePort: 31090 + i })),
  "kafka.controllerIds": [100, 101, 102],
  "kafka.replication": 1,
  "kafka.minInSyncReplicas": 1,
});
const OLD_KAFKA = { "kafka.version": "4.2.1", "kafka.metadataVersion": "4.2-IV1" };

test("what runs is what the data say", () => {
  const agents = [{ name: "kube-0", version: "v1.35.1-k3s1" }, { name: "kube-1" }];
  expect(running({ "cluster.agents": agents, "cluster.maxPods": 250, ...brokers(6, 8, 7) })).toEqual({
    k3s: {
      server: "master",
      versions: { master: "v1.36.5-k3s1", "kube-0": "v1.35.1-k3s1", "kube-1": "v1.36.5-k3s1" },
      nodeCidrMask: 23,
      hostPath: "/data",
    },
    kafka: { version: "4.3.1", metadataVersion: "4.3-IV0", controllers: [100, 101, 102], brokers: [6, 8, 7] },
  });
});

describe("what may follow", () => {
  test.each<[string, Changes, Changes]>([
    ["nothing new", {}, {}],
    ["a patch of k3s", { "cluster.version": "v1.36.4-k3s1" }, {}],
    ["another build of k3s", {}, { "cluster.version": "v1.36.5-k3s2" }],
    ["the next minor of k3s", {}, { "cluster.version": "v1.37.0-k3s1" }],
    [
      "the next minor of the server alone",
      {},
      { "cluster.version": "v1.37.0-k3s1", "cluster.agents": [{ name: "kube-0", version: "v1.36.5-k3s1" }] },
    ],
    [
      "an agent that catches up over two minors",
      { "cluster.agents": [{ name: "kube-0", version: "v1.34.1-k3s1" }] },
      {},
    ],
    ["an agent more, and one less", {}, { "cluster.agents": [{ name: "kube-1", version: "v1.35.0-k3s1" }] }],
    ["more pods in the same network", {}, { "cluster.maxPods": 127 }],
    ["k3s's own networks, written down", {}, { "cluster.clusterCidr": "10.42.0.0/16" }],
    [
      "an agent more, with a folder of its own",
      {},
      { "cluster.agents": [{ name: "kube-0" }, { name: "kube-1", hostPath: "/disk1" }] },
    ],
    ["another Kafka with its metadata as they were", OLD_KAFKA, { "kafka.metadataVersion": "4.2-IV1" }],
    ["the metadata afterwards", { "kafka.metadataVersion": "4.2-IV1" }, {}],
    ["a patch of Kafka", { "kafka.version": "4.3.0" }, {}],
    ["another broker behind the others", brokers(6, 7, 8), brokers(6, 7, 8, 9)],
  ])("%s", (_what, from, to) => {
    expect(refused(running(from), to)).toEqual([]);
  });

  test("anything where nothing ran", () => {
    expect(refusedSteps("toy", undefined, running())).toEqual([]);
  });
});

describe("what is refused, and what to do instead", () => {
  test.each<[string, Changes, Changes, string]>([
    [
      "k3s over two minors",
      {},
      { "cluster.version": "v1.38.0-k3s1" },
      "toy.cluster.version: got v1.38.0-k3s1, and it runs v1.36.5-k3s1. Allowed: the next minor at most. Deploy a release of each minor in between first.",
    ],
    [
      "k3s a minor down",
      {},
      { "cluster.version": "v1.35.9-k3s1", "cluster.agents": [] },
      "toy.cluster.version: got v1.35.9-k3s1, and it runs v1.36.5-k3s1. Allowed: that or a newer one, for a node of k3s does not go back. Leave it at v1.36.5-k3s1.",
    ],
    [
      "k3s a patch down",
      {},
      { "cluster.version": "v1.36.4-k3s1", "cluster.agents": [] },
      "toy.cluster.version: got v1.36.4-k3s1, and it runs v1.36.5-k3s1. Allowed: that or a newer one, for a node of k3s does not go back. Leave it at v1.36.5-k3s1.",
    ],
    [
      "an agent down",
      {},
      { "cluster.agents": [{ name: "kube-0", version: "v1.36.4-k3s1" }] },
      "toy.cluster.agents (kube-0).version: got v1.36.4-k3s1, and it runs v1.36.5-k3s1. Allowed: that or a newer one, for a node of k3s does not go back. Leave it at v1.36.5-k3s1.",
    ],
    [
      "more pods than a node's network holds",
      {},
      { "cluster.maxPods": 250 },
      "toy.cluster.maxPods: got a number that needs nodes of /23, and they have /24. Allowed: 1–127, for the network of a node is fixed when the cluster is made. Add agents, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
    [
      "fewer pods than a node's network is for",
      { "cluster.maxPods": 250 },
      {},
      "toy.cluster.maxPods: got a number that needs nodes of /24, and they have /23. Allowed: 128–255, for the network of a node is fixed when the cluster is made. Add agents, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
    [
      "another folder of the data",
      {},
      { "cluster.hostPath": "/srv/data" },
      "toy.cluster.hostPath: got /srv/data, and the data of all volumes are in /data. Allowed: that folder only, for every volume would begin empty. Leave it, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
    [
      "another network of the pods",
      {},
      { "cluster.clusterCidr": "10.52.0.0/16" },
      "toy.cluster.clusterCidr: got 10.52.0.0/16, and the cluster has 10.42.0.0/16. Allowed: that one only, for nodes, Services and certificates have addresses of it. Leave it, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
    [
      "k3s's own network of the Services where the cluster has another",
      { "cluster.serviceCidr": "10.53.0.0/16" },
      {},
      "toy.cluster.serviceCidr: got 10.43.0.0/16, and the cluster has 10.53.0.0/16. Allowed: that one only, for nodes, Services and certificates have addresses of it. Leave it, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
    [
      "a folder of its own for an agent that runs",
      {},
      { "cluster.agents": [{ name: "kube-0", hostPath: "/disk0" }] },
      "toy.cluster.agents (kube-0).hostPath: got /disk0, and the data of this node's volumes are in /data. Allowed: that folder only, for none of these volumes would be found. Leave it, or remove the agent, deploy, and add it under another name.",
    ],
    [
      "an older Kafka",
      { "kafka.metadataVersion": "4.2-IV1" },
      OLD_KAFKA,
      "toy.kafka.version: got 4.2.1, and it runs 4.3.1. Allowed: that or a newer one, for Kafka goes back only while metadataVersion was not raised. Leave it; to take back such an upgrade write 4.2.1 into __tests__/identities/toy.json first.",
    ],
    [
      "older metadata",
      {},
      { "kafka.metadataVersion": "4.2-IV1" },
      "toy.kafka.metadataVersion: got 4.2-IV1, and it runs 4.3-IV0. Allowed: that or a newer one, for no older one reads what brokers have written in a newer form. Leave it.",
    ],
    [
      "a new Kafka and its metadata in one step",
      OLD_KAFKA,
      {},
      "toy.kafka.metadataVersion: got 4.3-IV0 together with another Kafka. Allowed: 4.2-IV1 until all brokers run 4.3.1, for after it there is no way back. Deploy version first.",
    ],
    [
      "a broker less",
      brokers(6, 7, 8, 9),
      brokers(6, 7, 8),
      "toy.kafka.brokers: got ids [6, 7, 8], and it runs [6, 7, 8, 9]. Allowed: to remove none that holds partitions. Move those of 9 to other brokers (docs/operations.md), then take it out of __tests__/identities/toy.json by hand.",
    ],
    [
      "a broker renumbered",
      brokers(6, 7, 8),
      brokers(6, 7, 9),
      "toy.kafka.brokers: got ids [6, 7, 9], and it runs [6, 7, 8]. Allowed: to add or to remove in one step, for Strimzi would renumber nothing. Add brokers first, then remove.",
    ],
    [
      "brokers in another order",
      brokers(6, 7, 8),
      brokers(6, 8, 7),
      "toy.kafka.brokers: got ids [6, 8, 7], and it runs [6, 7, 8]. Allowed: new ones behind the others only, for host names follow the order and clients would find other brokers. Put new ids at the end.",
    ],
    [
      "a new broker before the others",
      brokers(6, 7, 8),
      brokers(5, 6, 7, 8),
      "toy.kafka.brokers: got ids [5, 6, 7, 8], and it runs [6, 7, 8]. Allowed: new ones behind the others only, for host names follow the order and clients would find other brokers. Put new ids at the end.",
    ],
    [
      "another number of controllers",
      {},
      { "kafka.controllerIds": [3] },
      "toy.kafka.controllerIds: got [3], and it runs [3, 4, 5]. Allowed: those only, for Strimzi cannot add or remove controllers. Leave them, or destroy the site, remove __tests__/identities/toy.json and make it again.",
    ],
  ])("%s", (_what, from, to, line) => {
    expect(refused(running(from), to)).toEqual([line]);
  });

  test("a broker from among the others, whose names would move", () => {
    expect(
      refused(running(brokers(6, 7, 8)), brokers(6, 8)).map((line) =>
        line.replace(/^.*?Allowed: (to remove none|new ones behind).*$/, "$1"),
      ),
    ).toEqual(["to remove none", "new ones behind"]);
  });

  test("an operator that does not run the Kafka that is there", () => {
    const now = running({ "kafka.metadataVersion": "4.1-IV1" });
    const from = { ...now, kafka: { ...now.kafka, version: "4.1.2" } };
    expect(refused(from, { "kafka.metadataVersion": "4.1-IV1" })).toEqual([
      "toy.kafka.version: it runs 4.1.2, which Strimzi 1.2.0 does not. Allowed: 4.2.0, 4.2.1, 4.3.0, 4.3.1 before that operator. Put the older one back into the catalogue, deploy a Kafka that both run, then upgrade the operator.",
    ]);
  });

  test("several at once", () => {
    expect(
      refused(running(), { "cluster.version": "v1.38.0-k3s1", "cluster.hostPath": "/srv/data", ...OLD_KAFKA }),
    ).toHaveLength(4);
  });
});

describe("the writer", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "efd-contracts-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const site = (changes: Changes = {}) => parseEnvironment(siteWith({ ...BASE, ...changes }));

  test("writes every site, once more without a change, and removes those that are gone", () => {
    writeFileSync(join(folder, "gone.json"), "{}");
    expect(writeContracts([site()], folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(["toy.json"]);
    const text = readFileSync(join(folder, "toy.json"), "utf8");
    expect(committedContract("toy", folder)).toMatchObject({
      running: running(),
      kafkas: ["kafka/efd"],
      claims: expect.arrayContaining(["influxdb/influxdb: 15Gi of class local-path"]) as string[],
    });
    expect(writeContracts([site()], folder)).toEqual([]);
    expect(readFileSync(join(folder, "toy.json"), "utf8")).toBe(text);
  });

  test("writes nothing at all where one site goes where it must not", () => {
    writeContracts([site()], folder);
    const before = readFileSync(join(folder, "toy.json"), "utf8");
    const other = site({ name: "other", "cluster.dockerHost": "ssh://other" });
    expect(writeContracts([other, site({ "cluster.version": "v1.38.0-k3s1" })], folder)).toEqual([
      expect.stringMatching(/^toy\.cluster\.version: got v1\.38\.0-k3s1, /),
    ]);
    expect(readdirSync(folder)).toEqual(["toy.json"]);
    expect(readFileSync(join(folder, "toy.json"), "utf8")).toBe(before);
  });

  test("tells at once what must not shrink and what must not be done", () => {
    writeContracts([site()], folder);
    expect(writeContracts([site({ "cluster.version": "v1.38.0-k3s1", "influxdb.disk": "7Gi" })], folder)).toEqual([
      expect.stringMatching(/^toy\.cluster\.version: /),
      expect.stringMatching(/^toy: the PVC influxdb\/influxdb: got 7Gi/),
    ]);
  });

  test.each([
    ["influxdb.disk", "the PVC influxdb/influxdb: got 7Gi, and it has 15Gi"],
    ["chronograf.disk", "the PVC chronograf/chronograf: got 7Gi, and it has 8Gi"],
    ["kafka.controllerDisk", "volume 0 of the node pool kafka/controller: got 7Gi, and it has 20Gi"],
  ])("refuses a smaller %s, and takes a larger one", (key, found) => {
    writeContracts([site()], folder);
    const before = readFileSync(join(folder, "toy.json"), "utf8");
    expect(writeContracts([site({ [key]: "7Gi" })], folder)).toEqual([
      expect.stringMatching(new RegExp(`^toy: ${found}\\. Allowed: that or more`)),
    ]);
    expect(readFileSync(join(folder, "toy.json"), "utf8")).toBe(before);
    expect(writeContracts([site({ [key]: "30Gi" })], folder)).toEqual([]);
  });
});
