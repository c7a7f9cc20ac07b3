/** A site on which everything answers: an API server with the site's objects, and the programs behind its pods. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment, EnvironmentInput } from "../../../environments/schema";
import { parseEnvironment } from "../../../environments/parse";
import { KAFKA_ADMIN } from "../../../constructs/kafka/kafka-cluster";
import { KAFKA_PORTS } from "../../../constructs/kafka/listeners";
import { brokerServices, KAFKA_CLUSTER } from "../../../constructs/kafka/resources";
import { NAMESPACE } from "../../../ground/namespaces";
import type { Stack } from "../../../cli/shared/site/program";
import { synthesize } from "../../../cli/shared/site/synthesis";
import { Connect, type Installed } from "../../data-path/parts";
import { World as DataPathWorld } from "../../data-path/world";
import { freePorts } from "../../rehearsal/control-plane/free-port";
import { ApiFront } from "./api-front";
import { Authority } from "./authority";
import { CommandLine } from "./command";
import { objectsOf } from "./objects";
import { mountSmall } from "./disk";
import { Entrance } from "./entrance";
import { Flow } from "./flow";
import { type Forward, Plane } from "./plane";
import { Relay } from "./relay";
import { secretsOf } from "./secrets";
import { BROKERS, site } from "./site";
import { chronografAnswers, StubWeb, subscribe } from "./web";

/** Programs behind pods. */
export type Part = "influxdb" | "registry" | "connect" | "chronograf" | "kapacitor" | `broker-${number}`;

/** What the world is made of. */
export interface WorldProps {
  readonly folder: string;
  readonly installed: Installed;
  /** Telegraf's program. */
  readonly telegraf: string;
  /** Folder with CRDs. @default - those that take everything */
  readonly crds?: string;
  /** Tells how far it is. */
  readonly tell: (line: string) => void;
}

/** Sizes of the file systems that hold data, where they may be mounted. */
const DISKS = { brokers: "2g", influxdb: "128m" };

const [BROKER_POOL, SERVICE] = ["broker", `${brokerServices().brokers}.${NAMESPACE.kafka}.svc`];

/** Name of a broker's pod. */
export const podOf = (id: number): string => `${KAFKA_CLUSTER}-${BROKER_POOL}-${id}`;

/** All of it. */
export class World {
  /** What goes through it. */
  readonly flow: Flow;

  private constructor(
    readonly environment: Environment,
    readonly stacks: readonly Stack[],
    readonly plane: Plane,
    /** What the site's kubeconfig leads to. */
    readonly front: ApiFront,
    readonly data: DataPathWorld,
    readonly connect: Connect,
    readonly web: Readonly<Record<"chronograf" | "kapacitor", StubWeb>>,
    /** Ways from pods to their programs. */
    readonly ways: ReadonlyMap<Part, Relay>,
    readonly authorities: Readonly<Record<"kafka" | "web", Authority>>,
    readonly command: CommandLine,
    /** What clients outside come to, or why it is not there. */
    readonly entrance: Entrance | string,
  ) {
    this.flow = new Flow({ data, connect });
  }

