import { cardOf, certificatesIn, defaultCardOf, machineNetwork, mountOf } from "../../../../cli/shared/docker/machine";
import { addressNumber } from "../../../../ground/networks";

const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eno1	00000000	010071CB	0003	0	0	100	00000000	0	0	0
eno1	000071CB	00000000	0001	0	0	100	00FFFFFF	0	0	0
eno2	0000A8C0	00000000	0001	0	0	101	0000FFFF	0	0	0
Main:
  +-- 0.0.0.0/0 3 0 4
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 203.113.0.5
        /32 host LOCAL
     |-- 203.113.0.255
        /32 link BROADCAST
Local:
     |-- 203.113.0.5
        /32 host LOCAL
`;

test("routes and addresses are read as Linux writes them", () => {
  const network = machineNetwork(ROUTES)!;
  expect(network.addresses).toEqual([addressNumber("203.113.0.5")]);
  expect(network.routes.map(({ card, prefix, direct }) => [card, prefix, direct])).toEqual([
    ["eno1", 0, false],
    ["eno1", 24, true],
    ["eno2", 16, true],
  ]);
  expect(cardOf(network, addressNumber("192.168.7.1")!)).toBe("eno2");
  expect(cardOf(network, addressNumber("198.51.100.1")!)).toBeUndefined();
  expect(defaultCardOf(network)).toBe("eno1");
  expect(machineNetwork("cat: /proc/net/route: No such file")).toBeUndefined();
});

test("the file system of a folder is that of the nearest mount, the last one there", () => {
  const text = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "40 22 8:17 / /data rw shared:2 - autofs systemd-1 rw",
    "41 40 8:17 / /data rw,relatime shared:2 - xfs /dev/sdb1 rw",
    "42 22 8:33 / /with\\040space rw - ext4 /dev/sdc1 rw",
    "43 22 8:34 / /database rw - ext4 /dev/sdd1 rw",
  ].join("\n");
  expect(mountOf(text, "/data")).toEqual({ at: "/data", type: "xfs" });
  expect(mountOf(text, "/data/efd")).toEqual({ at: "/data", type: "xfs" });
  expect(mountOf(text, "/data2")).toEqual({ at: "/", type: "ext4" });
  expect(mountOf(text, "/with space/x")).toEqual({ at: "/with space", type: "ext4" });
  expect(mountOf("", "/data")).toBeUndefined();
});

test("certificates are taken out of a text, whatever its line ends", () => {
  const one = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----";
  expect(certificatesIn(`x\r\n${one.replaceAll("\n", "\r\n")}\r\n${one}\n`)).toEqual([one, one]);
});
