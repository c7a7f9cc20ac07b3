import fc from "fast-check";
import { Web } from "../../../constructs/kubernetes/web";
import { webWith } from "../support";

const web = (hostPattern: string, domain = "lsst.codes", name = "summit") =>
  new Web({ hostPattern, name, domain }, { kind: "none" }, { kind: "issued", issuer: "efd" });

test("argocd-efd's pattern", () => {
  const names = web("{app}-{site}-efd.{domain}");
  expect(names.host("schema-registry")).toBe("schema-registry-summit-efd.lsst.codes");
  expect(names.host("kafka-0")).toBe("kafka-0-summit-efd.lsst.codes");
});

test("NCSA's documented names are a pattern too", () => {
  const names = web("lsst-{app}-int-efd.{domain}", "ncsa.illinois.edu", "ncsa");
  expect(names.host("influxdb")).toBe("lsst-influxdb-int-efd.ncsa.illinois.edu");
  expect(names.host("kafka-0")).toBe("lsst-kafka-0-int-efd.ncsa.illinois.edu");
});

test("two applications never share a host, and nothing of the pattern stays", () => {
  const app = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(fc.uniqueArray(app, { minLength: 2 }), (apps) => {
      const names = apps.map((one) => web("{app}-{site}-efd.{domain}").host(one));
      expect(new Set(names).size).toBe(apps.length);
      for (const name of names) expect(name).not.toMatch(/[{}]/);
    }),
  );
});

test("a record where the site has DNS, none where it has not", () => {
  const hostname = { "external-dns.alpha.kubernetes.io/hostname": "a.example.org" };
  expect(webWith({ kind: "address", address: "192.0.2.1" }).dnsAnnotations("a.example.org")).toEqual({
    ...hostname,
    "external-dns.alpha.kubernetes.io/target": "192.0.2.1",
  });
  expect(webWith({ kind: "load-balancer" }).dnsAnnotations("a.example.org")).toEqual(hostname);
  expect(webWith({ kind: "none" }).dnsAnnotations("a.example.org")).toBeUndefined();
});
