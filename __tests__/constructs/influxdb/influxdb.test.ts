import { Chronograf, chronografSecrets } from "../../../constructs/chronograf/chronograf";
import { Influxdb, InfluxdbAccess, influxdbUrl } from "../../../constructs/influxdb/influxdb";
import { Kapacitor, kapacitorUrl } from "../../../constructs/kapacitor/kapacitor";
import { addressOf, at, before, built, HOSTS, only, RESOURCES } from "../support";

const COMMON = {
  namespace: "data",
  storageClass: "local-path",
  disk: "15Gi",
  resources: RESOURCES,
  source: {},
  hosts: HOSTS,
  dns: { kind: "none" as const },
  certificate: "issued" as const,
  dependsOn: [],
};
const ADDRESSES = { influxdb: "http://influxdb.data:8086", kapacitor: "http://efd-kapacitor.data:9092" };

const influxdb = built((stack) => void new Influxdb(stack, "influxdb", COMMON));
const chronograf = built(
  (stack) => void new Chronograf(stack, "chronograf", { ...COMMON, ...ADDRESSES, influxdbUser: "efdreader" }),
);
const kapacitor = built((stack) => {
  new Kapacitor(stack, "kapacitor", {
    ...COMMON,
    influxdb: ADDRESSES.influxdb,
    adminSecret: "influxdb-auth",
    clients: ["influxdb", "chronograf"],
  });
});

test.each([
  ["influxdb", influxdb, "influxdb"],
  ["chronograf", chronograf, "efd"],
  ["kapacitor", kapacitor, "efd"],
])("%s lies on a claim of ours, which is there before", (name, view, release) => {
  const claim = view.resource(addressOf(view, "kubernetes_persistent_volume_claim_v1", name));
  expect(claim).toMatchObject({
    metadata: { namespace: "data" },
    spec: { storage_class_name: "local-path", resources: { requests: { storage: "15Gi" } } },
  });
  expect([...before(view, addressOf(view, "helm_release", release))]).toContain(
    addressOf(view, "kubernetes_persistent_volume_claim_v1", name),
  );
  expect(view.values(release)["resources"]).toEqual(RESOURCES);
});

test.each([
  ["influxdb", influxdb, "influxdb"],
  ["chronograf", chronograf, "efd"],
  ["kapacitor", kapacitor, "efd"],
])("%s goes before its claim where that is replaced: Kubernetes keeps what a pod mounts", (name, view, release) => {
  const claim = addressOf(view, "kubernetes_persistent_volume_claim_v1", name);
  const body = view.resource(addressOf(view, "helm_release", release));
  expect(body["lifecycle"]).toEqual({ replace_triggered_by: [`${claim}.id`] });
});

describe("InfluxDB", () => {
  const values = influxdb.values("influxdb");

  test("takes the claim, and starts as no one else than its image's user", () => {
    expect(values["persistence"]).toEqual({ enabled: true, existingClaim: "influxdb" });
    expect(values["securityContext"]).toMatchObject({ runAsUser: 1500, fsGroup: 1500, runAsNonRoot: true });
  });

  test("asks who is there", () => {
    expect(at(values, "config.http")).toEqual({ "auth-enabled": true, "max-row-limit": 0, "flux-enabled": true });
    expect(at(values, "config.reporting_disabled")).toBe(true);
  });

  test("has time to open its shards before Kubernetes gives it up, and Helm waits longer", () => {
    const { failureThreshold, periodSeconds } = values["startupProbe"] as Record<string, number>;
    const seconds = (failureThreshold ?? 0) * (periodSeconds ?? 0);
    expect(seconds).toBe(900);
    expect(only(influxdb, "helm_release")["timeout"]).toBeGreaterThan(seconds);
  });

  test("is found under its Service and its host", () => {
    expect(influxdbUrl("data")).toBe("http://influxdb.data:8086");
    const access = built((stack) => void new InfluxdbAccess(stack, "access", COMMON));
    expect(at(only(access, "kubernetes_ingress_v1"), "spec.rule.0")).toMatchObject({
      host: "influxdb-toy-efd.example.org",
      http: { path: [{ backend: { service: { name: "influxdb", port: { number: 8086 } } } }] },
    });
  });

  test("has no password in its values", () => {
    expect(JSON.stringify(values)).not.toMatch(/password|setDefaultUser/i);
  });
});

