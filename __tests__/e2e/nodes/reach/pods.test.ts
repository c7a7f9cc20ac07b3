import { listeningPorts } from "../../../../e2e/nodes/reach/pods";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

test("ports on which somebody listens for others, by the kernel's own tables", () => {
  const table = [
    HEAD,
    "   0: 00000000:1F96 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
    "   1: 0100007F:1F98 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1",
    "   2: 0B002A0A:2384 0A002A0A:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1",
    "   3: 0B002A0A:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1",
  ].join("\n");
  expect(listeningPorts(table)).toEqual([8086, 9090]);
});

test("of version 6: its loopback, and the one of version 4 in its form, are none", () => {
  const table = [
    HEAD,
    "   0: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1",
    "   1: 00000000000000000000000001000000:1F92 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 2",
    "   2: 0000000000000000FFFF00000100007F:1F93 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 3",
    "   3: 0000000000000000FFFF00000B002A0A:1F94 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 4",
  ].join("\n");
  expect(listeningPorts(table)).toEqual([8081, 8084]);
});

test("an empty table has none", () => {
  expect(listeningPorts(`${HEAD}\n`)).toEqual([]);
});
