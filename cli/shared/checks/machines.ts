/** Checks of the machines of a k3s cluster: networks and cards, firewalls, disks, and certificates that end. */
import { X509Certificate } from "node:crypto";
import { addressNumber, addressText, overlap } from "../../../ground/networks";
import { takenBy, takenNetworks } from "../../../environments/systems/cluster/networks";
import type { K3s } from "../../../environments/systems/cluster/nodes";
import { INPUTS } from "../../../constructs/core/inputs";
import { classPath, nodePath, PROVISIONER_PATH } from "../../../constructs/cluster/k3s-node";
import { cardOf, certificatesIn, defaultCardOf, type MachineNetwork } from "../docker/machine";
import type { DockerClient } from "../docker/docker";
import { givenInput } from "../site/inputs";
import { hasNodes, nodesOn, onEachHost, type SiteNode } from "./docker-hosts";
import type { CheckedSite, CheckContext, SiteCheck } from "./site-check";

const k3sOf = ({ environment: { cluster } }: CheckedSite): K3s | undefined =>
  cluster.kind === "k3s" ? cluster : undefined;

/** A check of every machine of a k3s cluster. */
const onMachines =
  (look: (cluster: K3s, nodes: SiteNode[], address: string, host: DockerClient) => Promise<string[]>): SiteCheck =>
  (subject, around) => {
    const cluster = k3sOf(subject);
    return cluster === undefined
      ? []
      : onEachHost(subject, around, (address, host) => look(cluster, nodesOn(subject, around, address), address, host));
  };

/** A node on its host's network is reached there, so Docker runs on that host itself. */
export const dockerIsOnItsHost: SiteCheck = (subject, around) =>
  onEachHost(subject, around, async (address, host) => {
    const system = await host.system();
    const isInside = (around.platform ?? process.platform) !== "linux" && address.startsWith("unix:");
    return isInside || /Docker Desktop|Rancher Desktop|OrbStack/.test(system)
      ? [
          `Docker at ${address} runs in a virtual machine (${system}), and nothing reaches a container on its network (SQR-031): use Docker Engine on Linux, or a Linux host by ssh`,
        ]
      : [];
  });

/** An address that is an input lies outside the networks that the cluster's hosts take for their own. */
export const inputsAreOutside: SiteCheck = (subject, { env }) => {
  const cluster = k3sOf(subject);
  if (cluster === undefined) return [];
  return [INPUTS.dockerHost, INPUTS.serverAddress].flatMap(({ name }) => {
    const value = givenInput(name, env) ?? "";
    const taken = takenBy(cluster, value.replace(/^ssh:\/\/([^@]*@)?|:\d+$/g, ""));
    return taken
      ? [
          `input ${name}: got ${value}, allowed an address outside ${taken.cidr}, ${taken.what}, which every host of the cluster takes for its own, name another one`,
        ]
      : [];
  });
};

/** Cards that k3s and Docker's bridge make: their routes are the networks that are asked about. */
const OWN_CARDS = /^(cni|flannel|kube-|docker0$|veth)/;

/** No route of a machine leads into the networks of a cluster that does not exist yet. */
export const routesLeadElsewhere = onMachines(async (cluster, nodes, address, host) => {
  const network = await host.network();
  if (!network || (await hasNodes(nodes, host))) return [];
  return takenNetworks(cluster)
    .filter(({ cidr }) => cidr === cluster.clusterCidr || cidr === cluster.serviceCidr)
    .flatMap(({ range, cidr, what }) => {
      const route = network.routes.find((one) => one.prefix > 0 && !OWN_CARDS.test(one.card) && overlap(one, range));
      return route
        ? [
            `${address} has a route to ${addressText(route.first)}/${route.prefix} (${route.card}), and ${cidr} is to be the cluster's (${what}): give the cluster another network, before it is made`,
          ]
        : [];
    });
});

/** A node has the address that its site's file says, on the card through which its packets go. */
export const nodesHaveTheirCards = onMachines(async (_cluster, nodes, address, host) => {
  const [node] = nodes.filter(({ onHostNetwork }) => onHostNetwork);
  const network = node?.address === undefined ? undefined : await host.network();
  return node && network ? cardProblems(node, network, address) : [];
});

function cardProblems({ name, address = "", networkCard }: SiteNode, network: MachineNetwork, host: string): string[] {
  const number = addressNumber(address) ?? 0;
  if (network.addresses.length > 0 && !network.addresses.includes(number))
    return [
      `no network card of ${host} has the address ${address} of ${name}: write its own into the site's file (nodeAddress of the server, address of an agent)`,
    ];
  const [has, uses] = [cardOf(network, number), networkCard ?? defaultCardOf(network)];
  return has !== undefined && uses !== undefined && has !== uses
    ? [
        `${host} has ${address} of ${name} on ${has}, and packets to other nodes would go through ${uses}: write networkCard: "${has}" of ${name} into the site's file`,
      ]
    : [];
}

/** Whether the disks of all volumes are there, where the site's file says that they are disks of their own. */
export const disksAreMounted: SiteCheck = (subject, around) =>
  onEachHost(subject, around, async (address, host) => {
    const cluster = k3sOf(subject);
    if (!cluster?.hostPathIsMount) return [];
    const lines = foldersOn(subject, around, address).map(async ({ folder }) => {
      const mount = await host.mount(folder);
      return mount && (mount.at === "/" || mount.type === "autofs")
        ? [
            `${folder} of ${address} is not on a file system of its own (cluster.hostPathIsMount), so its disk is not mounted: mount it, then restart the containers of the nodes there`,
          ]
        : [];
    });
    return (await Promise.all(lines)).flat();
  });

