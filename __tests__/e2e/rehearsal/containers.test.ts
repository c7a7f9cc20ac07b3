import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../../cli/shared/site/synthesis";
import { containersFor } from "../../../e2e/rehearsal/containers";
import { isolatedCluster } from "../../../e2e/rehearsal/control-plane/site-cluster";
import { faultsOf } from "../../../e2e/rehearsal/layers/loopback";
import { dockerResources } from "../../../cli/shared/site/stack-facts";
import { parseEnvironment } from "../../../environments/parse";
import { gkeSite, siteWith, smallSite } from "../../support/environment";
import { context } from "../../cli/support";

const folder = mkdtempSync(join(tmpdir(), "efd-containers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const here = siteWith({
  "cluster.dockerHost": "unix:///var/run/docker.sock",
  "cluster.address": "127.0.0.1",
  "cluster.agents": [{ name: "kube-0" }],
  "storage.classes": [{ name: "fast", hostPath: "/fast" }],
});
const ask = (site: typeof here, options: Parameters<typeof containersFor>[2], env: NodeJS.ProcessEnv = {}) =>
  containersFor(context({ env }), parseEnvironment(site), options);

test("without an option no container is needed", async () => {
  expect(await ask(here, {})).toBeUndefined();
});

test.each<[string, typeof here, Parameters<typeof containersFor>[2], NodeJS.ProcessEnv, RegExp]>([
  ["an earlier revision", here, { docker: true, from: "main" }, {}, /--docker and --from exclude/],
  [
    "a cluster of another machine",
    smallSite(),
    { docker: true },
    {},
    /^--docker: toy has no cluster in this machine's Docker/,
  ],
  ["a cluster that is no k3s", gkeSite(), { docker: true }, {}, /^--docker: toy has no cluster/],
  ["Docker elsewhere", here, { docker: true }, { DOCKER_HOST: "ssh://far" }, /^DOCKER_HOST is ssh:\/\/far/],
  ["Docker behind a port", here, { docker: true }, { DOCKER_HOST: "tcp://127.0.0.1:1" }, /^DOCKER_HOST is tcp/],
])("%s is refused", async (_what, site, options, env, line) => {
  await expect(ask(site, options, env)).rejects.toThrow(line);
});

test("needs the images of all nodes, and the ports of the site", async () => {
  const site = structuredClone(here);
  Object.assign(site.cluster, { version: "v1.36.5-k3s1", agents: [{ name: "kube-0", version: "v1.36.4-k3s1" }] });
  const needs = (await ask(site, { docker: true }, { DOCKER_HOST: "unix:///some.sock" }))?.needs;
  expect(needs?.host.address).toBe("unix:///some.sock");
  expect(needs?.images).toEqual(["docker.io/rancher/k3s:v1.36.5-k3s1", "docker.io/rancher/k3s:v1.36.4-k3s1"]);
  expect(needs?.ports).toEqual([80, 443, 10250]);
});

describe("the cluster of a site under other names", () => {
  const changes = { prefix: "efd-x", dockerHost: "unix:///some.sock", apiPort: 20000, hostPath: join(folder, "data") };
  const environment = isolatedCluster(parseEnvironment(here), changes);
  const [stack] = synthesize([environment], join(folder, "out"), {
    backend: { kind: "folder", path: join(folder, "state") },
  });

  test("has nothing in common with the site's own", () => {
    const things = dockerResources(stack!, {});
    expect(
      things
        .filter(({ kind }) => kind === "container")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["efd-x-kube-0", "efd-x-master"]);
    expect(things.filter(({ kind }) => kind === "volume")).toHaveLength(10);
    for (const { kind, name, host } of things) {
      if (kind !== "image") expect(name).toMatch(/^efd-x-/);
      expect(host).toBe("unix:///some.sock");
    }
    const text = JSON.stringify(stack!.resources("docker_container"));
    expect(text).not.toMatch(/"\/data"|"\/fast"|6443/);
    expect(text).toContain(join(folder, "data", "fast"));
    expect(stack!.text).not.toContain("prevent_destroy");
  });

  test("has neither the addresses and cards of the site's machines nor a folder of an agent", () => {
    const site = siteWith({
      ...{ "cluster.dockerHost": "unix:///var/run/docker.sock", "cluster.address": "127.0.0.1" },
      ...{ "cluster.nodeAddress": "192.0.2.7", "cluster.networkCard": "eno7" },
      "cluster.agents": [{ name: "kube-0", hostPath: "/disk0" }],
    });
    const isolated = isolatedCluster(parseEnvironment(site), changes);
    expect(JSON.stringify(isolated)).not.toMatch(/192\.0\.2\.7|eno7|"\/disk0"/);
    expect(isolated.cluster).toMatchObject({ agents: [{ hostPath: join(folder, "data", "kube-0") }] });
  });

  test("leads nowhere but to this Docker and its own folder", () => {
    expect(faultsOf([stack!], { folder, docker: "unix:///some.sock" })).toEqual([]);
    expect(faultsOf([stack!], { folder })).toEqual([expect.stringMatching(/provider docker: host is unix:/)]);
  });
});
