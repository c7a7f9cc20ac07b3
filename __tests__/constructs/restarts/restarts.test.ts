import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { Restart } from "../../../constructs/kubernetes/restarts";
import { Restarts, type RestartsProps, restartTargets } from "../../../constructs/restarts/restarts";
import { addressOf, at, before, built, only } from "../support";

const PROGRAMS: Restart[] = [
  { namespace: "kafka", resource: "deployments", name: "registry", secrets: ["kafka-registry"] },
  { namespace: "telegraf", resource: "deployments", name: "a", secrets: ["k", "i"], topics: ["^a$", "^b\\..*$"] },
  { namespace: "telegraf", resource: "daemonsets", name: "b", secrets: ["i"] },
];

const view = (props: Partial<RestartsProps> = {}) =>
  built((stack) => {
    const workload = new DeploymentV1(stack, "program", {
      metadata: { name: "a", namespace: "telegraf" },
      spec: { template: { spec: {}, metadata: {} } },
    });
    new Restarts(stack, "rollouts", {
      namespace: "telegraf",
      programs: PROGRAMS.map((one) => (one.name === "a" ? { ...one, ready: workload } : one)),
      kafkaVersion: "4.3.1",
      topics: {
        brokers: "kafka:9092",
        user: "telegraf",
        secret: "k",
        knownTopic: "_schemas",
        registry: "http://registry:8081",
      },
      ...props,
    });
  });

const pod = (props: Partial<RestartsProps> = {}) =>
  at(only(view(props), "kubernetes_cron_job_v1"), "spec.job_template.spec.template.spec");

test("one line a program: Secrets with commas between, patterns as one, what consumes last", () => {
  expect(restartTargets(PROGRAMS)).toBe(
    "kafka deployments registry kafka-registry -\n" +
      "telegraf daemonsets b i -\n" +
      "telegraf deployments a k,i ^a$|^b\\..*$\n",
  );
});

test("it may look at these Secrets and change these workloads, and nothing else", () => {
  const roles = view()
    .resources("kubernetes_role_v1")
    .map(({ body }) => [at(body, "metadata.namespace"), body["rule"]]);
  const secrets = (...names: string[]) => ({
    api_groups: [""],
    resources: ["secrets"],
    resource_names: names,
    verbs: ["get"],
  });
  const workloads = (kind: string, ...names: string[]) => ({
    api_groups: ["apps"],
    resources: [kind],
    resource_names: names,
    verbs: ["get", "patch"],
  });
  expect(roles).toEqual([
    ["kafka", [secrets("kafka-registry"), workloads("deployments", "registry")]],
    ["telegraf", [secrets("i", "k"), workloads("daemonsets", "b"), workloads("deployments", "a")]],
  ]);
  expect(view().resources("kubernetes_cluster_role_v1")).toEqual([]);
  const bindings = view()
    .resources("kubernetes_role_binding_v1")
    .map(({ body }) => at(body, "metadata.namespace"));
  expect(bindings).toEqual(["kafka", "telegraf"]);
});

test("one at a time, after its rights and after the programs", () => {
  const one = view();
  expect(at(only(one, "kubernetes_cron_job_v1"), "spec")).toMatchObject({
    schedule: "*/5 * * * *",
    concurrency_policy: "Forbid",
    job_template: { spec: { template: { spec: { active_deadline_seconds: 540 } } } },
  });
  const earlier = before(one, addressOf(one, "kubernetes_cron_job_v1", "rollouts"));
  expect([...earlier]).toEqual(
    expect.arrayContaining([
      "kubernetes_deployment_v1.program",
      ...one.resources("kubernetes_role_binding_v1").map(({ address }) => address),
    ]),
  );
});

test("the brokers' own program lists the topics, with the consumers' password", () => {
  expect(at(pod(), "container.0.image")).toBe("quay.io/strimzi/kafka:1.2.0-kafka-4.3.1");
  const env = at(pod(), "container.0.env") as { name: string; value?: string; value_from?: unknown }[];
  expect(env.filter(({ value_from }) => value_from !== undefined)).toEqual([
    { name: "KAFKA_PASSWORD", value_from: { secret_key_ref: { name: "k", key: "password" } } },
  ]);
  const [config] = view().resources("kubernetes_config_map_v1");
  expect(at(pod(), "volume.0.config_map.name")).toBe(`\${${config?.address}.metadata[0].name}`);
});

test("where nobody consumes it needs no account of Kafka", () => {
  const env = at(pod({ topics: undefined }), "container.0.env") as { name: string }[];
  expect(env.map(({ name }) => name)).toEqual(["PATH", "TARGETS", "API_SERVER", "ACCOUNT", "PATIENCE"]);
});

test("runs without privileges, and keeps its password off the disk", () => {
  expect(pod()).toMatchObject({
    security_context: { run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } },
    container: [{ security_context: { allow_privilege_escalation: false, read_only_root_filesystem: true } }],
  });
  expect(at(pod(), "volume.1")).toEqual({ name: "tmp", empty_dir: { medium: "Memory", size_limit: "16Mi" } });
  expect(only(view(), "kubernetes_service_account_v1")["automount_service_account_token"]).toBe(false);
});
