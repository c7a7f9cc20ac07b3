import { registryAccess } from "../../../constructs/registry/access";
import { SchemaRegistry, type SchemaRegistryProps } from "../../../constructs/registry/schema-registry";
import { podsIn } from "../../../constructs/kubernetes/network-policy";
import { addressOf, at, before, built, customResource, KAFKA, only, RESOURCES, webWith } from "../support";

const SPEC: SchemaRegistryProps["spec"] = { replicas: 3, resources: RESOURCES, modeIsMutable: false };
const PROPS: SchemaRegistryProps = {
  spec: SPEC,
  kafka: KAFKA,
  web: webWith(),
  clients: ["telegraf", "connect"].map(podsIn),
  dependsOn: [],
};
const view = (spec: Partial<SchemaRegistryProps["spec"]> = {}) =>
  built((stack) => void new SchemaRegistry(stack, "registry", { ...PROPS, spec: { ...SPEC, ...spec } }));

const deployment = () => only(view(), "kubernetes_deployment_v1");
const pod = () => at(deployment(), "spec.template.spec");
const env = () =>
  Object.fromEntries(
    (at(pod(), "container.0.env") as { name: string; value?: string }[]).map(({ name, value }) => [name, value]),
  );
const acls = () => registryAccess().accounts.flatMap(({ kafka }) => kafka?.acls ?? []);
const labels = { "app.kubernetes.io/name": "schema-registry", "app.kubernetes.io/instance": "schema-registry" };

describe("answers as long as it can, for Telegraf loses what it reads meanwhile", () => {
  test("several replicas have a disruption budget of one", () => {
    expect(only(view({ replicas: 2 }), "kubernetes_pod_disruption_budget_v1")).toMatchObject({
      metadata: { namespace: "kafka" },
      spec: { max_unavailable: "1", selector: { match_labels: labels } },
    });
  });

  test("a single replica has none: it would stop every drain", () => {
    expect(view({ replicas: 1 }).resources("kubernetes_pod_disruption_budget_v1")).toEqual([]);
  });

  test("an update starts the new one before the old one ends", () => {
    expect(at(deployment(), "spec")).toMatchObject({
      replicas: "3",
      strategy: { type: "RollingUpdate", rolling_update: { max_unavailable: "0", max_surge: "1" } },
    });
    expect(at(pod(), "container.0.readiness_probe.http_get")).toEqual({ path: "/subjects", port: "http" });
  });

  test("replicas are spread over nodes", () => {
    expect(at(pod(), "topology_spread_constraint")).toMatchObject([
      { max_skew: 1, topology_key: "kubernetes.io/hostname", label_selector: [{ match_labels: labels }] },
    ]);
  });
});

describe("who may ask", () => {
  const rules = () => at(only(view(), "kubernetes_network_policy_v1"), "spec.ingress") as Record<string, unknown>[];

  test("the named namespaces, traefik's and its own replicas; nobody else", () => {
    expect(rules()).toHaveLength(1);
    expect(rules()[0]?.["from"]).toEqual([
      { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "traefik" } } },
      { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "telegraf" } } },
      { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "connect" } } },
      { pod_selector: { match_labels: labels } },
    ]);
    expect(rules()[0]?.["ports"]).toEqual([{ port: "8081", protocol: "TCP" }]);
  });

  test("the policy is about the registry's pods, and about coming in", () => {
    expect(at(only(view(), "kubernetes_network_policy_v1"), "spec")).toMatchObject({
      pod_selector: { match_labels: labels },
      policy_types: ["Ingress"],
    });
    expect(at(deployment(), "spec.template.metadata.labels")).toMatchObject(labels);
  });

  test("from outside with a login", () => {
    const one = view();
    expect(customResource(one, "Middleware", "schema-registry-auth").spec).toEqual({
      basicAuth: { secret: "schema-registry-auth", removeHeader: true },
    });
    const ingress = only(one, "kubernetes_ingress_v1");
    expect(at(ingress, "metadata.annotations")).toMatchObject({
      "traefik.ingress.kubernetes.io/router.middlewares": "kafka-schema-registry-auth@kubernetescrd",
    });
    expect(at(ingress, "spec.rule.0.host")).toBe("schema-registry-toy-efd.example.org");
    expect([...before(one, addressOf(one, "kubernetes_ingress_v1", "schema-registry"))]).toContain(
      addressOf(one, "helm_release", "schema-registry-login"),
    );
    expect(registryAccess().logins).toMatchObject([
      { namespace: "kafka", secret: { name: "schema-registry-auth", keys: { username: {}, password: {} } } },
    ]);
  });
});

describe("configuration", () => {
  test("Kubernetes sets no variable that the image would take for a setting", () => {
    expect(at(pod(), "enable_service_links")).toBe(false);
    expect(at(pod(), "automount_service_account_token")).toBe(false);
  });

  test("Kafka by SCRAM, with a password from a Secret", () => {
    expect(env()).toMatchObject({
      SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: "kafka:9092",
      SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
      SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM: "SCRAM-SHA-512",
      SCHEMA_REGISTRY_KAFKASTORE_TOPIC: "_schemas",
      SCHEMA_REGISTRY_LISTENERS: "http://0.0.0.0:8081",
      SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL: "none",
    });
    expect((at(pod(), "container.0.command") as string[]).slice(3)).toEqual([
      "start",
      "SCHEMA_REGISTRY_KAFKASTORE",
      "schema-registry",
    ]);
    const variables = at(pod(), "container.0.env") as { name: string }[];
    expect(variables.find(({ name }) => name === "KAFKA_PASSWORD")).toEqual({
      name: "KAFKA_PASSWORD",
      value_from: { secret_key_ref: { name: "kafka-schema-registry", key: "password" } },
    });
  });

  test("the group of its account is the group that it joins", () => {
    const groups = acls().flatMap(({ resource }) => (resource.type === "group" ? [resource.name] : []));
    expect(groups).toEqual([env()["SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID"]]);
  });

  test("its topic has one partition and keeps the last schema of each key for ever", () => {
    expect(registryAccess().topics).toEqual([
      { name: "_schemas", partitions: 1, config: { "cleanup.policy": "compact" } },
    ]);
    expect(acls()).toContainEqual({
      resource: { type: "topic", name: "_schemas", patternType: "literal" },
      operations: ["Read", "Write", "Describe", "DescribeConfigs"],
    });
  });

  test("is found by the name of its Service", () => {
    let registry: SchemaRegistry | undefined;
    const service = only(
      built((stack) => void (registry = new SchemaRegistry(stack, "registry", PROPS))),
      "kubernetes_service_v1",
    );
    const url = `http://${String(at(service, "metadata.name"))}.kafka:${String(at(service, "spec.port.0.port"))}`;
    expect(registry?.url).toBe(url);
    expect(at(service, "spec.selector")).toEqual(labels);
  });
});
