/** Data that are written into a running site, and counted. */
import { INFLUXDB_ADMIN } from "../../../../constructs/influxdb/secrets";
import { NAMESPACE } from "../../../../ground/namespaces";
import { until } from "../../../../cli/shared/process/until";
import { recordOf, schemaOf, type Shape, SHAPES } from "../../../data-path/shapes";
import { Producer } from "../../site/producer";
import type { Part } from "../../site/part";
import type { RunningSite } from "../../site/running-site";

/** Records of the CSC that the site consumes; points go into a measurement of their own. */
const RECORDS = SHAPES.find(({ topic }) => topic === "lsst.sal.Test.logevent_heartbeat") as Shape;
const POINTS = "nodes.points";
const DATABASE = "efd";

/** Whether nothing but a stub answers in a program's place; another version or build of it is none. */
const isStub = ({ simulated }: RunningSite, part: Part): boolean =>
  simulated.get(part)?.includes(" is a stub") ?? false;

/** Records on their way, as SAL's producers write them; where there is no broker, points that are written at once. */
export class Data {
  /** What was written and taken since {@link start}. */
  written = 0;
  private last = 0;

  private constructor(
    private readonly site: RunningSite,
    private readonly producer: Producer | undefined,
    private before: number,
  ) {}

  static async start(site: RunningSite, env: NodeJS.ProcessEnv): Promise<Data> {
    const flows = (["kafka", "registry"] as const).every((part) => !isStub(site, part));
    const producer = flows ? await Producer.start(site, env) : undefined;
    const data = new Data(site, producer, 0);
    data.before = await data.all();
    return data;
  }

  /** What is counted. */
  get what(): string {
    return this.producer ? "records" : "points";
  }

  /** Whether it goes on while InfluxDB is away. */
  get goesThroughKafka(): boolean {
    return this.producer !== undefined;
  }

  /** Writes so many; what was refused is not counted. */
  async write(count: number): Promise<void> {
    const from = Math.max(this.last + 1, Date.now() * 1000);
    const times = Array.from({ length: count }, (_, i) => from + i);
    this.last = from + count - 1;
    this.written += this.producer ? await this.records(this.producer, times) : await this.points(times);
  }

  private async records(producer: Producer, times: readonly number[]): Promise<number> {
    const records = times.map((time) => recordOf(RECORDS, time));
    const said = await producer.write([{ topic: RECORDS.topic, schema: schemaOf(RECORDS), records }]);
    return said.filter((one) => one === null).length;
  }

  private async points(times: readonly number[]): Promise<number> {
    const { clients } = this.site;
    const { name } = INFLUXDB_ADMIN;
    const [user, password] = await Promise.all(
      ["influxdb-user", "influxdb-password"].map((key) => clients.secret(NAMESPACE.influxdb, name, key)),
    );
    const { status } = await clients.inside({ namespace: NAMESPACE.influxdb, service: "influxdb", port: 8086 }).ask({
      method: "POST",
      path: `/write?db=${DATABASE}&precision=u`,
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
      body: times.map((time) => `${POINTS} private_seqNum=1i ${time}`).join("\n"),
    });
    return status === 204 ? times.length : 0;
  }

  private async all(): Promise<number> {
    const measurement = this.producer ? RECORDS.topic : POINTS;
    const influxdb = await this.site.clients.influxdb("admin");
    const [table] = await influxdb.query(DATABASE, `SELECT COUNT("private_seqNum") FROM "${measurement}"`);
    return Number(table?.rows[0]?.[table.columns.indexOf("count")] ?? 0);
  }

  /** How many of those written are in InfluxDB, once all are, or after so many seconds. */
  async found(seconds: number): Promise<number> {
    let seen = 0;
    await until(seconds, async () => {
      // What was just made ready may not answer yet.
      seen = (await this.all().catch(() => this.before + seen)) - this.before;
      return seen >= this.written ? true : undefined;
    });
    return seen;
  }

  close(): Promise<void> {
    return this.producer?.close() ?? Promise.resolve();
  }
}
