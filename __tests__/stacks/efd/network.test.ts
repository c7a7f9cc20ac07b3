import { efdAccess } from "../../../stacks/efd/access";
import { environmentOf, stack } from "../../support/sites";
import { addressOf, at, before, influxdbSetup, TABLE, upperLayers } from "../support";

const release = (site: string, name: string) => addressOf(stack(site, "efd"), "helm_release", name);

describe("inside the cluster", () => {
  /** docs/acceptance/efd.md#parts, "schema registry": inside the cluster a network policy. Kapacitor asks for no login at all. */
  test.each(TABLE)("EFD-52: %s lets only clients reach what asks for no login", (site) => {
    const peers = Object.fromEntries(
      stack(site, "efd")
        .resources("kubernetes_network_policy_v1")
        .filter(({ body }) => at(body, "spec.ingress.0.from") !== undefined)
        .map(({ body }) => [
          String(at(body, "metadata.name")),
          (at(body, "spec.ingress.0.from") as unknown[]).map((one) =>
            at(one, "namespace_selector")
              ? Object.values(at(one, "namespace_selector.match_labels") as Record<string, string>)[0]
              : "its own",
          ),
        ]),
    );
    const clients = efdAccess(environmentOf(site)).registryClients.map(
      (one) => Object.values(one.namespaceSelector?.matchLabels ?? {})[0] ?? "its own",
    );
    expect(clients).toContain("telegraf");
    expect(peers).toMatchObject({
      influxdb: ["its own"],
      kapacitor: expect.arrayContaining(["influxdb", "chronograf"]) as string[],
      "schema-registry": ["traefik", ...clients, "its own"],
    });
    expect(peers["kapacitor"]).toHaveLength(2);
  });

  test.each(TABLE)("%s opens no port of InfluxDB but the one that asks for a password", (site) => {
    const efd = stack(site, "efd");
    const policies = efd
      .resources("kubernetes_network_policy_v1")
      .filter(({ body }) => at(body, "metadata.namespace") === "influxdb")
      .sort((a, b) => String(at(a.body, "metadata.name")).localeCompare(String(at(b.body, "metadata.name"))));
    const spec = (from?: object[]) => ({
      pod_selector: {},
      policy_types: ["Ingress"],
      ingress: [{ ...(from ? { from } : {}), ports: [{ port: "8086", protocol: "TCP" }] }],
    });
    const pods = at(influxdbSetup(site).body, "spec.template.metadata.labels") as Record<string, string>;
    const { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance } = pods;
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
    expect(policies.map(({ body }) => body["spec"])).toEqual([
      spec([{ pod_selector: { match_labels: labels } }]),
      spec(),
    ]);
    // First nobody but the setup, which makes the first administrator; all others when it has.
    const [closed, open] = policies.map(({ address }) => address);
    expect([...before(efd, release(site, "influxdb"))]).toContain(closed);
    expect([...before(efd, open ?? "")]).toContain(influxdbSetup(site).address);
  });

  test.each(TABLE)("%s lets every Deployment of ours be restarted, by hand and by schedule", (site) => {
    const marks = ["kubectl.kubernetes.io/restartedAt", "efd/secrets", "efd/topics"];
    for (const { address, body } of upperLayers(site).flatMap((view) => view.resources("kubernetes_deployment_v1")))
      expect([address, at(body, "lifecycle.ignore_changes")]).toEqual([
        address,
        [
          ...marks.map((mark) => `spec[0].template[0].metadata[0].annotations["${mark}"]`),
          'metadata[0].annotations["efd/secrets-are"]',
          'metadata[0].annotations["efd/topics-are"]',
        ],
      ]);
  });
});
