/** What holds of all objects of a LOVE layer together; docs/acceptance/love.md. */
import type { Json } from "../../../synthesized/stack";
import { at } from "../support";
import {
  DEPLOYMENT,
  file,
  love,
  LOVE_SITES,
  loveFacts,
  object,
  objects,
  podTemplates,
  SERVICE,
  valuesOf,
  variables,
} from "./support";

const labelsOf = (body: Json) => at(body, "spec.selector.match_labels") as Record<string, string>;
const fits = (selector: Json, labels: Json) => Object.entries(selector).every(([key, value]) => labels[key] === value);

describe.each(LOVE_SITES)("LOVE of %s", (site) => {
  const HPA = "kubernetes_horizontal_pod_autoscaler_v2";

  test("LOVE-C01: everything is in namespace love, but for the Job that waits for the secrets", () => {
    const kubernetes = love(site)
      .resources()
      .filter(({ type }) => type.startsWith("kubernetes_"));
    const elsewhere = kubernetes.filter(({ body }) => at(body, "metadata.namespace") !== "love");
    expect(kubernetes.length - elsewhere.length).toBeGreaterThan(30);
    expect(elsewhere.map(({ type }) => type).sort()).toEqual([
      ...["cluster_role_binding_v1", "cluster_role_v1", "job_v1", "service_account_v1"].map(
        (one) => `kubernetes_${one}`,
      ),
    ]);
    for (const { body } of elsewhere) expect(String(at(body, "metadata.name"))).toMatch(/ready-love-secrets/);
    expect([
      ...new Set(
        love(site)
          .customResources()
          .map(({ metadata }) => metadata.namespace),
      ),
    ]).toEqual(["love"]);
  });

  test("LOVE-C02, LOVE-C10: one autoscaler, of the frontends", () => {
    const autoscalers = love(site).resources(HPA);
    expect(autoscalers.map(({ body }) => at(body, "spec.scale_target_ref"))).toEqual([
      { api_version: "apps/v1", kind: "Deployment", name: "love-manager-frontend" },
    ]);
  });

  test("LOVE-C07: nothing says how many frontends there are but the autoscaler, whose least number goes by the clock", () => {
    expect(at(object(love(site), DEPLOYMENT, "love-manager-frontend"), "spec.replicas")).toBeUndefined();
    // Tucson's file says nowhere when it observes.
    expect(at(object(love(site), HPA, "love-manager-frontend"), "lifecycle.ignore_changes")).toEqual(
      site === "tucson" ? undefined : ["spec[0].min_replicas"],
    );
  });

  test("LOVE-C34: what is a password, a secret, a token or a key comes from the Secret love", () => {
    const secret = podTemplates(love(site)).flatMap(({ name, pod }) =>
      variables(pod)
        .filter((one) => /PASS|SECRET|TOKEN|KEY/.test(one.name))
        .map((one) => ({ workload: name, ...one })),
    );
    expect(secret.length).toBeGreaterThan(30);
    // redis-cli's own variable is called AUTH.
    for (const { value, value_from } of secret) {
      expect(value).toBeUndefined();
      expect(at(value_from, "secret_key_ref.name")).toBe("love");
    }
  });

  test("LOVE-C35: the database is outside", () => {
    expect(valuesOf(love(site), "love-manager-frontend")["DB_HOST"]).toBe(loveFacts(site).database);
    const images = podTemplates(love(site)).flatMap(({ pod }) =>
      (pod["container"] as Json[]).map((one) => one["image"]),
    );
    expect(images.filter((image) => String(image).includes("postgres"))).toEqual([]);
    expect(love(site).resources("kubernetes_persistent_volume_claim_v1")).toEqual([]);
  });

  test("LOVE-C54: every pod with an image of LOVE's registry names its account", () => {
    const { registry, routes } = loveFacts(site);
    const images = (pod: Json) =>
      [...((pod["init_container"] ?? []) as Json[]), ...(pod["container"] as Json[])].map((one) =>
        String(one["image"]),
      );
    const own = podTemplates(love(site)).filter(({ pod }) =>
      images(pod).some((image) => image.startsWith(`${registry}/`)),
    );
    const producers = Object.values(routes).reduce((sum, count) => sum + count, 0);
    // Producers, sets, frontends, nginx, commander, and the setup.
    expect(own.length).toBeGreaterThan(producers + Object.keys(routes).length + 3);
    expect(
      own.filter(({ pod }) => at(pod, "image_pull_secrets.0.name") !== "pull-secret").map(({ name }) => name),
    ).toEqual([]);
  });

  test("LOVE-C55: as many Services as LOVE's own and a headless one for each kind of manager, each of one workload", () => {
    const services = [...objects(love(site), SERVICE).values()];
    const headless = services.filter((body) => at(body, "spec.cluster_ip") === "None");
    const { services: count, routes } = loveFacts(site);
    expect([services.length - headless.length, headless.length]).toEqual([count, Object.keys(routes).length + 1]);
    const deployments = [...objects(love(site), DEPLOYMENT).values()];
    for (const service of services) {
      const selector = at(service, "spec.selector") as Json;
      const found = deployments.filter((body) => fits(selector, at(body, "spec.template.metadata.labels") as Json));
      expect([at(service, "metadata.name"), found.length]).toEqual([at(service, "metadata.name"), 1]);
    }
  });

  test("LOVE-C56: a budget for what has several pods, and none that stops a node from being emptied", () => {
    const budgets = [...objects(love(site), "kubernetes_pod_disruption_budget_v1")];
    const several = Object.keys({ tstn046: { queue: 3, general: 10 }, phalanx2026: {} }[loveFacts(site).profile]);
    expect(budgets.map(([name]) => name).sort()).toEqual(
      ["love-manager-frontend", "love-nginx", ...several.map((set) => `love-manager-producer-${set}`)].sort(),
    );
    for (const [, body] of budgets) {
      expect(at(body, "spec.max_unavailable")).toBe("1");
      expect(at(body, "spec.min_available")).toBeUndefined();
    }
  });

  test("LOVE-C59: no variable of what is gone", () => {
    const names = [
      ...podTemplates(love(site)).flatMap(({ pod }) => variables(pod).map(({ name }) => name)),
      ...Object.keys(at(object(love(site), "kubernetes_config_map_v1", "csc-env-config"), "data") as Json),
    ];
    expect(names).toContain("LSST_TOPIC_SUBNAME");
    expect(names.filter((name) => /^(LSST_DDS_|OSPL_|MYS3_|AUTHLIST_)/.test(name))).toEqual([]);
  });

  test("LOVE-C60: outputs say at which CPU the autoscaler is at its end, and for how many views that is", () => {
    const { output = {} } = love(site).json;
    const { cpu, views } = loveFacts(site).capacity;
    expect([output["love_frontend_cpu"]?.["value"], output["love_views"]?.["value"]]).toEqual([cpu, views]);
  });

  test("LOVE-C61: managers find Redis and the commander by their Services", () => {
    for (const name of objects(love(site), DEPLOYMENT).keys())
      if (name.startsWith("love-manager-frontend") || name.startsWith("love-manager-producer-")) {
        const { REDIS_HOST, COMMANDER_HOSTNAME, COMMANDER_PORT } = valuesOf(love(site), name);
        expect(at(object(love(site), SERVICE, REDIS_HOST ?? ""), "spec.port.0.port")).toBe(6379);
        expect(at(object(love(site), SERVICE, COMMANDER_HOSTNAME ?? ""), "spec.port.0.port")).toBe(
          Number(COMMANDER_PORT),
        );
      }
  });

  test("LOVE-C62: a Deployment finds its own pods, and no others", () => {
    const deployments = [...objects(love(site), DEPLOYMENT).values()];
    for (const one of deployments)
      expect([at(one, "metadata.name"), fits(labelsOf(one), at(one, "spec.template.metadata.labels") as Json)]).toEqual(
        [at(one, "metadata.name"), true],
      );
    const found = deployments.flatMap((one) =>
      podTemplates(love(site))
        .filter(({ name, labels }) => name !== at(one, "metadata.name") && fits(labelsOf(one), labels))
        .map(({ name }) => [at(one, "metadata.name"), name]),
    );
    expect(found).toEqual([]);
  });
});

