import { KafkaCluster, type KafkaClusterProps } from "../../../constructs/kafka/kafka-cluster";
import type { DnsTarget } from "../../../constructs/kubernetes/web";
import { parseEnvironment } from "../../../environments/parse";
import { siteWith } from "../../support/environment";
import { addressOf, at, before, built, customResource, readyJob, RESOURCES, webWith } from "../support";

type Spec = KafkaClusterProps["spec"];

const SPEC: Spec = {
  ...parseEnvironment(siteWith({})).kafka,
  controllerIds: [10, 11, 12],
  controllerResources: { ...RESOURCES, requests: { cpu: "500m", memory: "2Gi" } },
  brokers: [
    { id: 6, nodePort: 31090 },
    { id: 8, nodePort: 31095 },
  ],
  brokerDisk: "500Gi",
  brokerResources: RESOURCES,
  brokerClass: "fast",
  entityOperatorResources: { ...RESOURCES, requests: { cpu: "50m", memory: "256Mi" } },
  replication: 2,
  minInSyncReplicas: 1,
  retention: "72h",
  maxMessageBytes: 1234567,
};

const props = (spec: Partial<Spec>, dns?: DnsTarget): KafkaClusterProps => ({
  spec: { ...SPEC, ...spec },
  storageClass: "local-path",
  web: webWith(dns),
});
const view = (spec: Partial<Spec> = {}, dns?: DnsTarget) =>
  built((stack) => void new KafkaCluster(stack, "kafka", props(spec, dns)));
const kafka = (changes: Partial<Spec> = {}, dns?: DnsTarget) =>
  at(customResource(view(changes, dns), "Kafka", "efd").spec, "kafka") as Record<string, unknown>;
const listeners = (changes: Partial<Spec> = {}, dns?: DnsTarget) =>
  kafka(changes, dns)["listeners"] as Record<string, unknown>[];
const pool = (role: string, changes: Partial<Spec> = {}) => customResource(view(changes), "KafkaNodePool", role);

test.each(["controller", "broker"])("a start of a %s looks at the group of its volume's root only", (role) => {
  expect(at(pool(role).spec, "template.pod.securityContext")).toEqual({
    fsGroup: 0,
    fsGroupChangePolicy: "OnRootMismatch",
  });
});

test("nodes and entity operators hold no right, and write their volumes only", () => {
  const nothing = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  for (const role of ["controller", "broker"])
    expect(at(pool(role).spec, "template.kafkaContainer.securityContext")).toEqual(nothing);
  const { spec } = customResource(view(), "Kafka", "efd");
  for (const one of ["topicOperatorContainer", "userOperatorContainer"])
    expect(at(spec, `entityOperator.template.${one}.securityContext`)).toEqual(nothing);
});

