/** The script that starts nginx, with an nginx that only says how it was called. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START = join(__dirname, "..", "..", "..", "..", "constructs", "love", "nginx", "start.sh");

let folder: string;
const path = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-nginx-"));
  writeFileSync(path("nginx"), `#!/bin/sh\necho "$*"\n`, { mode: 0o755 });
  writeFileSync(path("start.sh"), readFileSync(START, "utf8").replaceAll("/etc/resolv.conf", path("resolv.conf")));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(resolvConf: string) {
  writeFileSync(path("resolv.conf"), resolvConf);
  const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  const args = [path("start.sh"), "/etc/nginx.conf", path("resolver.conf")];
  const { status, stdout, stderr } = spawnSync("sh", args, { encoding: "utf8", env });
  const resolver = existsSync(path("resolver.conf")) ? readFileSync(path("resolver.conf"), "utf8") : undefined;
  return { status, stdout, stderr, resolver };
}

test.each([
  ["one", "search love.svc.cluster.local\nnameserver 10.43.0.10\noptions ndots:5\n", "10.43.0.10"],
  ["several", "nameserver 10.43.0.10\nnameserver 192.0.2.1\n", "10.43.0.10 192.0.2.1"],
  ["one of IPv6", "nameserver fd00::a\n", "[fd00::a]"],
  ["one in a last line that does not end", "options ndots:5\nnameserver 10.43.0.10", "10.43.0.10"],
])("the pod's name servers become nginx's: %s", (_title, resolvConf, servers) => {
  expect(start(resolvConf)).toEqual({
    status: 0,
    stdout: "-e stderr -c /etc/nginx.conf -g daemon off;\n",
    stderr: "",
    resolver: `resolver ${servers} valid=5s ipv6=off;\n`,
  });
});

test("without one it says so, and nginx does not start", () => {
  const { status, stdout, stderr, resolver } = start("search example.org\n");
  expect([status, stdout, resolver]).toEqual([1, "", undefined]);
  expect(stderr).toContain("names no name server");
});
