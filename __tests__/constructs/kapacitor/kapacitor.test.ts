import { Kapacitor } from "../../../constructs/kapacitor/kapacitor";
import { addressOf, at, before, built, INFLUXDB, only, RESOURCES, VOLUMES } from "../support";

let kapacitor: Kapacitor | undefined;
const spec = { disk: "15Gi", resources: RESOURCES };
const view = built((stack) => {
  kapacitor = new Kapacitor(stack, "kapacitor", {
    spec,
    influxdb: INFLUXDB,
    volumes: VOLUMES,
    source: {},
    dependsOn: [],
  });
});
const values = view.values("efd");

test("lies on a PVC of ours, which is there before", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "kapacitor");
  expect(view.resource(pvc)).toMatchObject({
    metadata: { namespace: "kapacitor" },
    spec: { storage_class_name: "local-path", resources: { requests: { storage: "15Gi" } } },
  });
  expect([...before(view, addressOf(view, "helm_release", "efd"))]).toContain(pvc);
  expect(values["resources"]).toEqual(RESOURCES);
});

test("goes before its PVC where that is replaced: Kubernetes keeps what a pod mounts", () => {
  const pvc = addressOf(view, "kubernetes_persistent_volume_claim_v1", "kapacitor");
  const body = view.resource(addressOf(view, "helm_release", "efd"));
  expect(body["lifecycle"]).toEqual({ replace_triggered_by: [`${pvc}.id`] });
});

test("is subscribed to InfluxDB as the administrator, by a Secret", () => {
  expect(values).toMatchObject({ influxURL: INFLUXDB.url, existingSecret: "influxdb-auth" });
  expect(values["persistence"]).toEqual({ enabled: true, existingClaim: "kapacitor" });
});

test("asks for no login, and so has no route; and no rights in the cluster", () => {
  expect(view.resources("kubernetes_ingress_v1")).toEqual([]);
  expect(values["rbac"]).toEqual({ create: false });
});

test("lets only its clients connect: it is the administrator of InfluxDB and runs what it is told", () => {
  const policy = only(view, "kubernetes_network_policy_v1");
  expect(policy).toMatchObject({ metadata: { namespace: "kapacitor" } });
  expect(at(policy, "spec")).toEqual({
    // Every pod of the namespace, of which it has the only one.
    pod_selector: {},
    policy_types: ["Ingress"],
    ingress: [
      {
        from: ["chronograf", "influxdb"].map((name) => ({
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
  expect(kapacitor?.url).toBe("http://efd-kapacitor.kapacitor:9092");
});

test("its pod has no token: it asks the API nothing", () => {
  expect(values["serviceAccount"]).toEqual({ create: false });
  const account = addressOf(view, "kubernetes_default_service_account_v1", "default");
  expect(view.resource(account)).toMatchObject({
    metadata: { namespace: "kapacitor" },
    automount_service_account_token: false,
  });
  expect([...before(view, addressOf(view, "helm_release", "efd"))]).toContain(account);
});