describe("listeners", () => {
  test("two inside, one outside, each with its login", () => {
    expect(listeners().map(({ configuration: _, ...listener }) => listener)).toEqual([
      { name: "plain", port: 9092, type: "internal", tls: false, authentication: { type: "scram-sha-512" } },
      { name: "tls", port: 9093, type: "internal", tls: true, authentication: { type: "tls" } },
      { name: "external", port: 9094, type: "nodeport", tls: true, authentication: { type: "scram-sha-512" } },
    ]);
  });

  test("outside, a broker is called by its position and found by its NodePort, whatever its id", () => {
    expect(at(listeners()[2], "configuration.brokers")).toMatchObject([
      { broker: 6, nodePort: 31090, advertisedHost: "kafka-0-toy-efd.example.org", advertisedPort: 31090 },
      { broker: 8, nodePort: 31095, advertisedHost: "kafka-1-toy-efd.example.org", advertisedPort: 31095 },
    ]);
    expect(at(listeners()[2], "configuration.bootstrap")).toEqual({
      nodePort: 31089,
      alternativeNames: ["kafka-toy-efd.example.org"],
    });
  });

  test("with load balancers, a broker is found by its own, on the listener's port", () => {
    const outer = listeners({ access: { kind: "loadbalancer" } }, { kind: "load-balancer" })[2];
    expect(outer?.["type"]).toBe("loadbalancer");
    const record = (name: string) => ({ "external-dns.alpha.kubernetes.io/hostname": `${name}-toy-efd.example.org` });
    expect(at(outer, "configuration.brokers")).toEqual(
      [6, 8].map((broker, i) => ({
        broker,
        advertisedHost: `kafka-${i}-toy-efd.example.org`,
        advertisedPort: 9094,
        annotations: record(`kafka-${i}`),
      })),
    );
    expect(at(outer, "configuration.bootstrap")).toEqual({
      alternativeNames: ["kafka-toy-efd.example.org"],
      annotations: record("kafka"),
    });
  });

  test("records for all of them where there is DNS, none where there is not", () => {
    const annotations = (dns: DnsTarget) => {
      const outer = at(listeners({}, dns)[2], "configuration");
      return [at(outer, "bootstrap"), ...(at(outer, "brokers") as unknown[])].map((one) => at(one, "annotations"));
    };
    expect(annotations({ kind: "none" })).toEqual([undefined, undefined, undefined]);
    expect(annotations({ kind: "address", address: "192.0.2.1" })).toEqual(
      ["kafka", "kafka-0", "kafka-1"].map((name) => ({
        "external-dns.alpha.kubernetes.io/hostname": `${name}-toy-efd.example.org`,
        "external-dns.alpha.kubernetes.io/target": "192.0.2.1",
      })),
    );
  });

  test("the certificate covers every outside name and is there before the brokers", () => {
    const one = view();
    expect(customResource(one, "Certificate", "kafka-external-tls").spec).toMatchObject({
      secretName: "kafka-external-tls",
      issuerRef: { name: "efd", kind: "ClusterIssuer" },
      dnsNames: ["kafka-toy-efd.example.org", "kafka-0-toy-efd.example.org", "kafka-1-toy-efd.example.org"],
      // Strimzi reads PKCS #8 only.
      privateKey: { encoding: "PKCS8" },
    });
    expect(at(listeners()[2], "configuration.brokerCertChainAndKey")).toEqual({
      secretName: "kafka-external-tls",
      certificate: "tls.crt",
      key: "tls.key",
    });
    expect([...before(one, addressOf(one, "helm_release", "kafka-cluster"))]).toContain(
      readyJob(one, "kafka-certificates"),
    );
  });
});

describe("brokers", () => {
  test("copies, retention and sizes are the given ones", () => {
    expect(kafka()).toMatchObject({
      version: "4.3.1",
      metadataVersion: "4.3-IV0",
      config: {
        "default.replication.factor": 2,
        "offsets.topic.replication.factor": 2,
        "transaction.state.log.replication.factor": 2,
        "min.insync.replicas": 1,
        "transaction.state.log.min.isr": 1,
        "log.retention.hours": 72,
        "offsets.retention.minutes": 4320,
        "message.max.bytes": 1234567,
        "replica.fetch.max.bytes": 1234567,
        "auto.create.topics.enable": false,
      },
    });
  });

  test("only the superuser needs no rights", () => {
    expect(kafka()["authorization"]).toEqual({ type: "simple", superUsers: ["CN=kafka-admin"] });
  });

  test("both operators of entities run, each with its resources", () => {
    const resources = SPEC.entityOperatorResources;
    expect(at(customResource(view(), "Kafka", "efd").spec, "entityOperator")).toMatchObject({
      // Without its own finalizers a namespace with topics can go after the operator has gone.
      template: { topicOperatorContainer: { env: [{ name: "STRIMZI_USE_FINALIZERS", value: "false" }] } },
      topicOperator: { resources },
      userOperator: { resources },
    });
  });
});

