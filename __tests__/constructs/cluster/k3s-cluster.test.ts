import { readYaml } from "../../../synthesized/yaml";
import { local } from "../../../environments/sites/local";
import type { EnvironmentInput } from "../../../environments/schema";
import { ncsa } from "../../../environments/sites/ncsa";
import { summit } from "../../../environments/sites/summit";
import { agentsOf, clusterLayer, containers, differences, serverOf, type StackJson, uploaded } from "./support";

const CONFIG = "/etc/rancher/k3s/config.yaml";
/** Of kubelets: pods that name no filter of their calls have one. */
const FILTERED = "seccomp-default=true";

/** A site with other figures in its cluster. */
function layerOf(site: EnvironmentInput, changes: object): StackJson {
  return clusterLayer({ ...site, cluster: { ...site.cluster, ...changes } });
}

test("another version of k3s changes the image, and with it the containers, and nothing else", () => {
  const from = layerOf(local, { version: "v1.36.4-k3s1" });
  const to = layerOf(local, { version: "v1.36.5-k3s1" });
  expect(differences(from, to)).toEqual(["resource.docker_image.master.name"]);
  for (const { image } of containers(to)) expect(image).toBe("${docker_image.master.name}");
});

test("an agent stays at its release while the server goes ahead", () => {
  const agents = [
    { name: "kube-0", version: "v1.36.4-k3s1" },
    { name: "kube-1", version: "v1.36.4-k3s1" },
    { name: "kube-2" },
  ];
  const from = layerOf(local, { version: "v1.36.4-k3s1", agents: agents.map(({ name }) => ({ name })) });
  const to = layerOf(local, { version: "v1.36.5-k3s1", agents });
  expect(to.resource["docker_image"]).toMatchObject({
    master: { name: "docker.io/rancher/k3s:v1.36.5-k3s1", provider: "docker.master" },
    "kube-0": { name: "docker.io/rancher/k3s:v1.36.4-k3s1", provider: "docker.master" },
  });
  expect(Object.entries(to.resource.docker_container).map(([name, { image }]) => [name, image])).toEqual([
    ["kube-0", "${docker_image.kube-0.name}"],
    ["kube-1", "${docker_image.kube-0.name}"],
    ["kube-2", "${docker_image.master.name}"],
    ["master", "${docker_image.master.name}"],
  ]);
  expect(differences(from, to).filter((path) => !/docker_image|docker_container\.kube-[01]\.image/.test(path))).toEqual(
    [],
  );
});

describe("agents", () => {
  const cluster = {
    agents: [
      { name: "kube-0", labels: { "efd/role": "kafka", "efd/disk": "nvme" } },
      { name: "kube-1", dockerHost: "ssh://core@other.lsst.org:2222" },
    ],
  };
  const stack = layerOf(summit, cluster);
  const agents = stack.resource.docker_container;

  test("beside the server an agent has a network of its own and the server's provider", () => {
    expect(agents["kube-0"]).toMatchObject({ network_mode: "bridge", provider: "docker.master" });
    expect(agents["kube-0"]?.env).toContain("K3S_URL=https://139.229.162.114:6443");
    expect(agents["kube-0"]?.host).toBeUndefined();
  });

  test("on another host an agent has the host's network, a provider and an image there", () => {
    expect(agents["kube-1"]).toMatchObject({
      network_mode: "host",
      provider: "docker.kube-1",
      image: "${docker_image.kube-1.name}",
    });
    expect(agents["kube-1"]?.env).toContain("K3S_URL=https://139.229.162.114:6443");
    expect(stack.provider.docker).toEqual([
      {
        alias: "master",
        host: "ssh://139.229.162.114",
        context: "",
        ssh_opts: ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"],
      },
      {
        alias: "kube-1",
        host: "ssh://core@other.lsst.org:2222",
        context: "",
        ssh_opts: ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"],
      },
    ]);
    expect(stack.resource["docker_image"]).toMatchObject({
      master: { name: "docker.io/rancher/k3s:v1.36.5-k3s1", provider: "docker.master", keep_locally: true },
      "kube-1": { name: "docker.io/rancher/k3s:v1.36.5-k3s1", provider: "docker.kube-1", keep_locally: true },
    });
    for (const volume of ["k3s", "node", "kubelet", "cni", "log"])
      expect(stack.resource["docker_volume"]?.[`kube-1-${volume}`]).toMatchObject({
        name: `kube-1-${volume}`,
        provider: "docker.kube-1",
      });
  });

  test("they wait for the server and say who they are", () => {
    for (const agent of agentsOf(stack)) expect(agent.depends_on).toEqual(["docker_container.master"]);
    expect(uploaded(agents["kube-0"]!, CONFIG)).toEqual({
      "kubelet-arg": ["max-pods=500", FILTERED],
      "node-label": ["efd/disk=nvme", "efd/role=kafka"],
      "node-name": "kube-0",
    });
    expect(uploaded(agents["kube-1"]!, CONFIG)).toEqual({
      "kubelet-arg": ["max-pods=500", FILTERED],
      "node-name": "kube-1",
    });
  });

  test("one more changes nothing that exists", () => {
    const beside = { agents: [{ name: "kube-0" }, { name: "kube-1" }] };
    for (const [site, grown] of [
      [local, beside],
      [summit, cluster],
    ] as const) {
      const changes = differences(layerOf(site, { agents: [] }), layerOf(site, grown));
      expect(changes.filter((path) => !/\.kube-[01](-[a-z0-9]+)?$|^provider\.docker\.1$/.test(path))).toEqual([]);
    }
  });
});

