import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import type { Restart } from "../../../constructs/kubernetes/restarts";
import { TelegrafConsumer, type TelegrafConsumerProps } from "../../../constructs/telegraf/telegraf-consumer";
import { at, built, INFLUXDB, KAFKA, only, REGISTRY, RESOURCES } from "../support";

const SPEC: TelegrafConsumerProps["spec"] = {
  name: "test",
  topics: ["lsst.sal.Test.*"],
  database: "efd",
  timestampField: "private_efdStamp",
  timestampFormat: "unix",
  tags: [],
  batchSize: 1000,
  flushInterval: "10s",
  maxUndelivered: 10000,
  resources: RESOURCES,
};
const TOPICS = ["^lsst\\.sal\\.Test\\..*$"];

const PROPS: TelegrafConsumerProps = {
  spec: SPEC,
  kafka: KAFKA,
  registry: REGISTRY,
  influxdb: INFLUXDB,
  dependsOn: [],
};

const view = (props: Partial<TelegrafConsumerProps> = {}) =>
  built((stack) => void new TelegrafConsumer(stack, "consumer", { ...PROPS, ...props }));

const deployment = (props: Partial<TelegrafConsumerProps> = {}) => only(view(props), "kubernetes_deployment_v1");
const template = (props: Partial<TelegrafConsumerProps> = {}) => at(deployment(props), "spec.template");

test("one pod, which ends before the next one begins", () => {
  expect(deployment()).toMatchObject({
    metadata: { name: "telegraf-test", namespace: "telegraf" },
    spec: { replicas: "1", strategy: { type: "Recreate" } },
  });
});

test("passwords come from Secrets, by variables that the configuration reads", () => {
  const env = at(template(), "spec.container.0.env") as { value_from?: unknown }[];
  expect(env.filter(({ value_from }) => value_from !== undefined)).toEqual([
    { name: "KAFKA_PASSWORD", value_from: { secret_key_ref: { name: "kafka-telegraf", key: "password" } } },
    { name: "INFLUXDB_PASSWORD", value_from: { secret_key_ref: { name: "telegraf-secret", key: "password" } } },
  ]);
  const { data } = only(view(), "kubernetes_config_map_v1") as { data: Record<string, string> };
  // Escaped once, so that Terraform does not read it.
  for (const file of ["telegraf.conf", "careful.conf"]) {
    expect(data[file]).toContain('sasl_password = "$${KAFKA_PASSWORD}"');
    expect(data[file]).not.toMatch(/(?<!\$)\$\{/);
  }
});

test("Telegraf reads the files that are mounted, and starts anew when one of them changes", () => {
  expect(at(template(), "spec.container.0.command")).toEqual(["sh", "/etc/telegraf/run.sh"]);
  const { data } = only(view(), "kubernetes_config_map_v1") as { data: Record<string, string> };
  expect(Object.keys(data).sort()).toEqual(["careful.conf", "run.sh", "telegraf.conf"]);
  const mark = (props: Partial<TelegrafConsumerProps> = {}) => at(template(props), "metadata.annotations.efd/config");
  expect(mark({ spec: { ...SPEC, batchSize: 7 } })).not.toBe(mark());
  expect(at(template(), "spec.container.0.volume_mount")).toEqual([
    { name: "config", mount_path: "/etc/telegraf", read_only: true },
  ]);
  const [config] = view().resources("kubernetes_config_map_v1");
  expect(at(template(), "spec.volume")).toEqual([
    { name: "config", config_map: { name: `\${${config?.address}.metadata[0].name}` } },
  ]);
  const [{ text } = { text: "" }] = view().telegrafConfigurations();
  expect(at(parse(text), "inputs.kafka_consumer.0.topic_regexps")).toEqual(TOPICS);
});

describe("the registry is waited for before Telegraf starts, since what it reads without one is lost", () => {
  const [init, ...others] = at(template(), "spec.init_container") as { image: string; command: string[] }[];
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the command with a `wget` that fails so many times first. */
  function wait(failures: number) {
    const program = (name: string, text: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const asked = join(folder, "asked");
    writeFileSync(asked, "");
    program("sleep", "exit 0");
    program("wget", `echo "$@" >> ${asked}; [ "$(wc -l < ${asked})" -gt ${failures} ]`);
    const [command = "", ...args] = init?.command ?? [];
    const { status, stdout } = spawnSync(command, args, {
      env: { PATH: `${folder}:${process.env["PATH"]}` },
      encoding: "utf8",
    });
    return { status, stdout, asked: readFileSync(asked, "utf8").trim().split("\n") };
  }

  test("by the one container that comes first, in Telegraf's own image", () => {
    expect(others).toEqual([]);
    expect(init?.image).toBe(at(template(), "spec.container.0.image"));
  });

  test("it goes on as soon as the registry answers, and says once for whom it waits", () => {
    const { status, stdout, asked } = wait(200);
    expect([status, stdout]).toEqual([0, "the schema registry does not answer yet at http://registry:8081\n"]);
    expect(asked).toHaveLength(201);
    expect(asked[0]).toMatch(/ http:\/\/registry:8081\/subjects$/);
  });

  test("it says nothing where the registry answers", () => {
    expect(wait(0)).toMatchObject({ status: 0, stdout: "" });
  });
});

test("starts anew when its configuration changes, and only then", () => {
  const revision = (props: Partial<TelegrafConsumerProps>) => at(template(props), "metadata.annotations");
  expect(revision({})).toEqual(revision({}));
  expect(revision({})).not.toEqual(revision({ spec: { ...SPEC, batchSize: 1 } }));
  expect(Object.keys(revision({}) as object)).toEqual(["efd/config"]);
});

test("says what it reads when it starts, and what a restart does to its pods is not Terraform's", () => {
  let restart: Restart | undefined;
  const one = built((stack) => {
    restart = new TelegrafConsumer(stack, "consumer", PROPS).restart;
  });
  expect(restart).toMatchObject({
    namespace: "telegraf",
    resource: "deployments",
    name: "telegraf-test",
    secrets: ["kafka-telegraf", "telegraf-secret"],
    topics: TOPICS,
  });
  const ignored = at(only(one, "kubernetes_deployment_v1"), "lifecycle.ignore_changes") as string[];
  for (const mark of ["efd/secrets", "efd/topics", "kubectl.kubernetes.io/restartedAt"])
    expect(ignored).toContain(`spec[0].template[0].metadata[0].annotations["${mark}"]`);
});

test("two consumers do not share pods", () => {
  const selector = (name: string) =>
    at(deployment({ spec: { ...SPEC, name } }), "spec.selector.match_labels") as Record<string, string>;
  expect(selector("a")).not.toEqual(selector("b"));
  expect(at(template(), "metadata.labels")).toMatchObject(selector("test"));
});

test("runs without privileges and without an account of the cluster", () => {
  expect(at(template(), "spec")).toMatchObject({
    automount_service_account_token: false,
    enable_service_links: false,
    security_context: { run_as_non_root: true, run_as_user: "1000" },
  });
  expect(at(template(), "spec.container.0.security_context")).toMatchObject({
    allow_privilege_escalation: false,
    read_only_root_filesystem: true,
  });
  expect(at(template(), "spec.container.0.resources")).toEqual(RESOURCES);
});
