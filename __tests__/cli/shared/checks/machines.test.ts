import { X509Certificate } from "node:crypto";
import { checkSite, DESTROY_CHECKS } from "../../../../cli/shared/checks/checks";
import type { CheckedSite } from "../../../../cli/shared/checks/site-check";
import type { DockerClient } from "../../../../cli/shared/docker/docker";
import { machineNetwork } from "../../../../cli/shared/docker/machine";
import { parseEnvironment } from "../../../../environments/parse";
import { StackView, type TerraformJson } from "../../../../synthesized/stack";
import type { Changes } from "../../../support/bad-environments";
import { siteWith } from "../../../support/environment";
import { dockerHost, surroundings } from "../../support";

const HOST = "ssh://host.example.org";
const AGENT = "ssh://agent.example.org";

const cluster: TerraformJson = {
  provider: {
    docker: [
      { alias: "master", host: HOST },
      { alias: "kube-0", host: AGENT },
    ],
  },
  resource: {
    docker_container: {
      master: { provider: "docker.master", name: "master" },
      "kube-0": { provider: "docker.kube-0", name: "kube-0" },
    },
  },
};
const APPLIED = ["docker_container.master", "docker_container.kube-0", "docker_volume.master-k3s"];

function subject(changes: Changes = {}, json = cluster): CheckedSite {
  const agents = [{ name: "kube-0", dockerHost: AGENT, address: "198.51.100.7" }];
  return {
    environment: parseEnvironment(siteWith({ "cluster.agents": agents, ...changes })),
    stacks: [new StackView("toy", "cluster", JSON.stringify(json), [])],
  };
}

/** What is said where one host is so, and the other is as it should be; a destroy says nothing. */
async function said(host: Partial<DockerClient>, changes: Changes = {}, of = HOST, exists = false): Promise<string[]> {
  const around = surroundings({
    docker: (address) => dockerHost(address === of ? host : {}),
    ...(exists && { applied: () => Promise.resolve(APPLIED) }),
  });
  expect(await checkSite(subject(changes), around, DESTROY_CHECKS)).toEqual([]);
  return checkSite(subject(changes), around);
}

/** Texts of `/proc/net/route` and `/proc/net/fib_trie`. */
const hex = (address: string) =>
  address
    .split(".")
    .toReversed()
    .map((octet) => Number(octet).toString(16).padStart(2, "0").toUpperCase())
    .join("");
const route = (card: string, to: string, mask: string, gateway = "0.0.0.0") =>
  [card, hex(to), hex(gateway), "0003", "0", "0", "0", hex(mask), "0", "0", "0"].join("\t");
function networkOf(routes: readonly string[], addresses: readonly string[]) {
  const trie = addresses.map((one) => `           |-- ${one}\n              /32 host LOCAL`);
  const text = ["Iface\tDestination\tGateway", ...routes, "Main:", ...trie].join("\n");
  return () => Promise.resolve(machineNetwork(`${text}\n`));
}
const TWO_CARDS = [
  route("eno1", "0.0.0.0", "0.0.0.0", "203.0.113.1"),
  route("eno1", "203.0.113.0", "255.255.255.0"),
  route("eno2", "192.0.2.0", "255.255.255.0"),
  route("docker0", "172.17.0.0", "255.255.0.0"),
];

describe("routes", () => {
  test("into the networks of a cluster to be are said, whichever is larger", async () => {
    for (const [to, mask, shown] of [
      ["10.42.7.0", "255.255.255.0", "10.42.7.0/24"],
      ["10.0.0.0", "255.0.0.0", "10.0.0.0/8"],
    ] as const) {
      const network = networkOf([...TWO_CARDS, route("vpn0", to, mask)], []);
      expect((await said({ network }))[0]).toBe(
        `${HOST} has a route to ${shown} (vpn0), and 10.42.0.0/16 is to be the cluster's (cluster.clusterCidr): give the cluster another network, before it is made`,
      );
    }
    const other = networkOf([route("br-1", "172.18.0.0", "255.255.0.0")], []);
    expect(await said({ network: other }, { "cluster.serviceCidr": "172.18.0.0/16" })).toEqual([
      expect.stringContaining("172.18.0.0/16 (br-1), and 172.18.0.0/16 is to be the cluster's (cluster.serviceCidr)"),
    ]);
  });

  test("of the cluster itself, and beside its networks, are right", async () => {
    const own = [route("cni0", "10.42.0.0", "255.255.255.0"), route("flannel.1", "10.42.1.0", "255.255.255.0")];
    const network = networkOf([...own, route("eno3", "10.44.0.0", "255.255.0.0")], []);
    expect(await said({ network }, { "cluster.address": "efd.example.org" })).toEqual([]);
    const taken = networkOf([route("vpn0", "10.42.0.0", "255.255.0.0")], []);
    const containers = () => Promise.resolve(["master"]);
    expect(await said({ network: taken, containers }, { "cluster.address": "efd.example.org" }, HOST, true)).toEqual(
      [],
    );
  });
});

