import { systems } from "../../../environments/derived/systems";
import { environmentOf, stack } from "../../support/sites";
import {
  addressOf,
  allUpperLayers,
  at,
  before,
  customResource,
  factsOf,
  hostOf,
  readyJob,
  TABLE,
  texts,
  valuesUnder,
  WITH_GIVEN,
  WITH_ISSUER,
} from "../support";

const HOSTNAME = "external-dns.alpha.kubernetes.io/hostname";
const TARGET = "external-dns.alpha.kubernetes.io/target";

const host = hostOf;
/** Whether LOVE runs there. Its page, Ingresses and outputs are in a layer of its own. */
const hasLove = (site: string) => environmentOf(site).love?.enabled === true;
/** What is behind the ingress: what systems name, but for brokers, which are Kafka's own. */
const apps = (site: string) =>
  systems
    .flatMap(({ hosts }) => hosts?.(environmentOf(site)) ?? [])
    .filter((app) => !/^kafka(-\d+)?$/.test(app))
    .sort();
const pages = (site: string) => apps(site).map((app) => host(site, app));
const brokerHosts = (site: string) => factsOf(site).brokers.map((_, position) => host(site, `kafka-${position}`));

/** Of every layer, LOVE's too. */
const ingresses = (site: string) =>
  allUpperLayers(site)
    .flatMap((view) => view.resources("kubernetes_ingress_v1"))
    .map(({ body }) => ({
      // A page has one host, and one Ingress that asks for its certificate and its record: LOVE's sound is a path on its host.
      sound: at(body, "metadata.name") === "love-audio-broadcaster-ingress",
      name: String(at(body, "metadata.name")),
      namespace: String(at(body, "metadata.namespace")),
      annotations: at(body, "metadata.annotations") as Record<string, string>,
      spec: body["spec"],
    }));

/** The Ingress of each page. */
const pageIngresses = (site: string) => ingresses(site).filter(({ sound }) => !sound);

interface OuterListener {
  readonly bootstrap: { readonly alternativeNames: string[]; readonly annotations?: Record<string, string> };
  readonly brokers: { readonly advertisedHost: string; readonly annotations?: Record<string, string> }[];
  readonly brokerCertChainAndKey: Record<string, string>;
}

const outer = (site: string) =>
  at(customResource(stack(site, "efd"), "Kafka", "efd").spec, "kafka.listeners.2.configuration") as OuterListener;

describe("names", () => {
  test.each(TABLE)("EFD-51: %s names its web pages by the pattern", (site) => {
    expect(apps(site)).toEqual(expect.arrayContaining(["chronograf", "influxdb", "schema-registry"]));
    expect(apps(site).includes("love")).toBe(hasLove(site));
    expect(
      pageIngresses(site)
        .flatMap(({ spec }) => valuesUnder(spec, "host"))
        .sort(),
    ).toEqual(pages(site));
    for (const { spec } of ingresses(site).filter(({ sound }) => sound))
      expect(valuesUnder(spec, "host")).toEqual([host(site, "love")]);
  });

  test.each(TABLE)("EFD-51: %s names its brokers by their position, and the bootstrap without one", (site) => {
    expect(outer(site).brokers.map(({ advertisedHost }) => advertisedHost)).toEqual(brokerHosts(site));
    expect(outer(site).bootstrap.alternativeNames).toEqual([host(site, "kafka")]);
  });

  test.each(TABLE)("EFD-51: %s has no host without the pattern, production included", (site) => {
    const named = allUpperLayers(site).flatMap((view) => [
      ...["host", "advertisedHost"].flatMap((key) => valuesUnder(view.customResources(), key)),
      ...["hosts", "dnsNames", "alternativeNames"].flatMap((key) => valuesUnder(view.customResources(), key)),
      ...valuesUnder(view.resources("kubernetes_ingress_v1"), "host"),
      ...valuesUnder(view.resources("kubernetes_ingress_v1"), "hosts"),
    ]);
    const hosts = [...new Set(named.flatMap((one) => texts(one)))].sort();
    expect(hosts).toEqual([...pages(site), host(site, "kafka"), ...brokerHosts(site)].sort());
    // A host that is not made by the pattern would not be among those above.
    for (const one of hosts) expect(one.endsWith(`-efd.${factsOf(site).domain}`)).toBe(true);
  });

  test.each(TABLE)("EFD-53: %s puts out addresses, brokers and hosts, and nothing secret", (site) => {
    const outputs = stack(site, "efd").json.output ?? {};
    const efdApps = apps(site).filter((app) => app !== "love");
    const { address } = factsOf(site);
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
      ...(address === undefined ? {} : { ingress_ip: address }),
      ...Object.fromEntries(efdApps.map((app) => [`${app.replaceAll("-", "_")}_host`, host(site, app)])),
      kafka_bootstrap: `${host(site, "kafka")}:${address === undefined ? 9094 : 31089}`,
      kafka_brokers: brokerHosts(site).map(
        (one, position) => `${one}:${address === undefined ? 9094 : 31090 + position}`,
      ),
    });
    const loves = environmentOf(site).love ? (stack(site, "love").json.output ?? {}) : {};
    expect(Object.fromEntries(Object.entries(loves).map(([name, { value }]) => [name, value]))).toEqual(
      hasLove(site)
        ? {
            love_host: host(site, "love"),
            love_frontend_cpu: expect.any(String) as string,
            love_views: expect.any(Number) as number,
          }
        : {},
    );
    for (const [name, { description }] of Object.entries({ ...outputs, ...loves }))
      expect([name, description]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
    expect(stack(site, "platform").json.output ?? {}).toEqual({});
  });
});

