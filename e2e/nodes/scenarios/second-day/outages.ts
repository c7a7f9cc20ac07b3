/** Programs and disks of a running site that go away, and come back. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NAMESPACE } from "../../../../ground/namespaces";
import { inside } from "../../../../synthesized/stack";
import { interruption } from "../../../../cli/shared/process/interruption";
import type { K3s } from "../../../../environments/systems/cluster/nodes";
import { type Day, secondDay } from "./day";

/** Seconds for which InfluxDB is away: ten minutes, unless `AWAY` says otherwise. */
const AWAY = Number(process.env["AWAY"] ?? 600);

/** InfluxDB, as kubectl names it. */
const INFLUXDB = ["-n", NAMESPACE.influxdb, "statefulset/influxdb"] as const;

/** Gives a workload so many pods, and waits until it has them. */
async function scale(day: Day, [flag, namespace, workload]: readonly [string, string, string], pods: number) {
  await day.kubectl(flag, namespace, "scale", workload, `--replicas=${pods}`);
  await day.kubectl(flag, namespace, "rollout", "status", workload, "--timeout=300s");
}

/** Pods that a workload has as it is deployed. */
async function podsOf(day: Day, [flag, namespace, workload]: readonly [string, string, string]): Promise<number> {
  return Number(await day.kubectl(flag, namespace, "get", workload, "-o", "jsonpath={.spec.replicas}"));
}

async function influxdbAway(day: Day): Promise<void> {
  const begin = Date.now();
  await scale(day, INFLUXDB, 0);
  await day.meanwhile();
  await day.sees("InfluxDB is away", "influxdb", /InfluxDB|influxdb/);
  while (Date.now() - begin < AWAY * 1000) {
    await day.meanwhile();
    await sleep(Math.min(30_000, Math.max(0, AWAY * 1000 - (Date.now() - begin))), undefined, { signal: interruption });
  }
  console.log(`        InfluxDB was away for ${Math.round((Date.now() - begin) / 1000)} s`);
  await scale(day, INFLUXDB, 1);
}

/** While no registry answers a consumer that runs knows the schemas that it met. */
async function registryAway(day: Day): Promise<void> {
  const registry = ["-n", NAMESPACE.kafka, "deployment/schema-registry"] as const;
  const pods = await podsOf(day, registry);
  await scale(day, registry, 0);
  await day.sees("the registry is away", "registry", /answer|replicas|registry/);
  await scale(day, registry, pods);
}

/** The node with InfluxDB's pod, and the folder of its volume there. */
async function influxdbVolume(day: Day): Promise<{ readonly node: string; readonly folder: string }> {
  const pod = await day.site.api.get(`/api/v1/namespaces/${NAMESPACE.influxdb}/pods/influxdb-0`);
  const claims = await day.site.api.list(`/api/v1/namespaces/${NAMESPACE.influxdb}/persistentvolumeclaims`);
  const mounted = JSON.stringify(inside(pod, "spec", "volumes"));
  const claim = claims.find(({ metadata }) => mounted.includes(`"${metadata.name}"`));
  const volume = await day.site.api.get(`/api/v1/persistentvolumes/${String(inside(claim, "spec", "volumeName"))}`);
  const folder = inside(volume, "spec", "local", "path") ?? inside(volume, "spec", "hostPath", "path");
  return { node: String(inside(pod, "spec", "nodeName")), folder: String(folder) };
}

/** Size of the small disk: what InfluxDB has by then, and some. */
const SMALL_DISK = "256m";

/** A small disk takes the place of InfluxDB's, which something else then fills. */
async function diskFull(day: Day): Promise<void> {
  const { node, folder } = await influxdbVolume(day);
  const onNode = (script: string) => day.docker("exec", node, "sh", "-c", script);
  await scale(day, INFLUXDB, 0);
  await onNode(`mkdir -p ${folder}.kept && mount --bind ${folder} ${folder}.kept`);
  await onNode(`mount -t tmpfs -o size=${SMALL_DISK} tmpfs ${folder} && cp -a ${folder}.kept/. ${folder}/`);
  await scale(day, INFLUXDB, 1);
  await day.site.docker("exec", node, "sh", "-c", `dd if=/dev/zero of=${folder}/ballast bs=1048576`);
  await day.meanwhile();
  await day.sees("InfluxDB's disk is full", "influxdb", /disk|full|space|room|writes/i);
  await onNode(`rm ${folder}/ballast`);
  // What it could not write then it writes now; only then it may move back.
  if (day.data.goesThroughKafka)
    day.checks.same("records come through again", await day.data.found(240), day.data.written);
  await scale(day, INFLUXDB, 0);
  await onNode(
    `rm -rf ${folder}.kept/* && cp -a ${folder}/. ${folder}.kept/ && umount ${folder} && umount ${folder}.kept && rmdir ${folder}.kept`,
  );
  await scale(day, INFLUXDB, 1);
}

/** The machine starts without the disk of its data. */
async function notMounted(day: Day): Promise<void> {
  const { serverName, agents } = day.site.environment.cluster as K3s;
  const nodes = [serverName, ...agents.map(({ name }) => name)];
  const away = join(day.site.data, "..", "unmounted");
  const move = (from: string, to: string) => {
    for (const one of readdirSync(from)) renameSync(join(from, one), join(to, one));
  };
  const stop = () => Promise.all(nodes.map((node) => day.docker("stop", node)));
  const start = () => Promise.all(nodes.map((node) => day.docker("start", node)));
  if (existsSync(away)) throw new Error(`${away} is there: a run before did not move it back`);
  await stop();
  mkdirSync(away);
  move(day.site.data, away);
  try {
    await start();
    await day.sees("/data is not mounted", "cluster", /influxdb-0|influxdb/);
    day.checks.same(
      "no folder takes the place of a disk that is not there",
      readdirSync(day.site.data).filter((one) => existsSync(join(day.site.data, one, "influxdb"))),
      [],
    );
    await stop();
  } finally {
    move(away, day.site.data);
    rmdirSync(away);
  }
  await start();
}

/** What goes away, and comes back. */
export const outageScenarios = [
  secondDay({
    name: "influxdb-away",
    title: "InfluxDB is away for ten minutes (AWAY: other seconds), and gets what was written meanwhile",
    act: influxdbAway,
  }),
  secondDay({ name: "registry-away", title: "the schema registry is away", act: registryAway }),
  secondDay({ name: "disk-full", title: "the disk of InfluxDB is full", act: diskFull }),
  secondDay({ name: "data-not-mounted", title: "the machine starts without the disk of /data", act: notMounted }),
];
