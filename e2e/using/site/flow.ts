/** Data that flow through the site while commands look at it. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../cli/shared/process/until";
import { SUNK_TOPIC, TOPIC } from "../../lifecycle/site/smallest";
import { passwordIn } from "../../data-path/site";
import { send, type Topic } from "../../data-path/simple-topic";
import type { Connect } from "../../data-path/parts";
import type { RunningConsumer, World as DataPathWorld } from "../../data-path/world";

/** The consumer of the site, and the connector. */
export const [CONSUMER, CONNECTOR] = ["test", "moving"];

/** Seconds within which a record arrives: a consumer joins its group first, and flushes every ten seconds. */
const ARRIVES = 180;

/** A topic with a schema. */
const topic = (name: string): Topic => ({
  name,
  schema: {
    type: "record",
    // Telegraf calls a measurement after both.
    name: name.split(".").at(-1),
    namespace: name.split(".").slice(0, -1).join("."),
    fields: [
      { name: "private_efdStamp", type: "double" },
      { name: "x", type: "double" },
      { name: "n", type: "long" },
      { name: "place", type: "string" },
    ],
  },
});

/** What they flow through. */
interface FlowProps {
  readonly data: DataPathWorld;
  readonly connect: Connect;
}

/** Records go into both topics of the site, and points come out. */
export class Flow {
  private count = 0;
  private asked: Promise<unknown> = Promise.resolve();
  private consumer: RunningConsumer | undefined;
  /** Whether points of the connector's topic come out, which a stub writes: what Connect runs here writes a file. */
  sinks = true;

  constructor(private readonly world: FlowProps) {}

  /** Makes the topics, and starts the consumer and the connector. */
  async start(): Promise<void> {
    const { data, connect } = this.world;
    const names = [TOPIC, SUNK_TOPIC];
    await data.client.ask("topics", { names, account: data.account("ts-salkafka"), copies: data.kafka.nodes.length });
    this.startConsumer();
    await connect.put(CONNECTOR, this.connector());
    await this.beat();
  }

  /** What the connector is, in Connect's own words. */
  connector(change: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
      "tasks.max": "1",
      topics: SUNK_TOPIC,
      file: `${this.world.data.folder}/moving.txt`,
      ...change,
    };
  }

  startConsumer(): void {
    [this.consumer] = this.world.data.start([CONSUMER]);
  }

  async stopConsumer(): Promise<void> {
    await this.consumer?.program.stop();
  }

  /** One record into each topic; waits until its points are there, where they will be. */
  async beat(arrives = true): Promise<void> {
    const { data } = this.world;
    const n = this.count++;
    const now = Date.now() / 1000;
    await this.alone(async () => {
      for (const name of [TOPIC, SUNK_TOPIC]) await send(data, topic(name), 1, n, now - n);
    });
    if (this.sinks) await this.point(SUNK_TOPIC, n);
    if (!arrives) return;
    const there = await until(ARRIVES, async () => {
      const [table] = await data.influx.query("efd", `SELECT last(n) FROM "${TOPIC}"`);
      return Number(table?.rows[0]?.[1]) >= n ? true : undefined;
    });
    if (!there)
      throw new Error(
        `record ${n} does not arrive in InfluxDB within ${ARRIVES} s: ${this.consumer?.program.said.slice(-400)}`,
      );
  }

  /** Records while something happens, one a second. */
  async during<T>(happens: () => Promise<T>): Promise<T> {
    let over = false;
    const beats = (async () => {
      while (!over) {
        await this.beat(false).catch(() => undefined);
        await sleep(1000);
      }
    })();
    try {
      return await happens();
    } finally {
      over = true;
      await beats;
    }
  }

  /** One question to Kafka's client at a time. */
  alone<T>(act: () => Promise<T>): Promise<T> {
    const next = this.asked.catch(() => undefined).then(act);
    this.asked = next;
    return next;
  }

  private async point(measurement: string, n: number): Promise<void> {
    const login = Buffer.from(`admin:${passwordIn("influxdb-auth")}`).toString("base64");
    await fetch(`${this.world.data.influxdb.url}/write?db=efd`, {
      method: "POST",
      headers: { authorization: `Basic ${login}` },
      body: `${measurement} x=${n},n=${n}i`,
    }).catch(() => undefined);
  }
}