test("kubelets start on control groups of version 1 where the site allows it, on every node", () => {
  const nodes = containers(layerOf(local, { allowCgroupV1: true }));
  expect(nodes).toHaveLength(2);
  for (const node of nodes)
    expect(uploaded(node, CONFIG)).toMatchObject({ "kubelet-arg": ["max-pods=110", FILTERED, "fail-cgroupv1=false"] });
});

test("the server's certificate names the address, what else the site says, and the bridge's name for a loopback", () => {
  expect(uploaded(serverOf(layerOf(summit, { tlsSans: ["k3s.lsst.codes"] })), CONFIG)).toEqual({
    "cluster-cidr": "10.42.0.0/16",
    "cluster-dns": "10.43.0.10",
    "kube-controller-manager-arg": ["node-cidr-mask-size=22"],
    "kubelet-arg": ["max-pods=500", FILTERED],
    "node-ip": "139.229.162.114",
    "node-name": "master",
    "service-cidr": "10.43.0.0/16",
    "tls-san": ["139.229.162.114", "k3s.lsst.codes"],
    "write-kubeconfig-mode": "0600",
  });
  expect(uploaded(serverOf(clusterLayer(local)), CONFIG)).toMatchObject({
    "tls-san": ["127.0.0.1", "host.docker.internal"],
  });
});

