/** LOVE's layer: in which order its parts are made, by what it knows the EFD, and what the switch does. */
import type { StackView } from "../../../synthesized/stack";
import { allStacks, SITE_NAMES, stack, stacksOf } from "../../support/sites";
import { siteWith } from "../../support/environment";
import { withLove } from "../../support/love/cases";
import { tstn046Site } from "../../support/love/tstn046";
import { addressOf, at, before, customResource, readyJob, references } from "../support";
import { LOVE_SITES, selects, SMALL, VIEWS, workloads } from "./views";

const love = (site: string) => VIEWS[site]?.("love") as StackView;
const deployment = (view: StackView, name: string) => addressOf(view, "kubernetes_deployment_v1", name);
/** Addresses of Deployments whose names begin so. */
const deployments = (view: StackView, start: string) =>
  workloads(view).flatMap(({ name, address }) =>
    address.startsWith("kubernetes_deployment_v1.") && name.startsWith(start) ? [address] : [],
  );
const outputs = (view: StackView) =>
  Object.fromEntries(Object.entries(view.json.output ?? {}).map(([name, { value }]) => [name, value]));
const names = (views: readonly StackView[]) => views.map(({ name }) => name);

describe("layers", () => {
  test("sites with a section of LOVE have a fourth layer, after the EFD; others have none", () => {
    for (const site of LOVE_SITES) expect(stack(site, "love").dependencies).toEqual([`${site}-efd`]);
    expect(names(stacksOf(siteWith({})))).toEqual(["toy-cluster", "toy-platform", "toy-efd"]);
    const having = SITE_NAMES.filter((site) => allStacks().some(({ name }) => name === `${site}-love`));
    expect(having.toSorted()).toEqual(["local", "summit", "tucson"]);
    expect(stack("local", "love").resources()).toEqual([]);
  });

  test("switched off the layer is empty, so that an apply removes what is there, and the EFD knows nothing of it", () => {
    const off = stacksOf(siteWith(withLove({ enabled: false })));
    const layer = off.find((one) => one.layer === "love");
    expect(layer?.resources()).toEqual([]);
    expect(Object.keys(layer?.json.provider ?? {})).toEqual(["helm", "kubernetes"]);
    const without = stacksOf(siteWith({ "kafka.clients": withLove()["kafka.clients"] }));
    for (const one of ["platform", "efd"])
      expect(off.find(({ layer: name }) => name === one)?.text).toBe(
        without.find(({ layer: name }) => name === one)?.text,
      );
  });

  test("no layer refers to another: their states share nothing", () => {
    for (const site of Object.keys(VIEWS)) expect(love(site).text).not.toMatch(/terraform_remote_state|\$\{data\./);
  });
});

describe.each(Object.keys(VIEWS))("%s", (site) => {
  const view = love(site);
  const earlier = (address: string) => [...before(view, address)];
  const setup = workloads(view).find(({ name }) => /^love-manager-setup-[0-9a-f]{8}$/.test(name))?.address ?? "";
  const managers = [deployment(view, "love-manager-frontend"), ...deployments(view, "love-manager-producer-")];
  const producers = deployments(view, "love-producer-");

  test("Secrets are there before whatever has pods", () => {
    for (const { name, namespace, address } of workloads(view))
      if (namespace === "love")
        expect([name, earlier(address)]).toEqual([name, expect.arrayContaining([readyJob(view, "love-secrets")])]);
  });

  test("stores, then the setup, then managers, then nginx, then producers", () => {
    const stores = [...deployments(view, "love-manager-redis"), ...deployments(view, "love-manager-database")];
    expect(stores).toHaveLength(site === "small" || site === "saved" ? 2 : 1);
    expect(earlier(setup)).toEqual(expect.arrayContaining(stores));
    for (const one of managers) expect(earlier(one)).toContain(setup);
    expect(earlier(deployment(view, "love-nginx"))).toEqual(expect.arrayContaining(managers));
    for (const one of producers) expect(earlier(one)).toContain(deployment(view, "love-nginx"));
  });

  test("whoever needs nothing of it waits for nothing of it: producers for two things, the commander for one, sets not for one another", () => {
    expect(producers.length).toBeGreaterThan(0);
    for (const one of producers) {
      expect(references(view).get(one)).toHaveLength(2);
      for (const other of producers) expect(earlier(one)).not.toContain(other);
    }
    for (const one of managers)
      for (const other of managers) if (one !== other) expect(earlier(one)).not.toContain(other);
    for (const one of [...managers, deployment(view, "love-nginx"), setup])
      expect(earlier(deployment(view, "love-commander"))).not.toContain(one);
    // The longest way: Secrets, a store, the setup, a manager, nginx, a producer.
    expect(depth(view)).toBe(6);
  });

  test("it finds the EFD where the EFD is", () => {
    const efd = VIEWS[site]?.("efd") as StackView;
    const env = at(efd.resource(deployment(efd, "schema-registry")), "spec.template.spec.container.0.env") as {
      name: string;
      value?: string;
    }[];
    const config = view.resource(addressOf(view, "kubernetes_config_map_v1", "csc-env-config"))["data"];
    expect(at(config, "LSST_KAFKA_BROKER_ADDR")).toBe(
      env.find(({ name }) => name === "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS")?.value,
    );
    const [consumer] = efd.telegrafConfigurations();
    expect(consumer?.text).toContain(String(at(config, "LSST_SCHEMA_REGISTRY_URL")));
    expect(at(config, "LSST_KAFKA_SECURITY_USERNAME")).toBe("ts-salkafka");
    expect(efd.customResources("KafkaUser").map(({ metadata }) => metadata.name)).toContain("ts-salkafka");
    const { "nginx.conf": nginx = "" } = view.resource(addressOf(view, "kubernetes_config_map_v1", "nginx-conf"))[
      "data"
    ] as Record<string, string>;
    const hasProxy = efd
      .resources("kubernetes_service_v1")
      .some(({ body }) => at(body, "metadata.name") === "rest-proxy");
    expect(nginx.includes("rest-proxy.kafka:8082")).toBe(hasProxy);
    const [health] = [...JSON.stringify(view.json).matchAll(/https:\/\/(influxdb-[^/"\\]+)\/health/g)].map(
      ([, host]) => host,
    );
    expect(health).toBe(outputs(efd)["influxdb_host"]);
  });
});

/** Of the resources that an apply waits for, those on the longest way that it goes. */
function depth(view: StackView): number {
  const known = new Map<string, number>();
  const of = (address: string): number => {
    const isAwaited = /^kubernetes_(deployment|job)_v1\./.test(address) ? 1 : 0;
    const found = known.get(address) ?? isAwaited + Math.max(0, ...(references(view).get(address) ?? []).map(of));
    known.set(address, found);
    return found;
  };
  return Math.max(...[...references(view).keys()].map(of));
}

describe("the account of SAL", () => {
  const remote = (view: StackView, key: string) =>
    view
      .customResources("ExternalSecret")
      .filter(({ metadata }) => metadata.name === "love" && metadata.namespace === "love")
      .flatMap(({ spec }) => spec?.["data"] as { secretKey: string; remoteRef: unknown }[])
      .find(({ secretKey }) => secretKey === key)?.remoteRef;

  test.each(LOVE_SITES)("%s: it is the one of Kafka, from the same place in Vault", (site) => {
    const ofKafka = customResource(stack(site, "efd"), "ExternalSecret", "kafka-ts-salkafka");
    const [{ remoteRef } = { remoteRef: undefined }] = ofKafka.spec?.["data"] as { remoteRef: unknown }[];
    expect(remote(stack(site, "love"), "ts-salkafka-password")).toEqual(remoteRef);
  });

  test("where secrets are generated it is generated once, by the layer of Kafka, and may be read in LOVE's namespace", () => {
    const [platform, efd, view] = ["platform", "efd", "love"].map((layer) => VIEWS["small"]?.(layer) as StackView);
    const generated = (one: StackView | undefined) =>
      one?.customResources("Password").map(({ metadata }) => metadata.name) ?? [];
    expect(generated(efd)).toContain("kafka-ts-salkafka");
    expect(generated(view)).toEqual(["love"]);
    expect(remote(view as StackView, "ts-salkafka-password")).toEqual({
      key: "kafka-ts-salkafka",
      property: "password",
    });
    const [store] = platform?.customResources("ClusterSecretStore") ?? [];
    expect(at(store?.spec, "conditions.0.namespaces")).toContain("love");
  });
});

describe("restarts", () => {
  const wavesOf = (view: StackView) =>
    String(at(view.resource(addressOf(view, "kubernetes_config_map_v1", "rollouts")), "data.waves"))
      .trim()
      .split("\n")
      .map((line) => {
        const [parts = "", labels = ""] = line.split(" ");
        return {
          parts: Number(parts),
          labels: Object.fromEntries(labels.split(",").map((one) => one.split("="))) as Record<string, string>,
        };
      });

  test.each(Object.keys(VIEWS))(
    "%s: whatever starts with a Secret is in one wave, and no wave is of nothing",
    (site) => {
      const view = love(site);
      const waves = wavesOf(view);
      const readers = view
        .resources("kubernetes_deployment_v1")
        .filter(({ body }) => JSON.stringify(at(body, "spec.template.spec")).includes("secret_key_ref"));
      expect(readers.length).toBeGreaterThan(4);
      for (const { address, body } of readers) {
        const own = at(body, "metadata.labels") as Record<string, string>;
        expect([address, waves.filter(({ labels }) => selects(labels, own)).length]).toEqual([address, 1]);
        expect(at(body, "lifecycle.ignore_changes")).toContain('metadata[0].annotations["efd/secrets-are"]');
      }
      for (const { labels } of waves)
        expect(readers.some(({ body }) => selects(labels, at(body, "metadata.labels") as Record<string, string>))).toBe(
          true,
        );
    },
  );

  test("stores restart before managers, managers before whoever connects to them, and of the producers a tenth at a time", () => {
    const of = ({ labels }: { labels: Record<string, string> }) => Object.values(labels).at(-1);
    expect(wavesOf(love("small")).map((one) => [of(one), one.parts])).toEqual([
      ["love-manager-database", 1],
      ["love-manager-redis", 1],
      ["love-manager-producer", 4],
      ["love-manager-frontend", 1],
      ["love-commander", 1],
      ["love-producer", 10],
    ]);
  });

  test("it may read LOVE's Secret, and not the account of the images' registry", () => {
    for (const site of Object.keys(VIEWS)) {
      const [read] = love(site).resource(addressOf(love(site), "kubernetes_role_v1", "rollouts"))["rule"] as object[];
      expect(read).toEqual({ api_groups: [""], resources: ["secrets"], resource_names: ["love"], verbs: ["get"] });
    }
  });
});

test("a producer more is one resource more, and changes no other", () => {
  const [first] = tstn046Site.love?.producers ?? [];
  const more = {
    ...tstn046Site,
    love: {
      ...tstn046Site.love,
      producers: [...(tstn046Site.love?.producers ?? []), { ...first, name: "more", csc: "Test:9" }],
    },
  };
  const resources = (input: unknown) =>
    new Map(
      stacksOf(input)
        .flatMap((one) => one.resources())
        .map(({ address, body }) => [address, JSON.stringify(body)]),
    );
  const [before_, after] = [resources(tstn046Site), resources(more)];
  expect([...after].filter(([address, body]) => before_.get(address) !== body).map(([address]) => address)).toEqual([
    "kubernetes_deployment_v1.producers_more_" +
      ([...after.keys()].find((one) => one.includes("producers_more_")) ?? "").slice(-8),
  ]);
  expect([...before_.keys()].filter((address) => !after.has(address))).toEqual([]);
});

test("a database of its own is data: its volume stays unless the site lets it go", () => {
  const [claim] = stacksOf(SMALL).flatMap((one) =>
    one.layer === "love" ? one.resources("kubernetes_persistent_volume_claim_v1") : [],
  );
  expect(at(claim?.body, "metadata.name")).toBe("love-manager-database");
  expect(at(claim?.body, "lifecycle.prevent_destroy")).toBe(true);
  const freed = stacksOf(siteWith({ ...withLove(), allowDestroys: ["toy-love"] }));
  const [free] = freed
    .flatMap((one) => one.resources("kubernetes_persistent_volume_claim_v1"))
    .filter(({ body }) => at(body, "metadata.namespace") === "love");
  expect(at(free?.body, "lifecycle.prevent_destroy")).toBeUndefined();
});