describe("cards", () => {
  test("an address that no card has is said", async () => {
    const network = networkOf(TWO_CARDS, ["203.0.113.5", "127.0.0.1"]);
    expect(await said({ network })).toEqual([
      `no network card of ${HOST} has the address 192.0.2.1 of master: write its own into the site's file (nodeAddress of the server, address of an agent)`,
    ]);
    expect(await said({ network }, {}, AGENT)).toEqual([
      expect.stringContaining(`no network card of ${AGENT} has the address 198.51.100.7 of kube-0`),
    ]);
    expect(await said({ network }, { "cluster.nodeAddress": "203.0.113.5" })).toEqual([]);
  });

  test("a card that is not the default route's is to be named", async () => {
    const network = networkOf(TWO_CARDS, ["203.0.113.5", "192.0.2.1"]);
    expect(await said({ network })).toEqual([
      `${HOST} has 192.0.2.1 of master on eno2, and packets to other nodes would go through eno1: write networkCard: "eno2" of master into the site's file`,
    ]);
    expect(await said({ network }, { "cluster.networkCard": "eno2" })).toEqual([]);
    expect(await said({ network }, { "cluster.networkCard": "eno7" })).toEqual([
      expect.stringContaining('would go through eno7: write networkCard: "eno2"'),
    ]);
  });

  test("a server that is known by a name or a loopback address is not asked", async () => {
    const network = networkOf(TWO_CARDS, ["203.0.113.5"]);
    expect(await said({ network }, { "cluster.address": "efd.example.org" })).toEqual([]);
  });
});

test.each(["172.17.0.9", "10.42.1.1", "10.43.0.1"])(
  "%s as an input lies in a network of the cluster",
  async (value) => {
    const env = { TF_VAR_server_address: value, TF_VAR_docker_host: `ssh://efd@${value}:22` };
    const lines = await checkSite(subject(), surroundings({ env }));
    expect(lines.map((line) => line.split(",")[0])).toEqual([
      `input docker_host: got ssh://efd@${value}:22`,
      `input server_address: got ${value}`,
    ]);
  },
);

test.each([
  ["Docker Desktop", "linux", AGENT],
  ["Docker Desktop", "darwin", "unix:///var/run/docker.sock"],
  ["Alpine Linux v3.20", "darwin", "unix:///var/run/docker.sock"],
  ["Ubuntu 24.04", "win32", "unix:///var/run/docker.sock"],
])("%s on %s is no host of a node", async (system, platform, address) => {
  const local = {
    ...cluster,
    provider: {
      docker: [
        { alias: "master", host: address },
        { alias: "kube-0", host: address },
      ],
    },
  };
  const around = surroundings({ platform, docker: () => dockerHost({ system: () => Promise.resolve(system) }) });
  expect(await checkSite(subject({}, local), around)).toEqual([
    `Docker at ${address} runs in a virtual machine (${system}), and nothing reaches a container on its network (SQR-031): use Docker Engine on Linux, or a Linux host by ssh`,
  ]);
});

test("an operator's own system does not matter where Docker is on Linux hosts", async () => {
  expect(await checkSite(subject(), surroundings({ platform: "darwin" }))).toEqual([]);
});

describe("firewalls", () => {
  const asked = (answers: Readonly<Record<string, string>>) => ({
    ask: (...words: string[]) => Promise.resolve(answers[words.join(" ")]),
  });
  const UFW = { "cat /etc/ufw/ufw.conf": "# on boot\nENABLED=yes\nLOGLEVEL=low\n" };
  const FIREWALLD = { "systemctl is-active firewalld": "active\n" };
  const SOURCES = "firewall-cmd --zone=trusted --list-sources";

  test("that are off say nothing", async () => {
    expect(await said(asked({ "cat /etc/ufw/ufw.conf": "ENABLED=no\n" }))).toEqual([]);
  });

  test("firewalld must trust both networks of the cluster", async () => {
    const [line] = await said(asked({ ...FIREWALLD, [SOURCES]: "10.42.0.0/16\n" }));
    expect(line).toMatch(/^firewalld on ssh:\/\/host\.example\.org cuts pods from the API server, or your account/);
    expect(line).toContain("`firewall-cmd --permanent --zone=trusted --add-source=10.43.0.0/16`");
    expect(await said(asked({ ...FIREWALLD, [SOURCES]: "10.42.0.0/16 10.43.0.0/16\n" }))).toEqual([]);
    expect(await said(asked({ ...FIREWALLD, [`sudo -n ${SOURCES}`]: "10.42.0.0/16 10.43.0.0/16\n" }))).toEqual([]);
  });

  test("ufw must let both in, and be asked as root", async () => {
    const [line] = await said(asked(UFW), { "cluster.clusterCidr": "10.52.0.0/16" });
    expect(line).toContain("`ufw allow from 10.52.0.0/16`, `ufw allow from 10.43.0.0/16`, or `ufw disable`");
    const status = "Anywhere ALLOW 10.42.0.0/16\nAnywhere ALLOW 10.43.0.0/16\n";
    expect(await said(asked({ ...UFW, "sudo -n ufw status": status }))).toEqual([]);
  });
});

