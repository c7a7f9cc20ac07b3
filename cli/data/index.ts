/** `npm run data -- <site> [topic]`: the topics of a site, or what InfluxDB has of one. */
import { SITES } from "../../environments";
import type { Environment } from "../../environments/schema";
import type { Influxdb } from "../shared/clients/influxdb";
import { selectSite } from "../shared/site/sites";
import type { Context } from "../shared/terminal/context";
import { duration } from "../shared/terminal/duration";
import { table } from "../shared/terminal/output";
import { writerOf } from "./formats";
import { chosenFields, type DataOptions, factsOf, findTopic, type Request, requestOf } from "./request";
import { rowsOf } from "./rows";
import { openSource } from "./source";
import { inBoth, influxDuration, TAI_AHEAD, utc } from "./times";
import { newestOf, readableOf, type Topic } from "./topics";

/** Milliseconds between two lines of progress. */
const PACE = 200;

/** Prints the topics of a site, or rows of one of them, or draws them; tests open another InfluxDB. */
export async function data(
  context: Context,
  name: string,
  topic: string | undefined,
  options: DataOptions,
  open: typeof openSource = openSource,
): Promise<number> {
  const site = selectSite(SITES, name);
  const asked = requestOf(site, topic, options, Date.now());
  const { influxdb, close } = await open(context, site);
  try {
    const databases = await readableOf(influxdb, asked.databases);
    const request = { ...asked, databases };
    if (topic === undefined) {
      // A list that is not whole says so.
      for (const name of asked.databases)
        if (!databases.includes(name))
          context.output.note(`database ${name} is not there, or the account may not read it`);
      return await listTopics(context, site, influxdb, databases);
    }
    if (options.plot !== undefined) {
      const { plotTopic } = await import("./plot-topic");
      return await plotTopic(context, { site, influxdb, topic, request, file: options.plot });
    }
    return await printRows(context, site, influxdb, topic, request);
  } finally {
    close();
  }
}

async function listTopics(
  { output }: Context,
  site: Environment,
  influxdb: Influxdb,
  databases: readonly string[],
): Promise<number> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const found: Topic[] = [];
  for (const database of databases)
    found.push(
      ...(await newestOf(influxdb, database, (done, all) => {
        output.step(`${site.name}: newest points of ${database}, ${done} of ${all} topics`, false);
      })),
    );
  const time = (newest: bigint | undefined) => (newest === undefined ? "no point" : utc(newest));
  const age = (newest: bigint) => Number((now - newest) / 1_000_000n) / 1000;
  if (found.length > 0)
    output.print(
      table(
        ["database", "topic", "newest point (UTC)", "age"],
        found.map(({ database, topic, newest }) => [
          database,
          topic,
          time(newest),
          newest === undefined ? "" : duration(age(newest)),
        ]),
      ),
    );
  const one = found.find(({ newest }) => newest !== undefined)?.topic ?? "<topic>";
  output.print(`\n${found.length} topics in ${databases.join(", ")}. Next: npm run data -- ${site.name} ${one}`);
  output.result({
    site: site.name,
    time: utc(now),
    topics: found.map(({ database, topic, newest }) => ({
      database,
      topic,
      ...(newest === undefined ? {} : { newest: utc(newest), ageSeconds: age(newest) }),
    })),
  });
  return 0;
}

async function printRows(
  { output }: Context,
  site: Environment,
  influxdb: Influxdb,
  topic: string,
  request: Request,
): Promise<number> {
  const { since, until, every, format } = request;
  const { database, columns } = await findTopic(influxdb, site.name, topic, request.databases);
  const fields = chosenFields(topic, columns, request);
  const names = ["time", ...fields];
  const facts = factsOf(site.name, database, topic, request);
  const head = [
    `${topic} in database ${database} of ${site.name}, from ${inBoth(since)} up to ${inBoth(until)}`,
    `times are UTC; TAI is ${TAI_AHEAD} s ahead${every === undefined ? "" : `; each row is the mean over ${influxDuration(every)} from its time on, of numbers only`}`,
  ];
  // Of a table they are a part; programs that read the others want nothing but rows.
  for (const line of head)
    if (format === "table") output.print(line);
    else if (format !== "document") output.note(line);
  const writer = writerOf(format, names, facts);
  let [count, shown] = [0, 0];
  let isRead = await output.part(writer.head);
  for await (const rows of rowsOf(influxdb, { ...request, database, topic, fields })) {
    if (!isRead) return 0;
    count += rows.length;
    isRead = await output.part(writer.rows(rows));
    if (!output.isTerminal && Date.now() - shown > PACE) {
      shown = Date.now();
      output.step(`${count} rows, up to ${utc(BigInt(String(rows.at(-1)?.[0] ?? since)))}`, false);
    }
  }
  await output.part(writer.end);
  output.note(
    count === 0 ? `no rows: npm run data -- ${site.name} shows when each topic was written last` : `${count} rows`,
  );
  return 0;
}