describe("networks", () => {
  const configOf = (site: EnvironmentInput, changes: object, node = "master") =>
    uploaded(layerOf(site, changes).resource.docker_container[node]!, CONFIG) as Record<string, unknown>;

  test("pods, Services and the cluster's DNS are what the site says", () => {
    expect(configOf(local, { clusterCidr: "10.52.0.0/15", serviceCidr: "192.168.128.0/20" })).toMatchObject({
      "cluster-cidr": "10.52.0.0/15",
      "service-cidr": "192.168.128.0/20",
      "cluster-dns": "192.168.128.10",
    });
  });

  test("every node on a host's network has the address that its file says, and its packets go through its card", () => {
    const cluster = {
      networkCard: "eno2",
      agents: [
        { name: "kube-0", dockerHost: "ssh://core@other.lsst.org", address: "192.0.2.11", networkCard: "ens5f0" },
        { name: "kube-1", dockerHost: "ssh://core@192.0.2.12:2222" },
        { name: "kube-2", dockerHost: "ssh://third.lsst.org" },
        { name: "kube-3" },
      ],
    };
    const cards = ["master", "kube-0", "kube-1", "kube-2", "kube-3"].map((node) => {
      const config = configOf(summit, cluster, node);
      return [config["node-ip"], config["flannel-iface"]];
    });
    expect(cards).toEqual([
      ["139.229.162.114", "eno2"],
      ["192.0.2.11", "ens5f0"],
      ["192.0.2.12", undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test("a name, a loopback address or a translated one is no address of the node", () => {
    expect(configOf(local, {})).not.toHaveProperty("node-ip");
    expect(configOf(summit, { address: "efd.lsst.org" })).not.toHaveProperty("node-ip");
    expect(configOf(summit, { address: "efd.lsst.org", nodeAddress: "10.0.0.5" })).toHaveProperty(
      "node-ip",
      "10.0.0.5",
    );
    expect(configOf(local, { nodeAddress: "10.0.0.5" })).toHaveProperty("node-ip", "10.0.0.5");
  });

  test("an address that is an input is the node's where it is one of a network card", () => {
    const file = "/etc/rancher/k3s/config.yaml.d/node-ip.yaml";
    const { upload } = serverOf(clusterLayer(ncsa));
    const { content } = upload.find((one) => one.file === file)!;
    expect(content).toMatch(/^node-ip: \$\{jsonencode\(regexall\("[^"\\]+", var\.server_address\)\)\}\n$/);
    const pattern = new RegExp(/regexall\("([^"]+)"/.exec(content)![1]!);
    const taken = ["192.0.2.1", "10.0.0.1", "128.3.2.1", "126.1.1.1", "139.229.162.114"];
    const left = ["127.0.0.1", "127.1.2.3", "localhost", "efd.example.org", "1.example.org"];
    expect([...taken, ...left].filter((one) => pattern.test(one))).toEqual(taken);
    for (const site of [local, summit, { ...ncsa, cluster: { kind: "k3s", nodeAddress: "192.0.2.1" } } as const])
      expect(serverOf(clusterLayer(site)).upload.map((one) => one.file)).not.toContain(file);
  });
});

test("an agent's own folder of its host is where the provisioner looks for it on that node", () => {
  const agents = [{ name: "kube-0", hostPath: "/disk0" }, { name: "kube-1" }];
  const { docker_container: nodes } = layerOf(local, { agents }).resource;
  const folders = (node: string) =>
    nodes[node]?.volumes.flatMap((one) => (one.host_path === undefined ? [] : [[one.host_path, one.container_path]]));
  expect(folders("master")).toEqual([["/data", "/opt/local-path-provisioner"]]);
  expect(folders("kube-0")).toEqual([["/disk0", "/opt/node-volumes/kube-0"]]);
  expect(folders("kube-1")).toEqual([["/data", "/opt/local-path-provisioner"]]);
});

test("keys of k3s's configuration are sorted, so that the same site gives the same container", () => {
  const { content } = serverOf(clusterLayer(summit)).upload.find(({ file }) => file === CONFIG)!;
  const keys = Object.keys(readYaml(content) as object);
  expect(keys).toEqual([...keys].sort());
});

test("a mirror stands in for all public registries on every node, and only where the site has one", () => {
  const file = "/etc/rancher/k3s/registries.yaml";
  for (const container of containers(layerOf(local, { registryMirror: "https://mirror.lsst.org" })))
    expect(uploaded(container, file)).toEqual({
      mirrors: Object.fromEntries(
        ["docker.io", "ghcr.io", "quay.io", "registry.k8s.io"].map((registry) => [
          registry,
          { endpoint: ["https://mirror.lsst.org"] },
        ]),
      ),
    });
  for (const container of containers(clusterLayer(local))) expect(uploaded(container, file)).toBeUndefined();
});

test("port and folder of the host come from the site", () => {
  const stack = layerOf(local, { apiPort: 7443, hostPath: "/scratch/efd" });
  expect(serverOf(stack).command.slice(0, 3)).toEqual(["server", "--https-listen-port", "7443"]);
  for (const { volumes } of containers(stack))
    expect(volumes).toContainEqual({ host_path: "/scratch/efd", container_path: "/opt/local-path-provisioner" });
  expect(agentsOf(stack)[0]?.env).toContain("K3S_URL=https://host.docker.internal:7443");
  expect(stack.output["host"]?.value).toBe("https://127.0.0.1:7443");
});
