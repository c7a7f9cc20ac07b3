import fc from "fast-check";
import { SITES } from "../../environments";
import { EnvironmentError, parseEnvironment } from "../../environments/parse";
import { defineEnvironment, structure } from "../../environments/schema";
import { CHRONOGRAF_DEFAULTS } from "../../environments/systems/chronograf";
import { CLUSTER_DEFAULTS } from "../../environments/systems/cluster/defaults";
import { INFLUXDB_DEFAULTS } from "../../environments/systems/influxdb";
import { KAFKA_DEFAULTS } from "../../environments/systems/kafka/defaults";
import { KAPACITOR_DEFAULTS } from "../../environments/systems/kapacitor";
import { REGISTRY_DEFAULTS } from "../../environments/systems/registry";
import { TELEGRAF_DEFAULTS } from "../../environments/systems/telegraf/defaults";
import { mistakesOf, siteWith, smallSite } from "../support/environment";

test.each(SITES.map((site) => [site.name, site] as const))("%s is right", (_name, site) => {
  expect(mistakesOf(site)).toEqual([]);
});

describe("every mistake is reported, with field, value and remedy", () => {
  const MISTAKES: [path: string, value: unknown, line: string][] = [
    [
      "domain",
      "https://example.org",
      'domain: got "https://example.org". Allowed: a DNS name in lower case (lsst.codes). Leave out scheme, port and path.',
    ],
    [
      "hostPatern",
      "{app}.{domain}",
      `hostPatern: unknown key. Allowed: ${Object.keys(structure.shape).join(", ")}. Correct or remove it.`,
    ],
    [
      "cluster.maxPods",
      "many",
      'cluster.maxPods: got "many". Allowed: a whole number from 1. Say how many pods one node may run.',
    ],
    [
      "kapacitor.disk",
      undefined,
      "kapacitor.disk: got nothing. Allowed: a number with its unit, 1Gi to 1Pi (15Gi). Add it.",
    ],
    [
      "kafka.replication",
      4,
      "kafka.replication: got 4. Allowed: at most 3, the number of brokers. Lower it or add brokers.",
    ],
    [
      "kafka.brokers.1.nodePort",
      80,
      "kafka.brokers[1].nodePort: got 80. Allowed: 30000–32767. Choose a NodePort in that range that nothing else of the site uses.",
    ],
    [
      "influxdb.disk",
      "15 Gi",
      'influxdb.disk: got "15 Gi". Allowed: a number with its unit, 1Gi to 1Pi (15Gi). Write number and unit without a space.',
    ],
    ["login", "google", 'login: got "google". Allowed: none, github. Choose one of them.'],
    ["dns.zones", "a", "dns.zones: unknown key. Allowed: kind. Correct or remove it."],
    [
      "telegraf.consumers.0.timestampFormat",
      "iso",
      'telegraf.consumers[0].timestampFormat: got "iso". Allowed: unix, unix_ms, unix_us, unix_ns. Choose one of them.',
    ],
    [
      "telegraf.consumers.0.topic",
      "a",
      expect.stringMatching(/^telegraf\.consumers\[0\]\.topic: unknown key\. Allowed: name, topics, /) as string,
    ],
    [
      "title",
      undefined,
      "title: got nothing. Allowed: one line of 1–200 characters that are all seen, without a space at either end, and without ${ and %{. Add it.",
    ],
    ["allowDestroys", "all", 'allowDestroys: got "all". Allowed: a list. Write it in square brackets.'],
    ["kafka.controllerIds", [], "kafka.controllerIds: got []. Allowed: at least 1 in the list. Add one."],
    [
      "influxdb.resources",
      { requests: { cpu: 1 } },
      'influxdb.resources.requests.cpu: got 1. Allowed: cores or whole thousandths of one, 1m to 128 (2, 500m). Write it in quotes ("1").',
    ],
    [
      "cluster.registryMirror",
      "mirror",
      'cluster.registryMirror: got "mirror". Allowed: an http(s) URL of host, port and path (https://example.org/path). Write the whole address.',
    ],
  ];
  const expected = (lines: string[]) =>
    lines.map((line) =>
      typeof line === "string" ? `toy.${line}` : (expect.stringMatching(/^toy\.telegraf.*unknown key/) as string),
    );

  test.each(MISTAKES)("%s = %j", (path, value, line) => {
    expect(mistakesOf(siteWith({ [path]: value }))).toEqual(expected([line]));
  });

  test("any of them together", () => {
    fc.assert(
      fc.property(fc.subarray(MISTAKES), (some) => {
        const found = mistakesOf(siteWith(Object.fromEntries(some.map(([path, value]) => [path, value]))));
        expect(found).toHaveLength(some.length);
        expect(found).toEqual(expect.arrayContaining(expected(some.map(([, , line]) => line))));
      }),
      { numRuns: 100 },
    );
  });

  test("a value that is not of its form keeps only those rules from speaking that read it", () => {
    const wrong = { "kafka.brokers.0.nodePort": "31090", "kafka.controllerIds": [1, 3, 4], "kafka.replication": 4 };
    const port = { "kafka.access": { kind: "nodeport", bootstrapNodePort: 31091 } };
    const paths = mistakesOf(siteWith({ ...wrong, ...port, "cluster.apiPort": 443 })).map((line) => line.split(":")[0]);
    expect(paths).toEqual([
      "toy.kafka.brokers[0].nodePort",
      "toy.cluster.apiPort",
      // Node id 1; that 31091 is used twice nobody can say, for another NodePort is not known.
      "toy.kafka",
      "toy.kafka.replication",
    ]);
  });

  test("a list that is too short, or an object whose parts contradict one another, is read by no rule", () => {
    expect(mistakesOf(siteWith({ "kafka.brokers": [] }))).toHaveLength(1);
    const all = { observing: [{ from: "00:00", to: "00:00", timeZone: "UTC" }], "kafka.replication": 9 };
    expect(mistakesOf(siteWith(all))).toHaveLength(2);
  });

  test("an error carries the site and one line for each", () => {
    try {
      parseEnvironment(siteWith({ domain: "a b", title: 5 }));
      throw new Error("was taken");
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      expect(error).toMatchObject({ site: "toy", name: "EnvironmentError" });
      expect((error as EnvironmentError).message.split("\n")).toHaveLength(2);
    }
  });

  test("an unknown key in a member of a union lists the keys of that member", () => {
    expect(mistakesOf(siteWith({ "cluster.labels": {} }))[0]).toMatch(
      /Allowed: kind, version, image, serverName, dockerHost, /,
    );
    expect(
      mistakesOf(siteWith({ cluster: { kind: "existing", kubeconfig: "/k", address: "a", version: "1" } }))[0],
    ).toMatch(/^toy\.cluster\.version: unknown key\. Allowed: kind, kubeconfig, address, /);
  });

  test.each([[null], [undefined], [3], ["summit"], [[]]])("%j is no site", (input) => {
    expect(mistakesOf(input)).toEqual([expect.stringMatching(/^environment: got /)]);
  });

  test("nothing that a file can say makes the parser throw anything else", () => {
    const paths = [
      "name",
      "cluster",
      "cluster.agents",
      "kafka",
      "kafka.brokers",
      "kafka.brokers.0",
      "telegraf.consumers.0",
      "influxdb.resources",
      "secrets",
      "storage",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
        expect(Array.isArray(mistakesOf(siteWith({ [path]: value })))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("the input is left as it was", () => {
    const site = siteWith({ "kafka.replication": "three", login: "google" });
    const before = structuredClone(site);
    mistakesOf(site);
    expect(site).toEqual(before);
  });
});

type Tree = Record<string, unknown>;

/** Paths of the values that a site gets though its file does not say them. */
function omitted(input: unknown, parsed: unknown, path: string[] = []): { path: string[]; value: unknown }[] {
  if (input === undefined) return [{ path, value: parsed }];
  if (!parsed || typeof parsed !== "object") return [];
  return Object.entries(parsed).flatMap(([key, value]) => omitted((input as Tree)[key], value, [...path, key]));
}

/** Paths of single values below a value; of a choice between kinds its parts are said together. */
function leaves({ path, value }: { path: string[]; value: unknown }): { path: string[]; value: unknown }[] {
  return value && typeof value === "object" && !Array.isArray(value) && !("kind" in value)
    ? Object.entries(value).flatMap(([key, inner]) => leaves({ path: [...path, key], value: inner }))
    : [{ path, value }];
}

describe("what a file leaves out", () => {
  const sites = [smallSite(), ...SITES];

  test.each(sites.map((site) => [site.name, site] as const))(
    "%s: a key left out equals its default, at any depth",
    (_name, site) => {
      const parsed = parseEnvironment(site);
      const defaults = omitted(site, parsed).flatMap(leaves);
      expect(defaults.length).toBeGreaterThan(10);
      fc.assert(
        fc.property(fc.subarray(defaults), (some) => {
          const said = structuredClone(site) as unknown as Tree;
          for (const { path, value } of some) {
            const parent = path.slice(0, -1).reduce<Tree>((inner, key) => (inner[key] ??= {}) as Tree, said);
            parent[path.at(-1) ?? ""] = structuredClone(value);
          }
          expect(parseEnvironment(said)).toEqual(parsed);
        }),
        { numRuns: 60 },
      );
    },
  );

  test("comes from the defaults of the systems", () => {
    const site = parseEnvironment(smallSite());
    expect(site).toMatchObject({
      hostPattern: "{app}-{site}-efd.{domain}",
      cluster: { ...CLUSTER_DEFAULTS.k3s },
      storage: { className: "local-path", classes: [] },
      kafka: KAFKA_DEFAULTS,
      registry: REGISTRY_DEFAULTS,
      influxdb: INFLUXDB_DEFAULTS,
      chronograf: CHRONOGRAF_DEFAULTS,
      kapacitor: KAPACITOR_DEFAULTS,
      telegraf: { consumers: [TELEGRAF_DEFAULTS] },
    });
  });

  test("an object that is partly said keeps the other defaults; a list is taken as it is", () => {
    const site = parseEnvironment(
      siteWith({ "influxdb.resources": { limits: { memory: "64Gi" } }, "kafka.controllerIds": [7] }),
    );
    expect(site.influxdb.resources).toEqual({
      requests: INFLUXDB_DEFAULTS.resources.requests,
      limits: { ...INFLUXDB_DEFAULTS.resources.limits, memory: "64Gi" },
    });
    expect(site.kafka.controllerIds).toEqual([7]);
  });

  test("parsing what was parsed changes nothing", () => {
    for (const site of sites) expect(parseEnvironment(parseEnvironment(site))).toEqual(parseEnvironment(site));
  });

  test("defineEnvironment gives back what the file says", () => {
    const site = smallSite();
    expect(defineEnvironment(site)).toBe(site);
  });

  test("a parsed site is frozen at every depth", () => {
    const site = parseEnvironment(smallSite());
    expect(() => Object.assign(site, { name: "x" })).toThrow(TypeError);
    expect(() => Object.assign(site.kafka.brokers[0] ?? {}, { id: 9 })).toThrow(TypeError);
  });
});
