/** Who reaches whom: every pod tries every port on which another one listens, and each route is tried from outside. */
import { join } from "node:path";
import { run } from "../../../cli/shared/process/process";
import { readLayers } from "../../../cli/shared/site/program";
import { LAYERS } from "../../../environments/derived/layers";
import { ingressPoliciesIn, type IngressPolicy, ingressPolicy, mayConnect } from "../../../synthesized/network-policy";
import { stableJson } from "../../../synthesized/text";
import type { Checks } from "../../data-path/check";
import { type RunningPod, runningPods } from "../reach/pods";
import { lookAtRoutes } from "../reach/routes";
import type { RunningSite } from "../site/running-site";
import type { Scenario } from "../site/scenario";

/** A port of a pod. */
interface Target {
  readonly pod: RunningPod;
  readonly port: number;
}

const nameOf = ({ namespace, name }: RunningPod): string => `${namespace}/${name}`;

/** The policies of the cluster, the program's own and Strimzi's. */
async function livePolicies({ api }: RunningSite): Promise<IngressPolicy[]> {
  const objects = await api.list("/apis/networking.k8s.io/v1/networkpolicies");
  return objects.flatMap((one) => ingressPolicy({ ...one }) ?? []);
}

/** The policies that the program makes. */
function ownPolicies({ checkout, environment }: RunningSite): IngressPolicy[] {
  return readLayers(environment.name, LAYERS, join(checkout, "cdktf.out")).flatMap(ingressPoliciesIn);
}

/** Which targets a pod reaches, from its own network. */
async function reachedBy(pod: RunningPod, targets: readonly Target[]): Promise<boolean[]> {
  const asked = targets.map(({ pod: { address }, port }) => ({ address, port }));
  const program = ["node", join(__dirname, "..", "reach", "connect.mjs"), JSON.stringify(asked)];
  const { code, stdout, stderr } = await run("nsenter", [`--net=/proc/${pod.process}/ns/net`, ...program]);
  if (code !== 0) throw new Error(`from ${nameOf(pod)}: ${stderr.trim()}`);
  return JSON.parse(stdout) as boolean[];
}

async function podsReachPods(site: RunningSite, checks: Checks): Promise<void> {
  const policies = await livePolicies(site);
  const own = ownPolicies(site);
  const missing = own.filter((one) => !policies.some((live) => stableJson(live) === stableJson(one)));
  checks.same("policies of the program that the cluster has otherwise", missing, []);
  const pods = await runningPods(site.api);
  const targets = pods.flatMap((pod) => pod.ports.map((port) => ({ pod, port })));
  const counts = { "wanted and open": 0, "unwanted and refused": 0 };
  const wrong: string[] = [];
  for (const from of pods) {
    const others = targets.filter(({ pod }) => pod !== from);
    const open = await reachedBy(from, others);
    others.forEach(({ pod, port }, i) => {
      const wanted = mayConnect(policies, from, pod, port);
      if (wanted !== open[i])
        wrong.push(`${nameOf(from)} ${wanted ? "does not reach" : "reaches"} ${nameOf(pod)}:${port}`);
      else counts[wanted ? "wanted and open" : "unwanted and refused"]++;
    });
  }
  checks.same("connections that are not as the policies say", wrong, []);
  checks.same(
    "there are wanted ones, and others",
    Object.values(counts).every((one) => one > 0),
    true,
  );
  console.log(
    `        ${pods.length} pods, ${targets.length} ports: ${counts["wanted and open"]} connections open as wanted, ${counts["unwanted and refused"]} refused`,
  );
}

/** Ports of the machine that are open to others by intention: routes, the API server, kubelets. */
const OPEN = [80, 443, 6443, 10250];

async function outsideReaches(site: RunningSite, checks: Checks): Promise<void> {
  const machine = (
    await site.docker("network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}")
  ).stdout.trim();
  // Every port on which a pod listens, and those of the datastore.
  const ports = [...new Set([2379, 2380, ...(await runningPods(site.api)).flatMap((pod) => pod.ports)])].filter(
    (port) => !OPEN.includes(port),
  );
  const asked = ports.map((port) => ({ address: machine, port }));
  const { stdout } = await run("node", [join(__dirname, "..", "reach", "connect.mjs"), JSON.stringify(asked)]);
  const open = (JSON.parse(stdout) as boolean[]).flatMap((one, i) => (one ? [ports[i]] : []));
  checks.same(`ports of pods, ${ports.length} in all, that are open at the machine`, open, []);
  if (site.simulated.has("traefik")) {
    site.notRun("routes", site.simulated.get("traefik") ?? "");
    return;
  }
  await lookAtRoutes(site, checks);
}

/** Every pair of pods, and the ways from outside. */
export const reach: Scenario = {
  name: "reach",
  title: "every pod tries every port of every other one: what the policies let in works, all else is refused",
  inCi: true,
  run: async (site, checks) => {
    await podsReachPods(site, checks);
    await outsideReaches(site, checks);
  },
};