describe("disks", () => {
  const disk = (at: string, type = "ext4") => ({ mount: () => Promise.resolve({ at, type }) });

  test("a site that says so needs its disks, of every node and class", async () => {
    const changes = {
      "cluster.hostPathIsMount": true,
      "cluster.agents": [{ name: "kube-0", dockerHost: AGENT, hostPath: "/disk0" }],
      "storage.classes": [{ name: "fast", hostPath: "/fast" }],
    };
    const lines = await said(disk("/"), changes, AGENT);
    expect(lines.map((line) => line.split(" is not on")[0])).toEqual([`/disk0 of ${AGENT}`, `/fast of ${AGENT}`]);
    expect(await said(disk("/data", "autofs"), changes)).toHaveLength(2);
    expect(await said(disk("/data"), changes)).toEqual([]);
  });

  test("a site that does not say so may have its volumes on the system's disk", async () => {
    expect(await said(disk("/"))).toEqual([]);
  });

  test("a node that was started before its disk was mounted is named", async () => {
    const device = (there: string, inside: string) => ({
      containers: () => Promise.resolve(["master"]),
      ask: (...words: string[]) => Promise.resolve(words.join(" ") === "stat -c %d /data" ? there : undefined),
      askInside: (...words: string[]) =>
        Promise.resolve(words.join(" ") === "master stat -c %d /opt/local-path-provisioner" ? inside : undefined),
    });
    expect(await said(device("2065\n", "64768\r\n"), {}, HOST, true)).toEqual([
      expect.stringMatching(
        /^master on .* sees another file system in \/opt\/local-path-provisioner than \/data has now/,
      ),
    ]);
    expect(await said(device("2065\n", "2065\r\n"), {}, HOST, true)).toEqual([]);
  });
});

/** Ends on END, and an authority that ends earlier. Both were made for this test and have no key any more. */
const LEAF = `-----BEGIN CERTIFICATE-----
MIIBaTCCARCgAwIBAgIUc6NThPdf782ErK0KxE5k3NU8D9kwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAeFw0yNjExMjkxNDQ0NTVaFw0zMTAxMDcxNDQ0NTVaMAwx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ6LrQa86SaMYeJ
/TzPSuc8Me58J/z9EsjMFIgiL+WNW8c1qLMoTcF69js8O7Q87iudumEPdXPnNZ4h
FpEDT8BOo1AwTjAdBgNVHQ4EFgQUVrf2oOHyoiZ0PcVia1u/rnIHhqswHwYDVR0j
BBgwFoAUVrf2oOHyoiZ0PcVia1u/rnIHhqswDAYDVR0TAQH/BAIwADAKBggqhkjO
PQQDAgNHADBEAiBkKrg5ulUc82mZ5kkhL3iWIX09sZLEVUK0XiOSZHKHCQIgH8Ck
M/ARWAazMMM5b8hXXK7pHoVyilDJQ5z/e+dLTts=
-----END CERTIFICATE-----
`;
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUTWGws1l7h7x1awyASftHuOaZqYUwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAeFw0yNjExMjkxNDQ0NTVaFw0yOTA4MjUxNDQ0NTVaMAwx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASWSeps6FzxCSPL
gfsa0ro0IQSKZuu09mzYH5qre5z/4T5NDOA8U8iGcGvWba3r4Q67dUsWKNPhHYgN
cRLsVC/Ho1MwUTAdBgNVHQ4EFgQUOHYnclzcez0avQ43XJRp9gOMhG4wHwYDVR0j
BBgwFoAUOHYnclzcez0avQ43XJRp9gOMhG4wDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEAnNEuc6L1OVD0DaWSxEyW9+OEfvbLvGuWT8dbLknpt9sC
IQDFnn2LfYtgYM5dx6Bhu55GzGsxuuX8DfGeJ/wDZD3ZuA==
-----END CERTIFICATE-----
`;
const END = Date.parse(new X509Certificate(LEAF).validTo);
const DAY = 24 * 3600 * 1000;

describe("certificates of a running node", () => {
  const withCertificates = (...certificates: string[]) => ({
    containers: () => Promise.resolve(["master"]),
    askInside: (_container: string, program: string) =>
      // A terminal of a container ends lines like this.
      Promise.resolve(program === "sh" ? certificates.join("").replaceAll("\n", "\r\n") : undefined),
  });
  const on = (time: number) => jest.spyOn(Date, "now").mockReturnValue(time);
  afterEach(() => jest.restoreAllMocks());

  test("the first that ends within 60 days is said", async () => {
    on(END - 59 * DAY);
    const day = new Date(END).toISOString().slice(0, 10);
    expect(await said(withCertificates(AUTHORITY, LEAF), {}, HOST, true)).toEqual([
      `certificates of master on ${HOST} end on ${day}, and k3s renews them only when it starts: \`docker restart master\`, outside observing hours`,
    ]);
    on(END - 61 * DAY);
    expect(await said(withCertificates(LEAF), {}, HOST, true)).toEqual([]);
    expect(await said(withCertificates("no certificate"), {}, HOST, true)).toEqual([]);
  });

  test("authorities are not renewed by a start", async () => {
    on(END);
    expect(await said(withCertificates(AUTHORITY), {}, HOST, true)).toEqual([]);
  });
});
