/** What deployments do to a running site: one that is killed, one over the data of another, new certificates, operators. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../../ground/namespaces";
import { signal } from "../../../../cli/shared/process/process";
import { until } from "../../../../cli/shared/process/until";
import { secondsSince } from "../../../../cli/shared/terminal/output";
import { inside } from "../../../../synthesized/stack";
import { cleanEnvironment } from "../../../rehearsal/isolation";
import { type Day, secondDay } from "./day";

/** The EFD goes, and comes back on the folders of its old volumes, with the passwords that its data know. */
async function again(day: Day): Promise<void> {
  const before = await passwords(day);
  await day.does("destroy", "efd", "--yes");
  const left = await day.site.api.list(`/apis/apps/v1/namespaces/${NAMESPACE.influxdb}/statefulsets`);
  day.checks.same(
    "InfluxDB is gone",
    left.map(({ metadata }) => metadata.name),
    [],
  );
  await day.does("deploy", "--yes");
  day.checks.same("passwords that are others now", changedIn(before, await passwords(day)), []);
}

/** Every generated password, by its place. */
async function passwords({ site }: Day): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { metadata, data = {} } of await site.api.list(`/api/v1/namespaces/${NAMESPACE.externalSecrets}/secrets`))
    for (const [key, value] of Object.entries(data))
      if (/password/.test(key)) found.set(`${metadata.name} ${key}`, value);
  return found;
}

const changedIn = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...before].filter(([name, value]) => after.get(name) !== value).map(([name]) => name);

/** Seconds after the first change at which a deployment is killed. */
const KILLED_AFTER = 20;

/** `deploy` and all that it started end at once, in the middle; another one goes on. */
async function killed(day: Day): Promise<void> {
  await day.does("destroy", "efd", "--yes");
  const { checkout } = day.site;
  const child = spawn("npm", ["run", "--silent", "deploy", "--", "local", "efd", "--yes"], {
    cwd: checkout,
    env: { ...cleanEnvironment(process.env), NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (text: Buffer) => {
      if (/ \d+\/\d+ /.test(String(text))) resolve();
    });
    void ended.then(resolve);
  });
  await sleep(KILLED_AFTER * 1000);
  day.checks.same("the deployment was at work when it was killed", child.exitCode, null);
  signal(-(child.pid ?? 0), "SIGKILL");
  await ended;
  await day.does("deploy", "efd", "--yes");
  const { code, stdout } = await day.site.command("deploy", "efd", "--dry-run");
  day.checks.same("a plan after it has nothing to do", [code, /unchanged/.test(stdout)], [0, true]);
}

const KAFKA_CERTIFICATE = "kafka-external-tls";

/** Kafka's certificate for the outside is issued anew, and its brokers use it. */
async function certificateRenewed(day: Day): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE.kafka}/secrets/${KAFKA_CERTIFICATE}`;
  const certificate = async () => (await day.site.api.get(path))?.data?.["tls.crt"];
  const before = await certificate();
  await day.kubectl("-n", NAMESPACE.kafka, "delete", "secret", KAFKA_CERTIFICATE);
  const begin = Date.now();
  const issued = await until(120, async () => {
    const now = await certificate();
    return now !== undefined && now !== before ? true : undefined;
  });
  day.checks.same("another certificate is issued", issued, true);
  const brokers = async () =>
    (await day.site.api.list(`/api/v1/namespaces/${NAMESPACE.kafka}/pods`))
      .filter(({ metadata }) => metadata.name.includes("-broker-"))
      .map((pod) => Date.parse(String(inside(pod, "metadata", "creationTimestamp"))));
  const restarted = await until(300, async () =>
    (await brokers()).every((time) => time >= begin - 1000) ? true : undefined,
  );
  day.checks.same("brokers began again with it", restarted, true);
  console.log(`        brokers began again ${secondsSince(begin)} s after the old one was deleted`);
}

/** An operator is replaced by another revision of itself, while what it manages goes on. */
async function operatorReplaced(day: Day): Promise<void> {
  const kafkaPods = async () =>
    (await day.site.api.list(`/api/v1/namespaces/${NAMESPACE.kafka}/pods`))
      .filter(({ metadata }) => /-(broker|controller)-/.test(metadata.name))
      .map(({ metadata }) => `${metadata.name} ${metadata.uid}`);
  const before = await kafkaPods();
  day.site.notRun("another version of an operator", "there is one image of each: the same one starts anew");
  for (const namespace of [NAMESPACE.strimzi, NAMESPACE.certManager, NAMESPACE.externalSecrets])
    await day.kubectl("-n", namespace, "rollout", "restart", "deployment");
  for (const namespace of [NAMESPACE.strimzi, NAMESPACE.certManager, NAMESPACE.externalSecrets])
    await day.kubectl("-n", namespace, "rollout", "status", "deployment", "--timeout=300s");
  // A reconciliation of all comes within two minutes.
  await sleep(130_000);
  day.checks.same("brokers and controllers are the same pods", await kafkaPods(), before);
}

/** In the order in which they show most for their time. */
export const deploymentScenarios = [
  secondDay({
    name: "deployed-again",
    title: "the EFD is destroyed and deployed again on the same folders: data are found, passwords fit",
    act: again,
  }),
  secondDay({
    name: "deploy-killed",
    title: "a deployment is killed in the middle, and another one goes on",
    act: killed,
  }),
  secondDay({
    name: "certificate-renewed",
    title: "Kafka's certificate is issued anew, and its brokers use it",
    needs: ["strimzi", "cert-manager", "kafka"],
    act: certificateRenewed,
  }),
  secondDay({
    name: "operators-restarted",
    title: "operators start anew, and what they manage goes on",
    needs: ["strimzi", "cert-manager", "external-secrets"],
    act: operatorReplaced,
  }),
];
