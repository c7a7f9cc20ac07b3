import fc from "fast-check";
import type { ZodType } from "zod";
import * as unit from "../../ground/units";

test.each([
  ["1", 1],
  ["128Mi", 128 * 2 ** 20],
  ["15Gi", 15 * 2 ** 30],
  ["1.5Ti", 1.5 * 2 ** 40],
  ["2k", 2000],
  ["3G", 3e9],
  ["15 Gi", NaN],
  ["15gi", NaN],
  ["Gi", NaN],
  ["-1Gi", NaN],
  ["", NaN],
])("bytes of %j", (text, expected) => expect(unit.bytes(text)).toBe(expected));

test.each([
  ["2", 2],
  ["500m", 0.5],
  ["0.25", 0.25],
  ["2 m", NaN],
  ["two", NaN],
  ["", NaN],
])("cores of %j", (text, expected) => expect(unit.cores(text)).toBe(expected));

test.each([
  ["72h", 72],
  ["30d", 720],
  ["52w", 8736],
  ["forever", Infinity],
  ["0h", NaN],
  ["1.5h", NaN],
  ["90m", NaN],
  ["72 h", NaN],
])("hours of %j", (text, expected) => expect(unit.hours(text)).toBe(expected));

test("a bigger number of the same unit is more, a bigger unit too", () => {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1023 }), fc.integer({ min: 0, max: 4 }), (n, i) => {
      expect(unit.bytes(`${n + 1}${units[i]}`)).toBeGreaterThan(unit.bytes(`${n}${units[i]}`));
      expect(unit.bytes(`${n}${units[i + 1]}`)).toBe(1024 * unit.bytes(`${n}${units[i]}`));
    }),
  );
});

test("thousandths of cores are exact", () => {
  fc.assert(fc.property(fc.nat(64), (n) => expect(unit.cores(`${n * 1000}m`)).toBe(unit.cores(`${n}`))));
});

test("seven days are a week, 24 hours a day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (n) => {
      expect(unit.hours(`${7 * n}d`)).toBe(unit.hours(`${n}w`));
      expect(unit.hours(`${24 * n}h`)).toBe(unit.hours(`${n}d`));
    }),
  );
});

const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join("."));

test("versions are ordered by their numbers", () => {
  expect(unit.compareVersions("4.10.0", "4.9.9")).toBeGreaterThan(0);
  expect(unit.compareVersions("v1.36.5-k3s2", "v1.36.5-k3s1")).toBeGreaterThan(0);
  expect(unit.compareVersions("1.2.3", "1.2.3")).toBe(0);
  expect(unit.versionNumbers("latest")).toEqual([]);
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(unit.compareVersions(a, b))).toBe(0 - Math.sign(unit.compareVersions(b, a)));
      if (unit.compareVersions(a, b) <= 0 && unit.compareVersions(b, c) <= 0)
        expect(unit.compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test("addresses of a prefix", () => {
  expect([24, 23, 22].map(unit.addressesOf)).toEqual([254, 510, 1022]);
});

const cases: [name: string, schema: ZodType, good: unknown[], bad: unknown[]][] = [
  ["quantity", unit.quantity(), ["128Mi", "1Ti", "1"], ["0", "0Gi", "15 Gi", "much", 15, undefined]],
  ["cpu", unit.cpu(), ["2", "500m"], ["0", "0m", "2 cores", 2]],
  ["duration", unit.duration(), ["72h", "30d", "52w"], ["forever", "0h", "72", 72]],
  ["retention", unit.retention(), ["72h", "forever"], ["never", "0d", 30]],
  ["nodeId", unit.nodeId(), [0, 999], [-1, 1000, 1.5, "1"]],
  [
    "labels",
    unit.labels(),
    [{}, { "efd/role": "kafka", a: "" }, { "node-role.kubernetes.io/x": "a" }],
    [{ "": "a" }, { "a/b/c": "d" }, { "A B": "c" }, { "-a": "b" }, { a: "-" }, { a: "b".repeat(64) }, { a: 1 }, "a"],
  ],
  [
    "labels of a node's own",
    unit.labels(true),
    [{ "efd/role": "kafka" }, { "node.kubernetes.io/a": "b" }, { "x.node.kubernetes.io/a": "b" }],
    [{ "kubernetes.io/a": "b" }, { "node-role.kubernetes.io/a": "b" }, { "x.k8s.io/a": "b" }],
  ],
  [
    "imageRepository",
    unit.imageRepository(),
    ["docker.io/rancher/k3s", "rancher/k3s", "registry:5000/a/b_c", "k3s"],
    ["rancher/k3s:latest", "k3s@sha256:0", "Rancher/k3s", "a//b", "", "https://a/b"],
  ],
  ["port", unit.port(), [1, 443, 65535], [0, 65536, 80.5, "80"]],
  ["nodePort", unit.nodePort(), [30000, 32767], [29999, 32768, "31090"]],
  [
    "hostPath",
    unit.hostPath(),
    ["/data", "/srv/efd-1"],
    ["/", "data", "/data/", "/a//b", "/a/../b", "/a/.", "/a b", "/a:b"],
  ],
  [
    "hostName",
    unit.hostName(),
    ["lsst.codes", "localhost"],
    ["https://lsst.codes", "LSST.codes", "a..b", "-a.b", "a.b:80", "a/b", "a".repeat(64), ""],
  ],
  ["address", unit.address(), ["192.0.2.1", "host.lsst.codes"], ["256.0.0.1", "1.2.3.4:80", "a b"]],
  ["kubernetesName", unit.kubernetesName(), ["a", "kube-0"], ["0-kube", "Kube", "kube_0", "kube-", "a".repeat(54), ""]],
  ["k3sVersion", unit.k3sVersion(), ["v1.36.5-k3s1"], ["1.36.5-k3s1", "v1.36.5+k3s1", "v1.36.5", "latest"]],
  ["version", unit.version(), ["4.3.1"], ["4.3", "v4.3.1", "latest"]],
  [
    "topicPattern",
    unit.topicPattern(),
    ["lsst.sal.MTM1M3.*", "lsst.ATCamera*"],
    ["*", "lsst", ".lsst", "lsst.sal.(A|B)", "lsst sal.*"],
  ],
  [
    "dockerHost",
    unit.dockerHost(),
    ["unix:///var/run/docker.sock", "ssh://192.0.2.1", "ssh://me@host:22"],
    ["tcp://1.2.3.4:2375", "ssh://", "192.0.2.1"],
  ],
];

describe.each(cases)("%s", (_name, schema, good, bad) => {
  test.each(good.map((value) => [value]))("takes %j", (value) => expect(schema.safeParse(value).success).toBe(true));

  test.each(bad.map((value) => [value]))("refuses %j and says what to do", (value) => {
    const result = schema.safeParse(value);
    expect(result.error?.issues[0]?.message).toMatch(/^allowed .+, .+/);
  });
});

test("whatever is no such value is refused with the same message, never with an exception", () => {
  for (const [, schema] of cases)
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const result = schema.safeParse(value);
        if (!result.success) expect(result.error.issues[0]?.message).toMatch(/^allowed /);
      }),
      { numRuns: 200 },
    );
});
