/** The data path of a site on this machine, empty at first: parts, accounts, consumers as they run in their pods. */
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run } from "../../cli/shared/process/process";
import { until } from "../../cli/shared/process/until";
import type { Environment } from "../../environments/schema";
import { Influx } from "./influx";
import { type Account, Client, Influxdb, type Installed, Kafka, type KafkaCluster, Registry } from "./parts";
import { Program } from "./program";
import { CONSUMER, type ConsumerFiles, DataPath, passwordIn } from "./site";

/** Seconds in which what goes on arrives, is read or is counted on a busy machine; on a quiet one it takes ten at most. */
export const PATIENCE = 180;

/** Telegraf of a consumer. */
export interface RunningConsumer extends ConsumerFiles {
  readonly program: Program;
}

/** All of it. */
export class World {
  private constructor(
    readonly site: DataPath,
    /** The same with a repair of the consumer to which everything happens. */
    readonly repaired: DataPath,
    readonly folder: string,
    private readonly telegraf: string,
    readonly installed: Installed,
    readonly kafka: Kafka,
    readonly registry: Registry,
    readonly influxdb: Influxdb,
    readonly client: Client,
    /** InfluxDB, as its administrator sees it. */
    readonly influx: Influx,
  ) {}

  /** Starts everything, with the accounts and rights of the site, and sets InfluxDB up as the site does. */
  static async start(
    environment: Environment,
    folder: string,
    installed: Installed,
    telegraf: string,
    cluster: KafkaCluster = {},
  ): Promise<World> {
    const site = new DataPath(environment, join(folder, "stacks"));
    const consumers = environment.telegraf.consumers.map((one) =>
      one.name === CONSUMER ? { ...one, repair: 1 } : one,
    );
    const repairing = { ...environment, telegraf: { ...environment.telegraf, consumers } };
    const repaired = new DataPath(repairing, join(folder, "repaired"));
    const kafka = await Kafka.start(folder, installed, cluster);
    const registry = await Registry.start(folder, installed);
    const influxdb = await Influxdb.start(folder, installed, site.influxdbConfiguration());
    await registry.ready();
    const client = new Client(kafka, registry, installed);
    const influx = new Influx(influxdb.url, { name: "admin", password: passwordIn("influxdb-auth") });
    const world = new World(site, repaired, folder, telegraf, installed, kafka, registry, influxdb, client, influx);
    for (const { name, hasPassword, acls } of site.kafkaAccounts()) {
      if (hasPassword) await client.ask("password", { ...world.account(name) });
      await client.ask("account", { name, acls });
    }
    await client.ask("topics", { names: ["_schemas"], account: null, copies: kafka.nodes.length });
    await world.setInfluxdbUp();
    return world;
  }

  /** An account of Kafka. */
  account(name: string): Account {
    return { name, password: passwordIn(`kafka-${name}`) };
  }

  /** Runs the site's own setup of InfluxDB. */
  async setInfluxdbUp(): Promise<void> {
    const { script, env } = this.site.influxdbSetup();
    const file = join(this.folder, "setup.sh");
    writeFileSync(file, script);
    const { code, stdout, stderr } = await run("sh", [file], {
      env: {
        ...this.installed.env,
        ...env,
        HOME: this.folder,
        INFLUXDB_HOST: "127.0.0.1",
        // No API server remembers whether it was set up.
        API_SERVER: "",
        INFLUXDB_PORT: String(this.influxdb.port),
      },
    });
    if (code !== 0) throw new Error(`the setup of InfluxDB failed: ${stdout}${stderr}`);
  }

  /** Starts consumers as their containers do; `env` replaces variables. */
  start(names: readonly string[], env: Readonly<Record<string, string>> = {}, site = this.site): RunningConsumer[] {
    const to = { kafka: this.kafka.listener, registry: this.registry.url, influxdb: this.influxdb.url };
    return site.consumers(names, to).map((consumer) => {
      const { name, files } = consumer;
      const folder = join(this.folder, name);
      mkdirSync(folder, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      const program = new Program(name, join(this.folder, `${name}.log`), "sh", [join(folder, "run.sh")], {
        ...this.installed.env,
        PATH: [dirname(this.telegraf), this.installed.env["PATH"]].join(delimiter),
        ...site.consumerVariables(name),
        CONFIGURATIONS: folder,
        ...env,
      });
      return { ...consumer, program };
    });
  }

  /** Points of a measurement in the EFD. */
  async count(measurement: string, database = "efd"): Promise<number> {
    return (await this.influx.points(database, measurement))?.rows.length ?? 0;
  }

  /** Waits until a measurement has so many points, and gives how many it has then. */
  async arrived(measurement: string, points: number, { database = "efd" } = {}): Promise<number> {
    await until(PATIENCE, async () => ((await this.count(measurement, database)) >= points ? true : undefined));
    return this.count(measurement, database);
  }

  /**
   * What InfluxDB counted of a database since it started, once it has taken and refused so many points: they can be read
   * before they are counted.
   */
  async counted(
    { taken = 0, refused = 0 }: { readonly taken?: number; readonly refused?: number },
    database = "efd",
  ): Promise<{ taken: number; refused: number }> {
    await until(PATIENCE, async () => {
      const now = await this.influx.counts(database);
      return (now.taken >= taken && now.refused >= refused) || undefined;
    });
    return this.influx.counts(database);
  }

  /** Waits until a group has read all of its topics, and gives how many records it has not read then. */
  async unread(group: string): Promise<number> {
    const left = async () =>
      Object.values(await this.client.ask<Record<string, number>>("unread", { group })).reduce(
        (all, one) => all + one,
        0,
      );
    await until(PATIENCE, async () => ((await left()) === 0 ? true : undefined));
    return left();
  }
}
