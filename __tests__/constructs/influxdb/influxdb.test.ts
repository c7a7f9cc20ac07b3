import { Influxdb, InfluxdbAccess } from "../../../constructs/influxdb/influxdb";
import { addressOf, at, before, built, only, RESOURCES, VOLUMES, webWith } from "../support";

let influxdb: Influxdb | undefined;
const spec = { disk: "15Gi", resources: RESOURCES, startup: "6h" };
const view = built(
  (stack) => void (influxdb = new Influxdb(stack, "influxdb", { spec, volumes: VOLUMES, source: {} })),
);
const values = view.values("influxdb");

test("lies on a PVC of ours, which is there before", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "influxdb");
  expect(view.resource(pvc)).toMatchObject({
    metadata: { namespace: "influxdb" },
    spec: { storage_class_name: "local-path", resources: { requests: { storage: "15Gi" } } },
  });
  expect([...before(view, addressOf(view, "helm_release", "influxdb"))]).toContain(pvc);
  expect(values["resources"]).toEqual(RESOURCES);
});

test("goes before its PVC where that is replaced: Kubernetes keeps what a pod mounts", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "influxdb");
  const body = view.resource(addressOf(view, "helm_release", "influxdb"));
  expect(body["lifecycle"]).toEqual({ replace_triggered_by: [`${pvc}.id`] });
});

test("takes the PVC, and starts as no one else than its image's user", () => {
  expect(values["persistence"]).toEqual({ enabled: true, existingClaim: "influxdb" });
  expect(values["securityContext"]).toMatchObject({ runAsUser: 1500, fsGroup: 1500, runAsNonRoot: true });
});

test("a start looks at the group of the volume's root only, not of every file", () => {
  expect(values["securityContext"]).toMatchObject({ fsGroupChangePolicy: "OnRootMismatch" });
});

test("its image runs a script of ours before each start, which is there before and starts it anew when it changes", () => {
  const script = addressOf(view, "kubernetes_config_map_v1", "influxdb-before-start");
  const data = view.resource(script)["data"] as Readonly<Record<string, string>>;
  expect(Object.keys(data)).toEqual(["init-influxdb.sh"]);
  expect(data["init-influxdb.sh"]).toContain("INFLUXDB_DATA_WAL_DIR");
  // As any user: the image's entrypoint executes it.
  expect(values["volumes"]).toEqual([
    { name: "influxdb-before-start", configMap: { name: "influxdb-before-start", defaultMode: 0o555 } },
  ]);
  expect(values["mountPoints"]).toEqual([
    {
      name: "influxdb-before-start",
      mountPath: "/init-influxdb.sh",
      subPath: "init-influxdb.sh",
      readOnly: true,
    },
  ]);
  expect([...before(view, addressOf(view, "helm_release", "influxdb"))]).toContain(script);
});

test("asks who is there", () => {
  expect(at(values, "config.http")).toEqual({
    "auth-enabled": true,
    "pprof-auth-enabled": true,
    "max-row-limit": 0,
    "flux-enabled": true,
  });
  expect(at(values, "config.reporting_disabled")).toBe(true);
});

test("has time to open its shards before Kubernetes gives it up, and Helm waits longer", () => {
  const { failureThreshold, periodSeconds } = values["startupProbe"] as Record<string, number>;
  const seconds = (failureThreshold ?? 0) * (periodSeconds ?? 0);
  expect(seconds).toBe(6 * 3600);
  expect(only(view, "helm_release")["timeout"]).toBeGreaterThan(seconds);
});

test("keeps little in memory for a Kapacitor that hangs, and reaches the limit in bytes before the one in writes", () => {
  const env = values["env"] as { name: string; value: string }[];
  const { INFLUXDB_SUBSCRIBER_TOTAL_BUFFER_BYTES: size, INFLUXDB_SUBSCRIBER_WRITE_BUFFER_SIZE: writes } =
    Object.fromEntries(env.map(({ name, value }) => [name, Number(value)]));
  expect(size).toBe(33554432);
  // One subscription, and no write takes less than its line, an offset of 8 bytes and two names.
  expect((size ?? 0) / (writes ?? 0)).toBeLessThan(400);
});

test("is found under its Service and its host", () => {
  expect(influxdb?.url).toBe("http://influxdb.influxdb:8086");
  const access = built((stack) => void new InfluxdbAccess(stack, "access", { web: webWith(), dependsOn: [] }));
  expect(at(only(access, "kubernetes_ingress_v1"), "spec.rule.0")).toMatchObject({
    host: "influxdb-toy-efd.example.org",
    http: { path: [{ backend: { service: { name: "influxdb", port: { number: 8086 } } } }] },
  });
});

test("has no password in its values", () => {
  expect(JSON.stringify(values)).not.toMatch(/password|setDefaultUser/i);
});

test("its pod has no token: it asks the API nothing", () => {
  expect(values["serviceAccount"]).toEqual({ create: false });
  const account = addressOf(view, "kubernetes_default_service_account_v1", "default");
  expect(view.resource(account)).toMatchObject({
    metadata: { namespace: "influxdb" },
    automount_service_account_token: false,
  });
  expect([...before(view, addressOf(view, "helm_release", "influxdb"))]).toContain(account);
});
