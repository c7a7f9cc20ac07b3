import { SITE_NAMES, stack } from "../../support/sites";
import {
  addressOf,
  allUpperLayers,
  at,
  before,
  customResource,
  factsOf,
  readyJob,
  TABLE,
  texts,
  unescaped,
  valuesUnder,
  WITH_GIVEN,
  WITH_ISSUER,
  WITH_LOAD_BALANCERS,
} from "../support";

/** docs/acceptance/efd.md#parts, "Namespaces". */
const NAMESPACES = [
  "local-path-storage",
  "strimzi",
  "kafka",
  "influxdb",
  "chronograf",
  "kapacitor",
  "telegraf",
  // argocd-efd: the Telegraf that measures nodes; its pods mount folders of the node.
  "telegraf-ds",
  "traefik",
  "cert-manager",
  "external-dns",
  "external-secrets",
  "oauth2-proxy",
  "monitoring",
  "love",
];

const namespacesOf = (site: string) =>
  stack(site, "platform")
    .resources("kubernetes_namespace_v1")
    .map(({ body }) => String(at(body, "metadata.name")));

/** Sites whose volumes are folders of their host. */
const ON_LOCAL_PATH = TABLE.filter((site) => factsOf(site).storageClass === "local-path");

const storageClasses = (site: string) => stack(site, "platform").resources("kubernetes_storage_class_v1");

test("every site of the table is synthesized", () => {
  expect(SITE_NAMES).toEqual(expect.arrayContaining([...TABLE]));
});

describe("storage", () => {
  test.each(ON_LOCAL_PATH)(
    "EFD-18: %s has the class local-path, made by rancher.io/local-path for the first consumer",
    (site) => {
      expect(storageClasses(site)).toHaveLength(1);
      expect(storageClasses(site)[0]?.body).toMatchObject({
        metadata: { name: "local-path" },
        storage_provisioner: "rancher.io/local-path",
        volume_binding_mode: "WaitForFirstConsumer",
      });
    },
  );

  test.each(TABLE)("EFD-19: %s keeps released volumes: the EFD's class is Retain", (site) => {
    for (const { body } of storageClasses(site)) expect(body["reclaim_policy"]).toBe("Retain");
    const used = new Set([
      ...valuesUnder(stack(site, "efd").json, "storage_class_name"),
      ...stack(site, "efd")
        .customResources("KafkaNodePool")
        .flatMap((pool) => valuesUnder(pool, "class")),
    ]);
    expect([...used]).toEqual(storageClasses(site).map(({ body }) => at(body, "metadata.name")));
  });

  test.each(ON_LOCAL_PATH)(
    "EFD-18: %s finds its volumes again after a rebuild: folders by namespace and claim",
    (site) => {
      expect(at(storageClasses(site)[0]?.body, "parameters.pathPattern")).toBe("{{ .PVC.Namespace }}/{{ .PVC.Name }}/");
    },
  );

  test.each(ON_LOCAL_PATH)(
    "EFD-20: %s has a node path map that parses, with a default, absolute and without doubles",
    (site) => {
      const platform = stack(site, "platform");
      const config = platform.resource(addressOf(platform, "kubernetes_config_map_v1", "local-path-config"));
      expect(at(config, "metadata.namespace")).toBe("local-path-storage");
      const text = String((config["data"] as Record<string, string>)["config.json"]);
      const { nodePathMap } = JSON.parse(unescaped(text)) as { nodePathMap: { node: string; paths: string[] }[] };
      const nodes = nodePathMap.map(({ node }) => node);
      expect(nodes).toContain("DEFAULT_PATH_FOR_NON_LISTED_NODES");
      expect(new Set(nodes).size).toBe(nodes.length);
      for (const { paths } of nodePathMap) {
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) expect(path).toMatch(/^\/[^/]/);
      }
      // SQR-031: the host's folder is bound to the provisioner's own.
      expect(nodePathMap[0]?.paths).toEqual(["/opt/local-path-provisioner"]);
    },
  );

  test.each(ON_LOCAL_PATH)("EFD-20: %s gives the provisioner the map where it looks for it", (site) => {
    const platform = stack(site, "platform");
    const deployment = platform.resource(addressOf(platform, "kubernetes_deployment_v1", "local-path-provisioner"));
    const pod = at(deployment, "spec.template.spec");
    const [container] = at(pod, "container") as { command: string[] }[];
    expect(container?.command.slice(-2)).toEqual(["--config", "/etc/config/config.json"]);
    expect(at(container, "volume_mount.0")).toMatchObject({ name: "config", mount_path: "/etc/config/" });
    const config = addressOf(platform, "kubernetes_config_map_v1", "local-path-config");
    expect(at(pod, "volume.0.config_map.name")).toBe(`\${${config}.metadata[0].name}`);
  });
});

