import { parse } from "smol-toml";
import { stack } from "../../support/sites";
import {
  addressOf,
  at,
  before,
  consumerConfigurations,
  customResource,
  influxdbSetup,
  readyJob,
  TABLE,
  upperLayers,
  WITH_LOAD_BALANCERS,
  WITH_NODE_PORTS,
} from "../support";

const release = (site: string, name: string) => addressOf(stack(site, "efd"), "helm_release", name);

describe("Telegraf", () => {
  const deployments = (site: string) =>
    stack(site, "efd")
      .resources("kubernetes_deployment_v1")
      .filter(({ body }) => at(body, "metadata.namespace") === "telegraf");

  test.each(WITH_NODE_PORTS)(
    "EFD-40: %s has no DaemonSet, no input of Docker, and one pod of each consumer",
    (site) => {
      for (const view of upperLayers(site)) {
        expect(view.resources().filter(({ type }) => type.includes("daemon_set"))).toEqual([]);
        expect(view.releases().filter(({ body }) => String(body["chart"]).includes("telegraf"))).toEqual([]);
      }
      for (const { text } of stack(site, "efd").telegrafConfigurations())
        expect(Object.keys(parse(text)["inputs"] as object).sort()).toEqual(["internal", "kafka_consumer"]);
      expect(deployments(site).length).toBeGreaterThan(0);
      for (const { body } of deployments(site))
        expect(body["spec"]).toMatchObject({ replicas: "1", strategy: { type: "Recreate" } });
    },
  );

  test.each(WITH_LOAD_BALANCERS)("EFD-41: %s measures its nodes, by a Telegraf on each", (site) => {
    const efd = stack(site, "efd");
    const [own, ...others] = upperLayers(site).flatMap((view) => view.resources("kubernetes_daemon_set_v1"));
    expect(others).toEqual([]);
    expect(own?.body["metadata"]).toMatchObject({ name: "telegraf-nodes", namespace: "telegraf-ds" });
    const [hosts, ...more] = efd.telegrafConfigurations().filter(({ text }) => !text.includes("kafka_consumer"));
    expect(more).toEqual([]);
    const config = parse(hosts?.text ?? "");
    // terraform-efd of 2019: the inputs of the DaemonSet, without Docker's.
    expect(Object.keys(config["inputs"] as object).sort()).toEqual(
      ["cpu", "disk", "diskio", "kernel", "mem", "net", "processes", "swap", "system"].sort(),
    );
    expect(at(config, "outputs.http")).toMatchObject([
      { url: "http://influxdb.influxdb:8086/write?db=telegraf", username: "telegraf" },
    ]);
    expect([...before(efd, own?.address ?? "")]).toEqual(
      expect.arrayContaining([release(site, "influxdb"), influxdbSetup(site).address, readyJob(efd, "efd-secrets")]),
    );
  });

  test.each(TABLE)("EFD-42: %s writes to InfluxDB's Service on 8086, its own metrics into telegraf", (site) => {
    const configurations = consumerConfigurations(site);
    expect(configurations).toHaveLength(deployments(site).length);
    for (const { text } of configurations) {
      const [data, own, ...others] = at(parse(text), "outputs.http") as Record<string, unknown>[];
      expect(others).toEqual([]);
      const write = "http://influxdb.influxdb:8086/write?db=";
      expect(own).toMatchObject({ url: `${write}telegraf`, namepass: ["telegraf_*"] });
      expect(data?.["url"]).toMatch(write);
      expect(data?.["url"]).not.toBe(own?.["url"]);
      expect(data).toMatchObject({ namedrop: ["telegraf_*"] });
    }
    // The chart calls the Service like the release.
    expect(release(site, "influxdb")).toBe("helm_release.influxdb_influxdb");
  });

  test.each(TABLE)("EFD-42: %s reads brokers and registry by Services that exist", (site) => {
    const efd = stack(site, "efd");
    for (const { text } of consumerConfigurations(site))
      for (const input of at(parse(text), "inputs.kafka_consumer") as Record<string, unknown>[]) {
        // Strimzi: <cluster>-kafka-bootstrap.
        expect(input["brokers"]).toEqual(["efd-kafka-bootstrap.kafka:9092"]);
        expect(input["avro_schema_registry"]).toBe("http://schema-registry.kafka:8081");
      }
    expect(efd.resource(addressOf(efd, "kubernetes_service_v1", "schema-registry"))).toMatchObject({
      metadata: { namespace: "kafka" },
      spec: { port: [{ port: 8081 }] },
    });
    expect(customResource(efd, "Kafka", "efd").metadata.namespace).toBe("kafka");
  });
});
