import { merged } from "../../../../e2e/nodes/site/patch";

describe("changes of a site's file", () => {
  it("go into its sections and leave the rest", () => {
    const site = { name: "local", cluster: { kind: "k3s", agents: [{ name: "kube-0" }] } };
    expect(merged(site, { cluster: { registryMirror: "http://192.0.2.1:5000" } })).toEqual({
      name: "local",
      cluster: { kind: "k3s", agents: [{ name: "kube-0" }], registryMirror: "http://192.0.2.1:5000" },
    });
  });

  it("replace lists, and what is no section", () => {
    expect(merged({ a: [1, 2], b: { c: 1 }, d: 1 }, { a: [3], b: 2, d: { e: 1 } })).toEqual({
      a: [3],
      b: 2,
      d: { e: 1 },
    });
  });
});
