import { readYaml } from "../../../synthesized/yaml";
import { SITES } from "../../../environments";
import { agentsOf, clusterLayer, containers, serverOf, uploaded } from "../../constructs/cluster/support";

/** Figures of docs/acceptance/efd.md#sites and SQR-031; masks leave twice as many addresses as pods. */
const FACTS: Record<string, { address: string; docker: string; agents: string[]; maxPods: number; mask: number }> = {
  local: {
    address: "127.0.0.1",
    docker: "unix:///var/run/docker.sock",
    agents: ["kube-0"],
    maxPods: 110,
    mask: 24,
  },
  tucson: { address: "140.252.32.142", docker: "ssh://140.252.32.142", agents: [], maxPods: 250, mask: 23 },
  // Nobody documented its host: both are inputs.
  ncsa: { address: "${var.server_address}", docker: "${var.docker_host}", agents: [], maxPods: 110, mask: 24 },
  summit: { address: "139.229.162.114", docker: "ssh://139.229.162.114", agents: [], maxPods: 500, mask: 22 },
};

const STATEFUL_SERVER = [
  "docker_volume.master-cni",
  "docker_volume.master-k3s",
  "docker_volume.master-kubelet",
  "docker_volume.master-log",
  "docker_volume.master-node",
  "random_password.token",
  "tls_private_key.client-ca",
  "tls_private_key.etcd-peer-ca",
  "tls_private_key.etcd-server-ca",
  "tls_private_key.request-header-ca",
  "tls_private_key.server-ca",
  "tls_private_key.service",
  "tls_self_signed_cert.client-ca",
  "tls_self_signed_cert.etcd-peer-ca",
  "tls_self_signed_cert.etcd-server-ca",
  "tls_self_signed_cert.request-header-ca",
  "tls_self_signed_cert.server-ca",
];

const TOKEN = "K10${sha256(tls_self_signed_cert.server-ca.cert_pem)}::server:${random_password.token.result}";

test("every site with figures is a site on k3s", () => {
  const onK3s = SITES.filter(({ cluster }) => cluster.kind === "k3s").map(({ name }) => name);
  expect(onK3s).toEqual(expect.arrayContaining(Object.keys(FACTS)));
});