describe("certificates", () => {
  test.each(WITH_ISSUER)("EFD-39: %s has every certificate made by cert-manager", (site) => {
    const kubernetesSecrets = allUpperLayers(site).flatMap((view) => view.resources("kubernetes_secret_v1"));
    for (const { body } of kubernetesSecrets) {
      expect(Object.keys(body)).not.toContain("data");
      expect(body["type"]).not.toBe("kubernetes.io/tls");
    }
    for (const { name, spec, annotations, sound } of ingresses(site)) {
      expect([name, annotations["cert-manager.io/cluster-issuer"]]).toEqual([name, sound ? undefined : "efd"]);
      const [tls, ...others] = at(spec, "tls") as { hosts: string[]; secret_name: string }[];
      expect(others).toEqual([]);
      expect(tls).toEqual({
        hosts: valuesUnder(at(spec, "rule"), "host"),
        secret_name: `${name.startsWith("love-") ? "love" : name}-tls`,
      });
    }
  });

  test.each(WITH_ISSUER)("EFD-39: %s gives each page of a namespace a Secret of its own", (site) => {
    const all = pageIngresses(site).map(
      ({ namespace, spec }) => `${namespace}/${String(at(spec, "tls.0.secret_name"))}`,
    );
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(WITH_ISSUER)(
    "EFD-39: %s has the brokers' certificate made before they start, for every outside name",
    (site) => {
      const efd = stack(site, "efd");
      const certificate = customResource(efd, "Certificate", "kafka-external-tls");
      expect(certificate.metadata.namespace).toBe("kafka");
      expect(certificate.spec).toMatchObject({
        secretName: "kafka-external-tls",
        issuerRef: { name: "efd", kind: "ClusterIssuer" },
        dnsNames: [host(site, "kafka"), ...brokerHosts(site)],
      });
      expect(outer(site).brokerCertChainAndKey).toEqual({
        secretName: "kafka-external-tls",
        certificate: "tls.crt",
        key: "tls.key",
      });
      expect([...before(efd, addressOf(efd, "helm_release", "kafka-cluster"))]).toContain(
        readyJob(efd, "kafka-certificates"),
      );
    },
  );

  test.each(WITH_GIVEN)(
    "EFD-39: %s uses the certificate that is given, with the keys of argocd-efd 2021-09",
    (site) => {
      const secrets = stack(site, "efd")
        .customResources("ExternalSecret")
        .filter(({ metadata }) => metadata.name === "tls-certs");
      expect(secrets.map(({ metadata }) => metadata.namespace).sort()).toEqual(["chronograf", "influxdb", "kafka"]);
      for (const { spec } of secrets) {
        expect(spec).toMatchObject({
          secretStoreRef: { name: "given" },
          target: { name: "tls-certs", template: { type: "kubernetes.io/tls" } },
        });
        expect(at(spec, "data")).toEqual(
          ["tls.crt", "tls.key"].map((key) => ({ secretKey: key, remoteRef: { key: "tls-certs", property: key } })),
        );
      }
      for (const { spec, annotations, namespace } of ingresses(site)) {
        expect(Object.keys(annotations).filter((key) => key.includes("cert-manager"))).toEqual([]);
        expect(at(spec, "tls")).toEqual([{ hosts: valuesUnder(at(spec, "rule"), "host"), secret_name: "tls-certs" }]);
        expect(secrets.map(({ metadata }) => metadata.namespace)).toContain(namespace);
      }
      expect(outer(site).brokerCertChainAndKey).toEqual({
        secretName: "tls-certs",
        certificate: "tls.crt",
        key: "tls.key",
      });
      const efd = stack(site, "efd");
      expect([...before(efd, addressOf(efd, "helm_release", "kafka-cluster"))]).toContain(
        readyJob(efd, "efd-certificates"),
      );
    },
  );

  test.each(TABLE)("EFD-39: %s has no PEM text", (site) => {
    for (const view of [stack(site, "cluster"), ...allUpperLayers(site)])
      expect(texts(view.json).filter((text) => /-----BEGIN|-----END|MII[A-Za-z0-9+/]{20}/.test(text))).toEqual([]);
  });
});

describe("DNS", () => {
  const annotated = (site: string) => [
    ...pageIngresses(site).map(({ annotations }) => annotations),
    outer(site).bootstrap.annotations,
    ...outer(site).brokers.map(({ annotations }) => annotations),
  ];

  test.each(TABLE.filter((site) => factsOf(site).dns))("EFD-49: %s has a record for each host from outside", (site) => {
    expect(annotated(site).map((one) => one?.[HOSTNAME])).toEqual(
      expect.arrayContaining([...pages(site), host(site, "kafka"), ...brokerHosts(site)]),
    );
    expect(annotated(site)).toHaveLength(pages(site).length + 1 + brokerHosts(site).length);
    for (const { annotations, spec, sound } of ingresses(site))
      expect([annotations[HOSTNAME]]).toEqual(sound ? [undefined] : valuesUnder(at(spec, "rule"), "host"));
    expect(outer(site).brokers.map(({ annotations }) => annotations?.[HOSTNAME])).toEqual(brokerHosts(site));
    expect(outer(site).bootstrap.annotations?.[HOSTNAME]).toBe(host(site, "kafka"));
  });

  test.each(TABLE.filter((site) => factsOf(site).dns))(
    "EFD-49: %s points every record to its own address, or leaves it to load balancers",
    (site) => {
      for (const one of annotated(site)) expect(one?.[TARGET]).toBe(factsOf(site).address);
    },
  );

  test.each(TABLE.filter((site) => !factsOf(site).dns))("EFD-50: %s has no record", (site) => {
    for (const one of [...annotated(site), ...ingresses(site).map(({ annotations }) => annotations)])
      expect(Object.keys(one ?? {}).filter((key) => key.includes("external-dns"))).toEqual([]);
  });

  test.each(TABLE)("EFD-50: %s leaves Route53's records to external-dns", (site) => {
    for (const view of allUpperLayers(site))
      expect(view.resources().filter(({ type }) => type.startsWith("aws_"))).toEqual([]);
  });
});

describe("routes", () => {
  /** Service and port behind each host; argocd-efd 2021-09 (Chronograf's Service on port 80) and rows 36 and 52. */
  test.each(TABLE)("EFD-52: %s leads each host to its Service, by traefik and with TLS", (site) => {
    for (const { annotations, spec } of ingresses(site)) {
      expect(at(spec, "ingress_class_name")).toBe("traefik");
      expect(annotations["traefik.ingress.kubernetes.io/router.entrypoints"]).toBe("websecure");
      expect(at(spec, "rule")).toHaveLength(1);
      expect(at(spec, "tls")).toHaveLength(1);
    }
    const backends = pageIngresses(site).map(({ namespace, spec }) => {
      expect(at(spec, "rule.0.http.path")).toHaveLength(1);
      const path = at(spec, "rule.0.http.path.0");
      // LOVE answers below /love alone.
      expect(path).toMatchObject({ path: namespace === "love" ? "/love" : "/", path_type: "Prefix" });
      return [
        at(spec, "rule.0.host"),
        namespace,
        at(path, "backend.service.name"),
        at(path, "backend.service.port.number"),
      ];
    });
    expect(backends).toEqual(
      expect.arrayContaining([
        [host(site, "chronograf"), "chronograf", "efd-chronograf", 80],
        [host(site, "influxdb"), "influxdb", "influxdb", 8086],
        [host(site, "schema-registry"), "kafka", "schema-registry", 8081],
        ...(hasLove(site) ? [[host(site, "love"), "love", "love-nginx-service", 80]] : []),
      ]),
    );
    expect(backends.map(([name]) => name).sort()).toEqual(pages(site));
  });

  test.each(TABLE)("EFD-52: %s asks for a login at the registry's route", (site) => {
    const efd = stack(site, "efd");
    const [registry] = ingresses(site).filter(({ name }) => name === "schema-registry");
    const middleware = customResource(efd, "Middleware", "schema-registry-auth");
    expect(middleware).toMatchObject({
      metadata: { namespace: "kafka" },
      spec: { basicAuth: { secret: "schema-registry-auth" } },
    });
    expect(registry?.annotations["traefik.ingress.kubernetes.io/router.middlewares"]).toBe(
      "kafka-schema-registry-auth@kubernetescrd",
    );
    const login = efd
      .customResources("ExternalSecret")
      .filter(({ metadata }) => metadata.namespace === "kafka" && metadata.name === "schema-registry-auth");
    expect(login).toHaveLength(1);
    // The type from which traefik takes user name and password as they are.
    expect(at(login[0]?.spec, "target.template.type")).toBe("kubernetes.io/basic-auth");
    expect(at(login[0]?.spec, "data")).toMatchObject([{ secretKey: "username" }, { secretKey: "password" }]);
    // An open route, be it for seconds, is none.
    expect([...before(efd, addressOf(efd, "kubernetes_ingress_v1", "schema-registry"))]).toEqual(
      expect.arrayContaining([addressOf(efd, "helm_release", "schema-registry-login"), readyJob(efd, "efd-secrets")]),
    );
  });
});