describe("storage on GKE", () => {
  test.each(WITH_LOAD_BALANCERS)("EFD-17: %s has the class pd-ssd, of Google's disks, and keeps them", (site) => {
    expect(storageClasses(site).map(({ body }) => body)).toMatchObject([
      {
        metadata: { name: "pd-ssd" },
        storage_provisioner: "pd.csi.storage.gke.io",
        parameters: { type: "pd-ssd" },
        reclaim_policy: "Retain",
        volume_binding_mode: "WaitForFirstConsumer",
        allow_volume_expansion: true,
      },
    ]);
    expect(namespacesOf(site)).not.toContain("local-path-storage");
  });

  // A disk comes with its root folder owned by root; the charts set no group for it.
  test.each(TABLE)("EFD-17: %s lets Chronograf and Kapacitor write to their volumes", (site) => {
    const values = (namespace: string) =>
      stack(site, "efd")
        .releases()
        .find((one) => one.namespace === namespace)?.values;
    const asRoot = WITH_LOAD_BALANCERS.includes(site) ? "true" : undefined;
    expect(at(values("chronograf"), "env.CHRONOGRAF_AS_ROOT")).toBe(asRoot);
    expect(at(values("kapacitor"), "envVars.KAPACITOR_AS_ROOT")).toBe(asRoot);
  });
});

describe("namespaces", () => {
  test.each(TABLE)("EFD-21: %s has each namespace once, all from the list, with a Pod Security level", (site) => {
    const names = namespacesOf(site);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !NAMESPACES.includes(name))).toEqual([]);
    for (const { body } of stack(site, "platform").resources("kubernetes_namespace_v1"))
      expect(at(body, "metadata.labels")).toMatchObject({
        "pod-security.kubernetes.io/enforce": expect.stringMatching(/^(restricted|baseline|privileged)$/) as string,
      });
    for (const view of allUpperLayers(site).filter(({ layer }) => layer !== "platform"))
      expect([view.name, view.resources("kubernetes_namespace_v1")]).toEqual([view.name, []]);
  });

  test.each(TABLE)("EFD-21: %s has a namespace wherever something lives, and no other", (site) => {
    const used = allUpperLayers(site).flatMap((view) => [
      ...view.releases().map(({ namespace }) => namespace),
      ...view.customResources().flatMap(({ metadata }) => (metadata.namespace ? [metadata.namespace] : [])),
      ...view
        .resources()
        .filter(({ type }) => type.startsWith("kubernetes_"))
        .flatMap(({ body }) => (at(body, "metadata.namespace") as string | undefined) ?? []),
    ]);
    expect([...new Set(used)].sort()).toEqual([...namespacesOf(site)].sort());
  });

  test.each(TABLE)("EFD-22: %s installs every release into a namespace of its platform layer", (site) => {
    const names = namespacesOf(site);
    const releases = allUpperLayers(site).flatMap((view) => view.releases());
    expect(releases.length).toBeGreaterThan(10);
    for (const { name, namespace } of releases) expect([name, names.includes(namespace)]).toEqual([name, true]);
  });

  test.each(TABLE)("EFD-22: %s makes a namespace before the release in it", (site) => {
    const platform = stack(site, "platform");
    for (const { name, namespace } of platform.releases())
      expect([...before(platform, addressOf(platform, "helm_release", name))]).toContain(
        addressOf(platform, "kubernetes_namespace_v1", namespace),
      );
  });
});

