import { accessOf } from "../../../../cli/shared/site/addresses";
import type { Stack } from "../../../../cli/shared/site/program";
import { synthesize } from "../../../../cli/shared/site/synthesis";
import { kubeconfigOf } from "../../../../cli/shared/session/session";
import { figuresOf, routesOf } from "../../../../cli/shared/site/stack-facts";
import { parseEnvironment } from "../../../../environments/parse";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gkeSite, siteWith } from "../../../support/environment";
import { withLove } from "../../../support/love/cases";

const clients = [
  { name: "ts-salkafka", description: "producers", prefixes: ["lsst.sal"], access: "all" },
  { name: "backpack", description: "earthquakes", prefixes: ["lsst.backpack"], access: "read-write", login: "tls" },
];
const generated = parseEnvironment(siteWith({ "kafka.clients": clients }));
const vault = parseEnvironment(
  siteWith({
    "kafka.clients": clients,
    secrets: { kind: "vault", server: "https://vault.example.org", mount: "kv", path: "efd/toy" },
  }),
);

let folder: string;
let stacks: Stack[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "efd-access-"));
  stacks = synthesize([generated], folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const access = (environment = generated) => accessOf(environment, stacks, ".access/toy.kubeconfig", {});

test("every address that an operator or a CSC needs", () => {
  expect(access().addresses.map(({ address }) => address)).toEqual([
    "https://chronograf-toy-efd.example.org",
    "https://influxdb-toy-efd.example.org",
    "https://schema-registry-toy-efd.example.org",
    "kafka-toy-efd.example.org:31089",
    "kafka-0-toy-efd.example.org:31090",
    "kafka-1-toy-efd.example.org:31091",
    "kafka-2-toy-efd.example.org:31092",
  ]);
  expect(access().api).toBe("https://192.0.2.1:6443");
});

test("every account, with where its password is", () => {
  const accounts = access().accounts.map(({ of, name }) => `${of} ${name}`);
  expect([...accounts].sort()).toEqual([
    "InfluxDB admin",
    "InfluxDB efdreader",
    "InfluxDB telegraf",
    "Kafka backpack",
    "Kafka kafka-admin",
    "Kafka schema-registry",
    "Kafka telegraf",
    "Kafka ts-salkafka",
    "schema registry efd",
  ]);
  for (const { password } of access().accounts)
    expect(password).toMatch(/^kubectl --kubeconfig \S+ -n \S+ get secret /);
});

test("of an account with a certificate: where its key and its certificate are, also where passwords are in Vault", () => {
  for (const site of [generated, vault]) {
    const account = access(site).accounts.find(({ name }) => name === "backpack");
    expect(account?.description).toBe("earthquakes, with a client certificate at port 9093 inside the cluster");
    expect(account?.password).toMatch(/ -n kafka get secret backpack -o go-template='{{index .data "user.key" /);
    expect(account?.certificate).toMatch(/ -n kafka get secret backpack -o go-template='{{index .data "user.crt" /);
  }
});

test("a password of Vault is named by its path and key", () => {
  expect(access(vault).accounts.find(({ name }) => name === "ts-salkafka")?.password).toBe(
    "vault kv get -address=https://vault.example.org -mount=kv -field=password efd/toy/kafka-ts-salkafka",
  );
});

test("no DNS: the names are told as a line for /etc/hosts", () => {
  expect(access().names).toMatch(/: 192\.0\.2\.1 chronograf-toy-efd\.example\.org .*kafka-2-toy-efd\.example\.org$/);
});

test("nothing of a state is in it: only where secrets are", () => {
  const state = {
    resources: [
      {
        mode: "managed",
        type: "local_sensitive_file",
        name: "kubeconfig",
        instances: [{ attributes: { content: "client-key-data: c2VjcmV0" } }],
      },
    ],
  };
  expect(kubeconfigOf(state)).toContain("client-key-data");
  expect(kubeconfigOf({})).toBeUndefined();
  expect(JSON.stringify(access())).not.toMatch(/client-key-data|BEGIN|c2VjcmV0/);
});

test("no line for /etc/hosts where the address is no IP address, or where there are load balancers", () => {
  const named = parseEnvironment(siteWith({ "cluster.address": "efd.example.net" }));
  expect(access(named).names).toMatch(/: lead these names to efd\.example\.net, by CNAME .*: chronograf-toy-efd/);
  const unknown = parseEnvironment(siteWith({ "cluster.address": undefined }));
  expect(access(unknown).names).toMatch(/: lead these names to <server_address>, .*: chronograf-toy-efd/);
  const balanced = { ...named, cluster: { kind: "existing", kubeconfig: "/k", provisioner: "none" } } as never;
  expect(access(balanced).names).toMatch(/the address of its load balancer .*: chronograf-toy-efd/);
  for (const site of [named, unknown, balanced]) expect(access(site).names).not.toMatch(/into \/etc\/hosts: /);
});

test("the overview counts the names that access lists", () => {
  const efd = stacks.find(({ layer }) => layer === "efd");
  expect(efd && figuresOf(efd).hosts).toEqual(
    efd &&
      routesOf(efd)
        .map(({ host }) => host)
        .sort(),
  );
});

test("with load balancers, brokers are on the listener's port, and DNS knows the rest", () => {
  const gke = parseEnvironment(gkeSite());
  const found = accessOf(gke, synthesize([gke], join(folder, "gke")), ".access/toy.kubeconfig", {});
  expect(found.addresses.slice(3).map(({ address }) => address)).toEqual([
    "kafka-toy-efd.example.org:9094",
    "kafka-0-toy-efd.example.org:9094",
    "kafka-1-toy-efd.example.org:9094",
    "kafka-2-toy-efd.example.org:9094",
  ]);
  expect(found).not.toHaveProperty("api");
  expect(found).not.toHaveProperty("names");
});

test("an address that nobody documented is the one that was given, or named as what is missing", () => {
  const site = parseEnvironment(siteWith({ "cluster.address": undefined }));
  const found = (env: Record<string, string>) => accessOf(site, stacks, ".access/toy.kubeconfig", env);
  expect(found({}).api).toBe("https://<server_address>:6443");
  expect(found({ TF_VAR_server_address: "192.0.2.7" }).api).toBe("https://192.0.2.7:6443");
  expect(found({ TF_VAR_server_address: "192.0.2.7" }).names).toContain("192.0.2.7 chronograf-toy-efd.example.org");
});

test("LOVE is below its path, and its own users have their passwords in one Secret", () => {
  const site = parseEnvironment(siteWith(withLove({ remoteAccounts: ["tucson"] })));
  const found = accessOf(site, synthesize([site], join(folder, "love")), ".access/toy.kubeconfig", {});
  expect(found.addresses.find(({ name }) => name === "love-nginx-ingress")?.address).toBe(
    "https://love-toy-efd.example.org/love",
  );
  const keys = found.accounts
    .filter(({ of }) => of === "LOVE")
    .map(({ name, password }) => [
      name,
      / -n external-secrets get secret love .*index \.data "([^"]+)"/.exec(password)?.[1],
    ]);
  expect(keys).toEqual([
    ["admin", "admin-user-pass"],
    ["user", "user-user-pass"],
    ["cmd_user", "cmd-user-pass"],
    ["tucson_control_room", "remote-tucson-user-pass"],
  ]);
  const off = { ...site, love: { ...site.love, enabled: false } } as typeof site;
  expect(access(off).accounts.filter(({ of }) => of === "LOVE")).toEqual([]);
});
