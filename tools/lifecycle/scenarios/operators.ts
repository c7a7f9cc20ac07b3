/** What an upgrade brings, and in which order. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, ObjectJson } from "../../../cli/lib/stack-view";
import { inside } from "../../../cli/lib/stack-view";
import { CHARTS } from "../../../constructs/helm/catalogue";
import { expect, type World } from "../world";

const KAFKAS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/kafkas.kafka.strimzi.io";

/** Packs a chart anew beside the others, as another file or in its place, with one of its files changed. */
export async function repack(
  world: World,
  from: string,
  to: string,
  changes: Readonly<Record<string, (text: string) => string>>,
): Promise<void> {
  const folder = mkdtempSync(join(world.folder, "chart-"));
  await world.program("tar", "-xzf", join(world.charts, from), "-C", folder);
  for (const [path, change] of Object.entries(changes)) {
    const file = join(folder, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
  rmSync(join(world.charts, to), { force: true });
  await world.program("tar", "-czf", join(world.charts, to), "-C", folder, ...readdirSync(folder));
}

/** A later operator with a later definition: the definition is there before the operator, and said in the plan. */
export async function chartBump(world: World): Promise<string> {
  await world.settle(world.site());
  const { chart, version } = CHARTS.strimzi;
  const later = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
  await repack(world, `${chart}-${version}.tgz`, `${chart}-${later}.tgz`, {
    [`${chart}/Chart.yaml`]: (text) => text.replace(/^version: .*$/m, `version: ${later}`),
    [`${chart}/crds/040-Crd-kafka.yaml`]: (text) => text.replace("shortNames:", "shortNames:\n      - laterkafka"),
  });
  const entry = CHARTS.strimzi as { version: string };
  entry.version = later;
  try {
    const site = world.site();
    const dry = await world.deploy(site, { layers: ["platform"], dryRun: true });
    expect(
      dry.said.includes("changed definition kafkas.kafka.strimzi.io"),
      `the plan does not name it:\n${dry.said}${dry.results[0]?.lines.join("\n")}`,
    );
    expect(!(await shortNames(world)).includes("laterkafka"), "a dry run changed the definition");
    await world.settle(site);
    const [definition, operator] = [await writtenAt(world, KAFKAS), await writtenAt(world, OPERATOR)];
    expect((await shortNames(world)).includes("laterkafka"), "the new definition did not arrive");
    expect(definition <= operator, `the definition came at ${definition}, after the operator at ${operator}`);
    await world.isSettled(site);
    return `definition at ${definition}, operator at ${operator}`;
  } finally {
    entry.version = version;
    await world.settle(world.site());
  }
}

const OPERATOR = "/apis/apps/v1/namespaces/strimzi/deployments/strimzi-cluster-operator";

async function shortNames(world: World): Promise<string[]> {
  return (inside(await world.api.get(KAFKAS), "spec", "names") as { shortNames: string[] }).shortNames;
}

/** When the object's fields were last written by whoever deploys; status is not counted. */
async function writtenAt(world: World, path: string): Promise<string> {
  const fields = ((await world.api.get(path)) as ObjectJson).metadata["managedFields"] as Json[];
  const times = fields.filter((one) => one["subresource"] === undefined).map(({ time }) => String(time));
  return times.sort().at(-1) ?? "";
}

/** Kafka's version first, its metadata after; each time brokers are waited for before what reads from them. */
export async function kafkaUpgrade(world: World): Promise<string> {
  const at = (version: string, metadataVersion: string) =>
    world.site((one) => ({ ...one, kafka: { ...one.kafka, version, metadataVersion } }));
  await world.settle(at("4.2.0", "4.2-IV1"));
  const steps: string[] = [];
  for (const [version, metadata] of [
    ["4.3.0", "4.2-IV1"],
    ["4.3.0", "4.3-IV0"],
  ] as const) {
    const { done } = await world.settle(at(version, metadata));
    const position = (pattern: RegExp) => done.findLastIndex((address) => pattern.test(address));
    const cluster = position(/kafka_kafka-cluster$/);
    const ready = position(/job_v1\.kafka_cluster_ready/);
    const reader = done.findIndex((address) => address.startsWith("kubernetes_deployment_v1.telegraf"));
    expect(cluster >= 0 && ready > cluster, `the brokers were not waited for: ${done.join(", ")}`);
    expect(reader < 0 || reader > ready, `a consumer changed before the brokers were ready: ${done.join(", ")}`);
    expect(position(/persistent_volume_claim|namespace/) < 0, `more than Kafka changed: ${done.join(", ")}`);
    steps.push(`${version}/${metadata}: ${done.length} changes`);
  }
  await world.settle(world.site());
  return steps.join("; ");
}
