import {
  brokerNames,
  podSpecOf,
  servicesOf,
  settingsOf,
  settingsSecret,
} from "../../../../../e2e/nodes/site/kafka/broker";
import { bindingsOf } from "../../../../../e2e/nodes/site/kafka/admin";
import type { LiveObject } from "../../../../../cli/shared/kubernetes/client";
import { inside } from "../../../../../synthesized/stack";
import { stack } from "../../../../support/sites";

const kafka = stack("local", "efd").customResources("Kafka")[0] as unknown as LiveObject;
const POD = "efd-broker-0";
const settings = new Map(
  settingsOf(kafka, 0, POD)
    .trim()
    .split("\n")
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);

describe("the broker in the place of Strimzi's", () => {
  it("has the listeners of the Kafka, each with its way to log in", () => {
    expect(settings.get("listener.security.protocol.map")).toBe(
      "CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,PLAIN:SASL_PLAINTEXT,TLS:SSL,EXTERNAL:SASL_SSL",
    );
    expect(settings.get("listeners")).toContain("PLAIN://0.0.0.0:9092,TLS://0.0.0.0:9093,EXTERNAL://0.0.0.0:9094");
    expect(settings.get("listener.name.tls.ssl.client.auth")).toBe("required");
    expect(settings.get("listener.name.external.sasl.enabled.mechanisms")).toBe("SCRAM-SHA-512");
  });

  it("is known outside by the address of the site's file, inside by its pod", () => {
    expect(settings.get("advertised.listeners")).toBe(
      "INSIDE://127.0.0.1:9091,PLAIN://efd-broker-0.efd-kafka-brokers.kafka.svc:9092,TLS://efd-broker-0.efd-kafka-brokers.kafka.svc:9093,EXTERNAL://kafka-0-local-efd.localhost:31090",
    );
    expect(brokerNames(POD)).toContain("efd-kafka-bootstrap.kafka.svc");
  });

  it("has the settings of the Kafka, and its administrator", () => {
    expect(settings.get("auto.create.topics.enable")).toBe("false");
    expect(settings.get("super.users")).toBe("User:ANONYMOUS;User:CN=kafka-admin");
    expect(settings.get("allow.everyone.if.no.acl.found")).toBe("false");
  });

  it("gets its keys, and those that cert-manager made for outside", () => {
    const volumes = (podSpecOf(kafka, { spec: {} }, POD)["volumes"] ?? []) as object[];
    const secrets = volumes.flatMap((one) => inside(one, "secret", "secretName") ?? []);
    expect(secrets).toEqual([settingsSecret(POD), "kafka-external-tls"]);
  });

  it("is reached by the ports of the nodes that the Kafka says", () => {
    const ports = [...servicesOf(kafka, 0)].map(([name, spec]) => [name, inside(spec, "ports", "nodePort")]);
    expect(ports).toEqual([
      ["efd-kafka-brokers", undefined],
      ["efd-kafka-external-bootstrap", 31089],
      ["efd-broker-external-0", 31090],
    ]);
  });
});

describe("rights of an account", () => {
  it("become Kafka's, one for each operation", () => {
    const acl = {
      resource: { type: "topic", name: "lsst.sal", patternType: "prefix" },
      operations: ["Read", "DescribeConfigs"],
    } as const;
    const binding = {
      resourceType: 2,
      resourceName: "lsst.sal",
      resourcePatternType: 4,
      principal: "User:telegraf",
      host: "*",
      permissionType: 3,
    };
    expect(bindingsOf("telegraf", acl)).toEqual([
      { ...binding, operation: 3 },
      { ...binding, operation: 10 },
    ]);
    expect(bindingsOf("x", { resource: { type: "cluster" }, operations: ["Describe"] })[0]?.resourceName).toBe(
      "kafka-cluster",
    );
  });
});
