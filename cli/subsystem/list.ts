/** `npm run subsystem -- <site> list`: every CSC, what it has here, and how fresh it is. */
import type { Environment } from "../../environments/schema";
import type { SiteClients } from "../shared/clients/clients";
import type { Context } from "../shared/terminal/context";
import { duration } from "../shared/terminal/duration";
import { table } from "../shared/terminal/output";
import { pointsOf, readersOf, topicsByCsc, unreadOf } from "./facts";

/** A CSC of a site. */
interface Csc {
  readonly csc: string;
  readonly topics: number;
  readonly consumers: readonly string[];
  /** Topics that nothing writes into InfluxDB. */
  readonly unread: number;
  /** Seconds since its newest record. */
  readonly recordAge?: number;
  /** Seconds since the newest point of the topic with that record. */
  readonly pointAge?: number;
}

/** Prints the CSCs of a site. */
export async function list({ output }: Context, site: Environment, clients: SiteClients): Promise<number> {
  const kafka = await clients.kafka();
  const cscs = await topicsByCsc(kafka);
  const here = [...cscs].filter(([, topics]) => topics.length > 0);
  const newest = await kafka.newest(here.flatMap(([, topics]) => topics.map(({ name }) => name)));
  const last = here.map(([, topics]) =>
    topics
      .map(({ name }) => ({ name, time: newest.get(name)?.time ?? -1 }))
      .reduce((one, other) => (other.time > one.time ? other : one)),
  );
  const written = last.filter(({ time }) => time >= 0);
  const { times, silence } = await pointsOf(site, clients, new Map(written.map(({ name, time }) => [name, time])));
  const now = Date.now();
  const age = (time: number | undefined) => (time === undefined || time < 0 ? undefined : (now - time) / 1000);
  const rows = here.map(([csc, topics], i): Csc => {
    const names = topics.map(({ name }) => name);
    const [recordAge, pointAge] = [age(last[i]?.time), age(times.get(last[i]?.name ?? ""))];
    return {
      csc,
      topics: names.length,
      consumers: readersOf(site, names).map(({ name }) => name),
      unread: unreadOf(site, names).length,
      ...(recordAge !== undefined && { recordAge }),
      ...(pointAge !== undefined && { pointAge }),
    };
  });
  const absent = [...cscs].filter(([, topics]) => topics.length === 0).map(([csc]) => csc);
  const shown = (seconds: number | undefined) => (seconds === undefined ? "-" : duration(seconds));
  if (rows.length > 0)
    output.print(
      table(
        ["CSC", "topics", "consumers", "newest record", "newest point", "note"],
        rows.map(({ csc, topics, consumers, unread, recordAge, pointAge }) => [
          csc,
          topics,
          consumers.join(", ") || "none",
          shown(recordAge),
          shown(pointAge),
          unread > 0 ? `${unread} topics that nothing writes into InfluxDB` : "",
        ]),
      ),
    );
  if (absent.length > 0) output.print(`\nKnown, and without topics here: ${absent.join(", ")}`);
  if (silence !== undefined) output.problem(`InfluxDB does not say what has arrived: ${silence}`);
  const first = rows[0]?.csc ?? absent[0];
  output.print(`\nNext: ${output.colour.bold(`npm run subsystem -- ${site.name} show ${first}`)}`);
  output.result({ site: site.name, cscs: rows, withoutTopics: absent, ...(silence !== undefined && { silence }) });
  return 0;
}
