import { hostFolder } from "../../../../e2e/nodes/site/volumes";

describe("the folder of a volume on the host", () => {
  it("is where the nodes have it from", () => {
    const spec = { local: { path: "/opt/local-path-provisioner/influxdb/influxdb" } };
    expect(hostFolder({ spec }, "/bench/data")).toBe("/bench/data/influxdb/influxdb");
  });

  it("is unknown of a volume elsewhere", () => {
    expect(hostFolder({ spec: { local: { path: "/mnt/disk" } } }, "/bench/data")).toBeUndefined();
    expect(hostFolder({ spec: { csi: {} } }, "/bench/data")).toBeUndefined();
  });
});
