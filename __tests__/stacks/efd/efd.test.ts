import { parse } from "smol-toml";
import { allStacks, stack } from "../../support/sites";
import {
  addressOf,
  at,
  before,
  customResource,
  factsOf,
  hostOf,
  readyJob,
  references,
  TABLE,
  WITH_CONNECT,
  WITH_GIVEN,
  WITH_ISSUER,
  WITH_LOAD_BALANCERS,
  WITH_NODE_PORTS,
  WITH_TELEGRAF,
  consumerConfigurations,
  texts,
  unescaped,
  upperLayers,
  valuesUnder,
} from "../support";

const everyLayer = (site: string) => [stack(site, "cluster"), ...upperLayers(site)];
const release = (site: string, name: string) => addressOf(stack(site, "efd"), "helm_release", name);

/** The Job that sets InfluxDB up, and its script. */
function setup(site: string) {
  const efd = stack(site, "efd");
  const jobs = efd
    .resources("kubernetes_job_v1")
    .filter(({ body }) => String(at(body, "metadata.name")).startsWith("influxdb-setup-"));
  const [job] = jobs;
  if (!job || jobs.length > 1) throw new Error(`${site} has ${jobs.length} Jobs that set InfluxDB up`);
  const config = efd.resource(addressOf(efd, "kubernetes_config_map_v1", "influxdb-setup"));
  const { "setup.sh": script = "" } = config["data"] as Record<string, string>;
  return { address: job.address, body: job.body, script: unescaped(script) };
}

