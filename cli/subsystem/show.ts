/** `npm run subsystem -- <site> show <CSC>`: its topics as Kafka, registry, consumers and InfluxDB have them. */
import type { Environment } from "../../environments/schema";
import type { SiteClients } from "../shared/clients/clients";
import type { TopicState } from "../shared/clients/kafka";
import { registryOf, subjectOf } from "../shared/clients/registry";
import { topicsOf } from "../shared/ingest/consumers";
import type { Context } from "../shared/terminal/context";
import { duration } from "../shared/terminal/duration";
import { some } from "../shared/terminal/some";
import { counted, table } from "../shared/terminal/output";
import { lineFor, notTaken, pointsOf, readersOf, topicsByCsc, unreadOf, unreadRecords } from "./facts";
import { checkCsc } from "./request";
import { differences } from "./plan";
import { prefixOf } from "./topics";

const HOUR = 3_600_000;

/** How long a topic keeps records: its own setting, or what the site's brokers do. */
function retentionOf(site: Environment, settings: Readonly<Record<string, string>> | undefined): string {
  const own = Number(settings?.["retention.ms"]);
  if (Number.isNaN(own)) return site.kafka.retention;
  return own < 0 ? "for ever" : `${Math.round((own / HOUR) * 100) / 100}h`;
}

/** Prints a CSC. */
export async function show({ output }: Context, site: Environment, clients: SiteClients, csc: string): Promise<number> {
  const kafka = await clients.kafka();
  const cscs = await topicsByCsc(kafka);
  checkCsc(
    csc,
    [...cscs].filter(([, topics]) => topics.length > 0).map(([name]) => name),
  );
  const topics = cscs.get(csc) ?? [];
  const names = topics.map(({ name }) => name);
  const readers = readersOf(site, names.length > 0 ? names : [`${prefixOf(csc)}logevent_heartbeat`]);
  const [settings, subjects, groups, newest] = await Promise.all([
    kafka.settings(names, ["retention.ms"]),
    registryOf(clients).subjects(),
    kafka.groups(readers.map(({ group }) => group)),
    kafka.newest(names),
  ]);
  const { times, silence } = await pointsOf(
    site,
    clients,
    new Map([...newest].map(([topic, { time }]) => [topic, time])),
  );
  const now = Date.now();
  const age = (time: number | undefined) => (time === undefined ? undefined : Math.round((now - time) / 100) / 10);
  const rows = topics.map((topic) => ({
    topic: topic.name,
    partitions: topic.partitions.length,
    replication: copiesOf(topic),
    retention: retentionOf(site, settings.get(topic.name)),
    hasSubject: subjects.includes(subjectOf(topic.name)),
    recordAge: age(newest.get(topic.name)?.time),
    pointAge: age(times.get(topic.name)),
    differs: differences(site.kafka, topic),
  }));
  const shown = (seconds: number | undefined) => (seconds === undefined ? "-" : duration(seconds));
  if (rows.length > 0)
    output.print(
      table(
        ["topic", "partitions", "copies", "kept", "subject", "newest record", "newest point"],
        rows.map((one) => [
          one.topic.slice(prefixOf(csc).length),
          one.partitions,
          one.replication,
          one.retention,
          one.hasSubject ? "yes" : "no",
          shown(one.recordAge),
          shown(one.pointAge),
        ]),
      ),
    );
  else output.print(`${site.name} has no topic of ${csc}: npm run subsystem -- ${site.name} init ${csc} --avro <dir>`);
  const consumers = readers.map((consumer) => {
    const group = groups.find(({ name }) => name === consumer.group);
    const own = topicsOf(consumer, names);
    return {
      name: consumer.name,
      kind: consumer.kind,
      group: consumer.group,
      path: consumer.path,
      ...(consumer.database !== undefined && { database: consumer.database }),
      members: group?.members ?? 0,
      unreadRecords: unreadRecords(group, own),
      notRead: notTaken(group, own),
    };
  });
  for (const { name, kind, group, database, members, unreadRecords: lag, notRead } of consumers) {
    const into = database === undefined ? "into a bucket" : `into database ${database}`;
    output.print(
      `\n${kind} ${name}, ${into}: group ${group}, ${counted(members, "member")}, ${counted(lag, "record")} unread`,
    );
    if (notRead.length > 0 && members > 0) output.print(`  does not read yet: ${some(notRead)}`);
  }
  const problems = problemsOf(site, csc, rows, unreadOf(site, names));
  for (const line of problems) output.problem(line);
  if (silence !== undefined) output.problem(`InfluxDB does not say what has arrived: ${silence}`);
  output.result({ site: site.name, csc, topics: rows, consumers, problems, ...(silence !== undefined && { silence }) });
  return 0;
}

/** The smallest number of copies of its partitions. */
const copiesOf = ({ partitions }: TopicState): number => Math.min(...partitions.map(({ replicas }) => replicas.length));

function problemsOf(
  site: Environment,
  csc: string,
  rows: readonly { readonly topic: string; readonly differs: string | undefined }[],
  unread: readonly string[],
): string[] {
  return [
    ...rows.flatMap(({ topic, differs }) => (differs === undefined ? [] : [`${topic}: ${differs}`])),
    ...(unread.length > 0
      ? [
          `nothing writes ${unread.length === rows.length ? `topics of ${csc}` : some(unread)} into InfluxDB: write into the file of ${site.name} ${lineFor(csc)}`,
        ]
      : []),
  ];
}
