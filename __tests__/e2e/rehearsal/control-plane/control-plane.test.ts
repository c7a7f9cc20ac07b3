import { context } from "../../../cli/support";
import type { Run } from "../../../../cli/shared/process/process";
import { adminKeyOf, Bench, refuseRealCluster } from "../../../../e2e/rehearsal/control-plane/control-plane";

const KEY = "-----BEGIN EC PRIVATE KEY-----\nA1b2\n-----END EC PRIVATE KEY-----\n";
const kubeconfig = (server: string) => `clusters: [{name: a, cluster: {server: "${server}"}}]`;

test.each(["https://127.0.0.1:6443", "https://localhost:1", "https://[::1]:6443"])("rehearses on %s", (server) => {
  expect(() => refuseRealCluster(kubeconfig(server))).not.toThrow();
});

test.each([
  kubeconfig("https://192.0.2.1:6443"),
  kubeconfig("https://localhost.example.org"),
  kubeconfig("https://127.0.0.1.example.org"),
  kubeconfig("no address"),
  "clusters: []",
  `clusters: [{cluster: {server: "https://127.0.0.1"}}, {cluster: {server: "https://192.0.2.1"}}]`,
])("never rehearses on %s", (text) => {
  expect(() => refuseRealCluster(text)).toThrow(/reaches this machine only/);
});

test("the administrator's key is read from the kubeconfig", () => {
  const data = Buffer.from(KEY).toString("base64");
  expect(adminKeyOf(`users: [{name: a, user: {client-key-data: ${data}}}]`)).toBe(KEY);
});

test("a control plane that does not start says why, once, and names no log that is gone", async () => {
  const stderr = "up: etcd is up after 2 s\nbad flag\nup: kube-apiserver ended: see /tmp/x/log/kube-apiserver.log\n";
  const run: Run = (command) => Promise.resolve({ code: command.endsWith("up") ? 1 : 0, stdout: "", stderr });
  const { output } = context({ run });
  const bench = new Bench({ folder: "/tmp/x", run, env: {}, output }, { nodes: [], maxPods: 110 });
  await expect(bench.up()).rejects.toThrow(/^the control plane did not start: bad flag\nup: kube-apiserver ended$/);
});
