import { Testing } from "cdktf";
import { DockerHost } from "../../../constructs/cluster/docker-host";
import { K3sNode, type K3sRole } from "../../../constructs/cluster/k3s-node";
import { containers, type ContainerJson, type StackJson } from "./support";

function node(role: Partial<K3sRole>): ContainerJson {
  const json = Testing.synthScope((scope) => {
    const host = new DockerHost(scope, "host", { alias: "n", address: "unix:///run/docker.sock" });
    new K3sNode(
      scope,
      "n",
      {
        name: "n",
        host,
        image: host.image("n", "k3s:v1"),
        hostPath: "/data",
        folders: [],
        maxPods: 110,
        token: "${token}",
      },
      { command: ["agent"], networkMode: "host", config: {}, ...role },
    );
  });
  return containers(JSON.parse(json) as StackJson)[0]!;
}

const healthcheck = { test: ["CMD", "true"], interval: "10s" };
const hash = (container: ContainerJson) => container.labels.find(({ label }) => label === "config-hash")?.value;

test("a setting that Docker cannot change in place replaces the container", () => {
  expect(hash(node({ healthcheck }))).toMatch(/^[0-9a-f]{8}$/);
  expect(hash(node({ healthcheck }))).not.toBe(hash(node({ healthcheck: { ...healthcheck, interval: "20s" } })));
  expect(hash(node({ healthcheck }))).toBe(hash(node({ healthcheck, command: ["server"] })));
});

test("Terraform waits where there is something to wait for", () => {
  expect(node({ healthcheck })).toMatchObject({ wait: true, wait_timeout: 300 });
  expect(node({})).not.toHaveProperty("wait");
});

test("a node has time to stop, and its logs end", () => {
  expect(node({})).toMatchObject({
    destroy_grace_seconds: 60,
    stop_timeout: 60,
    remove_volumes: false,
    must_run: true,
    log_driver: "json-file",
    log_opts: { "max-size": "50m", "max-file": "3" },
  });
});

test("a shell runs k3s, and has its pods end before Docker kills what is left", () => {
  const { entrypoint, command, upload } = node({}) as ContainerJson & { entrypoint: string[] };
  expect([...entrypoint, ...command]).toEqual([
    "/bin/sh",
    "/etc/rancher/k3s/node.sh",
    "54",
    "efd-controller-*",
    "agent",
  ]);
  const { content = "" } = upload.find(({ file }) => file === entrypoint[1]) ?? {};
  expect(content).toContain('k3s "$@" &\n');
});

test("the comments of what a node runs do not replace it", () => {
  const { content = "" } = node({}).upload.find(({ file }) => file.endsWith("/node.sh")) ?? {};
  expect(content).not.toMatch(/^ *#/m);
});

test("what the daemon gives back otherwise is left out, so that a second plan is empty", () => {
  const container = node({ healthcheck });
  for (const key of ["security_opts", "ports", "platform", "init", "mounts"]) expect(container).not.toHaveProperty(key);
  expect(container["cgroupns_mode"]).toBe("private");
});

test("Terraform reads no reference out of k3s's configuration", () => {
  const { upload } = node({ config: { "node-label": ["a=${b}"] } });
  expect(upload[0]?.content).toContain("a=$${b}");
});