  static async start({ folder, installed, telegraf, crds, tell }: WorldProps): Promise<World> {
    const plane = new Plane(join(folder, "cluster"), installed.env);
    const kubeconfig = join(folder, "kubeconfig");
    const input: EnvironmentInput = site(kubeconfig);
    const environment = parseEnvironment(input);
    const stacks = synthesize([environment], join(folder, "stacks"));
    const [kafka, web] = [await authority(folder, "kafka"), await authority(folder, "web")];
    for (const id of BROKERS) {
      const names = [`${podOf(id)}.${SERVICE}`, `${podOf(id)}.${SERVICE}.cluster.local`, bootstrap];
      await kafka.certify({ file: podOf(id), commonName: `${KAFKA_CLUSTER}-kafka`, names });
    }
    const ports = await freePorts(FORWARDS.length);
    const [data] = await Promise.all([
      dataPath(environment, { folder, installed, telegraf, authority: kafka }),
      plane.up(FORWARDS.map(({ part: _, ...one }, i) => ({ ...one, to: ports[i] ?? 0 }))),
    ]);
    tell("cluster and data path are up");
    const front = await ApiFront.start(plane.kubeconfig, kubeconfig);
    const connect = await Connect.start(data.folder, installed, data.kafka);
    await plane.serve(stacks, crds);
    const objects = objectsOf(environment, stacks);
    await plane.apply([...objects, ...(await secretsOf(stacks, { kafka, web }))]);
    tell("the site's objects are there");
    const stubs = {
      chronograf: await StubWeb.start(chronografAnswers(objects)),
      kapacitor: await StubWeb.start({ "/kapacitor/v1/ping": [204], "/write": [204] }),
    };
    await subscribe(data, stubs.kapacitor);
    await Promise.all([connect.ready(), becomesReady(plane, stacks)]);
    const leads: Record<string, number> = {
      influxdb: data.influxdb.port,
      registry: data.registry.port,
      connect: connect.port,
      chronograf: stubs.chronograf.port,
      kapacitor: stubs.kapacitor.port,
      ...Object.fromEntries(data.kafka.nodes.map(({ id, ports: of }) => [`broker-${id}`, of.tls])),
    };
    const ways = new Map<Part, Relay>();
    for (const [i, { part }] of FORWARDS.entries()) {
      const relay = new Relay(ports[i] ?? 0, leads[part] ?? 0);
      await relay.set("passes");
      ways.set(part, relay);
    }
    for (const { id } of data.kafka.nodes)
      front.volumes.push({
        namespace: NAMESPACE.kafka,
        pod: podOf(id),
        claim: `data-0-${podOf(id)}`,
        folder: data.folder,
      });
    const influxdb = { pod: "influxdb-0", claim: "influxdb", folder: join(data.folder, "influxdb") };
    front.volumes.push({ namespace: NAMESPACE.influxdb, ...influxdb });
    const command = new CommandLine(input, installed.env);
    const authorities = { kafka, web };
    const entrance = await Entrance.start(environment, stacks, web);
    const world = new World(
      environment,
      stacks,
      plane,
      front,
      data,
      connect,
      stubs,
      ways,
      authorities,
      command,
      entrance,
    );
    await world.flow.start();
    return world;
  }

  /** The way to a part. */
  way(part: Part): Relay {
    const way = this.ways.get(part);
    if (!way) throw new Error(`nothing leads to ${part}`);
    return way;
  }
}

const bootstrap = `${brokerServices().bootstrap}.${NAMESPACE.kafka}.svc`;

/** Where connections into the site's pods lead; the ports of this machine are chosen later. */
const FORWARDS: readonly (Omit<Forward, "to"> & { readonly part: Part })[] = [
  { part: "influxdb", namespace: NAMESPACE.influxdb, from: 8086 },
  { part: "registry", namespace: NAMESPACE.kafka, from: 8081 },
  { part: "connect", namespace: NAMESPACE.kafka, from: 8083 },
  { part: "chronograf", namespace: NAMESPACE.chronograf, from: 8888 },
  { part: "kapacitor", namespace: NAMESPACE.kapacitor, from: 9092 },
  ...BROKERS.map((id) => ({
    part: `broker-${id}` as const,
    namespace: NAMESPACE.kafka,
    pod: podOf(id),
    from: KAFKA_PORTS.tls,
  })),
];

async function authority(folder: string, name: string): Promise<Authority> {
  const own = join(folder, `authority-${name}`);
  mkdirSync(own);
  return Authority.make(own, `made-up authority of ${name}`);
}

/** Kafka of three brokers with a listener as Strimzi's, a registry, an InfluxDB that the site's own setup has set up. */
async function dataPath(
  environment: Environment,
  { folder, installed, telegraf, authority: kafka }: Omit<WorldProps, "tell"> & { readonly authority: Authority },
): Promise<DataPathWorld> {
  const own = join(folder, "data-path");
  await mountSmall(own, DISKS.brokers);
  await mountSmall(join(own, "influxdb"), DISKS.influxdb);
  return DataPathWorld.start(environment, own, installed, telegraf, {
    ids: BROKERS,
    tls: {
      keys: (id) => kafka.pem(podOf(id)),
      authority: kafka.file,
      advertised: (id) => `${podOf(id)}.${SERVICE}:${KAFKA_PORTS.tls}`,
      superUsers: [`CN=${KAFKA_ADMIN}`],
    },
  });
}

/** Says of every custom resource what its operator would say. */
async function becomesReady(plane: Plane, stacks: readonly Stack[]): Promise<void> {
  for (const one of stacks.flatMap((stack) => stack.customResources()))
    if (!["Password", "Middleware", "NetworkPolicy"].includes(one.kind)) await plane.status(one, READY());
}

/** The status of an object that is ready. */
export const READY = (status: "True" | "False" = "True", message = "said by a bench: no operator runs") => ({
  observedGeneration: 1,
  conditions: [
    {
      type: "Ready",
      status,
      reason: status === "True" ? "Ready" : "NotReady",
      message,
      lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ""),
    },
  ],
});
