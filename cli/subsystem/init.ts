/** `npm run subsystem -- <site> init <CSC>`: topics, subjects, and consumers that see them. */
import type { Environment } from "../../environments/schema";
import { UsageError } from "../../ground/errors";
import type { SiteClients } from "../shared/clients/clients";
import type { Kafka } from "../shared/clients/kafka";
import { registryOf, subjectOf } from "../shared/clients/registry";
import { confirmYes, type Context } from "../shared/terminal/context";
import { some } from "../shared/terminal/some";
import { counted } from "../shared/terminal/output";
import { schemasIn } from "./avro";
import { lineFor, topicsByCsc } from "./facts";
import { type Plan, planOf } from "./plan";
import { checkCsc, type SubsystemOptions } from "./request";
import { roll, untilTaken } from "./roll";
import { topicsGiven } from "./topics";

/**
 * Makes what a CSC needs and does not have. Run again after an interruption it completes; with everything there it changes
 * nothing. Exit code 1: a topic is there with other partitions or copies, which is never changed, or nobody agreed.
 */
export async function init(
  context: Context,
  site: Environment,
  clients: SiteClients,
  csc: string,
  options: SubsystemOptions,
): Promise<number> {
  const { output } = context;
  const schemas = options.avro === undefined ? [] : schemasIn(options.avro, csc);
  const given = options.topics === undefined ? [] : topicsGiven(csc, options.topics);
  const kafka = await clients.kafka();
  const cscs = await topicsByCsc(kafka);
  checkCsc(
    csc,
    [...cscs].filter(([, topics]) => topics.length > 0).map(([name]) => name),
  );
  const named = [...new Set([...schemas.map(({ topic }) => topic), ...given])].sort();
  const topics = named.length > 0 ? named : (cscs.get(csc) ?? []).map(({ name }) => name);
  if (topics.length === 0)
    throw new UsageError(
      `${site.name} has no topic of ${csc}, and none was named: add --avro <dir> with its schemas, or --topics logevent_heartbeat,…`,
    );
  const plan = await planOf(site, clients, kafka, topics, schemas);
  printPlan(context, csc, plan, site);
  const code = plan.differs.length > 0 ? 1 : 0;
  const isDone = plan.create.length + plan.register.length + plan.roll.length === 0;
  if (isDone) output.print("nothing to do");
  const finish = (done: boolean): void => output.result({ site: site.name, csc, done, ...jsonOf(plan) });
  if (isDone || options.dryRun) {
    finish(isDone);
    return code;
  }
  if (!(await confirmYes(context, `Do this on ${site.name}?`, options.yes))) {
    output.problem("nothing was changed");
    return 1;
  }
  await carryOut(context, clients, kafka, plan);
  finish(true);
  output.print(`done; next: ${output.colour.bold(`npm run subsystem -- ${site.name} show ${csc}`)}`);
  return code;
}

function printPlan({ output }: Context, csc: string, plan: Plan, site: Environment): void {
  for (const { name, partitions, replication } of plan.create)
    output.print(
      `+ topic ${name}: ${counted(partitions, "partition")}, ${replication} ${replication === 1 ? "copy" : "copies"}`,
    );
  for (const { topic, file } of plan.register) output.print(`+ subject ${subjectOf(topic)}: ${file}`);
  for (const { consumer, topics } of plan.roll)
    output.print(`~ consumer ${consumer.name} starts again, to read ${counted(topics.length, "topic")}`);
  if (plan.unchanged > 0) output.print(`  ${plan.unchanged} topics and subjects are there already`);
  for (const line of plan.differs) output.problem(`! topic ${line}`);
  if (plan.unread.length > 0)
    output.problem(
      `! nothing writes ${plan.unread.length === plan.topics.length ? `these topics of ${csc}` : some(plan.unread)} into InfluxDB: write into the file of ${site.name} ${lineFor(csc)}, and deploy`,
    );
}

function jsonOf({ create, register, roll: rolls, differs, unread, unchanged }: Plan) {
  return {
    create,
    register: register.map(({ topic, file }) => ({ subject: subjectOf(topic), file })),
    restart: rolls.map(({ consumer, topics }) => ({ consumer: consumer.name, topics })),
    unchanged,
    differs,
    unread,
  };
}

/** In this order an interruption leaves nothing that the next run does not see: consumers come last. */
async function carryOut({ output }: Context, clients: SiteClients, kafka: Kafka, plan: Plan): Promise<void> {
  for (const topic of plan.create) {
    output.step(`making topic ${topic.name}`, false);
    await kafka.createTopic(topic);
  }
  const registry = registryOf(clients);
  for (const { topic, schema } of plan.register) {
    output.step(`registering ${subjectOf(topic)}`, false);
    await registry.register(subjectOf(topic), schema);
  }
  if (plan.roll.length === 0) return;
  const names = (await kafka.topics()).map(({ name }) => name);
  for (const { consumer } of plan.roll) {
    output.step(`starting consumer ${consumer.name} again`);
    await roll(clients.cluster, consumer, names);
  }
  await untilTaken(kafka, plan.roll, (line) => output.step(line, false));
}
