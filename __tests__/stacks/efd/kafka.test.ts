import { parse } from "smol-toml";
import { stack } from "../../support/sites";
import {
  at,
  consumerConfigurations,
  customResource,
  factsOf,
  hostOf,
  TABLE,
  texts,
  upperLayers,
  valuesUnder,
  WITH_LOAD_BALANCERS,
  WITH_NODE_PORTS,
} from "../support";

const kafka = (site: string) => customResource(stack(site, "efd"), "Kafka", "efd");
const pool = (site: string, role: string) => customResource(stack(site, "efd"), "KafkaNodePool", role);
const idsOf = (body: ReturnType<typeof pool>) =>
  JSON.parse(body.metadata.annotations?.["strimzi.io/next-node-ids"] ?? "[]") as number[];

interface ListenerJson {
  readonly name: string;
  readonly port: number;
  readonly type: string;
  readonly tls: boolean;
  readonly authentication: { readonly type: string };
  readonly configuration?: {
    readonly bootstrap: { readonly nodePort: number };
    readonly brokers: {
      readonly broker: number;
      readonly nodePort: number;
      readonly advertisedHost: string;
      readonly advertisedPort: number;
    }[];
  };
}

const listeners = (site: string) => at(kafka(site).spec, "kafka.listeners") as ListenerJson[];

function external(site: string) {
  const [one, ...others] = listeners(site).filter(({ type }) => type !== "internal");
  if (!one?.configuration || others.length > 0) throw new Error(`${site}: allowed one outer listener`);
  return { ...one, configuration: one.configuration };
}

