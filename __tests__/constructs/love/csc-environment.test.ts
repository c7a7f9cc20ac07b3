import type { TerraformStack } from "cdktf";
import { Commander } from "../../../constructs/love/commander";
import { CscEnvironment } from "../../../constructs/love/csc-environment";
import { Producers } from "../../../constructs/love/producers/producers";
import type { LovePart } from "../../../constructs/love/surroundings";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { at, built, only } from "../support";
import { loveSpecOf, partOf } from "./support";

const SUMMIT = loveSpecOf("summit");
const environment = (spec: LoveSpec, efd = {}) =>
  only(
    built((stack) => void new CscEnvironment(stack, "environment", partOf(spec, { efd }))),
    "kubernetes_config_map_v1",
  );

test("LOVE-C24, LOVE-C25, LOVE-C26: the eight variables of the Summit", () => {
  const { metadata, data } = environment(SUMMIT, {
    brokers: { bootstrap: "efd-kafka-bootstrap.kafka:9092", version: "4.3.1", maxMessageBytes: 1 },
  });
  expect(metadata).toMatchObject({ name: "csc-env-config", namespace: "love" });
  expect(data).toEqual({
    EXTERNAL_INSTANCE_URL: "https://summit-lsp.lsst.codes",
    LSST_SITE: "summit",
    LSST_TOPIC_SUBNAME: "sal",
    LSST_KAFKA_BROKER_ADDR: "efd-kafka-bootstrap.kafka:9092",
    LSST_KAFKA_REPLICATION_FACTOR: "3",
    LSST_KAFKA_SECURITY_USERNAME: "ts-salkafka",
    LSST_SCHEMA_REGISTRY_URL: "http://registry:8081",
    S3_ENDPOINT_URL: "https://s3.cp.lsst.org",
  });
});

test("LOVE-C25, LOVE-C26: those of Tucson", () => {
  expect(environment(loveSpecOf("tucson"))["data"]).toMatchObject({
    EXTERNAL_INSTANCE_URL: "https://tucson-teststand.lsst.codes",
    LSST_SITE: "tucson",
    S3_ENDPOINT_URL: "https://s3.tu.lsst.org",
  });
});

test("brokers, registry and copies are those of the EFD: no other can be written", () => {
  expect(
    environment(SUMMIT, { replication: 1, registry: { url: "http://other:1" }, brokers: { bootstrap: "other:9092" } })[
      "data"
    ],
  ).toMatchObject({
    LSST_KAFKA_REPLICATION_FACTOR: "1",
    LSST_SCHEMA_REGISTRY_URL: "http://other:1",
    LSST_KAFKA_BROKER_ADDR: "other:9092",
  });
});

test("LOVE-C24: a site without object store and science platform has all eight too", () => {
  const { data } = environment(loveSpecOf("local"));
  expect(Object.keys(data as object)).toHaveLength(8);
  expect(data).toMatchObject({ S3_ENDPOINT_URL: "", EXTERNAL_INSTANCE_URL: "https://love-toy-efd.example.org" });
});

describe("another environment restarts who reads it, and nothing else does", () => {
  const [first] = SUMMIT.producers;
  const readers: [string, (stack: TerraformStack, part: LovePart) => void][] = [
    ["the commander", (stack, part) => void new Commander(stack, "commander", part)],
    ["a producer", (stack, part) => void new Producers(stack, "producers", part)],
  ];
  test.each(readers)("%s", (_who, add) => {
    const mark = (spec: Partial<LoveSpec>, efd = {}) => {
      const part = partOf({ ...SUMMIT, producers: first ? [first] : [], ...spec }, { efd });
      const deployment = only(
        built((stack) => {
          add(stack, part);
        }),
        "kubernetes_deployment_v1",
      );
      return at(deployment, "spec.template.metadata.annotations");
    };
    expect(mark({})).toEqual({ "efd/config": expect.stringMatching(/^[0-9a-f]{8}$/) as unknown });
    expect(mark({ spread: !SUMMIT.spread })).toEqual(mark({}));
    expect(mark({}, { registry: { url: "http://other:1" } })).not.toEqual(mark({}));
    expect(mark({ sciencePlatform: "other.example.org" })).not.toEqual(mark({}));
  });
});
