import { TerraformStack, Testing } from "cdktf";
import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { StackView } from "../../../synthesized/stack";
import { readYaml } from "../../../synthesized/yaml";
import { GkeCluster, type GkeClusterProps } from "../../../constructs/cluster/gke-cluster";
import { at, before, only } from "../support";

type Spec = GkeClusterProps["spec"];

const SPEC: Spec = {
  kind: "gke",
  project: "some-project",
  zone: "europe-west1-d",
  releaseChannel: "STABLE",
  machineType: "e2-standard-8",
  nodes: 2,
  diskGb: 50,
  diskType: "pd-ssd",
  privateNodes: false,
  maintenanceStart: "04:30",
};

function view(spec: Partial<Spec> = {}, props: Partial<GkeClusterProps> = {}): StackView {
  const stack = new TerraformStack(Testing.app(), "toy");
  new LocalProvider(stack, "local");
  new GkeCluster(stack, "gke", {
    name: "toy",
    spec: { ...SPEC, ...spec },
    deletionProtection: true,
    kubeconfig: "./kubeconfig",
    ...props,
  });
  stack.prepareStack();
  return new StackView("toy", "test", Testing.synth(stack, true), []);
}
const cluster = (spec: Partial<Spec> = {}) => only(view(spec), "google_container_cluster");
const pool = (spec: Partial<Spec> = {}) => only(view(spec), "google_container_node_pool");

test("the provider is told project, region and zone", () => {
  expect(view().json.provider?.["google"]).toEqual([
    { project: "some-project", region: "europe-west1", zone: "europe-west1-d" },
  ]);
});

test("the cluster is on a channel, in a network of its own whose pods have addresses of the network", () => {
  expect(cluster()).toMatchObject({
    name: "toy",
    location: "europe-west1-d",
    deletion_protection: true,
    release_channel: { channel: "STABLE" },
    maintenance_policy: { daily_maintenance_window: { start_time: "04:30" } },
    network: "${google_compute_network.network.id}",
    subnetwork: "${google_compute_subnetwork.subnetwork.id}",
    networking_mode: "VPC_NATIVE",
    ip_allocation_policy: { cluster_secondary_range_name: "pods", services_secondary_range_name: "services" },
    // It enforces the network policies that the registry and Kapacitor rely on.
    datapath_provider: "ADVANCED_DATAPATH",
    workload_identity_config: { workload_pool: "some-project.svc.id.goog" },
    enable_legacy_abac: false,
    master_auth: { client_certificate_config: { issue_client_certificate: false } },
  });
  expect(only(view(), "google_compute_network")["auto_create_subnetworks"]).toBe(false);
  const ranges = at(only(view(), "google_compute_subnetwork"), "secondary_ip_range") as { range_name: string }[];
  expect(ranges.map(({ range_name }) => range_name)).toEqual(["pods", "services"]);
});

test("the first pool goes, and what it was never replaces the cluster", () => {
  expect(cluster()).toMatchObject({ remove_default_node_pool: true, initial_node_count: 1 });
  expect(at(cluster(), "lifecycle.ignore_changes")).toEqual(["initial_node_count", "node_config"]);
});

test("the nodes repair and upgrade themselves, shielded, with an account that can do nothing else", () => {
  expect(pool()).toMatchObject({
    location: "europe-west1-d",
    node_count: 2,
    management: { auto_repair: true, auto_upgrade: true },
    node_config: {
      machine_type: "e2-standard-8",
      image_type: "COS_CONTAINERD",
      disk_size_gb: 50,
      disk_type: "pd-ssd",
      shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
      workload_metadata_config: { mode: "GKE_METADATA" },
    },
  });
  const one = view();
  const [account] = one.resources("google_service_account");
  expect(at(pool(), "node_config.service_account")).toBe(`\${${account?.address}.email}`);
  const [rights, ...others] = one.resources("google_project_iam_member");
  expect(others).toEqual([]);
  expect(rights?.body).toMatchObject({
    role: "roles/container.defaultNodeServiceAccount",
    member: `\${${account?.address}.member}`,
  });
  const [nodes] = one.resources("google_container_node_pool");
  expect([...before(one, nodes?.address ?? "")]).toContain(rights?.address);
});

test("private nodes reach the outside through NAT; others need none", () => {
  expect(cluster()).not.toHaveProperty("private_cluster_config");
  expect(view().resources("google_compute_router_nat")).toEqual([]);
  const closed = view({ privateNodes: true });
  expect(only(closed, "google_container_cluster")["private_cluster_config"]).toMatchObject({
    enable_private_nodes: true,
    enable_private_endpoint: false,
  });
  expect(only(closed, "google_compute_router_nat")).toMatchObject({ region: "europe-west1" });
});

test("the kubeconfig holds no credential: a program logs in", () => {
  const { content, ...file } = only(view(), "local_sensitive_file");
  expect(file).toEqual({ filename: "./kubeconfig", file_permission: "0600", directory_permission: "0700" });
  const kubeconfig: unknown = readYaml(String(content));
  expect(at(kubeconfig, "users")).toEqual([
    {
      name: "toy",
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "gke-gcloud-auth-plugin",
          installHint: expect.stringContaining("gcloud components install") as string,
          provideClusterInfo: true,
          interactiveMode: "Never",
        },
      },
    },
  ]);
  expect(at(kubeconfig, "clusters.0.cluster")).toEqual({
    server: "https://${google_container_cluster.cluster.endpoint}",
    "certificate-authority-data":
      "${base64encode(base64decode(google_container_cluster.cluster.master_auth[0].cluster_ca_certificate))}",
  });
});

test("names that are too long for Google are shortened and stay apart", () => {
  const called = (name: string, type: string) => only(view({}, { name }), type);
  const names = ["a", "b"].map((last) => String(called("x".repeat(50) + last, "google_container_cluster")["name"]));
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  expect(names[0]).not.toBe(names[1]);
  const account = String(called("x".repeat(50), "google_service_account")["account_id"]);
  expect(account).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
});
