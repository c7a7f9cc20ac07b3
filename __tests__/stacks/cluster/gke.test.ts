import { allStacks, stack } from "../../support/sites";
import { at, TABLE, WITH_LOAD_BALANCERS } from "../support";

const only = (site: string, type: string) => {
  const [one, ...others] = stack(site, "cluster").resources(type);
  if (!one || others.length > 0) throw new Error(`${site}: allowed one ${type}, got ${others.length + (one ? 1 : 0)}`);
  return one.body;
};

/** Figures of terraform-efd of 2019. */
describe.each(WITH_LOAD_BALANCERS)("%s", (site) => {
  test("EFD-13 nothing of Docker", () => {
    for (const view of allStacks().filter((one) => one.site === site)) {
      expect(view.resources().filter(({ type }) => type.startsWith("docker_"))).toEqual([]);
      expect(Object.keys(view.json.terraform?.required_providers ?? {})).not.toContain("docker");
    }
  });

  test("EFD-14 one cluster, named <deploy>-<site>", () => {
    expect(only(site, "google_container_cluster")["name"]).toBe(`efd-${site}`);
    expect(stack(site, "cluster").json.provider?.["google"]).toEqual([
      { project: "plasma-geode-127520", region: "us-central1", zone: "us-central1-b" },
    ]);
  });

  test("EFD-15 four n1-standard-4 in us-central1-b", () => {
    expect(only(site, "google_container_node_pool")).toMatchObject({
      location: "us-central1-b",
      node_count: 4,
      node_config: { machine_type: "n1-standard-4" },
    });
    expect(only(site, "google_container_cluster")["location"]).toBe("us-central1-b");
  });

  test("EFD-16 the nodes repair and upgrade themselves; Workload Identity in place of scopes", () => {
    expect(only(site, "google_container_node_pool")).toMatchObject({
      management: { auto_repair: true, auto_upgrade: true },
      node_config: { image_type: "COS_CONTAINERD", workload_metadata_config: { mode: "GKE_METADATA" } },
    });
    expect(only(site, "google_container_cluster")).toMatchObject({
      workload_identity_config: { workload_pool: "plasma-geode-127520.svc.id.goog" },
      maintenance_policy: { daily_maintenance_window: { start_time: "03:00" } },
      enable_legacy_abac: false,
    });
  });

  test("neither Google nor Terraform deletes the cluster", () => {
    expect(only(site, "google_container_cluster")["deletion_protection"]).toBe(true);
    for (const type of ["google_container_cluster", "google_compute_network", "google_compute_subnetwork"])
      expect([type, at(only(site, type), "lifecycle.prevent_destroy")]).toEqual([type, true]);
  });

  test("outputs are the API's address and its authority", () => {
    expect(Object.keys(stack(site, "cluster").json.output ?? {}).sort()).toEqual(["certificate_authority", "host"]);
  });
});

test("every site is on one kind of cluster or the other", () => {
  for (const site of TABLE) {
    const types = stack(site, "cluster")
      .resources()
      .map(({ type }) => type);
    expect([site, types.includes("docker_container")]).toEqual([site, !types.includes("google_container_cluster")]);
  }
});