describe("cluster", () => {
  test.each(TABLE)("EFD-24: %s runs Kafka 4.3.1 in KRaft, controllers and brokers in pools of their own", (site) => {
    // The default of Strimzi 1.2.0.
    expect(at(kafka(site).spec, "kafka")).toMatchObject({ version: "4.3.1", metadataVersion: "4.3-IV0" });
    expect(
      stack(site, "efd")
        .customResources("KafkaNodePool")
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(["broker", "controller"]);
    for (const role of ["broker", "controller"]) {
      expect(at(pool(site, role).spec, "roles")).toEqual([role]);
      expect(at(pool(site, role), "metadata.labels")).toMatchObject({ "strimzi.io/cluster": "efd" });
    }
    expect(texts(stack(site, "efd").customResources()).filter((text) => /zookeeper/i.test(text))).toEqual([]);
    expect(valuesUnder(kafka(site).spec, "zookeeper")).toEqual([]);
  });

  test.each(TABLE)("EFD-24: %s has the brokers of the site table", (site) => {
    const { brokers } = factsOf(site);
    expect(idsOf(pool(site, "broker"))).toEqual(brokers);
    expect(at(pool(site, "broker").spec, "replicas")).toBe(brokers.length);
  });

  test.each(TABLE)("EFD-24: %s has the controllers of phalanx 2026-08", (site) => {
    const { controllers } = factsOf(site);
    expect(idsOf(pool(site, "controller"))).toEqual(controllers);
    expect(at(pool(site, "controller").spec, "replicas")).toBe(controllers.length);
  });

  test.each(TABLE)("EFD-24: %s keeps as many copies as it has brokers, of which two must be in sync", (site) => {
    const copies = factsOf(site).brokers.length;
    const inSync = copies === 1 ? 1 : 2;
    expect(at(kafka(site).spec, "kafka.config")).toMatchObject({
      "default.replication.factor": copies,
      "min.insync.replicas": inSync,
      "offsets.topic.replication.factor": copies,
      "transaction.state.log.replication.factor": copies,
      "transaction.state.log.min.isr": inSync,
      // phalanx 2026-08, "Other config" and "CRs".
      "auto.create.topics.enable": false,
      "log.message.timestamp.type": "LogAppendTime",
      "message.max.bytes": 10485760,
      "replica.fetch.max.bytes": 10485760,
    });
    for (const { spec } of stack(site, "efd").customResources("KafkaTopic")) expect(spec?.["replicas"]).toBe(copies);
  });

  test.each(TABLE)("EFD-30: %s keeps messages as long as the table says, and offsets as long in minutes", (site) => {
    const { kafkaHours } = factsOf(site);
    expect(at(kafka(site).spec, "kafka.config")).toMatchObject({
      "log.retention.hours": kafkaHours,
      "offsets.retention.minutes": kafkaHours * 60,
    });
  });
});

describe("storage", () => {
  const volume = (site: string, role: string) => at(pool(site, role).spec, "storage.volumes.0");

  test.each(TABLE)("EFD-25: %s puts every pool and every claim on the site's class", (site) => {
    const { storageClass } = factsOf(site);
    for (const role of ["broker", "controller"]) expect(volume(site, role)).toMatchObject({ class: storageClass });
    const claims = upperLayers(site).flatMap((view) => view.resources("kubernetes_persistent_volume_claim_v1"));
    expect(claims.map(({ body }) => at(body, "metadata.name")).sort()).toEqual(["chronograf", "influxdb", "kapacitor"]);
    for (const { body } of claims) expect(at(body, "spec.storage_class_name")).toBe(storageClass);
  });

  test.each(TABLE)("EFD-25: %s lets no chart make a claim of its own", (site) => {
    for (const { name, values } of upperLayers(site).flatMap((view) => view.releases()))
      for (const persistence of valuesUnder(values, "persistence"))
        expect([name, at(persistence, "enabled") === false || at(persistence, "existingClaim") !== undefined]).toEqual([
          name,
          true,
        ]);
  });

  test.each(TABLE)("EFD-25: %s keeps the brokers' and controllers' claims when their pool goes", (site) => {
    for (const role of ["broker", "controller"])
      expect(volume(site, role)).toMatchObject({ type: "persistent-claim", deleteClaim: false });
  });

  const size = (site: string, name: string) => {
    const claims = stack(site, "efd").resources("kubernetes_persistent_volume_claim_v1");
    const found = claims.find(({ body }) => at(body, "metadata.name") === name);
    return at(found?.body, "spec.resources.requests.storage");
  };

  // Row 26 is gcp's, row 27 is Tucson's and the Summit's, row 28 is NCSA's; docs/acceptance/efd.md#sites has the figures of all.
  test.each(TABLE)("EFD-26, EFD-27, EFD-28: %s has the sizes of the table", (site) => {
    const { brokerDisk, influxdbDisk, dashboardDisk } = factsOf(site);
    expect(volume(site, "broker")).toMatchObject({ size: brokerDisk });
    expect(size(site, "influxdb")).toBe(influxdbDisk);
    expect(size(site, "chronograf")).toBe(dashboardDisk);
    expect(size(site, "kapacitor")).toBe(dashboardDisk);
  });

  test.each(TABLE)("EFD-29: %s names neither", (site) => {
    for (const role of ["broker", "controller"])
      expect(at(pool(site, role).spec, "template.pod.affinity")).not.toHaveProperty("nodeAffinity");
  });
});

describe("listeners", () => {
  test.each(TABLE)("EFD-66: %s has the three listeners of phalanx 2026-08", (site) => {
    expect(
      listeners(site).map(({ name, port, tls, authentication }) => [name, port, tls, authentication.type]),
    ).toEqual([
      ["plain", 9092, false, "scram-sha-512"],
      ["tls", 9093, true, "tls"],
      ["external", 9094, true, "scram-sha-512"],
    ]);
  });

  test.each(WITH_NODE_PORTS)("EFD-32: %s opens NodePorts from 31090 on, and no load balancer", (site) => {
    expect(listeners(site).map(({ type }) => type)).toEqual(["internal", "internal", "nodeport"]);
    expect(
      external(site).configuration.brokers.map(({ broker, nodePort, advertisedPort }) => [
        broker,
        nodePort,
        advertisedPort,
      ]),
    ).toEqual(factsOf(site).brokers.map((id, position) => [id, 31090 + position, 31090 + position]));
  });

  test.each(WITH_LOAD_BALANCERS)("EFD-31: %s has a load balancer for each broker, and no NodePort", (site) => {
    const { type, port, configuration } = external(site);
    expect([type, port]).toEqual(["loadbalancer", 9094]);
    // terraform-efd of 2019: three load balancers.
    expect(configuration.brokers).toHaveLength(3);
    expect(
      configuration.brokers.map(({ broker, advertisedHost, advertisedPort }) => [
        broker,
        `${advertisedHost}:${advertisedPort}`,
      ]),
    ).toEqual(factsOf(site).brokers.map((id, position) => [id, `${hostOf(site, `kafka-${position}`)}:9094`]));
    expect(valuesUnder(configuration, "nodePort")).toEqual([]);
  });

  test.each(WITH_NODE_PORTS)("EFD-33: %s takes each NodePort once, within Kubernetes' range", (site) => {
    const { bootstrap, brokers } = external(site).configuration;
    const services = upperLayers(site).flatMap((view) => view.resources("kubernetes_service_v1"));
    const ports = [
      bootstrap.nodePort,
      ...brokers.map(({ nodePort }) => nodePort),
      ...services.flatMap(({ body }) => valuesUnder(body, "node_port")),
      ...upperLayers(site).flatMap((view) =>
        view.releases().flatMap(({ values }) => (values["resources"] ? [] : valuesUnder(values, "nodePort"))),
      ),
    ] as number[];
    expect(ports).toHaveLength(factsOf(site).brokers.length + 1);
    expect(new Set(ports).size).toBe(ports.length);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(30000);
      expect(port).toBeLessThanOrEqual(32767);
    }
  });

  test.each(TABLE)("EFD-66: %s gives every consumer the brokers' version", (site) => {
    const configurations = consumerConfigurations(site);
    expect(configurations.length).toBeGreaterThan(0);
    for (const { address, text } of configurations)
      for (const input of at(parse(text), "inputs.kafka_consumer") as Record<string, unknown>[])
        expect([address, input["kafka_version"]]).toEqual([address, at(kafka(site).spec, "kafka.version")]);
  });
});

