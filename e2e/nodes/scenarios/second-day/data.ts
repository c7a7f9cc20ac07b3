/** Data that are written into a running site, and counted. */
import { INFLUXDB_ADMIN } from "../../../../constructs/influxdb/secrets";
import { NAMESPACE } from "../../../../ground/namespaces";
import { until } from "../../../../cli/shared/process/until";
import { recordOf, schemaOf, type Shape, SHAPES } from "../../../data-path/shapes";
import type { Account } from "../../../data-path/parts";
import { Producer } from "../../site/producer";
import { isStub } from "../../site/part";
import type { RunningSite } from "../../site/running-site";
import { Outbox } from "./outbox";

/** Records of the CSC that the site consumes; points go into a measurement of their own. */
const RECORDS = SHAPES.find(({ topic }) => topic === "lsst.sal.Test.logevent_heartbeat") as Shape;
const POINTS = "nodes.points";
const DATABASE = "efd";

/** Seconds for which data are offered: a broker may have to read its logs first, or a password to arrive. */
const OFFERED = 300;

/** Records on their way, as SAL's producers write them; where there is no broker, points that are written at once. */
export class Data {
  private readonly outbox = new Outbox((times) => (this.producer ? this.records(times) : this.points(times)));
  private last = 0;

  private constructor(
    private readonly site: RunningSite,
    private producer: Producer | undefined,
    private before: number,
  ) {}

  static async start(site: RunningSite): Promise<Data> {
    const flows = (["kafka", "registry"] as const).every((part) => !isStub(site, part));
    const data = new Data(site, flows ? await Producer.start(site, process.env) : undefined, 0);
    data.before = await data.all();
    return data;
  }

  /** What was taken since {@link start}. */
  get written(): number {
    return this.outbox.taken;
  }

  /** What is counted. */
  get what(): string {
    return this.producer ? "records" : "points";
  }

  /** Where InfluxDB has it. */
  get measurement(): string {
    return this.producer ? RECORDS.topic : POINTS;
  }

  /** Whether it goes on while InfluxDB is away. */
  get goesThroughKafka(): boolean {
    return this.producer !== undefined;
  }

  /**
   * Writes so many, and what was not taken before.
   *
   * @throws where they are not taken in time.
   */
  write(count: number): Promise<void> {
    return this.outbox.empty(this.times(count), OFFERED);
  }

  /** Offers so many, and what was not taken before, once. */
  offer(count: number): Promise<void> {
    return this.outbox.try(this.times(count));
  }

  /** Takes the password, the schema's number and the authority as they are now. */
  async renew(): Promise<void> {
    if (!this.producer) return;
    await this.producer.close();
    this.producer = await Producer.start(this.site, process.env);
  }

  /** The account of Kafka that writes; none where there is no broker. */
  get account(): Account | undefined {
    return this.producer?.account;
  }

  /** What Kafka says to an account that may read; `lets it in` where it does. */
  async refusalOf(account: Account): Promise<string> {
    const said = await this.producer?.read(account, RECORDS.topic);
    return typeof said === "string" ? said : "lets it in";
  }

  /** Times of new data in microseconds, each another one. */
  private times(count: number): number[] {
    const from = Math.max(this.last + 1, Date.now() * 1000);
    this.last = from + count - 1;
    return Array.from({ length: count }, (_, i) => from + i);
  }

  private records(times: readonly number[]): Promise<(string | null)[]> {
    const records = times.map((time) => recordOf(RECORDS, time));
    const batch = { topic: RECORDS.topic, schema: schemaOf(RECORDS), records };
    return this.producer?.write([batch]) ?? Promise.resolve([]);
  }

  private async points(times: readonly number[]): Promise<(string | null)[]> {
    const { clients } = this.site;
    const { name } = INFLUXDB_ADMIN;
    const [user, password] = await Promise.all(
      ["influxdb-user", "influxdb-password"].map((key) => clients.secret(NAMESPACE.influxdb, name, key)),
    );
    const { status, text } = await clients
      .inside({ namespace: NAMESPACE.influxdb, service: "influxdb", port: 8086 })
      .ask({
        method: "POST",
        path: `/write?db=${DATABASE}&precision=u`,
        headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
        body: times.map((time) => `${POINTS} private_seqNum=1i ${time}`).join("\n"),
      });
    return times.map(() => (status === 204 ? null : `InfluxDB answers ${status}: ${text}`));
  }

  private async all(): Promise<number> {
    const influxdb = await this.site.clients.influxdb("admin");
    const [table] = await influxdb.query(DATABASE, `SELECT COUNT("private_seqNum") FROM "${this.measurement}"`);
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
