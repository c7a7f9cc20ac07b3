import fc from "fast-check";
import { SITES } from "../../environments";
import { parseEnvironment } from "../../environments/parse";
import { nodeCidrMask, RULES, unjudged } from "../../environments/rules";
import { addressesOf } from "../../environments/units";
import { mistakesOf, siteWith } from "../support/environment";

type Changes = Readonly<Record<string, unknown>>;

/** For each rule: what passes, and what breaks it with which message. */
const CASES: Record<string, { passes: Changes[]; breaks: [Changes, ...string[]][] }> = {
  allowDestroysNamesOwnLayers: {
    passes: [{ allowDestroys: ["toy-cluster", "toy-efd"] }, { allowDestroys: ["toy-efd/kafka"] }],
    breaks: [
      [
        { allowDestroys: ["toy-efd", "other-efd"] },
        'toy.allowDestroys[1]: got "other-efd", allowed toy-cluster, toy-platform, toy-efd, each alone or with a thing behind it (toy-efd/kafka), name a stack of this site',
      ],
    ],
  },
  domainLiesInZone: {
    passes: [{ secrets: VAULT(), dns: { kind: "external-dns", region: "r", zone: "org" } }],
    breaks: [
      [
        { secrets: VAULT(), dns: { kind: "external-dns", region: "r", zone: "ample.org" } },
        'toy.domain: got "example.org", allowed ample.org or a name below it, for external-dns writes to that zone only',
      ],
    ],
  },
  foreignSecretsComeFromVault: {
    passes: [{ secrets: VAULT(), login: "github" }],
    breaks: [
      [
        {
          login: "github",
          dns: { kind: "external-dns", region: "r", zone: "example.org" },
        },
        'toy.secrets.kind: got "generated", allowed vault, for dns.kind external-dns needs an AWS account, which cannot be generated',
        'toy.secrets.kind: got "generated", allowed vault, for login github needs a GitHub application, which cannot be generated',
      ],
    ],
  },
  apiPortIsFree: {
    passes: [{ "cluster.apiPort": 8443 }],
    breaks: [80, 443, 10250].map((port) => [
      { "cluster.apiPort": port },
      `toy.cluster.apiPort: got ${port}, allowed any port but 80, 443 and 10250, which ingress and kubelet take, write 6443`,
    ]),
  },
  agentsReachServer: {
    passes: [
      { "cluster.address": "127.0.0.1", "cluster.agents": [{ name: "kube-0" }] },
      { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
    ],
    breaks: [
      [
        { "cluster.address": "127.0.0.1", "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
        'toy.cluster.address: got "127.0.0.1", allowed an address that kube-0 can reach from another host, write the server\'s own address',
      ],
      [
        { "cluster.address": "localhost", "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
        'toy.cluster.address: got "localhost", allowed an address that kube-0 can reach from another host, write the server\'s own address',
      ],
    ],
  },
  reservedNamesAreOurs: {
    passes: [{ "kafka.topics": [{ name: "lsst.sal.Test.x" }] }],
    breaks: [
      [
        {
          "kafka.clients": [{ name: "telegraf", description: "d", prefixes: ["p"], access: "all" }],
          "kafka.topics": [{ name: "_schemas" }],
          "telegraf.consumers": [{ name: "c", topics: ["a.*"], database: "telegraf" }],
        },
        'toy.kafka.clients[0].name: got "telegraf", allowed any name but those of this program\'s own accounts, rename it',
        'toy.kafka.topics[0].name: got "_schemas", allowed any topic but the schema registry\'s, rename it',
        'toy.telegraf.consumers[0].database: got "telegraf", allowed any database but the one for what Telegraf says of itself, rename it',
      ],
    ],
  },
  volumesFitHost: {
    passes: [{}, { "cluster.capacity": { disk: "1Ti" } }],
    breaks: [
      [
        {
          "cluster.capacity": { disk: "5Gi" },
          "influxdb.disk": "4Gi",
          "kafka.brokerDisk": "2Gi",
          "kafka.controllerDisk": "1Gi",
          "chronograf.disk": "1Gi",
          "kapacitor.disk": "1Gi",
        },
        'toy.cluster.capacity.disk: got "5Gi", allowed at least 15Gi, the sum of all volumes, take a larger disk or smaller volumes',
      ],
    ],
  },
  dockerHostsRunOneNodeEach: {
    passes: [
      { "cluster.agents": [{ name: "kube-0" }, { name: "kube-1" }] },
      {
        "cluster.agents": [
          { name: "kube-0", dockerHost: "ssh://a" },
          { name: "kube-1", dockerHost: "ssh://b" },
        ],
      },
    ],
    breaks: [
      [
        {
          "cluster.agents": [
            { name: "kube-0", dockerHost: "ssh://a" },
            { name: "kube-1", dockerHost: "ssh://a" },
          ],
        },
        "toy.cluster.agents: ssh://a runs kube-0 and kube-1, allowed one agent per other host (both would listen on port 10250), move one",
      ],
    ],
  },
  namesAreUnique: {
    passes: [{ "cluster.agents": [{ name: "kube-0" }], "kafka.topics": [{ name: "a" }, { name: "b" }] }],
    breaks: [
      [
        { "cluster.agents": [{ name: "master" }], "kafka.topics": [{ name: "a" }, { name: "a" }] },
        'toy.kafka.topics: "a" occurs more than once, allowed once, rename one of them',
        'toy.cluster.agents: "master" occurs more than once, allowed once, rename one of them',
      ],
      [
        {
          "telegraf.consumers": [
            { name: "a", topics: ["a.a"] },
            { name: "a", topics: ["a.b"] },
          ],
        },
        'toy.telegraf.consumers: "a" occurs more than once, allowed once, rename one of them',
      ],
    ],
  },
  nodePortsAreUnique: {
    passes: [{ "kafka.access": { kind: "nodeport", bootstrapNodePort: 31000 } }],
    breaks: [
      [
        { "kafka.access": { kind: "nodeport", bootstrapNodePort: 31091 } },
        "toy.kafka: NodePort 31091 is used by kafka.access.bootstrapNodePort and kafka.brokers[1].nodePort, allowed one user each, give one of them another port",
      ],
    ],
  },
  brokersFitAccess: {
    passes: [GKE()],
    breaks: [
      [
        { "kafka.brokers": [{ id: 0, nodePort: 31090 }, { id: 1 }, { id: 2, nodePort: 31092 }] },
        "toy.kafka.brokers[1].nodePort: got its default, allowed 30000–32767, for kafka.access is nodeport, add it",
      ],
      [
        { ...GKE(), "kafka.brokers": [{ id: 0 }, { id: 1, nodePort: 31091 }, { id: 2 }] },
        "toy.kafka.brokers[1].nodePort: got 31091, allowed nothing, for kafka.access is loadbalancer, remove it",
      ],
    ],
  },
  accessFitsCluster: {
    passes: [GKE()],
    breaks: [
      [
        { "kafka.access": { kind: "loadbalancer" }, "kafka.brokers": [{ id: 0 }, { id: 1 }, { id: 2 }] },
        'toy.kafka.access.kind: got "loadbalancer", allowed nodeport on a cluster of kind k3s, write it',
      ],
      [
        {
          ...GKE(),
          "kafka.access": { kind: "nodeport" },
          "kafka.brokers": [31090, 31091, 31092].map((nodePort, id) => ({ id, nodePort })),
        },
        'toy.kafka.access.kind: got "nodeport", allowed loadbalancer on a cluster of kind gke, write it',
      ],
    ],
  },
  namesLeadSomewhere: {
    passes: [
      { cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" } },
      { ...GKE(), cluster: { kind: "existing", kubeconfig: "/k" } },
    ],
    breaks: [
      [
        { ...GKE(), dns: { kind: "none" } },
        'toy.dns.kind: got "none", allowed external-dns on GKE, whose load balancers get their addresses when they are made, set it up',
      ],
      [
        { cluster: { kind: "existing", kubeconfig: "/k" } },
        "toy.cluster.address: got its default, allowed an address of the nodes, for names of NodePorts lead there, add it",
      ],
    ],
  },
  kafkaIdsAreDisjoint: {
    passes: [{ "kafka.controllerIds": [10, 11, 12] }],
    breaks: [
      [
        { "kafka.controllerIds": [2, 3, 4] },
        "toy.kafka: node id 2 is used by kafka.controllerIds[0] and kafka.brokers[2].id, allowed one node each, renumber one of them",
      ],
      [
        { "kafka.controllerIds": [3, 4, 3] },
        "toy.kafka: node id 3 is used by kafka.controllerIds[0] and kafka.controllerIds[2], allowed one node each, renumber one of them",
      ],
    ],
  },
  controllersAreOdd: {
    passes: [{ "kafka.controllerIds": [3] }],
    breaks: [
      [
        { "kafka.controllerIds": [3, 4] },
        "toy.kafka.controllerIds: got [3,4], allowed an odd number of controllers, which can always form a majority, add or remove one",
      ],
    ],
  },
  replicationFitsBrokers: {
    passes: [{ "kafka.replication": 3 }],
    breaks: [
      [
        { "kafka.replication": 4 },
        "toy.kafka.replication: got 4, allowed at most 3, the number of brokers, lower it or add brokers",
      ],
    ],
  },
  inSyncReplicasFitReplication: {
    passes: [{ "kafka.replication": 2, "kafka.minInSyncReplicas": 2 }],
    breaks: [
      [
        { "kafka.replication": 1 },
        "toy.kafka.minInSyncReplicas: got its default, allowed at most 1, kafka.replication, lower it",
      ],
    ],
  },
  ingestFitsDisks: {
    passes: [{ ingestBytesPerSecond: 180_000 }],
    breaks: [
      [
        { ingestBytesPerSecond: 200_000 },
        'toy.kafka.brokerDisk: got "15Gi", allowed at least 17Gi for 200000 bytes/s kept 24h in 3 copies, take a larger volume or a shorter retention',
      ],
    ],
  },
  limitsAreNotBelowRequests: {
    passes: [{ "influxdb.resources": { requests: { cpu: "8", memory: "16Gi" } } }],
    breaks: [
      [
        { "influxdb.resources": { requests: { cpu: "9" } } },
        "toy.influxdb.resources.limits.cpu: got its default, allowed at least the request 9, raise the limit",
      ],
      [
        { "telegraf.consumers.0.resources": { limits: { memory: "1Mi" } } },
        'toy.telegraf.consumers[0].resources.limits.memory: got "1Mi", allowed at least the request 512Mi, raise the limit',
      ],
    ],
  },
  requestsFitHost: {
    passes: [{ "cluster.capacity": { cpu: "16", memory: "64Gi" } }, { "cluster.capacity": { disk: "1Ti" } }],
    breaks: [
      [
        { "cluster.capacity": { cpu: "2", memory: "8Gi" } },
        expect.stringMatching(
          /^toy\.cluster\.capacity\.cpu: got "2", allowed at least [\d.]+, which .* request, /,
        ) as string,
        expect.stringMatching(
          /^toy\.cluster\.capacity\.memory: got "8Gi", allowed at least \d+Gi, which .* request, /,
        ) as string,
      ],
    ],
  },
  consumersAreDisjoint: {
    passes: [
      {
        "telegraf.consumers": [
          { name: "a", topics: ["lsst.sal.MTM1M3.*"] },
          { name: "b", topics: ["lsst.sal.MTM1M3TS.*"] },
        ],
      },
      {
        "telegraf.consumers": [
          { name: "a", topics: ["a.*"] },
          { name: "b", topics: ["a.*"], database: "other" },
        ],
      },
    ],
    breaks: [
      [
        {
          "telegraf.consumers": [
            { name: "a", topics: ["lsst.sal.MTM1M3*", "x.y"] },
            { name: "b", topics: ["lsst.sal.MTM1M3TS.*"] },
          ],
        },
        "toy.telegraf.consumers[1].topics: a and b both take topics of database efd (lsst.sal.MTM1M3* and lsst.sal.MTM1M3TS.*), allowed one consumer each, narrow one of them",
      ],
    ],
  },
};

function VAULT() {
  return { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "efd" };
}

/** The small site on GKE. */
function GKE(): Changes {
  return {
    cluster: { kind: "gke", project: "some-project", zone: "us-central1-b", machineType: "n1-standard-4", nodes: 4 },
    secrets: VAULT(),
    dns: { kind: "external-dns", region: "r", zone: "example.org" },
    "kafka.access": { kind: "loadbalancer" },
    "kafka.brokers": [{ id: 0 }, { id: 1 }, { id: 2 }],
  };
}

test("every rule is tried here", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(RULES.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(CASES))("%s", (_name, { passes, breaks }) => {
  test.each(passes.map((changes) => [changes]))("takes %j", (changes) => {
    expect(mistakesOf(siteWith(changes))).toEqual([]);
  });

  test.each(breaks.map(([changes, ...lines]) => [changes, lines] as const))("refuses %j", (changes, lines) => {
    expect(mistakesOf(siteWith(changes))).toEqual(lines);
  });
});

test("a rule stays silent about values that are malformed, and never throws", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (size, time) => {
      const found = mistakesOf(
        siteWith({ "kafka.brokerDisk": `x${size}`, "kafka.retention": `x${time}`, ingestBytesPerSecond: 1e9 }),
      );
      expect(found.map((line) => line.split(":")[0])).toEqual(["toy.kafka.brokerDisk", "toy.kafka.retention"]);
    }),
  );
});

test("no site breaks a rule", () => {
  for (const site of SITES) expect([site.name, mistakesOf(site)]).toEqual([site.name, []]);
});

test("a node's network holds twice its pods, and half of it would not", () => {
  expect([110, 250, 500].map(nodeCidrMask)).toEqual([24, 23, 22]);
  fc.assert(
    fc.property(fc.integer({ min: 128, max: 1000 }), (maxPods) => {
      expect(addressesOf(nodeCidrMask(maxPods))).toBeGreaterThanOrEqual(2 * maxPods);
      expect(addressesOf(nodeCidrMask(maxPods) + 1)).toBeLessThan(2 * maxPods);
    }),
  );
});

test("what nobody documented of a host is said, and only that", () => {
  const site = siteWith({ "cluster.capacity": { cpu: "400" } });
  expect(unjudged(parseEnvironment(site))).toEqual([
    "toy.cluster.capacity: memory, disk left out, so nothing checks whether the site fits its host",
  ]);
  expect(
    unjudged(parseEnvironment(siteWith({ "cluster.capacity": { cpu: "400", memory: "1Ti", disk: "9Ti" } }))),
  ).toEqual([]);
});
