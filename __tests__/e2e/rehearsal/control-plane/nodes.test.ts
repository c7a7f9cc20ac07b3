import { simulatedNodesOf } from "../../../../e2e/rehearsal/control-plane/nodes";
import { parseEnvironment } from "../../../../environments/parse";
import { podsOf } from "../../../../environments/derived/capacity";
import type { Environment } from "../../../../environments/schema";
import { bytes, cores } from "../../../../ground/units";
import { gkeSite, smallSite } from "../../../support/environment";

const agents = (...hosts: (string | undefined)[]) =>
  hosts.map((dockerHost, i) => ({ name: `kube-${i}`, ...(dockerHost ? { dockerHost } : {}), labels: { n: `${i}` } }));

function k3s(changes: object) {
  const site = parseEnvironment(smallSite());
  return { ...site, cluster: { ...site.cluster, ...changes } };
}
const total = (site: Environment, key: "cpu" | "memory") => podsOf(site).reduce((sum, pod) => sum + pod[key], 0);

test("the server and every agent are nodes, with their labels", () => {
  const { nodes } = simulatedNodesOf(k3s({ agents: agents(undefined, "ssh://192.0.2.9") }));
  expect(nodes.map(({ name, labels }) => [name, labels])).toEqual([
    ["master", {}],
    ["kube-0", { n: "0" }],
    ["kube-1", { n: "1" }],
  ]);
});

test("nodes of a machine share what the site states; one on another machine has no less", () => {
  const capacity = { cpu: "4", memory: "8Gi" };
  const { nodes, maxPods } = simulatedNodesOf(
    k3s({ capacity, maxPods: 250, agents: agents(undefined, "ssh://192.0.2.9") }),
  );
  expect(nodes.map(({ cpu, memory }) => [cpu, memory])).toEqual(Array(3).fill(["2000m", "4096Mi"]));
  expect(maxPods).toBe(250);
});

test("where the site states nothing a node holds all that is asked for, and not much more", () => {
  const site = k3s({ capacity: undefined, agents: [] });
  const [node] = simulatedNodesOf(site).nodes;
  const [cpu, memory] = [cores(node?.cpu ?? ""), bytes(node?.memory ?? "")];
  expect(cpu - total(site, "cpu")).toBeCloseTo(1, 2);
  expect(memory - total(site, "memory")).toBe(2 ** 30);
});

test("the nodes of GKE share what they have together, in the site's zone", () => {
  const { cluster, ...site } = parseEnvironment(gkeSite());
  const capacity = { cpu: "16", memory: "60G" };
  const { nodes, maxPods } = simulatedNodesOf({ ...site, cluster: { ...cluster, capacity } });
  expect(new Set(nodes.map(({ name }) => name)).size).toBe(4);
  expect(nodes.map(({ cpu }) => cpu)).toEqual(Array(4).fill("4000m"));
  expect(nodes.every(({ labels }) => labels["topology.kubernetes.io/zone"] === "us-central1-b")).toBe(true);
  expect(maxPods).toBe(110);
});