describe("accounts", () => {
  const user = (site: string, name: string) => customResource(stack(site, "efd"), "KafkaUser", name);
  const rights = (site: string, name: string) =>
    (at(user(site, name).spec, "authorization.acls") as { resource: Record<string, string>; operations: string[] }[])
      .map(({ resource, operations }) =>
        [resource["type"], resource["patternType"], resource["name"], operations.join("+")].filter(Boolean).join(" "),
      )
      .sort();

  /** phalanx 2026-08, "KafkaUser". */
  test.each(["tucson", "summit"])("EFD-66: %s has the producers' rights of phalanx 2026-08", (site) => {
    expect(rights(site, "ts-salkafka")).toEqual([
      "cluster Describe+DescribeConfigs",
      "group literal * All",
      "topic prefix lsst.s3 All",
      "topic prefix lsst.sal All",
    ]);
  });

  test.each(["tucson", "summit"])(
    "EFD-66: %s lets ts-obsenv read in every group and describe the cluster, as phalanx 2026-08 does",
    (site) => {
      expect(rights(site, "ts-obsenv")).toEqual([
        "cluster Describe+DescribeConfigs",
        "group literal * All",
        "topic prefix lsst.obsenv All",
      ]);
    },
  );

  /** phalanx 2026-08, but for consdb, which may do everything there and reads. */
  test("EFD-66: summit has the accounts of phalanx 2026-08, and each may do what its program does", () => {
    expect(rights("summit", "consdb")).toEqual(["group literal * All", "topic prefix lsst.sal Read+Describe"]);
    expect(rights("summit", "prompt-processing")).toEqual([
      "group literal * All",
      "topic literal lsst.sal.ScriptQueue.logevent_nextVisit Read+Describe",
    ]);
    expect(rights("summit", "data-transfer-monitoring")).toEqual([
      "group literal * All",
      "topic literal lsst.sal.MTCamera.logevent_endReadout Read+Describe",
    ]);
    expect(rights("summit", "backpack")).toEqual(["topic prefix lsst.backpack Read+Write+Describe"]);
    expect(rights("summit", "replicator")).toEqual([
      "topic prefix _schemas Read+Describe+DescribeConfigs",
      "topic prefix lsst.sal. Read+Describe+DescribeConfigs",
    ]);
  });

  test("EFD-66: summit's backpack logs in with a certificate, as in phalanx 2026-08", () => {
    expect(at(user("summit", "backpack").spec, "authentication")).toEqual({ type: "tls" });
  });

  test("EFD-66: summit has the camera's rights of phalanx 2026-08", () => {
    expect(rights("summit", "camera")).toEqual([
      "cluster Describe+DescribeConfigs",
      "group literal * All",
      "topic prefix lsst.ATCamera All",
      "topic prefix lsst.CCCamera All",
      "topic prefix lsst.MTCamera All",
    ]);
  });

  test.each(TABLE)("EFD-66: %s lets Telegraf read, and never write", (site) => {
    const [group, topics, ...others] = rights(site, "telegraf");
    expect(others).toEqual([]);
    expect(topics).toBe("topic literal * Read+Describe");
    expect(group).toBe("group prefix telegraf-kafka-consumer- Read+Describe");
  });

  test.each(TABLE)("EFD-66: %s authorizes, with one superuser that logs in by certificate", (site) => {
    expect(at(kafka(site).spec, "kafka.authorization")).toEqual({ type: "simple", superUsers: ["CN=kafka-admin"] });
    expect(user(site, "kafka-admin").spec).toEqual({ authentication: { type: "tls" } });
  });

  test.each(TABLE)("EFD-62: %s gives every other account a password from a Secret of its own", (site) => {
    const efd = stack(site, "efd");
    const byCertificate = ["kafka-admin", ...(site === "summit" ? ["backpack"] : [])];
    const users = efd.customResources("KafkaUser").filter(({ metadata }) => !byCertificate.includes(metadata.name));
    const names = users.map(({ metadata, spec }) => {
      expect(at(spec, "authentication")).toEqual({
        type: "scram-sha-512",
        password: { valueFrom: { secretKeyRef: { name: `kafka-${metadata.name}`, key: "password" } } },
      });
      return `kafka-${metadata.name}`;
    });
    const made = efd.customResources("ExternalSecret").filter(({ metadata }) => metadata.namespace === "kafka");
    expect(made.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(names));
  });
});
