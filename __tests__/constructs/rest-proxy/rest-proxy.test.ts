import { restProxyAccess } from "../../../constructs/rest-proxy/access";
import { RestProxy, type RestProxyProps } from "../../../constructs/rest-proxy/rest-proxy";
import { addressOf, at, before, built, customResource, KAFKA, only, REGISTRY, RESOURCES, webWith } from "../support";

const SPEC: RestProxyProps["spec"] = { prefixes: ["lsst.obsenv", "lsst.cp"], replicas: 2, resources: RESOURCES };
const view = (spec: Partial<RestProxyProps["spec"]> = {}, see: (proxy: RestProxy) => void = () => undefined) =>
  built((stack) =>
    see(
      new RestProxy(stack, "proxy", {
        spec: { ...SPEC, ...spec },
        kafka: KAFKA,
        registry: REGISTRY,
        clients: [{ podSelector: { matchLabels: { app: "asks" } } }],
        web: webWith(),
        dependsOn: [],
      }),
    ),
  );
const access = () => restProxyAccess({ restProxy: SPEC });

const deployment = () => only(view(), "kubernetes_deployment_v1");
const pod = () => at(deployment(), "spec.template.spec");
const variables = () => at(pod(), "container.0.env") as { name: string; value?: string; value_from?: unknown }[];
const env = () => Object.fromEntries(variables().map(({ name, value }) => [name, value]));
const labels = { "app.kubernetes.io/name": "rest-proxy", "app.kubernetes.io/instance": "rest-proxy" };

describe("configuration", () => {
  test("Kafka by SCRAM, with a password from a Secret, and schemas from the registry", () => {
    expect(env()).toMatchObject({
      KAFKA_REST_LISTENERS: "http://0.0.0.0:8082",
      KAFKA_REST_BOOTSTRAP_SERVERS: "SASL_PLAINTEXT://kafka:9092",
      KAFKA_REST_SCHEMA_REGISTRY_URL: "http://registry:8081",
      KAFKA_REST_CLIENT_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
      KAFKA_REST_CLIENT_SASL_MECHANISM: "SCRAM-SHA-512",
    });
    const command = at(pod(), "container.0.command") as string[];
    expect(command.slice(3)).toEqual(["start", "KAFKA_REST_CLIENT", "rest-proxy"]);
    expect(variables().find(({ name }) => name === "KAFKA_PASSWORD")?.value_from).toEqual({
      secret_key_ref: { name: "kafka-rest-proxy", key: "password" },
    });
  });

  test("the image takes every variable KAFKA_REST_… for a setting: there is none besides ours", () => {
    expect(at(pod(), "enable_service_links")).toBe(false);
    expect(at(pod(), "automount_service_account_token")).toBe(false);
    const own = ["HOST_NAME", "LISTENERS", "BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL"];
    const client = ["SECURITY_PROTOCOL", "SASL_MECHANISM"].map((name) => `CLIENT_${name}`);
    expect(Object.keys(env()).filter((name) => name.startsWith("KAFKA_REST_"))).toEqual(
      [...own, ...client].map((name) => `KAFKA_REST_${name}`),
    );
  });

  test("the heap is half of what the site gives, by the variable of the start script", () => {
    expect(env()["KAFKAREST_HEAP_OPTS"]).toBe("-XX:InitialRAMPercentage=50 -XX:MaxRAMPercentage=50");
    expect(at(pod(), "container.0.resources.limits.memory")).toBe(RESOURCES.limits.memory);
  });

  test("a broker that is down restarts no proxy: its probes ask the proxy itself", () => {
    for (const probe of ["startup_probe", "readiness_probe", "liveness_probe"])
      expect(at(pod(), `container.0.${probe}.http_get`)).toEqual({ path: "/", port: "http" });
  });
});

describe("who may write what", () => {
  test("the account may create and write the topics of the site, and nothing else: no group, no cluster", () => {
    const acls = ["lsst.obsenv", "lsst.cp"].map((name) => ({
      resource: { type: "topic", name, patternType: "prefix" },
      operations: ["Create", "Describe", "DescribeConfigs", "Write"],
    }));
    expect(access().accounts).toEqual([{ name: "rest-proxy", kafka: { acls } }]);
    expect(restProxyAccess({ restProxy: undefined })).toEqual({ accounts: [] });
  });

  test("inside the cluster only the route and its clients may connect, and the registry lets the proxy in", () => {
    expect(at(only(view(), "kubernetes_network_policy_v1"), "spec")).toEqual({
      pod_selector: { match_labels: labels },
      policy_types: ["Ingress"],
      ingress: [
        {
          from: [
            { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "traefik" } } },
            { pod_selector: { match_labels: { app: "asks" } } },
          ],
          ports: [{ port: "8082", protocol: "TCP" }],
        },
      ],
    });
    expect(at(deployment(), "spec.template.metadata.labels")).toMatchObject(labels);
    expect(access().registryClients).toEqual([{ podSelector: { matchLabels: labels } }]);
  });

  test("from outside with a login, which covers /brokers too", () => {
    const one = view();
    expect(customResource(one, "Middleware", "rest-proxy-auth").spec).toEqual({
      basicAuth: { secret: "rest-proxy-auth", removeHeader: true },
    });
    const ingress = only(one, "kubernetes_ingress_v1");
    expect(at(ingress, "metadata.annotations")).toMatchObject({
      "traefik.ingress.kubernetes.io/router.middlewares": "kafka-rest-proxy-auth@kubernetescrd",
    });
    expect(at(ingress, "spec.rule.0.host")).toBe("rest-proxy-toy-efd.example.org");
    expect(at(ingress, "spec.rule.0.http.path")).toMatchObject([{ path: "/", path_type: "Prefix" }]);
    expect([...before(one, addressOf(one, "kubernetes_ingress_v1", "rest-proxy"))]).toContain(
      addressOf(one, "helm_release", "rest-proxy-login"),
    );
    expect(access().logins).toMatchObject([
      { namespace: "kafka", secret: { name: "rest-proxy-auth", keys: { username: {}, password: {} } } },
    ]);
  });
});

describe("answers while it restarts", () => {
  test("the new one starts before the old one ends, and a drain leaves one", () => {
    expect(at(deployment(), "spec")).toMatchObject({
      replicas: "2",
      strategy: { type: "RollingUpdate", rolling_update: { max_unavailable: "0", max_surge: "1" } },
    });
    expect(only(view(), "kubernetes_pod_disruption_budget_v1")).toMatchObject({
      spec: { max_unavailable: "1", selector: { match_labels: labels } },
    });
  });

  test("a single replica has no budget: it would stop every drain", () => {
    expect(view({ replicas: 1 }).resources("kubernetes_pod_disruption_budget_v1")).toEqual([]);
  });

  test("a new password restarts it", () => {
    const restarts: object[] = [];
    view({}, ({ restart }) => restarts.push(restart));
    expect(restarts).toMatchObject([
      { namespace: "kafka", resource: "deployments", name: "rest-proxy", secrets: ["kafka-rest-proxy"] },
    ]);
  });
});