describe("operators", () => {
  /** docs/acceptance/efd.md#parts, "Versions": the charts of data/charts. */
  const CHARTS: [release: string, chart: string, repository: string, version: string][] = [
    ["strimzi", "strimzi-kafka-operator", "https://strimzi.io/charts/", "1.2.0"],
    ["cert-manager", "cert-manager", "https://charts.jetstack.io", "v1.21.1"],
    ["external-secrets", "external-secrets", "https://charts.external-secrets.io", "2.9.0"],
    ["traefik", "traefik", "https://traefik.github.io/charts", "41.3.0"],
  ];

  test.each(TABLE)("EFD-23: %s has the operators, pinned and from an explicit repository", (site) => {
    const releases = stack(site, "platform").releases();
    for (const [release, chart, repository, version] of CHARTS.filter(
      ([name]) => name !== "cert-manager" || WITH_ISSUER.includes(site),
    ))
      expect(releases.find(({ name }) => name === release)?.body).toMatchObject({ chart, repository, version });
  });

  test.each(TABLE)("EFD-23: %s lets Strimzi watch the namespace kafka", (site) => {
    expect(stack(site, "platform").values("strimzi")["watchNamespaces"]).toEqual(["kafka"]);
  });

  test.each(TABLE)("EFD-43: %s makes what an operator manages after the operator", (site) => {
    const platform = stack(site, "platform");
    const release = (name: string) => addressOf(platform, "helm_release", name);
    if (WITH_ISSUER.includes(site))
      expect([...before(platform, release("issuers"))]).toContain(release("cert-manager"));
    expect([...before(platform, release("secret-stores"))]).toContain(release("external-secrets"));
    if (!factsOf(site).dns) return;
    expect([...before(platform, release("platform-secrets"))]).toContain(readyJob(platform, "secret-stores"));
    // Both log in to Route53 with a Secret that must be there before.
    for (const reader of ["issuers", "external-dns"])
      expect([...before(platform, release(reader))]).toContain(readyJob(platform, "platform-secrets"));
  });

  test.each(ON_LOCAL_PATH)("EFD-43: %s makes the storage class after its provisioner", (site) => {
    const platform = stack(site, "platform");
    expect([...before(platform, addressOf(platform, "kubernetes_storage_class_v1", "local-path"))]).toEqual(
      expect.arrayContaining([
        addressOf(platform, "kubernetes_deployment_v1", "local-path-provisioner"),
        addressOf(platform, "kubernetes_namespace_v1", "local-path-storage"),
      ]),
    );
  });
});

describe("certificates", () => {
  test.each(TABLE.filter((site) => factsOf(site).dns))("EFD-39: %s asks ACME, by DNS-01 on Route53", (site) => {
    const { acme } = customResource(stack(site, "platform"), "ClusterIssuer", "efd").spec as { acme: unknown };
    expect(at(acme, "server")).toBe("https://acme-v02.api.letsencrypt.org/directory");
    expect(at(acme, "solvers")).toEqual([
      {
        selector: { dnsZones: ["lsst.codes"] },
        dns01: {
          route53: {
            region: expect.any(String) as string,
            // terraform-efd of 2019: zone of lsst.codes.
            hostedZoneID: "Z3TH0HRSNU67AM",
            accessKeyIDSecretRef: { name: "route53", key: "aws_access_key_id" },
            secretAccessKeySecretRef: { name: "route53", key: "aws_secret_access_key" },
          },
        },
      },
    ]);
  });

  test("EFD-39: local has an authority of its own, made by cert-manager", () => {
    const platform = stack("local", "platform");
    expect(customResource(platform, "ClusterIssuer", "efd").spec).toEqual({ ca: { secretName: "efd-ca" } });
    expect(customResource(platform, "Certificate", "efd-ca")).toMatchObject({
      metadata: { namespace: "cert-manager" },
      spec: { isCA: true, secretName: "efd-ca", issuerRef: { name: "self-signed", kind: "ClusterIssuer" } },
    });
  });
});

describe("DNS", () => {
  test.each(TABLE.filter((site) => factsOf(site).dns))(
    "EFD-49: %s runs external-dns for its zone, which it keeps",
    (site) => {
      const platform = stack(site, "platform");
      expect(platform.values("external-dns")).toMatchObject({
        provider: { name: "aws" },
        sources: ["service", "ingress"],
        domainFilters: ["lsst.codes"],
        policy: "upsert-only",
        registry: "txt",
      });
      const owners = TABLE.filter((one) => factsOf(one).dns).map(
        (one) => stack(one, "platform").values("external-dns")["txtOwnerId"],
      );
      expect(new Set(owners).size).toBe(owners.length);
      // The account comes from a Secret.
      const [, ...env] = platform.values("external-dns")["env"] as Record<string, unknown>[];
      expect(env.map((one) => at(one, "valueFrom.secretKeyRef"))).toEqual([
        { name: "route53", key: "aws_access_key_id" },
        { name: "route53", key: "aws_secret_access_key" },
      ]);
    },
  );

  test.each(TABLE.filter((site) => !factsOf(site).dns))("EFD-50: %s has nothing of external-dns", (site) => {
    for (const view of allUpperLayers(site)) {
      expect(view.releases().filter(({ name }) => name === "external-dns")).toEqual([]);
      expect(view.text).not.toContain("external-dns");
      expect(texts(view.json).filter((text) => text.includes("route53"))).toEqual([]);
    }
  });
});