describe("pools", () => {
  test.each([
    ["controller", [10, 11, 12], "20Gi", "local-path", SPEC.controllerResources],
    ["broker", [6, 8], "500Gi", "fast", SPEC.brokerResources],
  ])("%s: ids, size, class and resources", (role, ids, size, storageClass, resources) => {
    const found = pool(role);
    expect(JSON.parse(found.metadata.annotations?.["strimzi.io/next-node-ids"] ?? "")).toEqual(ids);
    expect(found.metadata["labels"]).toMatchObject({ "strimzi.io/cluster": "efd" });
    expect(found.spec).toMatchObject({ replicas: ids.length, roles: [role], resources });
    expect(at(found.spec, "storage.volumes")).toEqual([
      { id: 0, type: "persistent-claim", size, class: storageClass, deleteClaim: false, kraftMetadata: "shared" },
    ]);
  });

  test.each([
    [[10, 11, 12], "[0-9,13-999]"],
    [[2, 1, 0], "[3-999]"],
    [[0, 2, 999], "[1,3-998]"],
  ])("of ids %j no other one goes when the pool shrinks", (ids, range) => {
    const brokers = ids.map((id, i) => ({ id, nodePort: 31090 + i }));
    const found = pool("broker", { brokers, controllerIds: [500] });
    expect(found.metadata.annotations?.["strimzi.io/remove-node-ids"]).toBe(range);
    // Strimzi's own form of ranges (NodeIdRange).
    expect(range).toMatch(/^\[(\d+(-\d+)?)(,\d+(-\d+)?)*\]$/);
  });

  test("another pool is another revision of the Kafka, whose readiness is waited for, and comes first", () => {
    const revision = (changes: Partial<Spec> = {}) =>
      (at(kafka(changes), "template.podSet.metadata.annotations") as Record<string, string>)["efd/pools-revision"];
    expect(revision()).toMatch(/^[0-9a-f]{8}$/);
    expect(revision({ retention: "1h" })).toBe(revision());
    for (const change of [
      { brokerResources: SPEC.controllerResources },
      { brokers: [...SPEC.brokers, { id: 9, nodePort: 31096 }] },
      { controllerDisk: "30Gi" },
      { brokerNodeSelector: { kafka: "ok" } },
    ])
      expect(revision(change)).not.toBe(revision());
    const one = view();
    expect([...before(one, addressOf(one, "helm_release", "kafka-cluster"))]).toContain(
      addressOf(one, "helm_release", "kafka-pools"),
    );
    expect(customResource(one, "KafkaNodePool", "broker").metadata["labels"]).toMatchObject({
      "efd-release": "kafka-pools",
    });
  });

  test("data stays in the cluster when a pool or the cluster leaves the release", () => {
    for (const one of view()
      .customResources()
      .filter(({ kind }) => kind.startsWith("Kafka")))
      expect([one.kind, one.metadata.annotations]).toEqual([
        one.kind,
        expect.objectContaining({ "helm.sh/resource-policy": "keep" }),
      ]);
  });

  test("brokers are spread where they can, and kept to nodes where they must", () => {
    const affinity = at(
      pool("broker", { brokerNodeSelector: { kafka: "ok", zone: "a" } }).spec,
      "template.pod.affinity",
    );
    expect(at(affinity, "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms")).toEqual([
      {
        matchExpressions: [
          { key: "kafka", operator: "In", values: ["ok"] },
          { key: "zone", operator: "In", values: ["a"] },
        ],
      },
    ]);
    expect(
      at(affinity, "podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm"),
    ).toMatchObject({
      topologyKey: "kubernetes.io/hostname",
      labelSelector: { matchLabels: { "strimzi.io/pool-name": "broker" } },
    });
    expect(
      at(pool("controller", { brokerNodeSelector: { kafka: "ok" } }).spec, "template.pod.affinity"),
    ).not.toHaveProperty("nodeAffinity");
    expect(at(pool("broker").spec, "template.pod.affinity")).not.toHaveProperty("nodeAffinity");
  });
});

test("what needs the brokers waits until the cluster is ready", () => {
  const one = view();
  const job = one.resource(readyJob(one, "kafka-cluster"));
  expect(at(job, "spec.template.spec.container.0.args")).toEqual(
    expect.arrayContaining(["kafkas.kafka.strimzi.io", "--selector=efd-release=kafka-cluster"]),
  );
});

test("it says where brokers are found: inside by the Service that Strimzi makes, outside by their hosts", () => {
  let cluster: KafkaCluster | undefined;
  built((stack) => void (cluster = new KafkaCluster(stack, "kafka", props({}))));
  expect(cluster).toMatchObject({
    bootstrap: "efd-kafka-bootstrap.kafka:9092",
    version: "4.3.1",
    maxMessageBytes: 1234567,
    outside: {
      bootstrap: { host: "kafka-toy-efd.example.org", port: 31089 },
      brokers: [
        { id: 6, host: "kafka-0-toy-efd.example.org", port: 31090 },
        { id: 8, host: "kafka-1-toy-efd.example.org", port: 31095 },
      ],
    },
  });
});

test("a broker without NodePort cannot be reached where clients come by one", () => {
  expect(() => view({ brokers: [{ id: 6 }] })).toThrow("broker 6 has no NodePort");
});
