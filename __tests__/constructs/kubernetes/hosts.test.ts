import fc from "fast-check";
import { HostNames } from "../../../constructs/kubernetes/hosts";

const hosts = (hostPattern: string) => new HostNames({ hostPattern, name: "summit", domain: "lsst.codes" });

test("argocd-efd's pattern", () => {
  const names = hosts("{app}-{site}-efd.{domain}");
  expect(names.of("schema-registry")).toBe("schema-registry-summit-efd.lsst.codes");
  expect(names.broker(0)).toBe("kafka-0-summit-efd.lsst.codes");
  expect(names.broker(2)).toBe("kafka-2-summit-efd.lsst.codes");
  expect(names.bootstrap).toBe("kafka-summit-efd.lsst.codes");
});

test("NCSA's documented names are a pattern too", () => {
  const names = new HostNames({
    hostPattern: "lsst-{app}-int-efd.{domain}",
    name: "ncsa",
    domain: "ncsa.illinois.edu",
  });
  expect(names.of("influxdb")).toBe("lsst-influxdb-int-efd.ncsa.illinois.edu");
  expect(names.broker(0)).toBe("lsst-kafka-0-int-efd.ncsa.illinois.edu");
});

test("two applications never share a host, and nothing of the pattern stays", () => {
  const app = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(fc.uniqueArray(app, { minLength: 2 }), (apps) => {
      const names = apps.map((one) => hosts("{app}-{site}-efd.{domain}").of(one));
      expect(new Set(names).size).toBe(apps.length);
      for (const name of names) expect(name).not.toMatch(/[{}]/);
    }),
  );
});