describe("secrets", () => {
  test.each(TABLE.filter((site) => factsOf(site).vault))("EFD-62: %s reads from Vault with a given token", (site) => {
    const platform = stack(site, "platform");
    expect(at(customResource(platform, "ClusterSecretStore", "vault").spec, "provider")).toEqual({
      vault: {
        // argocd-efd 2021-09.
        server: "https://vault.lsst.codes",
        path: "secret",
        version: "v2",
        auth: { tokenSecretRef: { name: "vault-token", key: "token", namespace: "external-secrets" } },
      },
    });
    const given = platform.resource(addressOf(platform, "kubernetes_secret_v1", "vault-token"));
    expect(given).toMatchObject({
      metadata: { name: "vault-token", namespace: "external-secrets" },
      data_wo: { token: "${var.vault_token}" },
      data_wo_revision: 1,
    });
    expect(given).not.toHaveProperty("data");
  });

  test.each(WITH_GIVEN)("EFD-39: %s writes the given chain and key into the cluster, and nowhere else", (site) => {
    const platform = stack(site, "platform");
    const given = platform.resource(addressOf(platform, "kubernetes_secret_v1", "tls-certs"));
    expect(given).toMatchObject({
      metadata: { namespace: "external-secrets" },
      data_wo: { "tls.crt": "${var.tls_chain}", "tls.key": "${var.tls_key}" },
      data_wo_revision: 1,
    });
    expect(given).not.toHaveProperty("data");
    // Whoever reads the certificate by this store does not read the token of Vault beside it.
    const role = platform.resource(addressOf(platform, "kubernetes_role_v1", "given-reader"));
    expect(role["rule"]).toEqual([
      { api_groups: [""], resources: ["secrets"], resource_names: ["tls-certs"], verbs: ["get"] },
    ]);
    expect(
      at(customResource(platform, "ClusterSecretStore", "given").spec, "provider.kubernetes.auth.serviceAccount.name"),
    ).toBe("given-reader");
  });

  test.each(TABLE.filter((site) => !factsOf(site).vault))("EFD-62: %s makes its secrets in the cluster", (site) => {
    const platform = stack(site, "platform");
    expect(at(customResource(platform, "ClusterSecretStore", "generated").spec, "provider.kubernetes")).toMatchObject({
      remoteNamespace: "external-secrets",
    });
    expect(platform.text).not.toContain("vault");
  });

  test.each(TABLE)("EFD-62: %s lets every namespace with an ExternalSecret read from the store", (site) => {
    const stores = stack(site, "platform").customResources("ClusterSecretStore");
    expect(stores.map(({ metadata }) => metadata.name)).toEqual([
      factsOf(site).vault ? "vault" : "generated",
      ...(WITH_GIVEN.includes(site) ? ["given"] : []),
    ]);
    const lists = stores.map(({ spec }) => (at(spec, "conditions") as [{ namespaces: string[] }])[0].namespaces);
    expect(new Set(lists.map((list) => list.join())).size).toBe(1);
    const [namespaces = []] = lists;
    const readers = allUpperLayers(site)
      .flatMap((view) => view.customResources("ExternalSecret"))
      .filter(({ spec }) => at(spec, "secretStoreRef"))
      .map(({ metadata, spec }) => {
        const { kind, name } = at(spec, "secretStoreRef") as { kind: string; name: string };
        expect(kind).toBe("ClusterSecretStore");
        expect(stores.map(({ metadata }) => metadata.name)).toContain(name);
        return metadata.namespace;
      });
    expect(readers.length).toBeGreaterThan(0);
    expect(readers.filter((name) => !name || !namespaces.includes(name))).toEqual([]);
  });
});

describe("ingress", () => {
  test.each(TABLE)("%s: traefik takes no random NodePort where k3s's load balancer needs none", (site) => {
    const spec = at(stack(site, "platform").values("traefik"), "service.spec");
    expect(spec).toEqual(site === "gcp" ? undefined : { allocateLoadBalancerNodePorts: false });
  });

  test.each(TABLE)("EFD-52: %s has its own traefik, which sends plain HTTP to HTTPS", (site) => {
    expect(stack(site, "platform").values("traefik")).toMatchObject({
      ingressClass: { name: "traefik" },
      ports: {
        web: { http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } } },
        // 60 s by default, for a whole request: a large write over a slow line takes longer.
        websecure: { transport: { respondingTimeouts: { readTimeout: "1h" } } },
      },
    });
  });
});
