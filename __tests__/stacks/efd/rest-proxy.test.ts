import { efdAccess } from "../../../stacks/efd/access";
import { environmentOf, stack } from "../../support/sites";
import { addressOf, at, before, customResource, hostOf, readyJob, TABLE } from "../support";

/** phalanx 2026-08: prefixes of topics that the proxy may write. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  summit: ["lsst.dm", "lsst.backpack", "lsst.obsenv", "lsst.scimma", "lsst.cp"],
  tucson: ["lsst.obsenv"],
};
const WITH = Object.keys(PREFIXES);

test.each(WITH)("EFD-68: %s has the REST proxy of phalanx 2026-08, of the registry's release", (site) => {
  const efd = stack(site, "efd");
  const container = (name: string) =>
    at(efd.resource(addressOf(efd, "kubernetes_deployment_v1", name)), "spec.template.spec.container.0");
  const [repository, tag] = String(at(container("rest-proxy"), "image")).split(":");
  expect(repository).toBe("docker.io/confluentinc/cp-kafka-rest");
  expect(tag).toBe(String(at(container("schema-registry"), "image")).split(":")[1]);
  expect(at(container("rest-proxy"), "port")).toMatchObject([{ container_port: 8082 }]);
});

test.each(TABLE.filter((site) => !WITH.includes(site)))("EFD-68: %s has none", (site) => {
  expect(JSON.stringify(stack(site, "efd").json)).not.toMatch(/rest-proxy|kafka-rest/);
});

test.each(WITH)("EFD-68: %s lets its account create and write the topics of phalanx 2026-08, and no more", (site) => {
  const { spec } = customResource(stack(site, "efd"), "KafkaUser", "rest-proxy");
  expect(at(spec, "authentication.type")).toBe("scram-sha-512");
  expect(at(spec, "authorization.acls")).toEqual(
    (PREFIXES[site] ?? []).map((name) => ({
      resource: { type: "topic", name, patternType: "prefix" },
      operations: ["Create", "Describe", "DescribeConfigs", "Write"],
    })),
  );
});

test.each(WITH)("EFD-68: %s asks for a login before its route, with /brokers behind it", (site) => {
  const efd = stack(site, "efd");
  const address = addressOf(efd, "kubernetes_ingress_v1", "rest-proxy");
  const ingress = efd.resource(address);
  expect(at(ingress, "spec.rule.0.host")).toBe(hostOf(site, "rest-proxy"));
  expect(at(ingress, "spec.rule.0.http.path.0")).toMatchObject({
    path: "/",
    backend: { service: { name: "rest-proxy", port: { number: 8082 } } },
  });
  // An open route, be it for seconds, is none.
  expect([...before(efd, address)]).toEqual(
    expect.arrayContaining([addressOf(efd, "helm_release", "rest-proxy-login"), readyJob(efd, "efd-secrets")]),
  );
});

test.each(WITH)("EFD-68: %s starts it after its account and the registry, and restarts it for its password", (site) => {
  const efd = stack(site, "efd");
  expect([...before(efd, addressOf(efd, "kubernetes_deployment_v1", "rest-proxy"))]).toEqual(
    expect.arrayContaining([
      readyJob(efd, "kafka-accounts"),
      addressOf(efd, "kubernetes_deployment_v1", "schema-registry"),
    ]),
  );
  const schedule = efd.resources("kubernetes_config_map_v1").map(({ body }) => JSON.stringify(body));
  expect(schedule.filter((text) => text.includes("kafka-rest-proxy"))).toHaveLength(1);
  expect(efdAccess(environmentOf(site)).registryClients).toContainEqual({
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": "rest-proxy", "app.kubernetes.io/instance": "rest-proxy" },
    },
  });
});
