import { processesIn, runningContainers } from "../../../../e2e/nodes/site/processes";
import { rightsOf } from "../../../../e2e/nodes/site/rights";

const ID = "a".repeat(64);
const mount = (at: string, options: string, type: string, inner = options): string =>
  `mount 100 99 0:50 / ${at} ${options},relatime - ${type} source ${inner}`;

const printed = (status: string, ...mounts: string[]) =>
  processesIn([`= ${ID}`, status, ...mounts, ""].join("\n")).get(ID);

const CONFINED = "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2";
const FREE = "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t0\nSeccomp:\t0";

describe("a container's first process", () => {
  it("has no rights but those that it needs", () => {
    const seen = printed(CONFINED, mount("/", "ro", "overlay"), mount("/dev/shm", "rw", "tmpfs"));
    expect(seen).toMatchObject({ uid: 1000, writesRoot: false, writable: [], hasToken: false });
    expect(rightsOf(seen as NonNullable<typeof seen>)).toEqual([]);
  });

  it("shows each right that it has", () => {
    const token = mount("/run/secrets/kubernetes.io/serviceaccount", "ro", "tmpfs");
    const seen = printed(FREE, mount("/", "rw", "overlay"), token, mount("/var/lib/influxdb", "rw", "ext4"));
    expect(seen?.writable).toEqual(["/var/lib/influxdb"]);
    expect(rightsOf(seen as NonNullable<typeof seen>)).toEqual([
      "root",
      "capabilities",
      "gains rights",
      "unfiltered",
      "writes root",
      "token",
    ]);
  });

  it("does not write where the file system below is closed, nor into what every container has", () => {
    const seen = printed(CONFINED, mount("/", "rw", "overlay", "ro"), mount("/etc/hosts", "rw", "ext4"));
    expect(seen).toMatchObject({ writesRoot: false, writable: [] });
  });
});

test("containers that run have an id", () => {
  const status = {
    containerStatuses: [
      { name: "kafka", containerID: `containerd://${ID}`, state: { running: {} } },
      { name: "ended", containerID: "containerd://b", state: { terminated: {} } },
    ],
  };
  expect(runningContainers({ status })).toEqual([{ container: "kafka", id: ID }]);
});
