import { Chronograf, chronografSecret } from "../../../constructs/chronograf/chronograf";
import { addressOf, at, before, built, INFLUXDB, only, RESOURCES, VOLUMES, webWith } from "../support";

const view = built((stack) => {
  new Chronograf(stack, "chronograf", {
    spec: { disk: "15Gi", resources: RESOURCES },
    influxdb: INFLUXDB,
    kapacitor: { url: "http://kapacitor:9092" },
    sinks: [{ database: "efd", topics: ["lsst.sal.Test.*"] }],
    volumes: VOLUMES,
    source: {},
    web: webWith(),
    dependsOn: [],
  });
});
const values = view.values("efd");

test("lies on a PVC of ours, which is there before", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "chronograf");
  expect(view.resource(pvc)).toMatchObject({
    metadata: { namespace: "chronograf" },
    spec: { storage_class_name: "local-path", resources: { requests: { storage: "15Gi" } } },
  });
  expect([...before(view, addressOf(view, "helm_release", "efd"))]).toContain(pvc);
  expect(values["resources"]).toEqual(RESOURCES);
});

test("goes before its PVC where that is replaced: Kubernetes keeps what a pod mounts", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "chronograf");
  const body = view.resource(addressOf(view, "helm_release", "efd"));
  expect(body["lifecycle"]).toEqual({ replace_triggered_by: [`${pvc}.id`] });
});

test("keeps its database on the PVC, mounted beside the chart's empty folder", () => {
  expect(values["persistence"]).toEqual({ enabled: false });
  expect(at(values, "volumes.0")).toEqual({ name: "database", persistentVolumeClaim: { claimName: "chronograf" } });
  const [mount] = values["mountPoints"] as { mountPath: string }[];
  expect(at(values, "env.BOLT_PATH")).toBe(`${mount?.mountPath}/chronograf-v1.db`);
  expect(mount?.mountPath).not.toBe("/var/lib/chronograf");
});

test("ends before the next one begins: one pod has the database open", () => {
  expect(values["updateStrategy"]).toEqual({ type: "Recreate" });
});

test("reads as the reader and has its secrets from a Secret", () => {
  expect(values["env"]).toMatchObject({
    INFLUXDB_URL: INFLUXDB.url,
    INFLUXDB_USERNAME: "efdreader",
  });
  expect(values["envFromSecret"]).toBe("chronograf");
  expect(Object.keys(values["env"] as object).filter((key) => /PASSWORD|SECRET|TOKEN/.test(key))).toEqual([]);
});

test("reads its files from a ConfigMap that is there before, and that a change does not restart it for", () => {
  const configMap = addressOf(view, "kubernetes_config_map_v1", "chronograf-files");
  const folder = at(values, "env.RESOURCES_PATH");
  expect(at(values, "mountPoints.1")).toEqual({ name: "files", mountPath: folder, readOnly: true });
  expect(at(values, "volumes.1")).toEqual({ name: "files", configMap: { name: "chronograf-files" } });
  expect([...before(view, addressOf(view, "helm_release", "efd"))]).toContain(configMap);
  expect(JSON.stringify(values)).not.toMatch(/dashboard/);
});

test("has Kapacitor's connection in a file: what KAPACITOR_URL makes is hidden from whoever logs in", () => {
  expect(values["env"]).not.toHaveProperty("KAPACITOR_URL");
  const data = at(only(view, "kubernetes_config_map_v1"), "data") as Record<string, string>;
  expect(JSON.parse(data["kapacitor.kap"] ?? "")).toMatchObject({
    url: "http://kapacitor:9092",
    srcId: "0",
    active: true,
    organization: "default",
  });
});

test("is found by the Service that the chart makes of release and chart", () => {
  expect(at(only(view, "kubernetes_ingress_v1"), "spec.rule.0")).toMatchObject({
    host: "chronograf-toy-efd.example.org",
    http: { path: [{ backend: { service: { name: "efd-chronograf", port: { number: 80 } } } }] },
  });
});

test("asks for a GitHub login where the site has one", () => {
  const keys = (login: "none" | "github") => Object.keys(chronografSecret(login).values);
  expect(keys("none")).toEqual(["INFLUXDB_PASSWORD"]);
  expect(keys("github")).toEqual(["INFLUXDB_PASSWORD", "TOKEN_SECRET", "GH_CLIENT_ID", "GH_CLIENT_SECRET", "GH_ORGS"]);
});

test("its pod has no token: it asks the API nothing", () => {
  const account = addressOf(view, "kubernetes_default_service_account_v1", "default");
  expect(view.resource(account)).toMatchObject({
    metadata: { namespace: "chronograf" },
    automount_service_account_token: false,
  });
  expect([...before(view, addressOf(view, "helm_release", "efd"))]).toContain(account);
});
