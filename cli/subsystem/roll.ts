/** Starts consumers again that must see new topics, as the Job `rollouts` would (constructs/restarts). */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../ground/errors";
import { inside, type Json } from "../../synthesized/stack";
import type { SiteClients } from "../shared/clients/clients";
import type { Kafka } from "../shared/clients/kafka";
import { type Consumer, topicsOf } from "../shared/ingest/consumers";
import { interruption } from "../shared/process/interruption";
import { some } from "../shared/terminal/some";
import { notTaken } from "./facts";
import type { Roll } from "./plan";

/** Annotation of a consumer's pods with the topics that they started with. */
const MARK = "efd/topics";
/** Seconds that a consumer may take: its pod ends, starts, waits for the registry and joins its group. */
const PATIENCE = 180;
/** Milliseconds between two looks. */
const PAUSE = 2000;

/** The mark of a consumer's topics, as restarts.sh makes it: a part of the hash of their names, one a line. */
export function topicsMark(consumer: Pick<Consumer, "patterns">, names: readonly string[]): string {
  // As `LC_ALL=C sort` does; Kafka's names have only ASCII.
  const lines = topicsOf(consumer, names).sort((a, b) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(`${lines.join("\n")}\n`)
    .digest("hex")
    .slice(0, 16);
}

/** Annotation by which kubectl starts a Deployment again. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";

/**
 * Starts a consumer again by the mark that the Job would give it, so that the Job finds it marked. One that got the mark in
 * the last minutes, from a run that was interrupted, is only waited for; one that did not see its topics then starts once more.
 */
export async function roll(
  cluster: SiteClients["cluster"],
  consumer: Consumer,
  names: readonly string[],
): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${consumer.namespace}/deployments/${consumer.workload}`;
  const mark = topicsMark(consumer, names);
  const deployment = await cluster.get(path);
  const isMarked = inside(deployment, "spec", "template", "metadata", "annotations", MARK) === mark;
  if (isMarked && Date.now() - rolledAt(deployment) < PATIENCE * 1000) return;
  const annotations = { [MARK]: mark, ...(isMarked && { [RESTARTED]: new Date().toISOString() }) };
  await cluster.patch(path, { spec: { template: { metadata: { annotations } } } });
}

/** When the pods of a Deployment changed last, in milliseconds since 1970; 0 where it does not say. */
function rolledAt(deployment: Json | undefined): number {
  const conditions = (inside(deployment, "status", "conditions") ?? []) as Readonly<Record<string, string>>[];
  const progressing = conditions.find(({ type }) => type === "Progressing");
  return Date.parse(progressing?.["lastUpdateTime"] ?? "") || 0;
}

/**
 * Waits until consumers read their new topics.
 *
 * @throws {UserError} when one does not within three minutes.
 */
export async function untilTaken(kafka: Kafka, rolls: readonly Roll[], tell: (line: string) => void): Promise<void> {
  const end = Date.now() + PATIENCE * 1000;
  for (;;) {
    const groups = await kafka.groups(rolls.map(({ consumer }) => consumer.group));
    const waiting = rolls.flatMap(({ consumer, topics }) => {
      const group = groups.find(({ name }) => name === consumer.group);
      const missing = notTaken(group, topics);
      return missing.length > 0 ? [{ name: consumer.name, workload: consumer.workload, missing }] : [];
    });
    const [first] = waiting;
    if (!first) return;
    if (Date.now() >= end)
      throw new UserError(
        `${first.name} does not read ${some(first.missing)} after ${PATIENCE} s: see its log (kubectl -n telegraf logs deployment/${first.workload}), then run the same command again, which goes on`,
      );
    tell(`waiting until ${waiting.map(({ name, missing }) => `${name} reads ${missing.length} topics`).join(", ")}`);
    await sleep(PAUSE, undefined, { signal: interruption });
  }
}
