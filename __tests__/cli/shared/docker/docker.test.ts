import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerClient, listeningPorts } from "../../../../cli/shared/docker/docker";
import type { Run } from "../../../../cli/shared/process/process";
import { ends } from "../../support";

describe("a socket", () => {
  let folder: string;
  let server: Server;
  let pulled = '{"status":"Pulling"}\n{"status":"Done"}\n';
  const asked: string[] = [];
  const replies: Record<string, unknown> = {
    "GET /version": { Version: "28.5.2" },
    "GET /containers/json?all=1": [{ Names: ["/master"] }, { Names: ["/kube-0"] }],
    "GET /volumes": { Volumes: null },
    "GET /images/k3s:v1/json": {},
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "efd-docker-"));
    server = createServer((request, reply) => {
      const call = `${request.method} ${request.url}`;
      asked.push(call);
      if (request.method === "POST") reply.end(pulled);
      else if (call in replies) reply.end(JSON.stringify(replies[call]));
      else reply.writeHead(404).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(join(folder, "sock"), resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const host = () => dockerClient(`unix://${join(folder, "sock")}`, ends({}));

  test("is asked through its API", async () => {
    expect(await host().version()).toBe("28.5.2");
    expect(await host().containers()).toEqual(["master", "kube-0"]);
    expect(await host().volumes()).toEqual([]);
    expect(await host().hasImage("k3s:v1")).toBe(true);
    expect(await host().hasImage("k3s:v2")).toBe(false);
  });

  test.each([
    ["registry.example.org:5000/rancher/k3s:v1", "registry.example.org%3A5000%2Francher%2Fk3s&tag=v1"],
    ["registry.example.org:5000/k3s", "registry.example.org%3A5000%2Fk3s&tag=latest"],
    ["rancher/k3s:v1@sha256:0a1b", "rancher%2Fk3s&tag=sha256%3A0a1b"],
    ["k3s@sha256:0a1b", "k3s&tag=sha256%3A0a1b"],
  ])("pulls %s by its name, and by its digest rather than its tag", async (image, query) => {
    await host().pull(image);
    expect(asked.at(-1)).toBe(`POST /images/create?fromImage=${query}`);
  });

  test("a pull that fails on the way fails, though the daemon began with 200", async () => {
    pulled = '{"status":"Pulling"}\n{"error":"manifest unknown"}\n';
    await expect(host().pull("k3s:v1")).rejects.toThrow("manifest unknown");
  });

  test("that is not there rejects", async () => {
    await expect(dockerClient("unix:///nowhere/sock", ends({})).version()).rejects.toThrow(/ENOENT/);
  });
});

describe("another machine", () => {
  const calls: string[][] = [];
  const recording: Run = (command, args) => {
    calls.push([command, ...args]);
    return Promise.resolve({ code: 0, stdout: "20.10.24\n", stderr: "" });
  };

  test("is asked through ssh, which asks nothing back", async () => {
    expect(await dockerClient("ssh://efd@far.example.org:2222", recording).version()).toBe("20.10.24");
    expect(calls.at(-1)?.slice(0, 8)).toEqual([
      "ssh",
      "-o",
      "BatchMode=yes",
      "-o",
      "ConnectTimeout=5",
      "-p",
      "2222",
      "--",
    ]);
    expect(calls.at(-1)?.slice(8)).toEqual([
      "efd@far.example.org",
      "'docker' 'version' '--format' '{{.Server.Version}}'",
    ]);
  });

  test("what goes to its shell is quoted", async () => {
    await dockerClient("ssh://far", recording).hasFiles("/da'ta; rm -rf x");
    expect(calls.at(-1)?.at(-1)).toBe("'ls' '-A' '/da'\\''ta; rm -rf x'");
  });

  test("gives ssh's last word as the reason", async () => {
    const failing = ends({ code: 255, stderr: "banner\nPermission denied (publickey)." });
    await expect(dockerClient("ssh://far", failing).version()).rejects.toThrow("Permission denied (publickey).");
    expect(await dockerClient("ssh://far", failing).hasFiles("/data")).toBe(false);
    expect(await dockerClient("ssh://far", failing).listening()).toBeUndefined();
  });
});

test.each([
  ["8192\n1\ncpuset cpu io memory pids\n", { inotifyInstances: 8192, filtersBridges: true, cgroups: 2 }],
  ["128\n1\ncpu\n65530\n", { inotifyInstances: 128, memoryMaps: 65530, filtersBridges: true, cgroups: 2 }],
  ["128\n65530\n", { inotifyInstances: 128, memoryMaps: 65530, filtersBridges: false, cgroups: 1 }],
  ["128\n0\n", { inotifyInstances: 128, filtersBridges: true, cgroups: 1 }],
  ["128\ncpuset cpu\n", { inotifyInstances: 128, filtersBridges: false, cgroups: 2 }],
  ["", undefined],
])("what a kernel offers is read from the files that it has: %j", async (stdout, facts) => {
  // `cat` fails where one of them is missing, and prints the others.
  expect(await dockerClient("ssh://far", ends({ code: 1, stdout })).kernel()).toEqual(facts);
  expect(await dockerClient("unix:///run/docker.sock", ends({ code: 1, stdout })).kernel()).toEqual(facts);
});

test("listening ports are read from the kernel's tables, whatever the address", () => {
  const tables = [
    "  sl  local_address rem_address   st",
    "   0: 0100007F:192B 00000000:0000 0A 00000000:00000000",
    "   1: 0100007F:0050 0100007F:1F90 01 00000000:00000000",
    "   2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000",
  ];
  expect([...listeningPorts(tables.join("\n"))]).toEqual([6443, 443]);
});
