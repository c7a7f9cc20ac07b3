import fc from "fast-check";
import { parseEnvironment } from "../../environments/parse";
import { podsOf } from "../../environments/derived/capacity";
import { SITE_RULES } from "../../environments/derived/rules";
import { notesOn } from "../../environments/derived/notes";
import { mistakesAmong } from "../../environments/derived/sites";
import { unjudged } from "../../environments/derived/unjudged";
import { nodeCidrMask } from "../../environments/systems/cluster/nodes";
import { addressesOf } from "../../ground/units";
import { type Changes, client, GKE, VAULT } from "../support/bad-environments";
import { RIGHT_LOVE } from "../support/love/cases";
import { mistakesOf, siteWith } from "../support/environment";

/** For each rule what is just right; what breaks it is in bad-environments. */
const RIGHT: Record<string, Changes[]> = {
  ...RIGHT_LOVE,
  allowDestroysNamesOwnLayers: [{ allowDestroys: ["toy-cluster", "toy-efd"] }, { allowDestroys: ["toy-efd/kafka"] }],
  domainLiesInZone: [{ secrets: VAULT, dns: { kind: "external-dns", region: "r", zone: "org" } }],
  hostNamesAreRight: [{ hostPattern: "{app}.{site}.{domain}" }, { hostPattern: `{app}-${"x".repeat(47)}.{domain}` }],
  foreignSecretsComeFromVault: [
    { secrets: VAULT, login: "github" },
    { secrets: VAULT, connect: { s3: { bucket: "bucket", region: "r", topics: ["a.*"] } } },
  ],
  apiPortIsFree: [
    { "cluster.apiPort": 8443 },
    { "cluster.apiPort": 1024 },
    { "cluster.apiPort": 29999 },
    { "cluster.apiPort": 32768 },
  ],
  networksAreApart: [
    { "cluster.clusterCidr": "172.16.0.0/16", "cluster.serviceCidr": "172.18.0.0/16" },
    { "cluster.clusterCidr": "10.0.0.0/15", "cluster.serviceCidr": "10.2.0.0/16" },
  ],
  nodesFitNetwork: [
    { "cluster.clusterCidr": "10.42.0.0/23", "cluster.agents": [{ name: "kube-0" }] },
    { "cluster.clusterCidr": "10.42.0.0/24" },
    { "cluster.serviceCidr": "10.43.7.0/24" },
    { "cluster.clusterCidr": "10.0.0.0/8", "cluster.serviceCidr": "192.168.0.0/16" },
  ],
  addressesAreOutside: [
    { "cluster.address": "10.41.255.255" },
    { "cluster.address": "10.42.0.10", "cluster.clusterCidr": "10.52.0.0/16" },
    { "cluster.address": "172.18.0.1", title: "10.42.0.1" },
    { secrets: { ...VAULT, server: "https://10.44.0.1:8200" } },
    // Somebody else's cluster has networks that no file says.
    { cluster: { kind: "existing", kubeconfig: "/k", address: "10.42.0.10" } },
  ],
  nodesHaveOwnAddress: [
    { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a", address: "192.0.2.2", networkCard: "eno2" }] },
    { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://192.0.2.1", address: "192.0.2.2" }] },
    { "cluster.nodeAddress": "198.51.100.1", "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://192.0.2.1" }] },
  ],
  ownMachineIsServers: [
    { "cluster.dockerHost": "ssh://localhost", "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://localhost" }] },
    { "cluster.dockerHost": "unix:///a.sock", "cluster.agents": [{ name: "a", dockerHost: "unix:///a.sock" }] },
  ],
  domainLeadsToSite: [
    { domain: "localhost", "cluster.dockerHost": "unix:///var/run/docker.sock" },
    { domain: "efd.localhost", "cluster.dockerHost": undefined, "cluster.address": "127.0.0.1" },
    { domain: "localhost", cluster: { kind: "existing", kubeconfig: "/k", address: "127.0.0.1" } },
    { domain: "localhost.example.org" },
  ],
  clusterKnowsK3s: [{ "cluster.version": "v1.33.0-k3s1" }, { "cluster.version": "v1.38.9-k3s1" }],
  classesAreOurs: [{ "storage.className": "standard" }, { ...GKE, "storage.className": "pd-ssd" }],
  foreignClassIsNamed: [
    {
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1", provisioner: "none" },
      "storage.className": "theirs",
    },
  ],
  agentsReachServer: [
    { "cluster.address": "127.0.0.1", "cluster.agents": [{ name: "kube-0" }] },
    { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
  ],
  serverIsNotOlder: ["v1.33.9-k3s4", "v1.36.4-k3s9", "v1.36.5-k3s1"].map((version) => ({
    "cluster.version": "v1.36.5-k3s1",
    "cluster.agents": [{ name: "kube-0", version }],
  })),
  foldersAreApart: [
    { "cluster.hostPath": "/srv/efd" },
    { "cluster.hostPath": "/home/efd" },
    { "cluster.hostPath": "/var/lib/efd" },
    {
      "cluster.agents": [
        { name: "a", hostPath: "/disk0" },
        { name: "b", hostPath: "/disk1" },
        { name: "c", dockerHost: "ssh://c", hostPath: "/data" },
        { name: "d", dockerHost: "ssh://d", hostPath: "/disk0/efd" },
      ],
    },
    { "cluster.hostPath": "/variable" },
    { "cluster.dockerHost": "unix:///var/run/docker.sock", chartSource: "/database" },
    // Charts are only read.
    { "cluster.dockerHost": "unix:///var/run/docker.sock", chartSource: "/root/.cache/efd-charts" },
    // Charts lie on the operator's machine, not on the server's.
    { chartSource: "/data/charts" },
  ],
  reservedNamesAreOurs: [{ "kafka.topics": [{ name: "lsst.sal.Test.x" }] }],
  volumesFitHost: [{}, { "cluster.capacity": { disk: "136Gi" } }, { ...GKE, "cluster.capacity": { disk: "1Gi" } }],
  dockerHostsRunOneNodeEach: [
    { "cluster.agents": [{ name: "kube-0" }, { name: "kube-1" }] },
    {
      "cluster.agents": [
        { name: "kube-0", dockerHost: "ssh://a" },
        { name: "kube-1", dockerHost: "ssh://b" },
      ],
    },
  ],
  serversHostHasOneName: [
    { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://host.example.org" }] },
    { "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://efd@other.example.org" }] },
    { "cluster.dockerHost": undefined, "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
  ],
  namesAreUnique: [{ "cluster.agents": [{ name: "kube-0" }], "kafka.topics": [{ name: "a" }, { name: "b" }] }],
  clientsHaveTopics: [
    { "kafka.clients": [{ name: "c", description: "d", prefixes: ["p"], access: "all" }] },
    { "kafka.clients": [{ name: "c", description: "d", topics: ["lsst.sal.Test.x"], access: "read", login: "tls" }] },
  ],
  topicsAreApart: [{ "kafka.topics": [{ name: "a.b" }, { name: "a-b" }] }],
  nodePortsAreUnique: [{ "kafka.access": { kind: "nodeport", bootstrapNodePort: 31000 } }],
  brokersFitAccess: [GKE],
  accessFitsCluster: [GKE],
  namesLeadSomewhere: [
    { cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" } },
    { ...GKE, cluster: { kind: "existing", kubeconfig: "/k" } },
    { ...GKE, cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" } },
  ],
  operatorKnowsKafka: [{ "kafka.version": "4.3.0" }],
  kafkaKnowsMetadata: ["4.1-IV1", "4.2-IV1"].map((metadataVersion) => ({
    "kafka.version": "4.2.0",
    "kafka.metadataVersion": metadataVersion,
  })),
  kafkaIdsAreDisjoint: [{ "kafka.controllerIds": [10, 11, 12] }],
  controllersAreOdd: [{ "kafka.controllerIds": [3] }],
  replicationFitsBrokers: [{ "kafka.replication": 3 }],
  backupsFitVolume: [
    { backups: { target: { kind: "volume", disk: "60Gi" } } },
    { backups: { target: { kind: "volume", disk: "30Gi" }, keep: 1 } },
  ],
  classExists: [
    {
      "storage.classes": [{ name: "fast", hostPath: "/fast" }],
      backups: { target: { kind: "volume", disk: "60Gi", className: "fast" } },
    },
  ],
  inSyncReplicasFitReplication: [
    { "kafka.replication": 3, "kafka.minInSyncReplicas": 2 },
    { "kafka.replication": 2, "kafka.minInSyncReplicas": 1 },
    { "kafka.replication": 1, "kafka.minInSyncReplicas": 1 },
  ],
  secretsOfClientsAreFree: [client({ name: "kafka-exporter" }), client({ name: "efd" }), client({ name: "efds" })],
  rightsLeaveOutOwnTopics: [
    client({ prefixes: ["_schemas"], access: "mirror" }),
    client({ prefixes: ["_"], access: "read" }),
    client({ prefixes: ["connections"] }),
    { restProxy: { prefixes: ["lsst."] } },
  ],
  classesExist: [
    { "kafka.brokerClass": "local-path" },
    {
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1", provisioner: "none" },
      "kafka.brokerClass": "theirs",
      "storage.className": "others",
      "storage.classes": [{ name: "theirs" }],
    },
    { "kafka.brokerClass": "fast", "storage.classes": [{ name: "fast", hostPath: "/fast" }] },
  ],
  foldersNeedLocalPath: [
    { "storage.classes": [{ name: "fast", hostPath: "/fast" }, { name: "slow" }] },
    {
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" },
      "storage.classes": [{ name: "fast", hostPath: "/fast" }],
    },
    { ...GKE, "storage.classes": [{ name: "fast" }] },
  ],
  heapFitsLimit: [{ connect: {} }, { connect: { heap: "1Gi" } }],
  groupsAreApart: [{ connect: { sinks: [{ name: "clusters", topics: ["lsst.sal.Test.x"], database: "d" }] } }],
  somethingWrites: [
    { "telegraf.consumers": [], connect: { sinks: [{ name: "main", topics: ["lsst.sal.Test.x"] }] } },
    { connect: { sinks: [] } },
  ],
  textsAreUnique: [
    { "cluster.tlsSans": ["a.example.org", "b.example.org"] },
    {
      "kafka.clients": ["c", "d"].map((name) => ({ name, description: "d", prefixes: ["p"], access: "read" })),
    },
  ],
  selectorsFindNodes: [
    { "kafka.brokerNodeSelector": { "kubernetes.io/hostname": "master", "kubernetes.io/os": "linux" } },
    {
      "cluster.agents": [{ name: "kube-0", labels: { "efd/role": "kafka", "efd/disk": "nvme" } }],
      "kafka.brokerNodeSelector": { "efd/role": "kafka", "kubernetes.io/os": "linux" },
    },
    { ...GKE, "kafka.brokerNodeSelector": { theirs: "yes" } },
  ],
  retentionBytesFitDisk: [{ "kafka.retentionBytes": "14Gi" }],
  ingestFitsKafka: [
    // The retention and one segment: 24 h and 24 h, 1 h and 1 h, 72 h and 24 h.
    { ingestBytesPerSecond: 90_000, "influxdb.disk": "6Ti" },
    { ingestBytesPerSecond: 2_200_000, "influxdb.retention": "forever", "kafka.retention": "1h" },
    {
      ingestBytesPerSecond: 2_000_000,
      "kafka.retention": "72h",
      "kafka.brokerDisk": "644Gi",
      "influxdb.retention": "forever",
    },
  ],
  ingestFitsInfluxdb: [
    { ingestBytesPerSecond: 500 },
    { ingestBytesPerSecond: 1000, "influxdb.retention": "forever" },
    { ingestBytesPerSecond: 1000, "influxdb.retention": "1w" },
    { ingestBytesPerSecond: 10_000, "influxdb.retention": "2w", "influxdb.disk": "17Gi" },
  ],
  limitsAreNotBelowRequests: [{ "influxdb.resources": { requests: { cpu: "8", memory: "16Gi" } } }],
  requestsFitHost: [
    { "cluster.capacity": { cpu: "6900m", memory: "28Gi" } },
    { "cluster.capacity": { disk: "1Ti" } },
    // What other hosts have nobody states.
    { "cluster.capacity": { cpu: "1" }, "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] },
  ],
  podsFitOneNode: [
    {
      ...GKE,
      "cluster.capacity": { cpu: "18", memory: "60G" },
      "kafka.controllerIds": [9],
      "kafka.brokerResources": { requests: { cpu: "4500m" }, limits: { cpu: "5" } },
    },
    // Nodes of one host share what it has.
    { "cluster.capacity": { cpu: "6900m" }, "cluster.agents": [{ name: "kube-0" }, { name: "kube-1" }] },
  ],
  podsFitNodes: [{ "cluster.maxPods": 25 }, { "cluster.maxPods": 13, "cluster.agents": [{ name: "kube-0" }] }],
  consumersAreDisjoint: [
    {
      "telegraf.consumers": [{ name: "a", topics: ["lsst.sal.MTM1M3.*"] }],
      connect: { sinks: [{ name: "b", topics: ["lsst.sal.MTM1M3TS.x"] }] },
    },
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
  timeIsNoTag: [
    { "telegraf.consumers.0.tags": ["timestamp", "salIndex"] },
    { "telegraf.consumers.0.timestampField": "timestamp", "telegraf.consumers.0.tags": ["timestamps"] },
  ],
  salTimesAreSeconds: [
    { "telegraf.consumers.0.timestampFormat": "unix" },
    { "telegraf.consumers.0.timestampField": "private_rcvStamp" },
    { "telegraf.consumers.0.timestampField": "timestamp", "telegraf.consumers.0.timestampFormat": "unix_ms" },
  ],
  tagsRepeat: [{ "telegraf.consumers.0.tags": ["private_identity", "private_origin", "sndStamp"] }],
  tagsAreFree: [{ "telegraf.consumers.0.tags": ["times", "salIndex"] }],
  namesAreNoRepairers: [
    { "telegraf.consumers.0.name": "repairer" },
    { "telegraf.consumers.0.name": "test-repairer-x" },
    { "telegraf.consumers.0.repair": 2 },
  ],
  undeliveredFitBuffer: [
    { "telegraf.consumers.0.maxUndelivered": 100_000 },
    { "telegraf.consumers.0.maxUndelivered": 50_000, "telegraf.consumers.0.repair": 7 },
  ],
  batchesFill: [
    { "telegraf.consumers.0.maxUndelivered": 1000 },
    { "telegraf.consumers.0.batchSize": 250, "telegraf.consumers.0.maxUndelivered": 250 },
  ],
  mirrorsAnotherSite: [
    {
      secrets: VAULT,
      mirror: { source: { alias: "a", bootstrap: "kafka.example.org:1", user: "b" }, alias: "c", topics: ["a*"] },
    },
  ],
  copiedSchemasNeedMode: [
    {
      secrets: VAULT,
      "registry.modeIsMutable": true,
      mirror: { source: { alias: "a", bootstrap: "a.b:1", user: "b" }, alias: "c", topics: ["_schemas"] },
    },
  ],
  partitionsFitBrokers: [
    { "kafka.topics": Array.from({ length: 10 }, (_none, i) => ({ name: `a.${i}`, partitions: 1000 })) },
  ],
  copiesNoState: [
    {
      secrets: VAULT,
      "registry.modeIsMutable": true,
      mirror: {
        source: { alias: "a", bootstrap: "a.b:1", user: "b" },
        alias: "c",
        topics: ["_schemas", "connect-data", "lsst.*"],
      },
    },
  ],
  topicsCanBeThere: [
    { "telegraf.consumers.0.topics": ["lsst.sal.Test.logevent*", "lsst.sal.Test.command_*"] },
    { "telegraf.consumers.0.topics": ["lsst.sal.*", "lsst.ATCamera", "lsst.obsenv*"] },
    { "telegraf.consumers.0.topics": ["lsst.sal.MTM1M3*", "lsst.sal.Test.logevent_heartbeat"] },
    { "kafka.clients": [{ name: "c", description: "d", prefixes: ["lsst.sal", "lsst.sal.MT"], access: "read" }] },
    // Whoever makes a topic calls it as he likes.
    { "kafka.topics": [{ name: "lsst.sal.Test" }] },
  ],
};

test("every rule is tried here", () => {
  expect(Object.keys(RIGHT).toSorted()).toEqual(SITE_RULES.map(({ name }) => name).toSorted());
});

describe.each(Object.entries(RIGHT))("%s", (_name, passes) => {
  test.each(passes.map((changes) => [changes]))("takes %j", (changes) => {
    expect(mistakesOf(siteWith(changes))).toEqual([]);
  });
});

test("one rule can be broken in several places", () => {
  const lines = mistakesOf(
    siteWith({
      "kafka.clients": [{ name: "telegraf", description: "d", prefixes: ["p"], access: "all" }],
      "kafka.topics": [{ name: "_schemas" }],
      "telegraf.consumers": [{ name: "c", topics: ["a.*"], database: "telegraf" }],
    }),
  );
  expect(lines.map((line) => line.split(":")[0])).toEqual([
    "toy.kafka.clients[0].name",
    "toy.kafka.topics[0].name",
    "toy.telegraf.consumers[0].database",
  ]);
});

test.each(["telegraf", "chronograf"])("no consumer writes into %s, which a program has to itself", (database) => {
  const consumers = [{ name: "c", topics: ["a.*"], database }];
  expect(mistakesOf(siteWith({ "telegraf.consumers": consumers }))).toEqual([
    expect.stringMatching(/^toy\.telegraf\.consumers\[0\]\.database: .*any name but chronograf, telegraf/),
  ]);
});

test("no rule speaks of a section that is not of its form, and none throws", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (size, time) => {
      const found = mistakesOf(
        siteWith({
          "kafka.brokerDisk": `x${size}`,
          "kafka.retention": `x${time}`,
          "kafka.retentionBytes": `x${size}`,
          "kafka.version": `x${size}`,
          "kafka.metadataVersion": `x${time}`,
          "influxdb.retention": `x${time}`,
          ingestBytesPerSecond: 1e9,
        }),
      );
      expect(found.map((line) => line.split(":")[0]).toSorted()).toEqual(
        ["brokerDisk", "metadataVersion", "retention", "retentionBytes", "version"]
          .map((key) => `toy.kafka.${key}`)
          .concat("toy.influxdb.retention")
          .toSorted(),
      );
    }),
  );
});

const S3 = { kind: "s3", bucket: "states", region: "r", prefix: "efd" };

describe("several sites", () => {
  const site = (changes: Changes) => parseEnvironment(siteWith(changes));

  test("may have nothing in common by which they are found", () => {
    const other = {
      name: "other",
      "cluster.dockerHost": "ssh://other.example.org",
      "cluster.address": "192.0.2.2",
    };
    expect(mistakesAmong([site({}), site(other)])).toEqual([]);
    expect(mistakesAmong([site({}), site({ ...other, name: "toy" })])).toEqual([
      "toy.name: toy is toy's too. Allowed: one site each. Rename one of them.",
      "toy.hostPattern: kafka-toy-efd.example.org is toy's too. Allowed: one site each. Put {site} into the pattern or take another domain.",
    ]);
    expect(
      mistakesAmong([site({ hostPattern: "{app}.{domain}" }), site({ ...other, hostPattern: "{app}.{domain}" })]),
    ).toEqual([
      "other.hostPattern: kafka.example.org is toy's too. Allowed: one site each. Put {site} into the pattern or take another domain.",
    ]);
    expect(
      mistakesAmong([site({}), site({ name: "other", "cluster.agents": [{ name: "a", dockerHost: "ssh://b" }] })]),
    ).toEqual([
      "other.cluster.dockerHost: ssh://host.example.org is toy's too. Allowed: one site each. Take another host, for both sites' nodes would want the same names and ports there.",
    ]);
  });

  test("may not be made on one machine, whoever logs in there", () => {
    expect(
      mistakesAmong([site({}), site({ name: "other", "cluster.dockerHost": "ssh://efd@host.example.org" })]),
    ).toEqual([
      "other.cluster.dockerHost: ssh://host.example.org is toy's too. Allowed: one site each. Take another host, for both sites' nodes would want the same names and ports there.",
    ]);
  });

  const other = { name: "other", "cluster.dockerHost": "ssh://other.example.org", "cluster.address": "192.0.2.2" };
  const GIVEN = { secrets: VAULT, connect: { s3: { bucket: "bucket", region: "r", topics: ["a.*"] } } };
  const s3 = { kind: "s3", disk: "15Gi", bucket: "copies", region: "r" };
  const COPIES = { secrets: VAULT, backups: { target: { ...s3, prefix: "efd" } } };
  const KEPT = { secrets: VAULT, backups: { target: s3 } };
  const existing = (kubeconfig: string, address: string) => ({ cluster: { kind: "existing", kubeconfig, address } });
  const PAIRS: [what: string, one: Changes, two: Changes, paths: string[]][] = [
    ["a name that is a stack's", {}, { ...other, name: "toy-efd" }, ["name"]],
    ["a name that begins like another", {}, { ...other, name: "toy-stable" }, []],
    ["one address", {}, { ...other, "cluster.address": "192.0.2.1" }, ["cluster.address"]],
    [
      "one machine, by its address and as a Docker host",
      { "cluster.dockerHost": "ssh://192.0.2.9" },
      { ...other, "cluster.address": "192.0.2.9" },
      ["cluster.address"],
    ],
    [
      "one cluster of somebody else's",
      existing("/k", "a.b"),
      { name: "other", ...existing("/k", "c.d") },
      ["cluster.kubeconfig"],
    ],
    ["two clusters of somebody else's", existing("/k", "a.b"), { name: "other", ...existing("/l", "c.d") }, []],
    [
      "one address of somebody else's",
      existing("/k", "a.b"),
      { name: "other", ...existing("/l", "a.b") },
      ["cluster.address"],
    ],
    ["one bucket of data", GIVEN, { ...other, ...GIVEN }, ["connect.s3.bucket"]],
    ["buckets of one name in two stores", GIVEN, { ...other, ...GIVEN, "connect.s3.storeUrl": "http://a.b" }, []],
    ["one folder of backups", COPIES, { ...other, ...COPIES }, ["backups.target.bucket"]],
    ["folders of one bucket", KEPT, { ...other, ...KEPT }, []],
    ["one bucket of states", { state: S3 }, { ...other, state: S3 }, []],
  ];

  test.each(PAIRS)("%s", (_what, one, two, paths) => {
    expect(mistakesAmong([site(one), site(two)]).map((line) => line.split(":")[0])).toEqual(
      paths.map((path) => `${String(two["name"])}.${path}`),
    );
  });

  test("each of many is told", () => {
    const names = ["one", "two", "three"].map((name) =>
      site({ ...other, name, hostPattern: `{app}-${name}.{domain}` }),
    );
    expect(mistakesAmong(names).map((line) => line.split(":")[0])).toEqual([
      "two.cluster.dockerHost",
      "three.cluster.dockerHost",
    ]);
  });

  describe("a mirror whose source is one of them", () => {
    const client = (changes: object) => ({
      name: "m",
      description: "d",
      prefixes: ["lsst."],
      access: "mirror",
      ...changes,
    });
    const mirror = (bootstrap: string, ...topics: string[]) =>
      site({
        ...other,
        secrets: VAULT,
        "registry.modeIsMutable": true,
        mirror: { source: { alias: "a", bootstrap, user: "m" }, alias: "c", topics },
      });
    const of = (account: object, bootstrap = "kafka-toy-efd.example.org:31089", ...topics: string[]) =>
      mistakesAmong([
        mirror(bootstrap, ...(topics.length > 0 ? topics : ["lsst.sal.*"])),
        site({ "kafka.clients": [client(account)] }),
      ]);
    const account =
      "an account of toy's kafka.clients with a password and the access mirror. Add it there, or write its name.";

    test.each<[string, string[], string[]]>([
      ["is found by the bootstrap name", of({}), []],
      ["is found by a broker", of({}, "kafka-2-toy-efd.example.org:31092"), []],
      ["is another, of which nothing is known", of({ name: "n" }, "kafka.example.com:31089"), []],
      [
        "has no such port",
        of({}, "kafka-toy-efd.example.org:9094"),
        [
          'other.mirror.source.bootstrap: got "kafka-toy-efd.example.org:9094". Allowed: kafka-toy-efd.example.org:31089, where all brokers of toy are found. Write it.',
        ],
      ],
      ["has no such account", of({ name: "n" }), [`other.mirror.source.user: got "m". Allowed: ${account}`]],
      [
        "lets the account read no settings",
        of({ access: "read" }),
        [`other.mirror.source.user: got "m". Allowed: ${account}`],
      ],
      [
        "lets the account in by certificate only",
        of({ login: "tls" }),
        [`other.mirror.source.user: got "m". Allowed: ${account}`],
      ],
      [
        "keeps a topic from it",
        of({ topics: ["_schemas"] }, undefined, "_schemas", "lsst.*", "other.*"),
        [
          'other.mirror.topics[2]: got "other.*". Allowed: topics that m may read at toy. Add them to it in kafka.clients of toy.',
        ],
      ],
      [
        "is found by its address, where no account is",
        of({ name: "n" }, "192.0.2.1:31089"),
        [`other.mirror.source.user: got "m". Allowed: ${account}`],
      ],
    ])("%s", (_what, lines, expected) => {
      expect(lines).toEqual(expected);
    });

    test("copies nothing back", () => {
      const back = (...topics: string[]) =>
        site({
          secrets: VAULT,
          "registry.modeIsMutable": true,
          "kafka.clients": [client({ topics: ["_schemas"] })],
          mirror: {
            source: { alias: "c", bootstrap: "kafka-other-efd.example.org:31089", user: "m" },
            alias: "a",
            topics,
          },
        });
      const there = mirror("kafka-toy-efd.example.org:31089", "_schemas", "lsst.sal.ESS.*");
      expect(mistakesAmong([there, back("lsst.sal.Test.*")]).filter((line) => !line.includes(".user:"))).toEqual([]);
      expect(mistakesAmong([there, back("lsst.*")]).filter((line) => !line.includes(".user:"))).toEqual([
        'other.mirror.topics[1]: got "lsst.sal.ESS.*". Allowed: topics that toy does not copy from here; it copies lsst.*. Copy each topic in one direction only.',
        'toy.mirror.topics[0]: got "lsst.*". Allowed: topics that other does not copy from here; it copies lsst.sal.ESS.*. Copy each topic in one direction only.',
      ]);
    });
  });

  test("may both be made on whoever's own machine", () => {
    const local = { "cluster.dockerHost": "unix:///var/run/docker.sock", "cluster.address": "127.0.0.1" };
    expect(mistakesAmong([site(local), site({ ...local, name: "other" })])).toEqual([]);
  });
});

test("what is requested counts every pod of the site and of its platform", () => {
  const pods = podsOf(parseEnvironment(siteWith({})));
  const sum = (key: "cpu" | "memory") => pods.reduce((total, pod) => total + pod[key], 0);
  // Controllers, brokers, two operators of entities, registry, InfluxDB, Chronograf, Kapacitor, consumer; platform; k3s.
  expect(sum("cpu")).toBeCloseTo(3 * 0.5 + 3 + 2 * 0.1 + 3 * 0.1 + 1 + 0.1 + 0.1 + 0.1 + 0.32 + 0.2);
  expect(sum("memory") / 2 ** 20).toBe(1024 * (3 * 2 + 3 * 4 + 3 + 4) + 2 * 384 + 256 + 256 + 512 + 992 + 140);
  expect(pods).toHaveLength(3 + 3 + 1 + 3 + 1 + 1 + 1 + 1 + 9 + 2);
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

test.each<[string, Changes, string[]]>([
  [
    "a CSC that nobody knows",
    { "telegraf.consumers.0.topics": ["lsst.sal.MTMoutn.*", "lsst.sal.MTMount.*", "lsst.sal.*"] },
    [
      "toy.telegraf.consumers[0].topics[0]: no CSC is known whose topics are called lsst.sal.MTMoutn.* (nearest: MTMount). Correct the name, or leave it where the CSC is newer than this program.",
    ],
  ],
  [
    "a CSC in another spelling, for an account",
    { "kafka.clients": [{ name: "c", description: "d", prefixes: ["lsst.sal.ess"], access: "read" }] },
    [
      "toy.kafka.clients[0].prefixes[0]: no CSC is known whose topics are called lsst.sal.ess (nearest: ESS, EAS, DSM). Correct the name, or leave it where the CSC is newer than this program.",
    ],
  ],
  [
    "the beginning of topics that the site makes, without *",
    {
      "kafka.topics": [{ name: "lsst.obsenv.action" }, { name: "lsst.obsenvx.y" }],
      "telegraf.consumers.0.topics": ["lsst.obsenv", "lsst.obsenv.action"],
    },
    [
      "toy.telegraf.consumers[0].topics[0]: lsst.obsenv takes the one topic of that name, and not lsst.obsenv.action of kafka.topics. Write lsst.obsenv.* where those are meant.",
    ],
  ],
  [
    "a mirror that knows one broker",
    {
      secrets: VAULT,
      mirror: {
        source: { alias: "a", bootstrap: "kafka-0-summit-efd.lsst.codes:31090", user: "b" },
        alias: "c",
        topics: ["lsst.*"],
      },
    },
    [
      "toy.mirror.source.bootstrap: kafka-0-summit-efd.lsst.codes:31090 is one broker, without which the mirror does not start. Name the host where all brokers are found: kafka without a number, the port below that of the first.",
    ],
  ],
  ["the beginning of a CSC's name", { "telegraf.consumers.0.topics": ["lsst.sal.MT*"] }, []],
  [
    "a time that is not UTC",
    { "telegraf.consumers.0.timestampField": "private_sndStamp" },
    [
      "toy.telegraf.consumers[0].timestampField: private_sndStamp is TAI, which is ahead of UTC by the leap seconds, and not every producer sets it. Take private_efdStamp.",
    ],
  ],
  [
    "two times in one database",
    {
      "telegraf.consumers": [
        { name: "a", topics: ["lsst.sal.Test.*"] },
        { name: "b", topics: ["lsst.obsenv*"], timestampField: "timestamp", timestampFormat: "unix_ms" },
        { name: "c", topics: ["lsst.cp*"], timestampField: "timestamp", database: "other" },
      ],
    },
    [
      "toy.telegraf.consumers[1].timestampField: b takes times from timestamp as unix_ms, a from private_efdStamp as unix, both into database efd. Check that both are UTC, or take a database for each.",
    ],
  ],
])("%s is a warning", (_what, changes, lines) => {
  const of = (some: Changes) => notesOn(parseEnvironment(siteWith(some)));
  expect(of(changes).filter((line) => !of({}).includes(line))).toEqual(lines);
});

test("what nobody documented of a host or its data is said, and only that", () => {
  const of = (changes: Changes) => unjudged(parseEnvironment(siteWith(changes)));
  const all = { "cluster.capacity": { cpu: "400", memory: "1Ti", disk: "9Ti" }, ingestBytesPerSecond: 500 };
  expect(of(all)).toEqual([]);
  expect(of({ ...all, "cluster.agents": [{ name: "kube-0", dockerHost: "ssh://a" }] })).toEqual([
    "toy.cluster.agents: kube-0 on other hosts, of which no key states what they have, so nothing checks whether the site fits its hosts",
  ]);
  expect(of({ ...all, "cluster.capacity": { cpu: "400" } })).toEqual([
    "toy.cluster.capacity: memory, disk left out, so nothing checks whether the site fits its host",
  ]);
  expect(of({ ...all, ingestBytesPerSecond: undefined })).toEqual([
    "toy.ingestBytesPerSecond: left out, so nothing checks whether Kafka's and InfluxDB's volumes hold what they keep",
  ]);
  expect(of({ ...all, "influxdb.retention": "forever" })).toEqual([
    "toy.influxdb.retention: forever, so 15Gi are full after 372 days",
  ]);
});