describe.each(LOVE_SITES)("LOVE's own configurations of %s", (site) => {
  const FILES = ["default.json", "no-alarms.json", "serious-alarms.json"];
  const configuration = (name: string) => JSON.parse(file(love(site), "love-conf", name)) as Json;

  test("LOVE-C47: three, which differ in what sounds", () => {
    const data = at(object(love(site), "kubernetes_config_map_v1", "love-conf"), "data") as Json;
    expect(Object.keys(data).sort()).toEqual(FILES);
    expect(FILES.map((name) => at(configuration(name), "alarms"))).toEqual(
      ["warning", "mute", "serious"].map((sound) => ({ minSeveritySound: sound, minSeverityNotification: "warning" })),
    );
    const rest = FILES.map((name) => ({ ...configuration(name), alarms: undefined }));
    expect(rest).toEqual([rest[0], rest[0], rest[0]]);
  });

  test("LOVE-C48: the brokers of the site's Kafka, its cameras, and hosts of ours", () => {
    const { brokers, feeds, efdAlias, host } = loveFacts(site);
    const { alarms, ...rest } = configuration("default.json");
    expect(alarms).toBeDefined();
    expect(rest).toEqual({
      camFeeds: feeds,
      efd: { defaultEfdInstance: efdAlias, urlStatus: `https://${host.replace(/^love-/, "influxdb-")}/health` },
      sal: { expectedBrokerList: brokers, urlStatus: `https://${host}/love/sal-status` },
    });
  });
});

describe.each(LOVE_SITES)("the way to LOVE of %s", (site) => {
  const ingress = (name: string) => object(love(site), "kubernetes_ingress_v1", name);
  const rule = (host: string, path: object[]) => [{ host, http: { path } }];

  test("LOVE-C49: one host, whose path /love leads to nginx, by TLS only", () => {
    const { host } = loveFacts(site);
    const backend = { service: { name: "love-nginx-service", port: { number: 80 } } };
    expect(at(ingress("love-nginx-ingress"), "spec")).toMatchObject({
      ingress_class_name: "traefik",
      rule: rule(host, [{ path: "/love", path_type: "Prefix", backend }]),
      tls: [{ hosts: [host] }],
    });
    // The entry point for HTTP redirects, as for every host of the site.
    expect(at(ingress("love-nginx-ingress"), "metadata.annotations") as Json).toMatchObject({
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
    });
  });

  test("LOVE-C50: one path for each microphone, and none where there is none", () => {
    const { host, microphones } = loveFacts(site);
    const names = [...objects(love(site), "kubernetes_ingress_v1").keys()];
    expect(names.includes("love-audio-broadcaster-ingress")).toBe(microphones > 0);
    if (microphones === 0) return;
    const paths = Array.from({ length: microphones }, (_, i) => ({
      path: `/audio-broadcaster/${i + 1}`,
      path_type: "Exact",
      backend: { service: { name: `love-audio-broadcaster-service-${i + 1}`, port: { number: 80 } } },
    }));
    expect(at(ingress("love-audio-broadcaster-ingress"), "spec.rule")).toEqual(rule(host, paths));
  });
});
