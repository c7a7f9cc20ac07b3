import { Commander } from "../../../constructs/love/commander";
import type { LoveSpec } from "../../../environments/systems/love/schema";
import { at, built, only } from "../support";
import { loveSpecOf, named, partOf, secretsOf, valuesOf } from "./support";

const SUMMIT = loveSpecOf("summit");
const TUCSON = loveSpecOf("tucson");
const view = (spec: LoveSpec) => built((stack) => void new Commander(stack, "commander", partOf(spec)));
const deployment = (spec: LoveSpec = SUMMIT) => only(view(spec), "kubernetes_deployment_v1");
const container = (spec?: LoveSpec) => at(deployment(spec), "spec.template.spec.container.0");

test("LOVE-C28: one pod, which ends before the next begins, behind its Service", () => {
  expect(at(deployment(), "spec.replicas")).toBe("1");
  expect(at(deployment(), "spec.strategy.type")).toBe("Recreate");
  expect(at(container(), "port")).toEqual([{ name: "http", container_port: 5000 }]);
  expect(at(named(view(SUMMIT), "kubernetes_service_v1", "love-commander-service"), "spec")).toEqual({
    selector: { csc: "love-commander" },
    port: [{ name: "http", port: 5000, target_port: "http" }],
  });
  expect(at(deployment(), "spec.selector.match_labels")).toEqual({ csc: "love-commander" });
  expect(at(deployment(), "spec.template.metadata.labels")).toMatchObject({
    csc: "love-commander",
    "csc-name": "love-commander",
    "csc-class": "love-commander",
    "csc-is-primary": "true",
  });
});

test("LOVE-C29: it gets what the site gives", () => {
  expect(at(container(), "resources")).toEqual({
    requests: { cpu: "500m", memory: "1500Mi" },
    limits: { cpu: "1", memory: "2Gi" },
  });
  expect(at(container(TUCSON), "resources")).toEqual({
    requests: { cpu: "50m", memory: "350Mi" },
    limits: { cpu: "500m", memory: "1050Mi" },
  });
});

test("LOVE-C23: it logs in to Kafka as SAL's programs do, and to the Large File Annex", () => {
  expect(at(container(), "env_from")).toEqual([{ config_map_ref: { name: "csc-env-config" } }]);
  expect(secretsOf(container())).toEqual({
    LSST_KAFKA_SECURITY_PASSWORD: "love/ts-salkafka-password",
    AWS_ACCESS_KEY_ID: "love/aws-access-key-id",
    AWS_SECRET_ACCESS_KEY: "love/aws-secret-access-key",
  });
});

test("LOVE-C26, LOVE-C27: the object store of the site, and Tucson's takes no unasked checksum", () => {
  expect(valuesOf(container())["S3_INSTANCE"]).toBe("cp");
  expect(valuesOf(container())).not.toHaveProperty("AWS_REQUEST_CHECKSUM_CALCULATION");
  expect(valuesOf(container(TUCSON))).toMatchObject({
    S3_INSTANCE: "tuc",
    AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_REQUIRED",
  });
});

test("without an object store it has none, and does not pretend to have one", () => {
  const local = container(loveSpecOf("local"));
  for (const name of ["S3_INSTANCE", "MOCK_S3"]) expect(valuesOf(local)).not.toHaveProperty(name);
  expect(secretsOf(local)).toEqual({ LSST_KAFKA_SECURITY_PASSWORD: "love/ts-salkafka-password" });
});

test("its libraries start no thread for each core of the host", () => {
  const values = valuesOf(container());
  const threads = Object.keys(values).filter((name) => /THREADS$/.test(name));
  expect(threads).toHaveLength(8);
  expect(threads.map((name) => values[name])).toEqual(threads.map(() => "1"));
  expect(values["OMP_PROC_BIND"]).toBe("false");
});

test("it is asked by its heartbeat, and is ended after a minute without an answer", () => {
  for (const probe of ["startup_probe", "readiness_probe", "liveness_probe"])
    expect(at(container(), `${probe}.http_get`)).toEqual({ path: "/heartbeat/", port: "http" });
  const { period_seconds: period, failure_threshold: failures } = at(container(), "liveness_probe") as Record<
    string,
    number
  >;
  expect((period ?? 0) * (failures ?? 0)).toBe(60);
});

test("LOVE-C53, LOVE-C54: the image of its cycle, with the account of the registry", () => {
  expect(at(container(), "image")).toBe("ts-dockerhub.lsst.org/love-commander:c0044.003");
  expect(at(deployment(), "spec.template.spec.image_pull_secrets")).toEqual([{ name: "pull-secret" }]);
});

test("LOVE-C59: nothing of the middleware before Kafka", () => {
  expect(view(SUMMIT).text).not.toMatch(/LSST_DDS_|OSPL_|MYS3_|AUTHLIST_/);
});

test("the commander itself is the first process, so that it learns of its end", () => {
  expect((at(container(), "command") as string[])[2]).toContain("exec python");
});