describe("InfluxDB", () => {
  test.each(TABLE)("EFD-36: %s has authentication on and no limit of rows", (site) => {
    expect(at(stack(site, "efd").values("influxdb"), "config.http")).toMatchObject({
      "auth-enabled": true,
      "max-row-limit": 0,
    });
  });

  test.each(TABLE)("EFD-36: %s takes the 1.12 image on the chart of docs/acceptance/efd.md#parts", (site) => {
    const found = stack(site, "efd")
      .releases()
      .find(({ name }) => name === "influxdb");
    expect(found?.body).toMatchObject({
      chart: "influxdb",
      repository: "https://helm.influxdata.com/",
      version: "4.12.5",
      namespace: "influxdb",
    });
    expect(at(found?.values, "image.tag")).toMatch(/^1\.12\.\d+$/);
    expect(at(found?.values, "persistence")).toEqual({ enabled: true, existingClaim: "influxdb" });
  });

  test.each(TABLE)("EFD-36: %s has the limits of phalanx 2026-08", (site) => {
    expect(at(stack(site, "efd").values("influxdb"), "config")).toMatchObject({
      coordinator: {
        "max-concurrent-queries": 500,
        "query-timeout": "15s",
        "log-queries-after": "15s",
        "write-timeout": "1h",
      },
      data: { "cache-max-memory-size": 0, "wal-fsync-delay": "100ms", "max-series-per-database": 0 },
      continuous_queries: { enabled: false },
    });
  });

  test.each(TABLE)("EFD-36: %s serves it under its host with a certificate in the same namespace", (site) => {
    const efd = stack(site, "efd");
    const ingress = efd.resource(addressOf(efd, "kubernetes_ingress_v1", "influxdb"));
    const host = hostOf(site, "influxdb");
    expect(ingress).toMatchObject({
      metadata: {
        namespace: "influxdb",
        annotations: WITH_ISSUER.includes(site) ? { "cert-manager.io/cluster-issuer": "efd" } : {},
      },
      spec: {
        tls: [{ hosts: [host], secret_name: WITH_ISSUER.includes(site) ? "influxdb-tls" : "tls-certs" }],
        rule: [{ host }],
      },
    });
    expect(efd.json.output?.["influxdb_host"]?.["value"]).toBe(host);
    // Whoever comes first may make the first administrator.
    expect([...before(efd, addressOf(efd, "kubernetes_ingress_v1", "influxdb"))]).toContain(setup(site).address);
  });

  test.each(TABLE)("EFD-37: %s keeps the EFD as long as the table says, in the default policy", (site) => {
    const { efdHours } = factsOf(site);
    const shard = efdHours < 48 ? 1 : 168;
    const duration = Number.isFinite(efdHours) ? `${efdHours}h` : "INF";
    const lines = setup(site).script.split("\n");
    expect(lines).toContain(`run 'CREATE DATABASE "efd"'`);
    expect(lines.filter((line) => line.includes("RETENTION POLICY") && line.includes(' ON "efd" '))).toEqual([
      `run 'ALTER RETENTION POLICY "autogen" ON "efd" DURATION ${duration} REPLICATION 1 SHARD DURATION ${shard}h DEFAULT'`,
    ]);
    expect(lines.filter((line) => /CREATE RETENTION POLICY/.test(line))).toEqual([]);
  });

  test.each(TABLE)("EFD-37: %s sets it up after the release, and by what the Secrets hold", (site) => {
    const efd = stack(site, "efd");
    expect([...before(efd, setup(site).address)]).toEqual(
      expect.arrayContaining([release(site, "influxdb"), readyJob(efd, "efd-secrets")]),
    );
    const [container] = at(setup(site).body, "spec.template.spec.container") as { env: Record<string, unknown>[] }[];
    const passwords = (container?.env ?? []).filter(({ name }) => /PASSWORD|USERNAME/.test(String(name)));
    expect(passwords.map((one) => at(one, "value_from.secret_key_ref"))).toEqual([
      { name: "influxdb-auth", key: "influxdb-user" },
      { name: "influxdb-auth", key: "influxdb-password" },
      { name: "influxdb-setup", key: "password" },
      { name: "telegraf-secret", key: "password" },
      ...(WITH_CONNECT.includes(site) ? [{ name: "influxdb-connect", key: "password" }] : []),
      { name: "efdreader", key: "password" },
    ]);
  });

  test.each(TABLE)("EFD-37: %s has every database into which a consumer writes", (site) => {
    const { script } = setup(site);
    const made = [...script.matchAll(/^run 'CREATE DATABASE "([^"]+)"'$/gm)].map(([, name]) => name);
    const byTelegraf = stack(site, "efd")
      .telegrafConfigurations()
      .flatMap(({ text }) => valuesUnder(at(parse(text), "outputs"), "url"))
      .map((url) => new URL(String(url)).searchParams.get("db") ?? "");
    const byConnect = stack(site, "efd")
      .customResources("KafkaConnector")
      .flatMap(({ spec }) => valuesUnder(spec, "connect.influx.db"));
    // EFD-38: the database telegraf is there at every site.
    expect([...made].sort()).toEqual([...new Set([...byTelegraf, ...byConnect, "telegraf"])].sort());
    for (const [account, databases] of [
      ["telegraf", byTelegraf],
      ["connect", byConnect],
    ] as const)
      for (const name of new Set(databases))
        expect(script).toMatch(new RegExp(`^run 'GRANT (WRITE|ALL) ON "${String(name)}" TO "${account}"'$`, "m"));
  });

  test.each(TABLE)(
    "EFD-38: %s keeps four weeks in the database telegraf, where the user telegraf may do all",
    (site) => {
      const lines = setup(site).script.split("\n");
      expect(lines).toEqual(
        expect.arrayContaining([
          `run 'CREATE DATABASE "telegraf"'`,
          // 4 w
          `run 'ALTER RETENTION POLICY "autogen" ON "telegraf" DURATION 672h REPLICATION 1 SHARD DURATION 168h DEFAULT'`,
          `user 'telegraf' "$PASSWORD_TELEGRAF"`,
          `run 'GRANT ALL ON "telegraf" TO "telegraf"'`,
          ...(WITH_TELEGRAF.includes(site) ? [`run 'GRANT WRITE ON "efd" TO "telegraf"'`] : []),
        ]),
      );
    },
  );

  test.each(TABLE)("EFD-38: %s lets people read and never write", (site) => {
    const grants = setup(site)
      .script.split("\n")
      .filter((line) => line.endsWith(`TO "efdreader"'`));
    expect(grants.length).toBeGreaterThanOrEqual(2);
    for (const line of grants) expect(line).toMatch(/^run 'GRANT READ ON /);
  });
});

describe("Telegraf", () => {
  const deployments = (site: string) =>
    stack(site, "efd")
      .resources("kubernetes_deployment_v1")
      .filter(({ body }) => at(body, "metadata.namespace") === "telegraf");

  test.each(WITH_NODE_PORTS)(
    "EFD-40: %s has no DaemonSet, no input of Docker, and one pod of each consumer",
    (site) => {
      for (const view of upperLayers(site)) {
        expect(view.resources().filter(({ type }) => type.includes("daemon_set"))).toEqual([]);
        expect(view.releases().filter(({ body }) => String(body["chart"]).includes("telegraf"))).toEqual([]);
      }
      for (const { text } of stack(site, "efd").telegrafConfigurations())
        expect(Object.keys(parse(text)["inputs"] as object).sort()).toEqual(["internal", "kafka_consumer"]);
      expect(deployments(site).length > 0).toBe(WITH_TELEGRAF.includes(site));
      for (const { body } of deployments(site))
        expect(body["spec"]).toMatchObject({ replicas: "1", strategy: { type: "Recreate" } });
    },
  );

  test.each(WITH_LOAD_BALANCERS)("EFD-41: %s measures its nodes, by a Telegraf on each", (site) => {
    const efd = stack(site, "efd");
    const [own, ...others] = upperLayers(site).flatMap((view) => view.resources("kubernetes_daemon_set_v1"));
    expect(others).toEqual([]);
    expect(own?.body["metadata"]).toMatchObject({ name: "telegraf-nodes", namespace: "telegraf-ds" });
    const [hosts, ...more] = efd.telegrafConfigurations().filter(({ text }) => !text.includes("kafka_consumer"));
    expect(more).toEqual([]);
    const config = parse(hosts?.text ?? "");
    // terraform-efd of 2019: the inputs of the DaemonSet, without Docker's.
    expect(Object.keys(config["inputs"] as object).sort()).toEqual(
      ["cpu", "disk", "diskio", "kernel", "mem", "net", "processes", "swap", "system"].sort(),
    );
    expect(at(config, "outputs.http")).toMatchObject([
      { url: "http://influxdb.influxdb:8086/write?db=telegraf", username: "telegraf" },
    ]);
    expect([...before(efd, own?.address ?? "")]).toEqual(
      expect.arrayContaining([release(site, "influxdb"), setup(site).address, readyJob(efd, "efd-secrets")]),
    );
  });

  test.each(TABLE)("EFD-42: %s writes to InfluxDB's Service on 8086, its own metrics into telegraf", (site) => {
    const configurations = consumerConfigurations(site);
    expect(configurations).toHaveLength(deployments(site).length);
    for (const { text } of configurations) {
      const [data, own, ...others] = at(parse(text), "outputs.http") as Record<string, unknown>[];
      expect(others).toEqual([]);
      const write = "http://influxdb.influxdb:8086/write?db=";
      expect(own).toMatchObject({ url: `${write}telegraf`, namepass: ["telegraf_*"] });
      expect(data?.["url"]).toMatch(write);
      expect(data?.["url"]).not.toBe(own?.["url"]);
      expect(data).toMatchObject({ namedrop: ["telegraf_*"] });
    }
    // The chart calls the Service like the release.
    expect(release(site, "influxdb")).toBe("helm_release.influxdb_influxdb");
  });

  test.each(TABLE)("EFD-42: %s reads brokers and registry by Services that exist", (site) => {
    const efd = stack(site, "efd");
    for (const { text } of consumerConfigurations(site))
      for (const input of at(parse(text), "inputs.kafka_consumer") as Record<string, unknown>[]) {
        // Strimzi: <cluster>-kafka-bootstrap.
        expect(input["brokers"]).toEqual(["efd-kafka-bootstrap.kafka:9092"]);
        expect(input["avro_schema_registry"]).toBe("http://schema-registry.kafka:8081");
      }
    expect(efd.resource(addressOf(efd, "kubernetes_service_v1", "schema-registry"))).toMatchObject({
      metadata: { namespace: "kafka" },
      spec: { port: [{ port: 8081 }] },
    });
    expect(customResource(efd, "Kafka", "efd").metadata.namespace).toBe("kafka");
  });
});

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
    expect(peers).toEqual({
      influxdb: ["its own"],
      kapacitor: expect.arrayContaining(["influxdb", "chronograf"]) as string[],
      // Who decodes Avro: Telegraf, or Connect in the namespace of the registry.
      "schema-registry": ["traefik", ...(WITH_TELEGRAF.includes(site) ? ["telegraf"] : ["its own"]), "its own"],
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
    const pods = at(setup(site).body, "spec.template.metadata.labels") as Record<string, string>;
    const { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance } = pods;
    const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
    expect(policies.map(({ body }) => body["spec"])).toEqual([
      spec([{ pod_selector: { match_labels: labels } }]),
      spec(),
    ]);
    // First nobody but the setup, which makes the first administrator; all others when it has.
    const [closed, open] = policies.map(({ address }) => address);
    expect([...before(efd, release(site, "influxdb"))]).toContain(closed);
    expect([...before(efd, open ?? "")]).toContain(setup(site).address);
  });

  test.each(TABLE)("%s lets every Deployment of ours be restarted, by hand and by schedule", (site) => {
    const marks = ["kubectl.kubernetes.io/restartedAt", "efd/secrets", "efd/topics"];
    for (const { address, body } of upperLayers(site).flatMap((view) => view.resources("kubernetes_deployment_v1")))
      expect([address, at(body, "lifecycle.ignore_changes")]).toEqual([
        address,
        marks.map((mark) => `spec[0].template[0].metadata[0].annotations["${mark}"]`),
      ]);
  });
});

