/** Programs and disks of a running site that go away, and come back. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside } from "../../../../synthesized/stack";
import { interruption } from "../../../../cli/shared/process/interruption";
import type { K3s } from "../../../../environments/systems/cluster/nodes";
import { type Day, secondDay } from "./day";
import { KEEPS_SCHEMAS } from "./needs";
import { without, type Workload } from "./workload";

/** Seconds for which InfluxDB is away: ten minutes, unless `AWAY` says otherwise. */
const AWAY = Number(process.env["AWAY"] ?? 600);

const INFLUXDB: Workload = ["-n", NAMESPACE.influxdb, "statefulset/influxdb"];
const REGISTRY: Workload = ["-n", NAMESPACE.kafka, "deployment/schema-registry"];

async function influxdbAway(day: Day): Promise<void> {
  const begin = Date.now();
  await without(day, INFLUXDB, async () => {
    await day.meanwhile();
    await day.sees("InfluxDB is away", "influxdb", /^fail InfluxDB: /);
    while (Date.now() - begin < AWAY * 1000) {
      await day.meanwhile();
      const left = Math.max(0, AWAY * 1000 - (Date.now() - begin));
      await sleep(Math.min(30_000, left), undefined, { signal: interruption });
    }
    console.log(`        InfluxDB was away for ${Math.round((Date.now() - begin) / 1000)} s`);
  });
}

/** While no registry answers, a consumer that runs knows the schemas that it met, and one that starts waits for it. */
async function registryAway(day: Day): Promise<void> {
  await without(day, REGISTRY, async () => {
    await day.sees("the registry is away", "registry", /^fail (answer|replicas): /);
    await day.meanwhile();
    if (day.data.goesThroughKafka)
      day.checks.same("records while no registry answers", await day.data.found(60), day.data.written);
    await day.kubectl("-n", NAMESPACE.telegraf, "delete", "pod", "-l", "app.kubernetes.io/name=telegraf");
    await day.meanwhile();
    await day.sees("consumers wait for the registry", "sinks", /^fail consumer \S+: its pod is not ready/);
  });
}

/** The node with InfluxDB's pod, and the folder of its volume there. */
async function influxdbVolume(day: Day): Promise<{ readonly node: string; readonly folder: string }> {
  const pod = await day.site.api.get(`/api/v1/namespaces/${NAMESPACE.influxdb}/pods/influxdb-0`);
  const claims = await day.site.api.list(`/api/v1/namespaces/${NAMESPACE.influxdb}/persistentvolumeclaims`);
  const mounted = JSON.stringify(inside(pod, "spec", "volumes"));
  const claim = claims.find(({ metadata }) => mounted.includes(`"${metadata.name}"`));
  const volume = await day.site.api.get(`/api/v1/persistentvolumes/${String(inside(claim, "spec", "volumeName"))}`);
  const folder = inside(volume, "spec", "local", "path") ?? inside(volume, "spec", "hostPath", "path");
  if (typeof folder !== "string") throw new Error("InfluxDB's volume is no folder of a node");
  return { node: String(inside(pod, "spec", "nodeName")), folder };
}

/** Size of the small disk: what InfluxDB has by then, and some. */
const SMALL_DISK = "256m";

/** A small disk takes the place of InfluxDB's, which something else then fills. */
async function diskFull(day: Day): Promise<void> {
  const { node, folder } = await influxdbVolume(day);
  const onNode = (script: string) => day.docker("exec", node, "sh", "-ec", script);
  const kept = `${folder}.kept`;
  await without(day, INFLUXDB, async () => {
    await onNode(
      `mkdir -p ${kept}; mount --bind ${folder} ${kept}; mount -t tmpfs -o size=${SMALL_DISK} tmpfs ${folder}; cp -a ${kept}/. ${folder}/`,
    );
  });
  try {
    await day.site.docker("exec", node, "sh", "-c", `dd if=/dev/zero of=${folder}/ballast bs=1048576`);
    await day.meanwhile();
    await day.sees("InfluxDB's disk is full", "influxdb", /^fail volume influxdb: /);
    await day.meanwhile();
    if (day.data.goesThroughKafka) await day.sees("writes fail", "influxdb", /^fail writes: /);
    await onNode(`rm ${folder}/ballast`);
    // As the check says: it refuses every write until it begins again.
    await day.kubectl(...INFLUXDB.slice(0, 2), "rollout", "restart", INFLUXDB[2]);
    await day.kubectl(...INFLUXDB.slice(0, 2), "rollout", "status", INFLUXDB[2], "--timeout=300s");
    // What it could not write then it writes now; only then it may move back.
    if (day.data.goesThroughKafka)
      day.checks.same("records come through again", await day.data.found(240), day.data.written);
  } finally {
    await without(day, INFLUXDB, async () => {
      await onNode(
        `rm -f ${folder}/ballast; find ${kept} -mindepth 1 -maxdepth 1 -exec rm -rf {} +; cp -a ${folder}/. ${kept}/; umount ${folder}; umount ${kept}; rmdir ${kept}`,
      );
    });
  }
}

/** Folders of claims below the host's folder of data. */
const claimsIn = (data: string): string[] =>
  readdirSync(data).flatMap((namespace) => readdirSync(join(data, namespace)).map((claim) => join(namespace, claim)));

/** Moves all that is in a folder. */
function move(from: string, to: string): void {
  for (const one of readdirSync(from)) renameSync(join(from, one), join(to, one));
}

/** The machine starts without the disk of its data. */
async function notMounted(day: Day): Promise<void> {
  const { data } = day.site;
  const { serverName, agents } = day.site.environment.cluster as K3s;
  const nodes = [serverName, ...agents.map(({ name }) => name)];
  const away = join(data, "..", "unmounted");
  const stop = () => Promise.all(nodes.map((node) => day.docker("stop", node)));
  const start = () => Promise.all(nodes.map((node) => day.docker("start", node)));
  if (existsSync(away)) throw new Error(`${away} is there: a run before did not move it back`);
  await stop();
  mkdirSync(away);
  move(data, away);
  try {
    await start();
    await day.sees("/data is not mounted", "cluster", /^fail pod \S+\/influxdb-0: .*does not exist/);
    day.checks.same("folders that take the place of a disk that is not there", claimsIn(data), []);
  } finally {
    await stop();
    for (const one of readdirSync(data)) rmSync(join(data, one), { recursive: true });
    move(away, data);
    rmdirSync(away);
    await start();
  }
}

/** What goes away, and comes back. */
export const outageScenarios = [
  secondDay({
    name: "influxdb-away",
    title: "InfluxDB is away for ten minutes (AWAY: other seconds), and gets what was written meanwhile",
    act: influxdbAway,
  }),
  secondDay({
    ...KEEPS_SCHEMAS,
    name: "registry-away",
    title: "the schema registry is away: consumers that run go on, those that start wait",
    act: registryAway,
  }),
  secondDay({ name: "disk-full", title: "the disk of InfluxDB is full", act: diskFull }),
  secondDay({
    // The simulated one makes every folder that is missing.
    needs: ["local-path-provisioner"],
    name: "data-not-mounted",
    title: "the machine starts without the disk of /data",
    act: notMounted,
  }),
];