describe.each(SITES.filter(({ name }) => name in FACTS).map((site) => [site.name, site] as const))(
  "%s",
  (name, site) => {
    const facts = FACTS[name]!;
    const stack = clusterLayer(site);
    const server = serverOf(stack);
    const agents = agentsOf(stack);

    test("EFD-1 one container runs the server, and it is called master", () => {
      expect(containers(stack).filter(({ command }) => command[0] === "server")).toHaveLength(1);
      expect(server.name).toBe("master");
      expect(stack.provider.docker[0]).toMatchObject({ alias: "master", host: facts.docker });
    });

    test("EFD-2 the server is privileged", () => {
      expect(server["privileged"]).toBe(true);
    });

    test("EFD-3 the server is on the host's network and publishes no ports", () => {
      expect(server.network_mode).toBe("host");
      expect(server).not.toHaveProperty("ports");
    });

    test("EFD-4 the server is restarted always", () => {
      expect(server["restart"]).toBe("always");
    });

    test("EFD-5 /run and /var/run and nothing else are tmpfs", () => {
      expect(server["tmpfs"]).toEqual({ "/run": "", "/var/run": "" });
    });

    test("EFD-6 the host's folder is bound to the provisioner's, the server's state lies on a volume", () => {
      expect(server.volumes.filter(({ host_path }) => host_path)).toEqual([
        { host_path: "/data", container_path: "/opt/local-path-provisioner" },
      ]);
      expect(server.volumes).toContainEqual({
        volume_name: "${docker_volume.master-k3s.name}",
        container_path: "/var/lib/rancher/k3s",
      });
      expect(stack.resource["docker_volume"]?.["master-k3s"]).toMatchObject({ name: "master-k3s" });
    });

    test("EFD-7 the API listens on 6443", () => {
      expect(server.command.slice(1, 3)).toEqual(["--https-listen-port", "6443"]);
    });

    test("EFD-8 traefik and the bundled storage are off", () => {
      expect(server.command).toEqual([
        "server",
        "--https-listen-port",
        "6443",
        "--disable=traefik",
        "--disable=local-storage",
      ]);
    });

    test("EFD-9 the token is the server's only variable, in its full form, and no literal", () => {
      expect(server.env).toEqual([`K3S_TOKEN=${TOKEN}`]);
    });

    test("EFD-10 only agents have K3S_URL", () => {
      expect(server.env.filter((entry) => entry.startsWith("K3S_URL="))).toEqual([]);
    });

    test("EFD-11 agents join the server by its URL and the full token", () => {
      expect(agents.map((agent) => agent.name)).toEqual(facts.agents);
      for (const agent of agents) {
        expect(agent.command).toEqual(["agent"]);
        expect([...agent.env].sort()).toEqual([`K3S_TOKEN=${TOKEN}`, "K3S_URL=https://host.docker.internal:6443"]);
        expect(agent.host).toEqual([{ host: "host.docker.internal", ip: "host-gateway" }]);
        expect(agent.network_mode).toBe("bridge");
      }
    });

    test("EFD-12 images have a fixed tag", () => {
      for (const { image } of containers(stack)) {
        const [, id] = /^\$\{docker_image\.([a-z0-9-]+)\.name\}$/.exec(image) ?? [];
        expect(stack.resource["docker_image"]?.[id ?? ""]?.["name"]).toBe("docker.io/rancher/k3s:v1.36.5-k3s1");
      }
    });

    test("pods per node and the node's network fit each other", () => {
      const config = uploaded(server, "/etc/rancher/k3s/config.yaml");
      expect(config).toMatchObject({
        "kubelet-arg": expect.arrayContaining([`max-pods=${facts.maxPods}`]),
        "kube-controller-manager-arg": [`node-cidr-mask-size=${facts.mask}`],
      });
      expect(2 ** (32 - facts.mask) - 2).toBeGreaterThanOrEqual(2 * facts.maxPods);
    });

    test("Terraform waits until the API answers", () => {
      expect(server["healthcheck"]).toMatchObject({
        test: ["CMD", "kubectl", "get", "--raw=/readyz"],
        start_period: "1m0s",
      });
      expect(server["healthcheck"]).not.toHaveProperty("start_interval");
      expect(server).toMatchObject({ wait: true, wait_timeout: 300 });
    });

    test("the kubeconfig is readable by its owner only and names the site", () => {
      const { content, ...file } = stack.resource.local_sensitive_file["kubeconfig"]!;
      expect(file).toEqual({
        filename: `../../../.access/${name}.kubeconfig`,
        file_permission: "0600",
        directory_permission: "0700",
      });
      expect(readYaml(content!)).toEqual({
        apiVersion: "v1",
        kind: "Config",
        clusters: [
          {
            name,
            cluster: {
              server: `https://${facts.address}:6443`,
              "certificate-authority-data": "${base64encode(tls_self_signed_cert.server-ca.cert_pem)}",
            },
          },
        ],
        users: [
          {
            name,
            user: {
              "client-certificate-data": "${base64encode(tls_locally_signed_cert.admin.cert_pem)}",
              "client-key-data": "${base64encode(tls_private_key.admin.private_key_pem)}",
            },
          },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
      });
    });

    test("outputs are the API's address and its authority", () => {
      expect(Object.entries(stack.output).map(([key, { value }]) => [key, value])).toEqual([
        ["certificate_authority", "${tls_self_signed_cert.server-ca.cert_pem}"],
        ["host", `https://${facts.address}:6443`],
      ]);
    });

    test("there is no literal secret", () => {
      const text = JSON.stringify(stack);
      expect(text).not.toContain("-----BEGIN");
      expect(text).not.toMatch(/K10[0-9a-f]{64}/);
      for (const { upload } of containers(stack))
        for (const { file, content } of upload.filter(({ file }) => /\.(crt|key)$/.test(file)))
          expect([file, content]).toEqual([
            file,
            expect.stringMatching(/^\$\{tls_[a-z_.-]+\.(cert|private_key)_pem\}$/),
          ]);
    });

    test("Terraform refuses to destroy what a cluster cannot do without, unless the site allows it", () => {
      const kept = Object.entries(stack.resource).flatMap(([type, byId]) =>
        Object.entries(byId)
          .filter(([, body]) => (body["lifecycle"] as { prevent_destroy?: boolean } | undefined)?.prevent_destroy)
          .map(([id]) => `${type}.${id}`),
      );
      expect(kept.sort()).toEqual(name === "local" ? [] : STATEFUL_SERVER);
    });
  },
);
