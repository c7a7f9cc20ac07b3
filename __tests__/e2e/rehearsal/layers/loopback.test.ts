/** Every way off this machine that a stack can have, planted one by one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultsOf, isHere, kubeconfigFaults, refuseElsewhere } from "../../../../e2e/rehearsal/layers/loopback";
import { StackView } from "../../../../synthesized/stack";

const folder = mkdtempSync(join(tmpdir(), "efd-loopback-"));
const stackFolder = join(folder, "out", "stacks", "toy-efd");
const access = join(folder, "kubeconfig");
const far = join(folder, "far.kubeconfig");
const kubeconfig = (server: string) => `clusters: [{name: a, cluster: {server: "${server}"}}]\nusers: []\n`;
mkdirSync(stackFolder, { recursive: true });
writeFileSync(access, kubeconfig("https://127.0.0.1:6443"));
writeFileSync(far, kubeconfig("https://192.0.2.1:6443"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A stack that stays here. */
const sound = () => ({
  terraform: { backend: { local: { path: join(folder, "state", "toy-efd.tfstate") } } } as Record<string, unknown>,
  provider: {
    kubernetes: [{ config_path: access }],
    helm: [{ kubernetes: { config_path: access } }],
  } as Record<string, unknown>,
  resource: { helm_release: { a: { name: "a", chart: join(folder, "charts", "a-1.0.0.tgz") } } } as Record<
    string,
    unknown
  >,
});
const allowed = { folder, charts: join(folder, "charts") };
const faults = (changes: object, props = allowed) =>
  faultsOf([new StackView("toy", "efd", JSON.stringify({ ...sound(), ...changes }), [], stackFolder)], props);

test("a stack that stays here has no faults", () => {
  expect(faults({})).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ["a backend in S3", { terraform: { backend: { s3: { bucket: "b" } } } }, /state is in s3/],
  ["a backend in a database", { terraform: { backend: { pg: {} } } }, /state is in pg/],
  ["HCP Terraform", { terraform: { cloud: { organization: "o" } } }, /HCP Terraform/],
  ["no backend", { terraform: {} }, /names no backend/],
  [
    "a state of a site",
    { terraform: { backend: { local: { path: "/elsewhere/x.tfstate" } } } },
    /elsewhere\/x.tfstate/,
  ],
  ["a provider with a far host", { provider: { kubernetes: [{ host: "https://192.0.2.1:6443" }] } }, /192\.0\.2\.1/],
  ["a provider with a far access file", { provider: { helm: [{ kubernetes: { config_path: far } }] } }, /192\.0\.2\.1/],
  [
    "somebody's own access file",
    { provider: { kubernetes: [{ config_path: "/root/.kube/config" }] } },
    /not the rehearsal's own/,
  ],
  ["a list of access files", { provider: { kubernetes: [{ config_paths: [access, "/x"] }] } }, /access file \/x/],
  ["a provider that names nothing", { provider: { helm: [{}] } }, /whatever this machine's user has/],
  ["a proxy", { provider: { kubernetes: [{ config_path: access, proxy_url: "http://192.0.2.2" }] } }, /192\.0\.2\.2/],
  [
    "a login program",
    { provider: { helm: [{ kubernetes: { config_path: access, exec: [{ command: "x" }] } }] } },
    /logs in/,
  ],
  ["Google's provider", { provider: { google: [{ project: "p" }] } }, /provider google reaches an account/],
  ["AWS's provider", { provider: { aws: [{ region: "r" }] } }, /provider aws reaches an account/],
  ["a far Docker host", { provider: { docker: [{ host: "ssh://192.0.2.3" }] } }, /ssh:\/\/192\.0\.2\.3/],
  [
    "a Docker socket that was not given",
    { provider: { docker: [{ host: "unix:///var/run/docker.sock" }] } },
    /allowed none/,
  ],
  [
    "a registry of Docker",
    { provider: { docker: [{ registry_auth: [{ address: "registry.example.org" }] }] } },
    /registry\.example\.org/,
  ],
  [
    "another state that is read",
    { data: { terraform_remote_state: { a: { backend: "s3" } } } },
    /terraform_remote_state\.a/,
  ],
  ["a page that is read", { data: { http: { a: { url: "https://example.org" } } } }, /data source http\.a/],
  [
    "a program that is run",
    { resource: { terraform_data: { a: { provisioner: [{ "local-exec": {} }] } } } },
    /terraform_data\.a runs a program/,
  ],
  ["a module", { module: { m: { source: "example/m/x" } } }, /module m/],
  [
    "a chart from elsewhere",
    { resource: { helm_release: { a: { chart: "a", repository: "https://charts.example.org" } } } },
    /charts\.example\.org/,
  ],
  [
    "a chart from a registry",
    { resource: { helm_release: { a: { chart: "oci://r.example.org/a" } } } },
    /oci:\/\/r\.example\.org/,
  ],
])("refuses %s", (_what, changes, message) => {
  const found = faults(changes);
  expect(found.join("\n")).toMatch(message);
  expect(found.every((line) => line.startsWith("toy-efd: "))).toBe(true);
});

test("charts come from their repositories where no folder was given", () => {
  const upstream = { resource: { helm_release: { a: { chart: "a", repository: "https://charts.example.org" } } } };
  expect(faults(upstream, { folder, charts: undefined } as never)).toEqual([]);
});

test("Docker's socket may be used where it was given", () => {
  const docker = { provider: { docker: [{ host: "unix:///run/own.sock", alias: "a" }] } };
  expect(faults(docker, { ...allowed, docker: "unix:///run/own.sock" } as never)).toEqual([]);
});

test("a file beside the stack is seen, as Terraform sees it", () => {
  const stray = join(stackFolder, "override.tf");
  writeFileSync(stray, "");
  expect(faults({})).toEqual([`toy-efd: Terraform would also read ${stray}`]);
  rmSync(stray);
});

test("all faults are told at once", () => {
  const both = new StackView(
    "toy",
    "efd",
    JSON.stringify({ ...sound(), terraform: {}, provider: { google: [{}] } }),
    [],
    stackFolder,
  );
  expect(() => refuseElsewhere([both as never], allowed)).toThrow(/names no backend\n.*google/);
});

test.each([
  "https://127.0.0.1:6443",
  "https://localhost:1",
  "https://[::1]:6443",
  "127.0.0.1:80",
  "unix:///run/a.sock",
])("%s is here", (address) => expect(isHere(address)).toBe(true));
test.each([
  "https://192.0.2.1",
  "https://localhost.example.org",
  "tcp://0.0.0.0:1",
  "example.org",
  "ssh://host",
  "unix://x",
])("%s is elsewhere", (address) => expect(isHere(address)).toBe(false));

test("a kubeconfig may not log in by a program or go through a proxy", () => {
  const text = `clusters: [{cluster: {server: "https://127.0.0.1", proxy-url: "http://192.0.2.9"}}]\nusers: [{user: {exec: {command: x}}}]`;
  expect(kubeconfigFaults("k", text)).toEqual(["k leads to http://192.0.2.9", "k logs in by another program"]);
});
