/** Kinds of bad environments: what is changed in the small site, and the one line that must come of it. */
import { systems } from "../../environments/derived/systems";
import { allTopicsOf } from "../../environments/sites/cscs";

/** Values by path, as {@link siteWith} takes them. */
export type Changes = Readonly<Record<string, unknown>>;

/** One kind of mistake. */
export interface BadEnvironment {
  readonly kind: string;
  /** The rule that finds it. @default - the form of the file does */
  readonly rule?: string;
  readonly changes: Changes;
  readonly line: string;
}

/** A store of secrets that holds what cannot be generated. */
export const VAULT = { kind: "vault", server: "https://vault.example.org", mount: "secret", path: "efd" };

/** The small site on GKE. */
export const GKE: Changes = {
  cluster: { kind: "gke", project: "some-project", zone: "us-central1-b", machineType: "n1-standard-4", nodes: 4 },
  secrets: VAULT,
  dns: { kind: "external-dns", region: "r", zone: "example.org" },
  "kafka.access": { kind: "loadbalancer" },
  "kafka.brokers": [{ id: 0 }, { id: 1 }, { id: 2 }],
};

/** Names that systems keep for themselves. */
const namesOf = (kind: "accounts" | "topics") =>
  systems.flatMap(({ reservedNames }) => reservedNames?.[kind] ?? []).join(", ");

const consumers = (...topics: readonly string[][]) => ({
  "telegraf.consumers": topics.map((some, i) => ({ name: ["one", "two"][i], topics: some })),
});
const agents = (...all: object[]) => ({ "cluster.agents": all.map((agent, i) => ({ name: `kube-${i}`, ...agent })) });

/** One account of a program outside. */
export const client = (changes: object) => ({
  "kafka.clients": [{ name: "c", description: "d", prefixes: ["p"], access: "all", ...changes }],
});
/** A copy of another site. */
const mirror = (source: object, topics: readonly string[] = ["lsst.sal.*"]) => ({
  secrets: VAULT,
  mirror: {
    source: { alias: "a", bootstrap: "kafka-other-efd.example.org:31089", user: "b", ...source },
    alias: "c",
    topics,
  },
});

/** Mistakes in the form of a file: one value, whatever else it says. */
const FORM: readonly BadEnvironment[] = [
  ...["10.42.0.1/16", "10.42.0.0", "8.8.0.0/16", "300.0.0.0/8", "10.42.0.0/33", "::/0"].map((value) => ({
    kind: `${value} as the pods' network`,
    changes: { "cluster.clusterCidr": value },
    line: `toy.cluster.clusterCidr: got ${JSON.stringify(value)}. Allowed: an IPv4 network within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, without bits behind its prefix (10.42.0.0/16). Take one that nothing at the site uses.`,
  })),
  ...["server.example.org", "127.0.0.1", "0.0.0.0", "224.0.0.1"].map((value) => ({
    kind: `${value} as the address of a network card`,
    changes: { "cluster.nodeAddress": value },
    line: `toy.cluster.nodeAddress: got ${JSON.stringify(value)}. Allowed: an IPv4 address of a network card (192.0.2.10). Write the one that \`ip -4 address\` shows there.`,
  })),
  {
    kind: "an unknown key",
    changes: { "dns.zones": "a" },
    line: "toy.dns.zones: unknown key. Allowed: kind. Correct or remove it.",
  },
  {
    kind: "a key that is missing",
    changes: { title: undefined },
    line: "toy.title: got nothing. Allowed: one line of 1–200 characters that are all seen, without a space at either end, and without ${ and %{. Add it.",
  },
  {
    kind: "a value that cannot be chosen",
    changes: { login: "google" },
    line: 'toy.login: got "google". Allowed: none, github. Choose one of them.',
  },
  {
    kind: "a kind of cluster that there is not",
    changes: { "cluster.kind": "k3d" },
    line: 'toy.cluster.kind: got "k3d". Allowed: k3s, gke, existing. Choose one of them.',
  },
  {
    kind: "a kind of cluster that there is not, and labels that only agents have",
    changes: { cluster: { kind: "k3d" }, "kafka.brokerNodeSelector": { disk: "fast" } },
    line: 'toy.cluster.kind: got "k3d". Allowed: k3s, gke, existing. Choose one of them.',
  },
  {
    kind: "a domain with a scheme",
    changes: { domain: "https://example.org" },
    line: 'toy.domain: got "https://example.org". Allowed: a DNS name in lower case (lsst.codes). Leave out scheme, port and path.',
  },
  {
    kind: "a size with a space",
    changes: { "influxdb.disk": "15 Gi" },
    line: 'toy.influxdb.disk: got "15 Gi". Allowed: a number with its unit, 1Gi to 1Pi (15Gi). Write number and unit without a space.',
  },
  {
    kind: "a retention without a unit",
    changes: { "kafka.retention": "72" },
    line: 'toy.kafka.retention: got "72". Allowed: a whole number of hours, days or weeks, 1h to 520w (72h, 30d, 52w). Write number and unit without a space.',
  },
  {
    kind: "a NodePort out of range",
    changes: { "kafka.brokers.1.nodePort": 9094 },
    line: "toy.kafka.brokers[1].nodePort: got 9094. Allowed: 30000–32767. Choose a NodePort in that range that nothing else of the site uses.",
  },
  {
    kind: "a node id that Kafka keeps for itself",
    changes: { "kafka.brokers.2.id": 1000 },
    line: "toy.kafka.brokers[2].id: got 1000. Allowed: 0–999, Kafka's range of node ids. Renumber it.",
  },
  {
    kind: "a relative host path",
    changes: { "cluster.hostPath": "data" },
    line: 'toy.cluster.hostPath: got "data". Allowed: an absolute path below / of letters, digits and . _ - + @, without .., // or a slash at the end (/data). Name a folder of its own.',
  },
  {
    kind: "the root of the host as host path",
    changes: { "cluster.hostPath": "/" },
    line: 'toy.cluster.hostPath: got "/". Allowed: an absolute path below / of letters, digits and . _ - + @, without .., // or a slash at the end (/data). Name a folder of its own.',
  },
  {
    kind: "k3s at a moving tag",
    changes: { "cluster.version": "latest" },
    line: 'toy.cluster.version: got "latest". Allowed: a release of k3s as an image tag (v1.36.5-k3s1). Pin one, never latest.',
  },
  {
    kind: "k3s without a tag",
    changes: { "cluster.version": "" },
    line: 'toy.cluster.version: got "". Allowed: a release of k3s as an image tag (v1.36.5-k3s1). Pin one, never latest.',
  },
  {
    kind: "k3s as its release page writes it",
    changes: { "cluster.version": "v1.36.5+k3s1" },
    line: 'toy.cluster.version: got "v1.36.5+k3s1". Allowed: a release of k3s as an image tag (v1.36.5-k3s1). Pin one, never latest.',
  },
  {
    kind: "a tag in the image's repository",
    changes: { "cluster.image": "docker.io/rancher/k3s:latest" },
    line: 'toy.cluster.image: got "docker.io/rancher/k3s:latest". Allowed: an image with its registry, without tag and digest (docker.io/rancher/k3s). Write the tag as the key version.',
  },
  {
    kind: "Kafka at a moving version",
    changes: { "kafka.version": "latest" },
    line: 'toy.kafka.version: got "latest". Allowed: three numbers (4.3.1). Pin one, never latest.',
  },
  {
    kind: "a label that Kubernetes does not take",
    changes: agents({ labels: { "efd role": "kafka" } }),
    line: 'toy.cluster.agents[0].labels.efd role: got "kafka". Allowed: a label\'s name of 1–63 letters, digits, dots, hyphens and underscores, with a DNS name and a slash before it or without. Rename it.',
  },
  {
    kind: "a label's value that Kubernetes does not take",
    changes: agents({ labels: { "efd/role": "for kafka" } }),
    line: 'toy.cluster.agents[0].labels.efd/role: got "for kafka". Allowed: at most 63 letters, digits, dots, hyphens and underscores, with a letter or digit at both ends. Shorten or rename it.',
  },
  {
    kind: "a label that a node may not give itself",
    changes: agents({ labels: { "node-role.kubernetes.io/kafka": "true" } }),
    line: 'toy.cluster.agents[0].labels.node-role.kubernetes.io/kafka: got "true". Allowed: no name below kubernetes.io and k8s.io but node.kubernetes.io, for a kubelet refuses to start with it. Take a prefix of your own.',
  },
  {
    kind: "a number as text",
    changes: { "kafka.replication": "3" },
    line: 'toy.kafka.replication: got "3". Allowed: a whole number from 1, at most the number of brokers. Write it without quotes.',
  },
  {
    kind: "a name with letters that no host name has",
    changes: { name: "tøy" },
    line: 'tøy.name: got "tøy". Allowed: a name of 1–53 lower-case letters, digits and hyphens that begins with a letter. Shorten or rename it.',
  },
  {
    kind: "no controller",
    changes: { "kafka.controllerIds": [] },
    line: "toy.kafka.controllerIds: got []. Allowed: at least 1 in the list. Add one.",
  },
  {
    kind: "a topic that is none",
    changes: { "kafka.topics": [{ name: ".." }] },
    line: 'toy.kafka.topics[0].name: got "..". Allowed: 1–249 letters, digits, dots, hyphens and underscores. Write the topic\'s whole name.',
  },
  {
    kind: "rights on a topic whose name is a pattern",
    changes: { "kafka.clients": [{ name: "c", description: "d", topics: ["lsst.sal.*"], access: "all" }] },
    line: 'toy.kafka.clients[0].topics[0]: got "lsst.sal.*". Allowed: 1–249 letters, digits, dots, hyphens and underscores. Write the topic\'s whole name.',
  },
  {
    kind: "a login that Kafka does not have here",
    changes: { "kafka.clients": [{ name: "c", description: "d", prefixes: ["p"], access: "all", login: "oauth" }] },
    line: 'toy.kafka.clients[0].login: got "oauth". Allowed: scram, tls. Choose one of them.',
  },
  {
    kind: "rights on topics that cannot be",
    changes: { "kafka.clients": [{ name: "c", description: "d", prefixes: ["lsst.sal*"], access: "all" }] },
    line: 'toy.kafka.clients[0].prefixes[0]: got "lsst.sal*". Allowed: 1–249 letters, digits, dots, hyphens and underscores, without *. Write the beginning of their names.',
  },
  {
    kind: "a database that InfluxQL would have to quote",
    changes: { "telegraf.consumers": [{ name: "one", topics: ["a.b"], database: "_internal" }] },
    line: 'toy.telegraf.consumers[0].database: got "_internal". Allowed: letters, digits, dots, hyphens and underscores after a letter, at most 100. Rename it.',
  },
  {
    kind: "observing hours without an end",
    changes: { observing: [{ from: "00:00", to: "00:00", timeZone: "UTC" }] },
    line: 'toy.observing[0].to: got "00:00". Allowed: another time than the begin. For a whole day write two windows, to 12:00 and from 12:00.',
  },
  {
    kind: "a Docker host without authentication",
    changes: { "cluster.dockerHost": "tcp://192.0.2.1:2375" },
    line: 'toy.cluster.dockerHost: got "tcp://192.0.2.1:2375". Allowed: unix:///path/to/docker.sock or ssh://[user@]host[:port]. Write one of them.',
  },
];