/** Folders of a machine with volumes, and where a node there sees them. */
function foldersOn(subject: CheckedSite, around: CheckContext, address: string) {
  const { cluster, storage } = subject.environment;
  const nodes = nodesOn(subject, around, address);
  const own = nodes.map(({ name, hostPath }) => ({
    node: name,
    folder: hostPath,
    path:
      cluster.kind === "k3s" && cluster.agents.some((one) => one.name === name && one.hostPath !== undefined)
        ? nodePath(name)
        : PROVISIONER_PATH,
  }));
  const classes = nodes.flatMap(({ name: node }) =>
    storage.classes.flatMap(({ name, hostPath }) =>
      hostPath === undefined ? [] : [{ node, folder: hostPath, path: classPath(name) }],
    ),
  );
  return [...own, ...classes];
}

/** A node sees the file system that its machine has in a folder now, not the one that was there when it started. */
export const nodesSeeTheirDisks: SiteCheck = (subject, around) =>
  onEachHost(subject, around, async (address, host) => {
    const containers = await host.containers();
    const lines = foldersOn(subject, around, address)
      .filter(({ node }) => containers.includes(node))
      .map(async ({ node, folder, path }) => {
        const [there, inside] = await Promise.all([
          host.ask("stat", "-c", "%d", folder),
          host.askInside(node, "stat", "-c", "%d", path),
        ]);
        return there !== undefined && inside !== undefined && there.trim() !== inside.trim()
          ? [
              `${node} on ${address} sees another file system in ${path} than ${folder} has now, since it was started before the disk was mounted: \`docker restart ${node}\`, and see that Docker waits for the mount`,
            ]
          : [];
      });
    return (await Promise.all(lines)).flat();
  });

/** What a program says that may want root; nobody answers a question of sudo here. */
const askAsRoot = async (host: DockerClient, ...command: readonly [string, ...string[]]): Promise<string> =>
  (await host.ask(...command)) ?? (await host.ask("sudo", "-n", ...command)) ?? "";

/** A firewall of a machine does not stop what pods say to the API server and to one another. */
export const firewallsLetPodsThrough = onMachines(async ({ clusterCidr, serviceCidr }, _nodes, address, host) => {
  const lacking = (text: string) => [clusterCidr, serviceCidr].filter((one) => !text.includes(one));
  const [firewalld, ufw] = await Promise.all([
    host.ask("systemctl", "is-active", "firewalld"),
    host.ask("cat", "/etc/ufw/ufw.conf"),
  ]);
  const closed = {
    firewalld:
      firewalld?.trim() === "active"
        ? lacking(await askAsRoot(host, "firewall-cmd", "--zone=trusted", "--list-sources"))
        : [],
    ufw: /^\s*ENABLED=yes/m.test(ufw ?? "") ? lacking(await askAsRoot(host, "ufw", "status")) : [],
  };
  const cuts = (name: string, see: string) =>
    `${name} on ${address} cuts pods from the API server, or your account cannot see that it does not (\`sudo -n ${see}\`)`;
  return [
    ...(closed.firewalld.length > 0
      ? [
          `${cuts("firewalld", "firewall-cmd")}: \`firewall-cmd --permanent --zone=trusted ${closed.firewalld.map((one) => `--add-source=${one}`).join(" ")}\` and \`firewall-cmd --reload\`, or \`systemctl disable --now firewalld\``,
        ]
      : []),
    ...(closed.ufw.length > 0
      ? [
          `${cuts("ufw", "ufw status")}: ${closed.ufw.map((one) => `\`ufw allow from ${one}\``).join(", ")}, or \`ufw disable\``,
        ]
      : []),
  ];
});

/** k3s renews a certificate that ends within this time when it starts, and never while it runs. */
const RENEWAL_DAYS = 60;
const DAY = 24 * 3600 * 1000;
const CERTIFICATES = "cat /var/lib/rancher/k3s/server/tls/*.crt /var/lib/rancher/k3s/agent/*.crt 2>/dev/null; true";

/** No certificate of a running node ends soon: with it the node, and with the server's the API, would be gone. */
export const certificatesLast = onMachines(async (_cluster, nodes, address, host) => {
  const containers = await host.containers();
  const lines = nodes
    .filter(({ name }) => containers.includes(name))
    .map(async ({ name }) => {
      const pem = (await host.askInside(name, "sh", "-c", CERTIFICATES)) ?? "";
      const ends = certificatesIn(pem)
        .map((one) => new X509Certificate(one))
        .filter(({ ca }) => !ca)
        .map(({ validTo }) => Date.parse(validTo))
        .sort((a, b) => a - b);
      const [first] = ends;
      return first !== undefined && first < Date.now() + RENEWAL_DAYS * DAY
        ? [
            `certificates of ${name} on ${address} end on ${new Date(first).toISOString().slice(0, 10)}, and k3s renews them only when it starts: \`docker restart ${name}\`, outside observing hours`,
          ]
        : [];
    });
  return (await Promise.all(lines)).flat();
});
