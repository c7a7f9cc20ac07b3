/** The review finds what was changed by hand; no apply repairs it, and the command that the review names does. */
import { NAMESPACE } from "../../../ground/namespaces";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withReview } from "../../../cli/review/plan-layers";
import type { Finding, Review } from "../../../review/model/model";
import { freeApiPort } from "../../rehearsal/control-plane/free-port";
import { expect, type TestSite } from "../site/test-site";

/** Reviews what was changed by hand, as `npm run review -- <site> --drift` does. */
async function look(testSite: TestSite, kubeconfig = testSite.kubeconfig): Promise<Review> {
  const site = testSite.site((one) => ({ ...one, cluster: { kind: "existing", kubeconfig, address: "127.0.0.1" } }));
  const { session, context } = testSite.session(site);
  const layers = session.stacks.map(({ layer }) => layer);
  return withReview(context, session, layers, { drift: true }, (found) => found);
}

const printed = ({ findings }: Review): string => findings.map(({ risk, what }) => `${risk}: ${what}`).join("\n");

/** What somebody does with kubectl, and what must be said of it. */
const HANDS: readonly { readonly args: readonly string[]; readonly told: RegExp }[] = [
  {
    args: ["-n", NAMESPACE.traefik, "scale", "deployment/traefik", "--replicas=0"],
    told: /^interrupts: Deployment traefik\/traefik is stopped$/m,
  },
  {
    args: ["-n", NAMESPACE.influxdb, "delete", "service/influxdb"],
    told: /^interrupts: Service influxdb\/influxdb is deleted$/m,
  },
  {
    args: [
      "-n",
      NAMESPACE.kafka,
      "patch",
      "kafka/efd",
      "--type=merge",
      "-p",
      '{"spec":{"kafka":{"config":{"log.retention.hours":0}}}}',
    ],
    told: /^loses data: Kafka/m,
  },
  {
    args: ["-n", NAMESPACE.strimzi, "set", "resources", "deployment/strimzi-cluster-operator", "--limits=memory=3Gi"],
    told: /^restarts: Deployment strimzi\/strimzi-cluster-operator restarts$/m,
  },
];

/** The command that a finding tells, of which nothing but the words is ours. */
function repairOf({ remedy }: Finding): string {
  return /helm get manifest .* \| kubectl apply .* -f -/.exec(remedy)?.[0] ?? "";
}

/** A user without rights, or without a connection, gets one line that says so; it is neither drift nor an error. */
async function blocked(testSite: TestSite): Promise<string> {
  const file = readFileSync(testSite.kubeconfig, "utf8");
  const token = (await testSite.kubectl("create", "token", "default", "-n", "default")).trim();
  const lines: string[] = [];
  for (const [name, text, told] of [
    [
      "without-rights",
      file.replace(/client-certificate-data: .*/, `token: ${token}`).replace(/^ *client-key-data: .*$/m, ""),
      /^its releases cannot be read: the cluster refuses .*: secrets is forbidden/,
    ],
    [
      "gone",
      file.replace(/(server: https:\/\/127\.0\.0\.1:)\d+/, `$1${await freeApiPort()}`),
      /^its releases cannot be read: the cluster does not answer at https:\/\/127\.0\.0\.1:\d+: /,
    ],
  ] as const) {
    const path = join(testSite.folder, `${name}.kubeconfig`);
    writeFileSync(path, text, { mode: 0o600 });
    for (const { stack, status, lines: own } of (await look(testSite, path)).layers) {
      const good = status === "blocked" && own.length === 1 && told.test(own[0] ?? "");
      expect(good, `${stack} is ${status} ${name}: ${own.join("; ")}`);
      lines.push(own[0] ?? "");
    }
  }
  return `${lines.length} layers blocked, each with one line`;
}

/** Drift inside Helm releases: none at first, then every change made by hand, and none after the repairs. */
export async function drift(testSite: TestSite): Promise<string> {
  const before = await look(testSite);
  expect(
    before.risk === undefined,
    `nobody touched it, and it drifts:\n${printed(before)}${JSON.stringify(before.layers)}`,
  );
  for (const { args } of HANDS) await testSite.kubectl(...args);
  const found = await look(testSite);
  for (const { told } of HANDS) expect(told.test(printed(found)), `nobody says ${told}:\n${printed(found)}`);
  await testSite.isSettled();
  const again = await look(testSite);
  expect(
    printed(again) === printed(found),
    `an apply repairs some of it, and the review says that none does:\n${printed(again)}`,
  );
  const repairs = new Set(found.findings.map(repairOf));
  await testSite.shell([...repairs]);
  const after = await look(testSite);
  expect(after.risk === undefined, `what the review tells does not repair it:\n${printed(after)}`);
  return `${found.findings.length} findings; ${repairs.size} commands repaired all; ${await blocked(testSite)}`;
}
