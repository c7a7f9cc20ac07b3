/** What deployments do to a running site: one that is killed, one over the data of another, a new certificate. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signal } from "../../../../cli/shared/process/process";
import { until } from "../../../../cli/shared/process/until";
import { secondsSince } from "../../../../cli/shared/terminal/output";
import type { Layer } from "../../../../environments/derived/layers";
import { NAMESPACE } from "../../../../ground/namespaces";
import { killTerraform } from "../../../lifecycle/site/processes";
import { layersIn, statuses } from "../../site/layers";
import { type Day, secondDay } from "./day";
import { fingerprintOf, KAFKA_CERTIFICATE, shownByKafka } from "./shown";

/** Kafka's volumes, which a new cluster refuses, beside the data. */
const OLD_KAFKA = "kafka.old";

/** The site goes, and comes back on the folders of its old volumes, with the passwords that its data know. */
async function again(day: Day): Promise<void> {
  const { site, checks } = day;
  const before = await passwords(day);
  await day.does("destroy", "--yes");
  checks.same("containers that are left", await day.docker("ps", "--all", "--format", "{{.Names}}"), "");
  const refused = await site.command("deploy", "--yes");
  checks.same("deploy over data that nobody spoke of", refused.code, 1);
  checks.says("it says how data are used again", refused.stderr, /holds data .*--reuse-data/);
  const kafka = await site.command("deploy", "--yes", "--reuse-data");
  checks.says(
    "Kafka's volumes are refused, InfluxDB's are not",
    kafka.stderr,
    /holds in kafka volumes(?![^]*in influxdb)/,
  );
  renameSync(join(site.data, NAMESPACE.kafka), join(site.data, "..", OLD_KAFKA));
  try {
    await day.does("deploy", "--yes", "--reuse-data");
  } finally {
    rmSync(join(site.data, "..", OLD_KAFKA), { recursive: true });
  }
  checks.same("passwords that are others now", changedIn(before, await passwords(day)), []);
  await day.data.renew();
}

/** Every generated password, by its place. */
async function passwords({ site }: Day): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const namespace of [NAMESPACE.externalSecrets, NAMESPACE.influxdb])
    for (const { metadata, data = {}, ...secret } of await site.api.list(`/api/v1/namespaces/${namespace}/secrets`))
      for (const [key, value] of secret["immutable"] === true ? Object.entries(data) : [])
        found.set(`${namespace}/${metadata.name} ${key}`, value);
  if (found.size === 0) throw new Error("the site has no generated password");
  return found;
}

const changedIn = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...before].filter(([name, value]) => after.get(name) !== value).map(([name]) => name);

/** Seconds after a layer's first change at which its deployment is killed: early, in the middle of most, and late. */
const KILLED_AFTER: Readonly<Partial<Record<Layer, number>>> = { cluster: 6, platform: 20, efd: 45 };

/**
 * `deploy` and all that it started end at once, in the middle of a layer.
 *
 * @returns whether it was at work until then.
 */
async function killedIn({ site }: Day, layer: Layer, seconds: number): Promise<boolean> {
  const { child, ended } = site.start("deploy", "--yes", "--reuse-data");
  const begun = new RegExp(`${site.environment.name}-${layer}\\b.* \\d+/\\d+ `);
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (text: Buffer) => {
      if (begun.test(String(text))) resolve();
    });
    void ended.then(resolve);
  });
  await sleep(seconds * 1000);
  const works = child.exitCode === null;
  // Terraform has a session of its own, and its providers end with it.
  signal(-(child.pid ?? 0), "SIGKILL");
  killTerraform(site.checkout, true);
  await ended;
  return works;
}

/** Deployments of the whole site are killed, in each layer one, and another one goes on. */
async function killed(day: Day): Promise<void> {
  const { site, checks } = day;
  await day.does("destroy", "--yes");
  rmSync(join(site.data, NAMESPACE.kafka), { recursive: true });
  for (const [layer, seconds] of Object.entries(KILLED_AFTER) as [Layer, number][])
    checks.same(`the deployment was at work on ${layer} when it was killed`, await killedIn(day, layer, seconds), true);
  await day.does("deploy", "--yes", "--reuse-data");
  const { code, stdout } = await site.command("deploy", "--dry-run");
  const layers = layersIn(site);
  checks.same(
    "a plan after it has nothing to do",
    [code, statuses(stdout, layers)],
    [0, Object.fromEntries(layers.map((one) => [one, "unchanged"]))],
  );
  await day.data.renew();
}

/** Kafka's certificate for the outside is issued anew, and its brokers use it. */
async function certificateRenewed(day: Day): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE.kafka}/secrets/${KAFKA_CERTIFICATE}`;
  const issued = async () => {
    const pem = (await day.site.api.get(path))?.data?.["tls.crt"];
    return pem === undefined ? "" : fingerprintOf(Buffer.from(pem, "base64"));
  };
  const before = await issued();
  day.checks.same("Kafka shows the certificate that was issued", (await shownByKafka(day.site)) === before, true);
  const begin = Date.now();
  await day.kubectl("-n", NAMESPACE.kafka, "delete", "secret", KAFKA_CERTIFICATE);
  const another = await until(120, async () => (["", before].includes(await issued()) ? undefined : true));
  day.checks.same("another certificate is issued", another, true);
  console.log(`        it was issued after ${secondsSince(begin)} s`);
  const shown = await until(400, async () => {
    await day.meanwhile();
    const now = await shownByKafka(day.site).catch(() => "");
    return now === (await issued()) ? true : undefined;
  });
  day.checks.same("Kafka shows it", shown, true);
  console.log(`        Kafka shows it ${secondsSince(begin)} s after the old one was deleted`);
}

/** In the order in which they show most for their time. */
export const deploymentScenarios = [
  secondDay({
    name: "deployed-again",
    title: "the site is destroyed and deployed again on the same folders: InfluxDB's data are found, passwords fit",
    act: again,
  }),
  secondDay({
    name: "deploy-killed",
    title: "deployments are killed in the middle of each layer, and another one goes on",
    act: killed,
  }),
  secondDay({
    name: "certificate-renewed",
    title: "Kafka's certificate is issued anew, and its brokers use it",
    needs: ["strimzi", "cert-manager", "kafka"],
    act: certificateRenewed,
  }),
];