describe("order", () => {
  test.each(TABLE)("EFD-43: %s applies cluster, platform and EFD in this order", (site) => {
    expect(stack(site, "cluster").dependencies).toEqual([]);
    expect(stack(site, "platform").dependencies).toEqual([`${site}-cluster`]);
    expect(stack(site, "efd").dependencies).toContain(`${site}-platform`);
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
        expect.arrayContaining([...path, release(site, "influxdb"), setup(site).address, readyJob(efd, "efd-secrets")]),
      );
  });

  test.each(TABLE)("EFD-43: %s installs InfluxDB before its users", (site) => {
    const efd = stack(site, "efd");
    const kapacitor = efd.resources("helm_release").find(({ body }) => body["chart"] === "kapacitor");
    const chronograf = efd.resources("helm_release").find(({ body }) => body["chart"] === "chronograf");
    for (const user of [kapacitor, chronograf])
      expect([...before(efd, user?.address ?? "")]).toEqual(
        expect.arrayContaining([release(site, "influxdb"), setup(site).address, readyJob(efd, "efd-secrets")]),
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
    expect(graph.size).toBeGreaterThan(0);
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

describe("secrets", () => {
  test.each(TABLE)("EFD-54: %s asks for no input but secrets, each ephemeral and without default", (site) => {
    const variables = everyLayer(site)
      .flatMap((view) => Object.entries(view.json.variable ?? {}))
      // Where the state is, is no secret: EFD-56. What nobody documented is none either.
      .filter(([name]) => name !== "state_bucket" && !factsOf(site).inputs?.includes(name));
    expect(variables.map(([name]) => name).sort()).toEqual([
      ...(WITH_GIVEN.includes(site) ? ["tls_chain", "tls_key"] : []),
      ...(factsOf(site).vault ? ["vault_token"] : []),
    ]);
    for (const [, variable] of variables) {
      expect(variable).toMatchObject({ type: "string", sensitive: true, ephemeral: true, nullable: false });
      expect(variable).not.toHaveProperty("default");
      expect(String(variable["description"]).length).toBeGreaterThan(20);
    }
  });

  test.each(TABLE)("EFD-54: %s asks for what nobody documented, each described and without default", (site) => {
    const { inputs = [] } = factsOf(site);
    const found = new Map(everyLayer(site).flatMap((view) => Object.entries(view.json.variable ?? {})));
    for (const name of inputs) {
      expect([name, found.get(name)]).toMatchObject([name, { type: "string", nullable: false }]);
      expect(found.get(name)).not.toHaveProperty("default");
      expect(String(found.get(name)?.["description"]).length).toBeGreaterThan(20);
      // What is given wrongly is refused by Terraform, with what is allowed.
      expect(at(found.get(name), "validation.0.condition")).toContain(`var.${name}`);
      expect(at(found.get(name), "validation.0.error_message")).toMatch(/^allowed /);
    }
  });

  test.each(TABLE)("EFD-54: %s has no forty hexadecimal digits and no PEM", (site) => {
    for (const view of everyLayer(site))
      expect(
        texts(view.json).filter(
          (text) => /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.test(text) || /-----BEGIN/.test(text),
        ),
      ).toEqual([]);
  });

  test.each(TABLE)("EFD-54: %s uses an ephemeral input in write-only attributes only", (site) => {
    for (const view of upperLayers(site))
      for (const { address, body } of view.resources()) {
        const others = texts({ ...body, data_wo: undefined });
        const found = others.flatMap((text) =>
          [...text.matchAll(/\$\{var\.([a-z_]+)\}/g)].map(([, name]) => name ?? ""),
        );
        expect([address, found.filter((name) => !factsOf(site).inputs?.includes(name))]).toEqual([address, []]);
      }
  });

  /** argocd-efd 2021-09: keys of each secret and where it goes, as far as it is built. */
  const TARGETS = [
    ["influxdb-auth", "influxdb", { "influxdb-user": "influxdb-user", "influxdb-password": "influxdb-password" }],
    ["influxdb-auth", "kapacitor", { "influxdb-user": "influxdb-user", "influxdb-password": "influxdb-password" }],
    ["telegraf-secret", "influxdb", { password: "password" }],
  ] as const;

  test.each(TABLE.filter((site) => factsOf(site).vault))(
    "EFD-62: %s reads the secrets of argocd-efd 2021-09 by its path",
    (site) => {
      const { vault = "" } = factsOf(site);
      const secrets = upperLayers(site).flatMap((view) => view.customResources("ExternalSecret"));
      for (const [name, namespace, keys] of TARGETS) {
        const [found] = secrets.filter(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
        expect(at(found?.spec, "data")).toEqual(
          Object.entries(keys).map(([secretKey, property]) => ({
            secretKey,
            remoteRef: { key: `${vault}/${name}`, property },
          })),
        );
      }
      for (const { metadata, spec } of secrets) {
        if (at(spec, "secretStoreRef.name") === "given") continue;
        // Nobody outside knows the setup's own account: it is generated at every site.
        if (metadata.name === "influxdb-setup") continue;
        const references = at(spec, "data") as { remoteRef: { key: string } }[];
        expect(references.length).toBeGreaterThan(0);
        for (const { remoteRef } of references)
          expect(remoteRef.key).toMatch(new RegExp(`^${vault.replaceAll(".", "\\.")}/[a-z0-9-]+$`));
      }
    },
  );

  test.each(TABLE.filter((site) => factsOf(site).vault))(
    "EFD-62: %s takes Chronograf's login from chronograf-oauth",
    (site) => {
      const { vault = "" } = factsOf(site);
      const efd = stack(site, "efd");
      const found = customResource(efd, "ExternalSecret", "chronograf");
      expect(found.metadata.namespace).toBe("chronograf");
      const sources = (at(found.spec, "data") as { secretKey: string; remoteRef: Record<string, string> }[]).map(
        ({ secretKey, remoteRef }) => [secretKey, remoteRef["key"], remoteRef["property"]],
      );
      // argocd-efd 2021-09: which variable takes which key.
      expect(sources).toEqual(
        expect.arrayContaining([
          ["TOKEN_SECRET", `${vault}/chronograf-oauth`, "token_secret"],
          ["GH_CLIENT_ID", `${vault}/chronograf-oauth`, "gh_client_id"],
          ["GH_CLIENT_SECRET", `${vault}/chronograf-oauth`, "gh_client_secret"],
          ["GH_ORGS", `${vault}/chronograf-oauth`, "gh_orgs"],
        ]),
      );
      const values = efd.releases().find(({ body }) => body["chart"] === "chronograf")?.values;
      expect(values?.["envFromSecret"]).toBe("chronograf");
    },
  );

  test.each(TABLE)("EFD-62: %s makes every Secret that a workload names, in the workload's namespace", (site) => {
    for (const view of upperLayers(site)) {
      const made = new Set(
        upperLayers(site).flatMap((one) => [
          ...one
            .customResources("ExternalSecret")
            .map(({ metadata, spec }) => `${metadata.namespace}/${String(at(spec, "target.name"))}`),
          ...one
            .resources("kubernetes_secret_v1")
            .map(({ body }) => `${String(at(body, "metadata.namespace"))}/${String(at(body, "metadata.name"))}`),
        ]),
      );
      const named = [
        ...view
          .resources()
          .filter(({ type }) => /_(deployment|job|cron_job)_v1$/.test(type))
          .flatMap(({ body }) =>
            valuesUnder(body, "secret_key_ref").map(
              (one) => `${String(at(body, "metadata.namespace"))}/${String(at(one, "name"))}`,
            ),
          ),
        ...view
          .releases()
          .flatMap(({ namespace, values }) =>
            values["resources"] && Array.isArray(values["resources"])
              ? []
              : [
                  ...valuesUnder(values, "secretKeyRef").map((one) => `${namespace}/${String(at(one, "name"))}`),
                  ...["existingSecret", "envFromSecret"].flatMap((key) =>
                    valuesUnder(values, key).map((one) => `${namespace}/${String(one)}`),
                  ),
                ],
          ),
        ...view
          .customResources("KafkaUser")
          .flatMap(({ metadata, spec }) =>
            valuesUnder(spec, "secretKeyRef").map((one) => `${metadata.namespace}/${String(at(one, "name"))}`),
          ),
      ];
      expect(named.filter((one) => !made.has(one))).toEqual([]);
    }
  });
});

describe("versions", () => {
  test.each(TABLE)("EFD-55: %s has nothing of Helm 2", (site) => {
    for (const view of everyLayer(site)) expect(view.text).not.toMatch(/tiller/i);
  });

  test.each(TABLE)("EFD-64: %s pins every chart", (site) => {
    for (const { name, body } of upperLayers(site).flatMap((view) => view.releases()))
      expect([name, body["version"]]).toEqual([name, expect.stringMatching(/^v?\d+\.\d+\.\d+$/)]);
  });

  test.each(TABLE)("EFD-64: %s pins every image", (site) => {
    const images = everyLayer(site).flatMap((view) => [
      ...valuesUnder(view.json.resource, "image").filter((one) => typeof one === "string" && !one.startsWith("${")),
      ...view.resources("docker_image").map(({ body }) => body["name"]),
      ...view
        .releases()
        .flatMap(({ values }) => valuesUnder(values, "image"))
        .map((one) =>
          typeof one === "string" ? one : `${String(at(one, "repository"))}:${String(at(one, "tag") ?? "")}`,
        ),
    ]);
    expect(images.length).toBeGreaterThan(10);
    for (const image of images.filter((one) => one !== "${var.connect_image}"))
      expect(image).toMatch(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/);
    for (const view of everyLayer(site)) expect(view.text).not.toMatch(/:latest\b/);
  });

  test.each(TABLE)("EFD-64: %s pins Terraform's providers exactly", (site) => {
    for (const view of everyLayer(site)) {
      const providers = Object.entries(view.json.terraform?.required_providers ?? {});
      expect(providers.length).toBeGreaterThan(0);
      for (const [name, { version }] of providers)
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
  });
});

describe("state", () => {
  const backend = (site: string, layer: string) => at(stack(site, layer).json.terraform, "backend");

  test.each(WITH_LOAD_BALANCERS)("EFD-56: %s keeps its states in a bucket of Google that is an input", (site) => {
    for (const layer of ["cluster", "platform", "efd"]) {
      // Google encrypts every bucket, and the backend locks by itself.
      expect(backend(site, layer)).toEqual({ gcs: { prefix: `efd/${site}/${layer}` } });
      const variable = stack(site, layer).json.variable?.["state_bucket"];
      expect(variable).toMatchObject({ type: "string", description: expect.stringContaining("bucket") as string });
      expect(variable).not.toHaveProperty("default");
    }
  });

  // docs/acceptance/efd.md#sites: NCSA's are in PostgreSQL. PG_CONN_STR says where; the backend locks by itself.
  test("EFD-56: ncsa keeps each state in a schema of its own", () => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend("ncsa", layer)).toEqual({ pg: { schema_name: `ncsa-${layer}` } });
  });

  test.each(["tucson", "summit"])("EFD-56: %s keeps encrypted, locked states in the bucket of 2019", (site) => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend(site, layer)).toEqual({
        s3: {
          bucket: "lsstsqre-tf-state-test",
          region: "us-west-2",
          key: `efd/${site}/${layer}/terraform.tfstate`,
          encrypt: true,
          use_lockfile: true,
        },
      });
  });

  test("EFD-56: local keeps its states in files below the checkout", () => {
    for (const layer of ["cluster", "platform", "efd"])
      expect(backend("local", layer)).toEqual({ local: { path: `../../../.state/local-${layer}.tfstate` } });
  });

  test("EFD-56: no two stacks share a state", () => {
    const places = allStacks().map(({ json }) => JSON.stringify(at(json.terraform, "backend")));
    expect(new Set(places).size).toBe(places.length);
  });
});