describe("Chronograf", () => {
  const values = chronograf.values("efd");

  test("keeps its database on the claim, mounted beside the chart's empty folder", () => {
    expect(values["persistence"]).toEqual({ enabled: false });
    expect(values["volumes"]).toEqual([{ name: "database", persistentVolumeClaim: { claimName: "chronograf" } }]);
    const [mount] = values["mountPoints"] as { mountPath: string }[];
    expect(at(values, "env.BOLT_PATH")).toBe(`${mount?.mountPath}/chronograf-v1.db`);
    expect(mount?.mountPath).not.toBe("/var/lib/chronograf");
  });

  test("ends before the next one begins: one pod has the database open", () => {
    expect(values["updateStrategy"]).toEqual({ type: "Recreate" });
  });

  test("reads as the reader and has its secrets from a Secret", () => {
    expect(values["env"]).toMatchObject({
      INFLUXDB_URL: ADDRESSES.influxdb,
      INFLUXDB_USERNAME: "efdreader",
      KAPACITOR_URL: ADDRESSES.kapacitor,
    });
    expect(values["envFromSecret"]).toBe("chronograf");
    expect(Object.keys(values["env"] as object).filter((key) => /PASSWORD|SECRET|TOKEN/.test(key))).toEqual([]);
  });

  test("is found by the Service that the chart makes of release and chart", () => {
    expect(at(only(chronograf, "kubernetes_ingress_v1"), "spec.rule.0")).toMatchObject({
      host: "chronograf-toy-efd.example.org",
      http: { path: [{ backend: { service: { name: "efd-chronograf", port: { number: 80 } } } }] },
    });
  });

  test("asks for a GitHub login where the site has one", () => {
    const keys = (login: "none" | "github") =>
      chronografSecrets("data", login).map(({ values }) => Object.keys(values));
    expect(keys("none")).toEqual([["INFLUXDB_PASSWORD"]]);
    expect(keys("github")).toEqual([
      ["INFLUXDB_PASSWORD", "TOKEN_SECRET", "GH_CLIENT_ID", "GH_CLIENT_SECRET", "GH_ORGS"],
    ]);
  });
});

describe("Kapacitor", () => {
  const values = kapacitor.values("efd");

  test("is subscribed to InfluxDB as the administrator, by a Secret", () => {
    expect(values).toMatchObject({ influxURL: ADDRESSES.influxdb, existingSecret: "influxdb-auth" });
    expect(values["persistence"]).toEqual({ enabled: true, existingClaim: "kapacitor" });
  });

  test("asks for no login, and so has no route; and no rights in the cluster", () => {
    expect(kapacitor.resources("kubernetes_ingress_v1")).toEqual([]);
    expect(values["rbac"]).toEqual({ create: false });
  });

  test("lets only its clients connect: it is the administrator of InfluxDB and runs what it is told", () => {
    const policy = only(kapacitor, "kubernetes_network_policy_v1");
    expect(policy).toMatchObject({ metadata: { namespace: "data" } });
    expect(at(policy, "spec")).toEqual({
      // Every pod of the namespace, of which it has the only one.
      pod_selector: {},
      policy_types: ["Ingress"],
      ingress: [
        {
          from: ["influxdb", "chronograf"].map((name) => ({
            namespace_selector: { match_labels: { "kubernetes.io/metadata.name": name } },
          })),
          ports: [{ port: "9092", protocol: "TCP" }],
        },
      ],
    });
  });

  test("ends before the next one begins", () => {
    expect(values["strategy"]).toEqual({ type: "Recreate" });
  });

  test("is found by the Service that the chart makes of release and chart", () => {
    expect(kapacitorUrl("data")).toBe("http://efd-kapacitor.data:9092");
  });
});