const RULES: readonly BadEnvironment[] = [
  {
    kind: "another site's layer in allowDestroys",
    rule: "allowDestroysNamesOwnLayers",
    changes: { allowDestroys: ["toy-efd", "other-efd"] },
    line: 'toy.allowDestroys[1]: got "other-efd". Allowed: toy-cluster, toy-platform, toy-efd, toy-love, each alone or with a thing behind it (toy-efd/kafka). Name a stack of this site.',
  },
  {
    kind: "nothing of a layer in allowDestroys",
    rule: "allowDestroysNamesOwnLayers",
    changes: { allowDestroys: ["toy-efd/"] },
    line: 'toy.allowDestroys[0]: got "toy-efd/". Allowed: toy-cluster, toy-platform, toy-efd, toy-love, each alone or with a thing behind it (toy-efd/kafka). Name a stack of this site.',
  },
  {
    kind: "a domain outside the zone",
    rule: "domainLiesInZone",
    changes: { secrets: VAULT, dns: { kind: "external-dns", region: "r", zone: "ample.org" } },
    line: 'toy.domain: got "example.org". Allowed: ample.org or a name below it. Take such a name, for external-dns writes to that zone only.',
  },
  {
    kind: "a host name that is none",
    rule: "hostNamesAreRight",
    changes: { hostPattern: "{app}_{site}.{domain}" },
    line: 'toy.hostPattern: got "{app}_{site}.{domain}". Allowed: a pattern that gives DNS names in lower case with at most 63 characters between dots; this one gives kafka_toy.example.org. Correct it or take a shorter name of the site.',
  },
  {
    kind: "a generated password where an account is needed",
    rule: "foreignSecretsComeFromVault",
    changes: { login: "github" },
    line: 'toy.secrets.kind: got "generated". Allowed: vault, for login github needs a GitHub application, which cannot be generated. Write vault and its address.',
  },
  {
    kind: "the API on a port of the ingress",
    rule: "apiPortIsFree",
    changes: { "cluster.apiPort": 443 },
    line: "toy.cluster.apiPort: got 443. Allowed: any port from 1024 but 6444, 10010, 10248, 10249, 10250, 10256, 10257, 10258, 10259 and 30000–32767, which the system, the ingress, k3s and NodePorts take. Write 6443.",
  },
  {
    kind: "the API on a NodePort",
    rule: "apiPortIsFree",
    changes: { "cluster.apiPort": 31090 },
    line: "toy.cluster.apiPort: got 31090. Allowed: any port from 1024 but 6444, 10010, 10248, 10249, 10250, 10256, 10257, 10258, 10259 and 30000–32767, which the system, the ingress, k3s and NodePorts take. Write 6443.",
  },
  {
    kind: "two agents on one other host",
    rule: "dockerHostsRunOneNodeEach",
    changes: agents({ dockerHost: "ssh://a" }, { dockerHost: "ssh://a" }),
    line: "toy.cluster.agents: ssh://a runs kube-0 and kube-1. Allowed: one agent per other host (both would listen on port 10250). Move one.",
  },
  {
    kind: "two agents on one other host, by two accounts",
    rule: "dockerHostsRunOneNodeEach",
    changes: agents({ dockerHost: "ssh://a" }, { dockerHost: "ssh://efd@a:22" }),
    line: "toy.cluster.agents: ssh://a runs kube-0 and kube-1. Allowed: one agent per other host (both would listen on port 10250). Move one.",
  },
  {
    kind: "an agent on the server's host by another account",
    rule: "serversHostHasOneName",
    changes: agents({ dockerHost: "ssh://efd@host.example.org" }),
    line: 'toy.cluster.agents[0].dockerHost: got "ssh://efd@host.example.org". Allowed: ssh://host.example.org, the server\'s, which is the same machine. Write it so or leave it out.',
  },
  {
    kind: "a server that agents cannot reach",
    rule: "agentsReachServer",
    changes: { "cluster.address": "127.0.0.1", ...agents({ dockerHost: "ssh://a" }) },
    line: 'toy.cluster.address: got "127.0.0.1". Allowed: an address that kube-0 can reach from another host. Write the server\'s own address.',
  },
  {
    kind: "the API on ssh's port",
    rule: "apiPortIsFree",
    changes: { "cluster.apiPort": 22 },
    line: "toy.cluster.apiPort: got 22. Allowed: any port from 1024 but 6444, 10010, 10248, 10249, 10250, 10256, 10257, 10258, 10259 and 30000–32767, which the system, the ingress, k3s and NodePorts take. Write 6443.",
  },
  {
    kind: "the server in the pods' network",
    rule: "addressesAreOutside",
    changes: { "cluster.address": "10.42.0.10" },
    line: 'toy.cluster.address: got "10.42.0.10". Allowed: an address outside 10.42.0.0/16, cluster.clusterCidr, which every host of the cluster takes for its own. Name another one, or take another network for the cluster.',
  },
  {
    kind: "an agent in the Services' network",
    rule: "addressesAreOutside",
    changes: agents({ dockerHost: "ssh://efd@10.43.7.7:2222" }),
    line: 'toy.cluster.agents[0].dockerHost: got "ssh://efd@10.43.7.7:2222". Allowed: an address outside 10.43.0.0/16, cluster.serviceCidr, which every host of the cluster takes for its own. Name another one, or take another network for the cluster.',
  },
  {
    kind: "an agent's address in Docker's network",
    rule: "addressesAreOutside",
    changes: agents({ dockerHost: "ssh://a", address: "172.17.0.2" }),
    line: "toy.cluster.agents[0].address: got \"172.17.0.2\". Allowed: an address outside 172.17.0.0/16, Docker's own network, which every host of the cluster takes for its own. Name an address of the machine's network.",
  },
  {
    kind: "Vault in the pods' network",
    rule: "addressesAreOutside",
    changes: { secrets: { ...VAULT, server: "https://10.42.255.254:8200" } },
    line: 'toy.secrets.server: got "https://10.42.255.254:8200". Allowed: an address outside 10.42.0.0/16, cluster.clusterCidr, which every host of the cluster takes for its own. Name another one, or take another network for the cluster.',
  },
  {
    kind: "a mirror of registries in another network of the pods",
    rule: "addressesAreOutside",
    changes: { "cluster.clusterCidr": "192.168.0.0/16", "cluster.registryMirror": "http://192.168.3.3:5000/v2" },
    line: 'toy.cluster.registryMirror: got "http://192.168.3.3:5000/v2". Allowed: an address outside 192.168.0.0/16, cluster.clusterCidr, which every host of the cluster takes for its own. Name another one, or take another network for the cluster.',
  },
  {
    kind: "a mirror's source in the Services' network",
    rule: "addressesAreOutside",
    changes: {
      secrets: VAULT,
      mirror: { source: { alias: "s", bootstrap: "10.43.1.1:9094", user: "u" }, alias: "t", topics: ["a.*"] },
    },
    line: 'toy.mirror.source.bootstrap: got "10.43.1.1:9094". Allowed: an address outside 10.43.0.0/16, cluster.serviceCidr, which every host of the cluster takes for its own. Name another one, or take another network for the cluster.',
  },
  {
    kind: "one network for pods and Services",
    rule: "networksAreApart",
    changes: { "cluster.serviceCidr": "10.42.128.0/20" },
    line: 'toy.cluster.serviceCidr: got "10.42.128.0/20". Allowed: a network that has no address of 10.42.0.0/16, cluster.clusterCidr. Take another one.',
  },
  {
    kind: "pods in Docker's network",
    rule: "networksAreApart",
    changes: { "cluster.clusterCidr": "172.16.0.0/14" },
    line: 'toy.cluster.clusterCidr: got "172.16.0.0/14". Allowed: a network that has no address of 172.17.0.0/16, Docker\'s own network. Take another one.',
  },
  {
    kind: "more agents than the pods' network holds",
    rule: "nodesFitNetwork",
    changes: {
      "cluster.maxPods": 500,
      "cluster.agents": Array.from({ length: 64 }, (_all, i) => ({ name: `kube-${i}` })),
    },
    line: "toy.cluster.clusterCidr: 10.42.0.0/16 has room for 64 nodes of 500 pods, which need a /22 each; there are 65. Allowed: a network of at most /15. Take a larger one, fewer agents or a lower maxPods.",
  },
  {
    kind: "a network of the pods that no node fits into",
    rule: "nodesFitNetwork",
    changes: { "cluster.clusterCidr": "10.42.0.0/26" },
    line: "toy.cluster.clusterCidr: 10.42.0.0/26 has room for 0 nodes of 110 pods, which need a /24 each; there are 1. Allowed: a network of at most /24. Take a larger one, fewer agents or a lower maxPods.",
  },
  {
    kind: "a handful of Services",
    rule: "nodesFitNetwork",
    changes: { "cluster.serviceCidr": "10.43.0.0/28" },
    line: 'toy.cluster.serviceCidr: got "10.43.0.0/28". Allowed: a prefix from /12 to /24. Take a network of another size.',
  },
  {
    kind: "an address for an agent that Docker gives one",
    rule: "nodesHaveOwnAddress",
    changes: agents({ address: "192.0.2.9" }),
    line: "toy.cluster.agents[0].address: got \"192.0.2.9\". Allowed: nothing for an agent beside the server, which Docker's bridge gives one. Remove it, or name the agent's own dockerHost.",
  },
  {
    kind: "two nodes with one address",
    rule: "nodesHaveOwnAddress",
    changes: agents({ dockerHost: "ssh://192.0.2.1:2222" }),
    line: "toy.cluster.agents: master and kube-0 have the address 192.0.2.1. Allowed: one node each. Write each node's own as its address.",
  },
  {
    kind: "an agent on the socket of whoever deploys",
    rule: "ownMachineIsServers",
    changes: agents({ dockerHost: "unix:///var/run/docker.sock" }),
    line: 'toy.cluster.agents[0].dockerHost: got "unix:///var/run/docker.sock". Allowed: ssh://[user@]host of another machine, or the server\'s Docker host, written as it is there. Name the machine of the agent, or leave it out for one beside the server.',
  },
  {
    kind: "an agent on whoever's own machine, by ssh",
    rule: "ownMachineIsServers",
    changes: agents({ dockerHost: "ssh://me@127.0.0.1:22" }),
    line: 'toy.cluster.agents[0].dockerHost: got "ssh://me@127.0.0.1:22". Allowed: ssh://[user@]host of another machine, or the server\'s Docker host, written as it is there. Name the machine of the agent, or leave it out for one beside the server.',
  },
  {
    kind: "names of localhost for a site on another machine",
    rule: "domainLeadsToSite",
    changes: { domain: "localhost" },
    line: 'toy.domain: got "localhost". Allowed: a domain whose names lead to the site, for localhost leads every client to itself and this site is on another machine. Write the domain of the site.',
  },
  {
    kind: "names below localhost for a cluster of somebody else",
    rule: "domainLeadsToSite",
    changes: {
      domain: "efd.localhost",
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" },
    },
    line: 'toy.domain: got "efd.localhost". Allowed: a domain whose names lead to the site, for localhost leads every client to itself and this site is on another machine. Write the domain of the site.',
  },
  {
    kind: "k3s of another age",
    rule: "clusterKnowsK3s",
    changes: { "cluster.version": "v1.21.14-k3s1" },
    line: 'toy.cluster.version: got "v1.21.14-k3s1". Allowed: v1.33 to v1.38, minors that the charts of this revision are for. Take one of them, or a revision of this program with other charts.',
  },
  {
    kind: "k3s that does not exist yet",
    rule: "clusterKnowsK3s",
    changes: { "cluster.version": "v2.0.0-k3s1" },
    line: 'toy.cluster.version: got "v2.0.0-k3s1". Allowed: v1.33 to v1.38, minors that the charts of this revision are for. Take one of them, or a revision of this program with other charts.',
  },
  {
    kind: "data among the homes of users",
    rule: "foldersAreApart",
    changes: { "cluster.hostPath": "/home" },
    line: 'toy.cluster.hostPath: got "/home". Allowed: a folder of its own, for users or packages have theirs in /home. Name one inside, such as /home/efd.',
  },
  {
    kind: "data in root's home",
    rule: "foldersAreApart",
    changes: { "cluster.hostPath": "/root/efd" },
    line: 'toy.cluster.hostPath: got "/root/efd". Allowed: a folder that neither lies in nor holds /root. Name a folder of its own (/data).',
  },
  {
    kind: "an agent's folder within the server's on one machine",
    rule: "foldersAreApart",
    changes: agents({ hostPath: "/data/kube-0" }),
    line: 'toy.cluster.agents[0].hostPath: got "/data/kube-0". Allowed: a folder that neither lies in nor holds /data, cluster.hostPath. Name a folder of its own.',
  },
  {
    kind: "one folder for two agents of a machine",
    rule: "foldersAreApart",
    changes: agents({ hostPath: "/disk0" }, { hostPath: "/disk0" }),
    line: 'toy.cluster.agents[1].hostPath: got "/disk0". Allowed: a folder that neither lies in nor holds /disk0, cluster.agents[0].hostPath. Name a folder of its own.',
  },
  {
    kind: "an agent's folder within a class's",
    rule: "foldersAreApart",
    changes: {
      ...agents({ dockerHost: "ssh://a", hostPath: "/fast/kube-0" }),
      "storage.classes": [{ name: "fast", hostPath: "/fast" }],
    },
    line: 'toy.cluster.agents[0].hostPath: got "/fast/kube-0". Allowed: a folder that neither lies in nor holds /fast, storage.classes[0].hostPath. Name a folder of its own.',
  },
  {
    kind: "a class called like Google's",
    rule: "classesAreOurs",
    changes: { ...GKE, "storage.className": "standard-rwo" },
    line: 'toy.storage.className: got "standard-rwo". Allowed: a name that no class of Google\'s has, for the one of the cluster would be in the way. Rename it (pd-ssd).',
  },
  {
    kind: "another class called like Google's",
    rule: "classesAreOurs",
    changes: { ...GKE, "storage.classes": [{ name: "premium-rwo" }] },
    line: 'toy.storage.classes[0].name: got "premium-rwo". Allowed: a name that no class of Google\'s has, for the one of the cluster would be in the way. Rename it (pd-ssd).',
  },
  {
    kind: "somebody else's cluster without a class",
    rule: "foreignClassIsNamed",
    changes: { cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1", provisioner: "none" } },
    line: 'toy.storage.className: got its default "local-path". Allowed: the name of a class that the cluster has and that keeps released volumes, for provisioner none makes no local-path. Write the one that `kubectl get storageclass` shows with Retain.',
  },
  {
    kind: "load balancers of somebody else's cluster without DNS",
    rule: "namesLeadSomewhere",
    changes: {
      ...GKE,
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1" },
      dns: { kind: "none" },
    },
    line: 'toy.dns.kind: got "none". Allowed: external-dns on such a cluster, whose load balancers get their addresses when they are made. Set it up.',
  },
  {
    kind: "an agent that is newer than the server",
    rule: "serverIsNotOlder",
    changes: { "cluster.version": "v1.36.5-k3s1", ...agents({ version: "v1.36.5-k3s2" }) },
    line: 'toy.cluster.agents[0].version: got "v1.36.5-k3s2". Allowed: v1.36.5-k3s1, the server\'s, or at most 3 minors older. Upgrade the server first, then its agents.',
  },
  {
    kind: "an agent that is too old for the server",
    rule: "serverIsNotOlder",
    changes: { "cluster.version": "v1.36.5-k3s1", ...agents({ version: "v1.32.9-k3s1" }) },
    line: 'toy.cluster.agents[0].version: got "v1.32.9-k3s1". Allowed: v1.36.5-k3s1, the server\'s, or at most 3 minors older. Upgrade the server first, then its agents.',
  },
  {
    kind: "data in a folder of Docker",
    rule: "foldersAreApart",
    changes: { "cluster.hostPath": "/var/lib/docker/efd" },
    line: 'toy.cluster.hostPath: got "/var/lib/docker/efd". Allowed: a folder that neither lies in nor holds /var/lib/docker. Name a folder of its own (/data).',
  },
  {
    kind: "data in a folder that holds the system's",
    rule: "foldersAreApart",
    changes: { "cluster.hostPath": "/var" },
    line: 'toy.cluster.hostPath: got "/var". Allowed: a folder that neither lies in nor holds /var/run. Name a folder of its own (/data).',
  },
  {
    kind: "charts inside the folder of the data",
    rule: "foldersAreApart",
    changes: { "cluster.dockerHost": "unix:///var/run/docker.sock", chartSource: "/data/charts" },
    line: 'toy.chartSource: got "/data/charts". Allowed: a folder that neither lies in nor holds /data, cluster.hostPath. Name a folder of its own.',
  },
  {
    kind: "an agent with the server's name",
    rule: "namesAreUnique",
    changes: { "cluster.agents": [{ name: "master" }] },
    line: 'toy.cluster.agents: "master" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "two consumers of one name",
    rule: "namesAreUnique",
    changes: {
      "telegraf.consumers": [
        { name: "a", topics: ["a.a"] },
        { name: "a", topics: ["a.b"] },
      ],
    },
    line: 'toy.telegraf.consumers: "a" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "one topic twice in a sink",
    rule: "namesAreUnique",
    changes: { connect: { sinks: [{ name: "main", topics: ["lsst.sal.X.y", "lsst.sal.X.y"] }] } },
    line: 'toy.connect.sinks[0].topics: "lsst.sal.X.y" occurs more than once. Allowed: once. Leave one of them out.',
  },
  {
    kind: "a mirror of itself",
    rule: "namesAreUnique",
    changes: {
      secrets: VAULT,
      mirror: { source: { alias: "a", bootstrap: "kafka.example.org:31090", user: "b" }, alias: "a", topics: ["a*"] },
    },
    line: 'toy.mirror: "a" occurs more than once. Allowed: once. Rename one of them.',
  },
  {
    kind: "a topic of Kafka itself",
    rule: "reservedNamesAreOurs",
    changes: { "kafka.topics": [{ name: "__consumer_offsets" }] },
    line: `toy.kafka.topics[0].name: got "__consumer_offsets". Allowed: any name but ${namesOf("topics")}, which the topics of this program and of Kafka itself have. Rename it.`,
  },
  {
    kind: "an account of Kafka without topics",
    rule: "clientsHaveTopics",
    changes: { "kafka.clients": [{ name: "c", description: "d", access: "read" }] },
    line: "toy.kafka.clients[0]: c has neither prefixes nor topics. Allowed: at least one of either. Name the topics that its program uses.",
  },
  {
    kind: "a prefix that stands twice",
    rule: "textsAreUnique",
    changes: { "kafka.clients": [{ name: "c", description: "d", prefixes: ["p.a", "p.a"], access: "read" }] },
    line: 'toy.kafka.clients[0].prefixes: "p.a" occurs more than once. Allowed: once. Leave one of them out.',
  },
  {
    kind: "a name of the API server that stands twice",
    rule: "textsAreUnique",
    changes: { "cluster.tlsSans": ["a.example.org", "b.example.org", "a.example.org"] },
    line: 'toy.cluster.tlsSans: "a.example.org" occurs more than once. Allowed: once. Leave one of them out.',
  },
  {
    kind: "a topic with a name of Kafka's own kind",
    rule: "reservedNamesAreOurs",
    changes: { "kafka.topics": [{ name: "__share_group_state" }] },
    line: 'toy.kafka.topics[0].name: got "__share_group_state". Allowed: a name without two underscores in front, which Kafka\'s own topics have. Rename it.',
  },
  {
    kind: "brokers on a node that there is not",
    rule: "selectorsFindNodes",
    changes: { "kafka.brokerNodeSelector": { "kubernetes.io/hostname": "kube-7" } },
    line: 'toy.kafka.brokerNodeSelector: got {"kubernetes.io/hostname":"kube-7"}. Allowed: labels that an agent has all of. Label an agent in cluster.agents.',
  },
  {
    kind: "two topics that are one to Kafka",
    rule: "topicsAreApart",
    changes: { "kafka.topics": [{ name: "lsst.sal.Test" }, { name: "lsst.sal_Test" }] },
    line: "toy.kafka.topics: lsst.sal.Test and lsst.sal_Test are one name to Kafka, which takes dots for underscores. Allowed: one of them. Rename the others.",
  },
  {
    kind: "a client with the name of an account of ours",
    rule: "reservedNamesAreOurs",
    changes: { "kafka.clients": [{ name: "telegraf", description: "d", prefixes: ["p"], access: "all" }] },
    line: `toy.kafka.clients[0].name: got "telegraf". Allowed: any name but ${namesOf("accounts")}, which the accounts of this program and of Kafka itself have. Rename it.`,
  },
  {
    kind: "one NodePort for two",
    rule: "nodePortsAreUnique",
    changes: { "kafka.access": { kind: "nodeport", bootstrapNodePort: 31091 } },
    line: "toy.kafka: NodePort 31091 is used by kafka.access.bootstrapNodePort and kafka.brokers[1].nodePort. Allowed: one user each. Give one of them another port.",
  },
  {
    kind: "a broker without the NodePort that clients need",
    rule: "brokersFitAccess",
    changes: { "kafka.brokers.1.nodePort": undefined },
    line: "toy.kafka.brokers[1].nodePort: got nothing. Allowed: 30000–32767, for kafka.access is nodeport. Add it.",
  },
  {
    kind: "NodePorts on GKE",
    rule: "accessFitsCluster",
    changes: {
      ...GKE,
      "kafka.access": { kind: "nodeport" },
      "kafka.brokers": [31090, 31091, 31092].map((nodePort, id) => ({ id, nodePort })),
    },
    line: 'toy.kafka.access.kind: got "nodeport". Allowed: loadbalancer on a cluster of kind gke. Write it.',
  },
  {
    kind: "GKE without DNS",
    rule: "namesLeadSomewhere",
    changes: { ...GKE, dns: { kind: "none" } },
    line: 'toy.dns.kind: got "none". Allowed: external-dns on GKE, whose load balancers get their addresses when they are made. Set it up.',
  },
  {
    kind: "a Kafka that the operator does not run",
    rule: "operatorKnowsKafka",
    changes: { "kafka.version": "4.1.2", "kafka.metadataVersion": "4.1-IV1" },
    line: 'toy.kafka.version: got "4.1.2". Allowed: 4.2.0, 4.2.1, 4.3.0, 4.3.1, which Strimzi 1.2.0 runs. Choose one of them.',
  },
  {
    kind: "a metadata version that is newer than Kafka",
    rule: "kafkaKnowsMetadata",
    changes: { "kafka.version": "4.2.1" },
    line: 'toy.kafka.metadataVersion: got its default "4.3-IV0". Allowed: 4.1-IV1, 4.2-IV1, which Kafka 4.2.1 knows. Choose one of them.',
  },
  {
    kind: "a metadata version that nobody knows",
    rule: "kafkaKnowsMetadata",
    changes: { "kafka.metadataVersion": "4.2-IV9" },
    line: 'toy.kafka.metadataVersion: got "4.2-IV9". Allowed: 4.1-IV1, 4.2-IV1, 4.3-IV0, which Kafka 4.3.1 knows. Choose one of them.',
  },
  {
    kind: "a broker with a controller's id",
    rule: "kafkaIdsAreDisjoint",
    changes: { "kafka.controllerIds": [2, 3, 4] },
    line: "toy.kafka: node id 2 is used by kafka.controllerIds[0] and kafka.brokers[2].id. Allowed: one node each. Renumber one of them.",
  },
  {
    kind: "an even number of controllers",
    rule: "controllersAreOdd",
    changes: { "kafka.controllerIds": [3, 4] },
    line: "toy.kafka.controllerIds: got [3,4]. Allowed: an odd number of controllers, which can always form a majority. Add or remove one.",
  },
  {
    kind: "more copies than brokers",
    rule: "replicationFitsBrokers",
    changes: { "kafka.replication": 4 },
    line: "toy.kafka.replication: got 4. Allowed: at most 3, the number of brokers. Lower it or add brokers.",
  },
  {
    kind: "more copies in sync than copies",
    rule: "inSyncReplicasFitReplication",
    changes: { "kafka.replication": 1 },
    line: "toy.kafka.minInSyncReplicas: got its default 2. Allowed: at most 1, kafka.replication. Lower it.",
  },
  ...[2, 3].map((copies) => ({
    kind: `all of ${copies} copies in sync, so that a restart stops producers`,
    rule: "inSyncReplicasFitReplication",
    changes: { "kafka.replication": copies, "kafka.minInSyncReplicas": copies },
    line: `toy.kafka.minInSyncReplicas: got ${copies}. Allowed: at most ${copies - 1}, one less than kafka.replication, for a broker that restarts must stop no producer. Lower it.`,
  })),
  ...["kafka-telegraf", "kafka-rest-proxy"].map((name) => ({
    kind: `an account called like the Secret ${name} with a password`,
    rule: "secretsOfClientsAreFree",
    changes: client({ name }),
    line: `toy.kafka.clients[0].name: got "${name}". Allowed: any name that no other Secret of the namespace kafka has: the password of ${name.replace("kafka-", "")} is in one of this name. Rename it.`,
  })),
  {
    kind: "an account called like the Secret of another account",
    rule: "secretsOfClientsAreFree",
    changes: {
      "kafka.clients": [
        { name: "camera", description: "d", prefixes: ["p"], access: "all" },
        { name: "kafka-camera", description: "d", prefixes: ["p"], access: "all" },
      ],
    },
    line: 'toy.kafka.clients[1].name: got "kafka-camera". Allowed: any name that no other Secret of the namespace kafka has: the password of camera is in one of this name. Rename it.',
  },
  ...[
    "schema-registry-auth",
    "rest-proxy-tls",
    "tls-certs",
    "kafka-external-tls",
    "efd-cluster-ca",
    "efd-broker-0",
  ].map((name) => ({
    kind: `an account called like the Secret ${name}`,
    rule: "secretsOfClientsAreFree",
    changes: client({ name }),
    line: `toy.kafka.clients[0].name: got "${name}". Allowed: any name that no other Secret of the namespace kafka has: this program or Strimzi makes one of this name. Rename it.`,
  })),
  ...(
    [
      ["_", "_"],
      ["_schemas", "_schemas"],
      ["__consumer", "__consumer"],
      ["connect-", "connect-configs"],
      ["mir", "mirror-configs"],
    ] as const
  ).map(([prefix, covered]) => ({
    kind: `the right to write topics that begin with ${prefix}`,
    rule: "rightsLeaveOutOwnTopics",
    changes: client({ prefixes: ["lsst.sal", prefix] }),
    line: `toy.kafka.clients[0].prefixes[1]: got "${prefix}". Allowed: topics that no program of this site keeps its state in; ${covered} is one that it could write. Narrow it to the topics of its program, or let it read only.`,
  })),
  {
    kind: "the right to write the schemas",
    rule: "rightsLeaveOutOwnTopics",
    changes: client({ prefixes: [], topics: ["_schemas"], access: "read-write" }),
    line: 'toy.kafka.clients[0].topics[0]: got "_schemas". Allowed: topics that no program of this site keeps its state in; _schemas is one that it could write. Narrow it to the topics of its program, or let it read only.',
  },
  {
    kind: "a REST proxy that may write the schemas",
    rule: "rightsLeaveOutOwnTopics",
    changes: { restProxy: { prefixes: ["_s"] } },
    line: 'toy.restProxy.prefixes[0]: got "_s". Allowed: topics that no program of this site keeps its state in; _s is one that it could write. Narrow it to the topics of its program, or let it read only.',
  },
  {
    kind: "a sink in the workers' own group",
    rule: "groupsAreApart",
    changes: { connect: { sinks: [{ name: "cluster", topics: ["lsst.sal.ATMCS.x"] }] } },
    line: 'toy.connect.sinks[0].name: got "cluster". Allowed: any name but cluster, whose consumer group would be the workers\' own. Rename it.',
  },
  ...[
    "kafka-toy-efd.example.org:31089",
    "kafka-1-toy-efd.example.org:31091",
    "192.0.2.1:31090",
    "efd-kafka-bootstrap.kafka:9092",
    "efd-kafka-bootstrap.kafka.svc.cluster.local:9092",
    "localhost:31090",
  ].map((bootstrap) => ({
    kind: `a mirror of its own cluster, ${bootstrap}`,
    rule: "mirrorsAnotherSite",
    changes: mirror({ bootstrap }),
    line: `toy.mirror.source.bootstrap: got "${bootstrap}". Allowed: brokers of another site: these are this site's own. Name the other site's.`,
  })),
  {
    kind: "a volume that does not hold its backups",
    rule: "backupsFitVolume",
    changes: { backups: { target: { kind: "volume", disk: "45Gi" } } },
    line: 'toy.backups.target.disk: got "45Gi". Allowed: at least 60Gi: 3 backups that are kept and one in the making, each of up to 15Gi, influxdb.disk. Take a larger volume or keep fewer.',
  },
  {
    kind: "backups on a class that nobody makes",
    rule: "classExists",
    changes: { backups: { target: { kind: "volume", disk: "60Gi", className: "fast" } } },
    line: 'toy.backups.target.className: got "fast". Allowed: local-path, the classes of this site. Write one of them or add it to storage.classes.',
  },
  {
    kind: "a class that nobody makes",
    rule: "classesExist",
    changes: { "kafka.brokerClass": "fast" },
    line: 'toy.kafka.brokerClass: got "fast". Allowed: local-path, the classes of this site. Write one of them or add it to storage.classes.',
  },
  {
    kind: "a folder for a class of disks",
    rule: "foldersNeedLocalPath",
    changes: {
      cluster: { kind: "existing", kubeconfig: "/k", address: "192.0.2.1", provisioner: "none" },
      "storage.className": "theirs",
      "storage.classes": [{ name: "fast", hostPath: "/fast" }],
    },
    line: 'toy.storage.classes[0].hostPath: got "/fast". Allowed: nothing, for this cluster\'s volumes are no folders of its nodes. Remove it.',
  },
  {
    kind: "a class's folder within the site's",
    rule: "foldersAreApart",
    changes: { "storage.classes": [{ name: "fast", hostPath: "/data/fast" }] },
    line: 'toy.storage.classes[0].hostPath: got "/data/fast". Allowed: a folder that neither lies in nor holds /data, cluster.hostPath. Name a folder of its own.',
  },
  {
    kind: "a heap that leaves Java no room",
    rule: "heapFitsLimit",
    changes: { connect: { heap: "3Gi" } },
    line: 'toy.connect.heap: got "3Gi". Allowed: at least 256Mi less than 3Gi, the pod\'s limit of memory. Lower it or raise the limit.',
  },
  {
    kind: "more partitions than brokers hold",
    rule: "partitionsFitBrokers",
    changes: { "kafka.topics": Array.from({ length: 11 }, (_none, i) => ({ name: `a.${i}`, partitions: 1000 })) },
    line: "toy.kafka.topics: 11000 partitions in 3 copies are 11000 on each broker. Allowed: at most 10000 on each. Lower partitions: SAL's topics have one.",
  },
  {
    kind: "a heap that leaves Java next to no room",
    rule: "heapFitsLimit",
    changes: { connect: { heap: "2900Mi" } },
    line: 'toy.connect.heap: got "2900Mi". Allowed: at least 256Mi less than 3Gi, the pod\'s limit of memory. Lower it or raise the limit.',
  },
  {
    kind: "a connector in the group of its workers",
    rule: "groupsAreApart",
    changes: { secrets: VAULT, connect: { s3: { name: "cluster", bucket: "bucket", region: "r", topics: ["a.*"] } } },
    line: 'toy.connect.s3.name: got "cluster". Allowed: any name but cluster, whose consumer group would be the workers\' own. Rename it.',
  },
  {
    kind: "an EFD into which nothing writes",
    rule: "somethingWrites",
    changes: { "telegraf.consumers": [], connect: {} },
    line: "toy.telegraf.consumers: got []. Allowed: at least 1 entry here or in connect.sinks. Add one.",
  },
  {
    kind: "an image of Connect that moves",
    changes: { connect: { image: "registry.example.org/kafka-connect:latest" } },
    line: 'toy.connect.image: got "registry.example.org/kafka-connect:latest". Allowed: an image with its registry and an exact tag or digest (quay.io/name/image:1.2.3). Never latest.',
  },
  {
    kind: "a mirror without an account of the other site",
    rule: "foreignSecretsComeFromVault",
    changes: {
      mirror: { source: { alias: "a", bootstrap: "kafka.example.org:31090", user: "b" }, alias: "c", topics: ["a*"] },
    },
    line: 'toy.secrets.kind: got "generated". Allowed: vault, for mirror needs an account of another site, which cannot be generated. Write vault and its address.',
  },
  {
    kind: "brokers for which there is no node",
    rule: "selectorsFindNodes",
    changes: { ...agents({ labels: { "efd/role": "influxdb" } }), "kafka.brokerNodeSelector": { "efd/role": "kafka" } },
    line: 'toy.kafka.brokerNodeSelector: got {"efd/role":"kafka"}. Allowed: labels that an agent has all of. Label an agent in cluster.agents.',
  },
  {
    kind: "a partition that may outgrow the volume",
    rule: "retentionBytesFitDisk",
    changes: { "kafka.retentionBytes": "100Gi" },
    line: 'toy.kafka.retentionBytes: got "100Gi". Allowed: less than 15Gi, kafka.brokerDisk, which holds all partitions of a broker, each with a segment of 128Mi more. Lower it.',
  },
  {
    kind: "more in Kafka than its volumes hold",
    rule: "ingestFitsKafka",
    changes: { ingestBytesPerSecond: 200_000, "influxdb.disk": "6Ti" },
    line: 'toy.kafka.brokerDisk: got "15Gi". Allowed: at least 33Gi for 200000 bytes/s kept 24h and a segment of 24h in 3 copies. Take a larger volume or a shorter retention.',
  },
  {
    kind: "more in InfluxDB than its volume holds",
    rule: "ingestFitsInfluxdb",
    changes: { ingestBytesPerSecond: 1000 },
    line: 'toy.influxdb.disk: got "15Gi". Allowed: at least 30Gi for 1000 bytes/s kept 52w and a shard of 168h. Take a larger volume or a shorter retention.',
  },
  {
    kind: "a partition that outgrows the volume by its last segment",
    rule: "retentionBytesFitDisk",
    changes: { "kafka.retentionBytes": "15300Mi" },
    line: 'toy.kafka.retentionBytes: got "15300Mi". Allowed: less than 15Gi, kafka.brokerDisk, which holds all partitions of a broker, each with a segment of 128Mi more. Lower it.',
  },
  {
    kind: "what Kafka keeps beyond its retention, which its volume does not hold",
    rule: "ingestFitsKafka",
    changes: {
      ingestBytesPerSecond: 2_000_000,
      "kafka.retention": "72h",
      "kafka.brokerDisk": "483Gi",
      "influxdb.retention": "forever",
    },
    line: 'toy.kafka.brokerDisk: got "483Gi". Allowed: at least 644Gi for 2000000 bytes/s kept 72h and a segment of 24h in 3 copies. Take a larger volume or a shorter retention.',
  },
  {
    kind: "a shard beyond the retention, which InfluxDB's volume does not hold",
    rule: "ingestFitsInfluxdb",
    changes: { ingestBytesPerSecond: 10_000, "influxdb.retention": "2w", "influxdb.disk": "12Gi" },
    line: 'toy.influxdb.disk: got "12Gi". Allowed: at least 17Gi for 10000 bytes/s kept 2w and a shard of 168h. Take a larger volume or a shorter retention.',
  },
  {
    kind: "a limit below the request",
    rule: "limitsAreNotBelowRequests",
    changes: { "telegraf.consumers.0.resources": { limits: { memory: "64Mi" } } },
    line: 'toy.telegraf.consumers[0].resources.limits.memory: got "64Mi". Allowed: at least the request 512Mi. Raise the limit.',
  },
  {
    kind: "more CPU than the host has",
    rule: "requestsFitHost",
    changes: { "cluster.capacity": { cpu: "6800m" } },
    line: 'toy.cluster.capacity.cpu: got "6800m". Allowed: at least 6.9, which all pods request, the platform\'s too. Lower requests or take a larger host.',
  },
  {
    kind: "more memory than the host has",
    rule: "requestsFitHost",
    changes: { "cluster.capacity": { memory: "27Gi" } },
    line: 'toy.cluster.capacity.memory: got "27Gi". Allowed: at least 28Gi, which all pods request, the platform\'s too. Lower requests or take a larger host.',
  },
  {
    kind: "a pod with more CPU than a node has",
    rule: "podsFitOneNode",
    changes: {
      ...GKE,
      "cluster.capacity": { cpu: "16", memory: "60G" },
      "kafka.controllerIds": [9],
      "kafka.brokers": [{ id: 0 }, { id: 1 }],
      "kafka.replication": 2,
      "kafka.minInSyncReplicas": 1,
      "kafka.brokerResources": { requests: { cpu: "4500m" }, limits: { cpu: "5" } },
    },
    line: 'toy.kafka.brokerResources.requests.cpu: got "4500m". Allowed: at most 4000m, what one of 4 nodes has. Lower it or take larger machines.',
  },
  {
    kind: "more pods than nodes take",
    rule: "podsFitNodes",
    changes: { "cluster.maxPods": 20 },
    line: "toy.cluster.maxPods: got 20. Allowed: at least 25 for 25 pods on 1 nodes. Raise it before the cluster is made.",
  },
  {
    kind: "more volumes than the host's disk holds",
    rule: "volumesFitHost",
    changes: { "cluster.capacity": { disk: "130Gi" } },
    line: 'toy.cluster.capacity.disk: got "130Gi". Allowed: at least 136Gi, the sum of all volumes. Take a larger disk or smaller volumes.',
  },
  {
    kind: "MTM1M3 and MTM1M3TS in two consumers, without the dot",
    rule: "consumersAreDisjoint",
    changes: consumers(["lsst.sal.MTM1M3*"], allTopicsOf("MTM1M3TS")),
    line: "toy.telegraf.consumers[1].topics: one and two both take topics of database efd (lsst.sal.MTM1M3* and lsst.sal.MTM1M3TS.*). Allowed: one consumer each. Narrow one of them.",
  },
  {
    kind: "Script and ScriptQueue in two consumers, without the dot",
    rule: "consumersAreDisjoint",
    changes: consumers(allTopicsOf("ScriptQueue"), ["lsst.sal.Script*"]),
    line: "toy.telegraf.consumers[1].topics: one and two both take topics of database efd (lsst.sal.ScriptQueue.* and lsst.sal.Script*). Allowed: one consumer each. Narrow one of them.",
  },
  {
    kind: "ATDome twice, once by itself and once by a prefix",
    rule: "consumersAreDisjoint",
    changes: consumers(allTopicsOf("ATDome", "ATDomeTrajectory"), ["lsst.sal.AT*.logevent_heartbeat"]),
    line: "toy.telegraf.consumers[1].topics: one and two both take topics of database efd (lsst.sal.ATDome.* and lsst.sal.AT*.logevent_heartbeat; lsst.sal.ATDomeTrajectory.* and lsst.sal.AT*.logevent_heartbeat). Allowed: one consumer each. Narrow one of them.",
  },
  {
    kind: "Script in Telegraf and in Connect",
    rule: "consumersAreDisjoint",
    changes: {
      "telegraf.consumers": [{ name: "one", topics: allTopicsOf("Script") }],
      connect: { sinks: [{ name: "two", topics: ["lsst.sal.ScriptQueue.x", "lsst.sal.Script.x"] }] },
    },
    line: "toy.connect.sinks[0].topics: one and two both take topics of database efd (lsst.sal.Script.* and lsst.sal.Script.x). Allowed: one consumer each. Narrow one of them.",
  },
  {
    kind: "the time of a point as a tag",
    rule: "timeIsNoTag",
    changes: { "telegraf.consumers.0.timestampField": "timestamp", "telegraf.consumers.0.tags": ["Raft", "timestamp"] },
    line: 'toy.telegraf.consumers[0].tags: got ["Raft","timestamp"]. Allowed: any field but timestamp, from which each point takes its time: as a tag it would make a series of each point. Remove it there.',
  },
  {
    kind: "the time of a point as a tag, in Connect",
    rule: "timeIsNoTag",
    changes: { connect: { sinks: [{ name: "two", topics: ["lsst.sal.Script.x"], tags: ["private_efdStamp"] }] } },
    line: 'toy.connect.sinks[0].tags: got ["private_efdStamp"]. Allowed: any field but private_efdStamp, from which each point takes its time: as a tag it would make a series of each point. Remove it there.',
  },
  ...["private_sndStamp", "private_rcvStamp", "private_seqNum"].map((tag) => ({
    kind: `${tag} as a tag`,
    rule: "tagsRepeat",
    changes: { "telegraf.consumers.0.tags": ["salIndex", tag] },
    line: `toy.telegraf.consumers[0].tags[1]: got "${tag}". Allowed: a field whose values come again and again, for ${tag} is another one in each message: as a tag it would make a series of each point. Remove it, so that it stays a field.`,
  })),
  {
    kind: "SAL's seconds read as milliseconds",
    rule: "salTimesAreSeconds",
    changes: { "telegraf.consumers.0.timestampFormat": "unix_ms" },
    line: 'toy.telegraf.consumers[0].timestampFormat: got "unix_ms". Allowed: unix, for SAL\'s private_efdStamp counts seconds. Write unix or leave it out.',
  },
  {
    kind: "another time of SAL, read as nanoseconds",
    rule: "salTimesAreSeconds",
    changes: {
      "telegraf.consumers.0.timestampField": "private_sndStamp",
      "telegraf.consumers.0.timestampFormat": "unix_ns",
    },
    line: 'toy.telegraf.consumers[0].timestampFormat: got "unix_ns". Allowed: unix, for SAL\'s private_sndStamp counts seconds. Write unix or leave it out.',
  },
  {
    kind: "a field of SAL that is no time",
    rule: "salTimesAreSeconds",
    changes: { "telegraf.consumers.0.timestampField": "private_seqNum" },
    line: 'toy.telegraf.consumers[0].timestampField: got "private_seqNum". Allowed: a field that is a time, such as private_efdStamp. Name the field in which the message has its time.',
  },
  {
    kind: "a tag that InfluxDB refuses",
    rule: "tagsAreFree",
    changes: { "telegraf.consumers.0.tags": ["salIndex", "time"] },
    line: 'toy.telegraf.consumers[0].tags[1]: got "time". Allowed: any name but time, _field, _measurement, which InfluxDB keeps for itself. Remove it, so that it stays a field.',
  },
  {
    kind: "one tag twice",
    rule: "namesAreUnique",
    changes: { "telegraf.consumers.0.tags": ["salIndex", "salIndex"] },
    line: 'toy.telegraf.consumers[0].tags: "salIndex" occurs more than once. Allowed: once. Leave one of them out.',
  },
  {
    kind: "more undelivered than Telegraf holds",
    rule: "undeliveredFitBuffer",
    changes: { "telegraf.consumers.0.maxUndelivered": 300000 },
    line: "toy.telegraf.consumers[0].maxUndelivered: got 300000. Allowed: at most 100000, for Telegraf's buffer holds 100000 points and drops the oldest when it is full. Lower it.",
  },
  {
    kind: "more undelivered than Telegraf holds beside a repair",
    rule: "undeliveredFitBuffer",
    changes: { "telegraf.consumers.0.maxUndelivered": 60000, "telegraf.consumers.0.repair": 1 },
    line: "toy.telegraf.consumers[0].maxUndelivered: got 60000. Allowed: at most 50000, for consumer and repair share a buffer of 100000 points and drops the oldest when it is full. Lower it.",
  },
  {
    kind: "a batch that is never full",
    rule: "batchesFill",
    changes: { "telegraf.consumers.0.maxUndelivered": 500 },
    line: "toy.telegraf.consumers[0].batchSize: got its default 1000. Allowed: at most 500, maxUndelivered, for a batch is never full otherwise and waits for each flushInterval. Lower it or raise maxUndelivered.",
  },
  {
    kind: "a repair without a number",
    changes: { "telegraf.consumers.0.repair": true },
    line: "toy.telegraf.consumers[0].repair: got true. Allowed: the number of the repair, a whole number from 1. Write 1 for a first repair and a number that was not used yet for each later one, for a group reads once.",
  },
  ...["a-repairer", "a-repairer-1"].map((name) => ({
    kind: `a consumer ${name}, called like the group of a repair`,
    rule: "namesAreNoRepairers",
    changes: {
      "telegraf.consumers": [
        { name: "a", topics: ["a.a"], repair: 1 },
        { name, topics: ["a.b"] },
      ],
    },
    line: `toy.telegraf.consumers[1].name: got "${name}". Allowed: a name that does not end with -repairer or -repairer-<number>, as the groups of repairs do. Rename it.`,
  })),
  ...(
    [
      ["lsst.sal.MTM1M3", "MTM1M3"],
      ["lsst.sal.MTM1M3.", "MTM1M3"],
      ["lsst.sal.", "<CSC>"],
      ["lsst.sal.Test.a.*.b", "Test"],
      ["lsst.sal.Test.logevent", "Test"],
      ["lsst.sal.Test.command_", "Test"],
    ] as const
  ).map(([pattern, csc]) => ({
    kind: `a pattern that takes nothing: ${pattern}`,
    rule: "topicsCanBeThere",
    changes: { "telegraf.consumers.0.topics": [pattern] },
    line: `toy.telegraf.consumers[0].topics[0]: got "${pattern}". Allowed: lsst.sal.<CSC>.<topic>, as all of SAL's topics are called: none is called like this. Write lsst.sal.${csc}.* for all topics of ${csc}.`,
  })),
  {
    kind: "a mirror of this very site, by another alias",
    rule: "mirrorsAnotherSite",
    changes: {
      secrets: VAULT,
      mirror: {
        source: { alias: "a", bootstrap: "kafka-1-toy-efd.example.org:31091", user: "b" },
        alias: "c",
        topics: ["a*"],
      },
    },
    line: "toy.mirror.source.bootstrap: got \"kafka-1-toy-efd.example.org:31091\". Allowed: brokers of another site: these are this site's own. Name the other site's.",
  },
  {
    kind: "a mirror of this very site, by its address",
    rule: "mirrorsAnotherSite",
    changes: {
      secrets: VAULT,
      mirror: { source: { alias: "a", bootstrap: "192.0.2.1:31089", user: "b" }, alias: "c", topics: ["a*"] },
    },
    line: "toy.mirror.source.bootstrap: got \"192.0.2.1:31089\". Allowed: brokers of another site: these are this site's own. Name the other site's.",
  },
  ...["192.0.2.44", "192.0.2.45", "efd.example.net"].map((host) => ({
    kind: `a mirror of this very site, by ${host} of its nodes`,
    rule: "mirrorsAnotherSite",
    changes: {
      ...mirror({ bootstrap: `${host}:31089` }),
      ...agents({ dockerHost: "ssh://efd@192.0.2.44" }, { dockerHost: "ssh://b", address: "192.0.2.45" }),
      "cluster.tlsSans": ["efd.example.net"],
    },
    line: `toy.mirror.source.bootstrap: got "${host}:31089". Allowed: brokers of another site: these are this site's own. Name the other site's.`,
  })),
  ...[
    ["connect-*", "connect-configs, connect-offsets, connect-status"],
    ["__consumer_offsets", "__consumer_offsets"],
    ["__x", "Kafka's own"],
  ].map(([pattern = "", state = ""]) => ({
    kind: `a mirror of ${pattern}`,
    rule: "copiesNoState",
    changes: mirror({}, ["lsst.sal.*", pattern]),
    line: `toy.mirror.topics[1]: got "${pattern}". Allowed: topics in which no program keeps its state; it takes ${state}. Name the topics that CSCs write (lsst.sal.*).`,
  })),
  {
    kind: "copied schemas in a registry whose mode is fixed",
    rule: "copiedSchemasNeedMode",
    changes: {
      secrets: VAULT,
      mirror: { source: { alias: "a", bootstrap: "a.b:1", user: "b" }, alias: "c", topics: ["lsst.*", "_sch*"] },
    },
    line: "toy.registry.modeIsMutable: got its default false. Allowed: true, for mirror.topics copies _schemas, and only a registry in mode READONLY gives no number of its own. Write it.",
  },
  {
    kind: "a CSC in place of a topic, for an account",
    rule: "topicsCanBeThere",
    changes: { "kafka.clients": [{ name: "c", description: "d", topics: ["lsst.sal.Test"], access: "read" }] },
    line: 'toy.kafka.clients[0].topics[0]: got "lsst.sal.Test". Allowed: lsst.sal.<CSC>.<topic>, as all of SAL\'s topics are called: none is called like this. Write the whole name of a topic.',
  },
];

/** All kinds. */
export const BAD_ENVIRONMENTS: readonly BadEnvironment[] = [...FORM, ...RULES];

/** Kinds of which none changes what another one speaks of. */
export const APART = BAD_ENVIRONMENTS.filter(({ kind }) =>
  [
    "observing hours without an end",
    "a key that is missing",
    "another site's layer in allowDestroys",
    "a generated password where an account is needed",
    "the API on a NodePort",
    "an agent that is newer than the server",
    "data in a folder of Docker",
    "two topics that are one to Kafka",
    "a client with the name of an account of ours",
    "one NodePort for two",
    "a metadata version that nobody knows",
    "an even number of controllers",
    "more copies than brokers",
    "a class that nobody makes",
    "a partition that may outgrow the volume",
    "MTM1M3 and MTM1M3TS in two consumers, without the dot",
  ].includes(kind),
);
