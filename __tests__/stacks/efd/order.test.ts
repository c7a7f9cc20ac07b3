import { allStacks, environmentOf, stack } from "../../support/sites";
import { addressOf, at, before, influxdbSetup, readyJob, references, TABLE, WITH_ISSUER } from "../support";

const release = (site: string, name: string) => addressOf(stack(site, "efd"), "helm_release", name);

describe("order", () => {
  test.each(TABLE)("EFD-43: %s applies cluster, platform and EFD in this order", (site) => {
    expect(stack(site, "cluster").dependencies).toEqual([]);
    expect(stack(site, "platform").dependencies).toEqual([`${site}-cluster`]);
    expect(stack(site, "efd").dependencies).toContain(`${site}-platform`);
    if (environmentOf(site).love) expect(stack(site, "love").dependencies).toContain(`${site}-efd`);
  });

  test.each(TABLE)("EFD-43: %s goes from the brokers by accounts and registry to the consumers", (site) => {
    const efd = stack(site, "efd");
    const path = [
      ...(WITH_ISSUER.includes(site)
        ? [release(site, "kafka-certificates"), readyJob(efd, "kafka-certificates")]
        : [release(site, "efd-certificates"), readyJob(efd, "efd-certificates")]),
      release(site, "kafka-cluster"),
      readyJob(efd, "kafka-cluster"),
      release(site, "kafka-accounts"),
      readyJob(efd, "kafka-accounts"),
      addressOf(efd, "kubernetes_deployment_v1", "schema-registry"),
    ];
    path.forEach((address, i) => expect([...before(efd, address)]).toEqual(expect.arrayContaining(path.slice(0, i))));
    const consumers = efd
      .resources()
      .filter(
        ({ type, body }) =>
          (type === "kubernetes_deployment_v1" && at(body, "metadata.namespace") === "telegraf") ||
          (type === "helm_release" && body["name"] === "kafka-connectors"),
      );
    expect(consumers.length).toBeGreaterThan(0);
    for (const { address } of consumers)
      expect([...before(efd, address)]).toEqual(
        expect.arrayContaining([
          ...path,
          release(site, "influxdb"),
          influxdbSetup(site).address,
          readyJob(efd, "efd-secrets"),
        ]),
      );
  });

  test.each(TABLE)("EFD-43: %s installs InfluxDB before its users", (site) => {
    const efd = stack(site, "efd");
    const kapacitor = efd.resources("helm_release").find(({ body }) => body["chart"] === "kapacitor");
    const chronograf = efd.resources("helm_release").find(({ body }) => body["chart"] === "chronograf");
    for (const user of [kapacitor, chronograf])
      expect([...before(efd, user?.address ?? "")]).toEqual(
        expect.arrayContaining([release(site, "influxdb"), influxdbSetup(site).address, readyJob(efd, "efd-secrets")]),
      );
  });

  test.each(TABLE)("EFD-43: %s makes every claim before the release that mounts it", (site) => {
    const efd = stack(site, "efd");
    for (const name of ["influxdb", "chronograf", "kapacitor"]) {
      const user = efd.resources("helm_release").find(({ body }) => body["chart"] === name);
      expect([...before(efd, user?.address ?? "")]).toContain(
        addressOf(efd, "kubernetes_persistent_volume_claim_v1", name),
      );
    }
  });

  // Telegraf drops what it reads while no registry answers (verified.md §4.1), and a destroy goes the other way round.
  test.each(TABLE)("EFD-43: %s has the registry's Service as long as a consumer", (site) => {
    const efd = stack(site, "efd");
    const service = addressOf(efd, "kubernetes_service_v1", "schema-registry");
    for (const { address, body } of efd.resources("kubernetes_deployment_v1"))
      if (at(body, "metadata.namespace") === "telegraf") expect([...before(efd, address)]).toContain(service);
  });

  test.each(allStacks().map((view) => [view.name, view] as const))("EFD-44: %s has no cycle", (_name, view) => {
    const graph = references(view);
    // LOVE that is switched off has an empty layer, so that the next apply removes what runs.
    const empty = view.layer === "love" && environmentOf(view.site).love?.enabled === false;
    expect([view.name, graph.size === 0]).toEqual([view.name, empty]);
    for (const address of graph.keys()) expect([address, before(view, address).has(address)]).toEqual([address, false]);
  });

  test("EFD-44: no cycle between stacks", () => {
    const seen: string[] = [];
    for (const { name, dependencies } of allStacks()) {
      for (const one of dependencies) expect(seen).toContain(one);
      seen.push(name);
    }
  });
});
