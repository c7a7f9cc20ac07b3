/** What the acceptance list (docs/acceptance/efd.md) is checked against, as literals of the sources, and how stacks are asked. */
import { type ObjectJson, type StackView, unescaped } from "../../synthesized/stack";
import { layersOf } from "../../environments/derived/layers";
import { environmentOf, stack } from "../support/sites";

export { unescaped };

/** One column of the site table (docs/acceptance/efd.md#sites), as far as these checks need it. */
export interface SiteFacts {
  readonly domain: string;
  /** Where records point; undefined where they follow load balancers. */
  readonly address?: string;
  readonly dns: boolean;
  readonly brokers: readonly number[];
  /** phalanx 2026-08, "Controllers"; `local` takes one. */
  readonly controllers: readonly number[];
  readonly kafkaHours: number;
  /** Hours of "EFD retention in InfluxDB". */
  readonly efdHours: number;
  readonly brokerDisk: string;
  readonly influxdbDisk: string;
  readonly dashboardDisk: string;
  readonly storageClass: string;
  /** How its hosts are called, where that is documented (argocd-efd 2021-09). @default - docs/acceptance/efd.md#parts: `<app>-<site>-efd.<domain>` */
  readonly hosts?: (app: string) => string;
  /** Whether its certificate is given (docs/acceptance/efd.md#sites). */
  readonly givenCertificate?: true;
  /** Inputs besides secrets (docs/acceptance/efd.md#sites: what nobody documented). */
  readonly inputs?: readonly string[];
  /** Whether it has Kafka Connect, with the sink into a bucket, and the mirror (docs/acceptance/efd.md#sites). */
  readonly connect?: true;
  /** Path below Vault's mount (argocd-efd 2021-09); none where secrets are generated. */
  readonly vault?: string;
}

/** docs/acceptance/efd.md#sites. */
export const FACTS: Readonly<Record<string, SiteFacts>> = {
  local: {
    domain: "localhost",
    address: "127.0.0.1",
    dns: false,
    brokers: [0],
    controllers: [3],
    kafkaHours: 1,
    efdHours: 24,
    brokerDisk: "2Gi",
    influxdbDisk: "2Gi",
    dashboardDisk: "1Gi",
    storageClass: "local-path",
  },
  gcp: {
    domain: "lsst.codes",
    dns: true,
    brokers: [0, 1, 2],
    controllers: [3, 4, 5],
    kafkaHours: 24,
    efdHours: 52 * 7 * 24,
    brokerDisk: "15Gi",
    influxdbDisk: "128Gi",
    dashboardDisk: "8Gi",
    storageClass: "pd-ssd",
    // terraform-efd of 2019: <mount>/dm/square/<deploy>/<environment>.
    vault: "dm/square/efd/gcp",
  },
  tucson: {
    domain: "lsst.codes",
    address: "140.252.32.142",
    dns: true,
    brokers: [3, 4, 5],
    controllers: [0, 1, 2],
    kafkaHours: 2,
    efdHours: 52 * 7 * 24,
    brokerDisk: "15Gi",
    influxdbDisk: "15Gi",
    dashboardDisk: "8Gi",
    storageClass: "local-path",
    vault: "k8s_operator/tucson-teststand.lsst.codes/efd",
  },
  ncsa: {
    domain: "ncsa.illinois.edu",
    hosts: (app) => `lsst-${app}-int-efd.ncsa.illinois.edu`,
    address: "${var.server_address}",
    inputs: ["connect_image", "docker_host", "server_address"],
    dns: false,
    givenCertificate: true,
    connect: true,
    brokers: [0, 1, 2],
    controllers: [3, 4, 5],
    kafkaHours: 24,
    efdHours: Infinity,
    brokerDisk: "50Gi",
    influxdbDisk: "50Gi",
    dashboardDisk: "50Gi",
    storageClass: "local-path",
    vault: "k8s_operator/lsst-lsp-int.ncsa.illinois.edu/efd",
  },
  summit: {
    domain: "lsst.codes",
    address: "139.229.162.114",
    dns: true,
    brokers: [6, 7, 8],
    controllers: [3, 4, 5],
    kafkaHours: 72,
    efdHours: 30 * 24,
    brokerDisk: "500Gi",
    influxdbDisk: "1Ti",
    dashboardDisk: "8Gi",
    storageClass: "local-path",
    vault: "k8s_operator/summit-lsp.lsst.codes/efd",
  },
};

/** phalanx 2026-08, column "Summit", and what it has besides `lsst.sal`. */
export const SUMMIT: Readonly<Record<string, string>> = {
  auxtel: "ATAOS ATBuilding ATDome ATDomeTrajectory ATHexapod ATPneumatics ATPtg ATMCS",
  maintel: "MTAOS MTDome MTDomeTrajectory MTPtg",
  mtmount: "MTMount",
  comcam: "CCCamera CCHeaderService CCOODS",
  envsys: "DIMM DREAM DSM EAS EPM ESS HVAC WeatherForecast",
  latiss: "ATCamera ATHeaderService ATOODS ATSpectrograph",
  m1m3: "MTM1M3",
  m1m3ts: "MTM1M3TS",
  m2: "MTHexapod MTM2 MTRotator",
  obssys: "Scheduler Script ScriptQueue Watcher",
  ocps: "OCPS",
  mtaircompressor: "MTAirCompressor",
  lasertracker: "LaserTracker",
  mtvms: "MTVMS",
  test: "Test",
  pmd: "PMD",
  gis: "GIS",
  calsys:
    "ATMonochromator ATWhiteLight CBP Electrometer FiberSpectrograph LEDProjector LinearStage MTReflector TunableLaser",
  genericcamera: "GCHeaderService GenericCamera",
  lsstcam: "MTCamera MTHeaderService MTOODS WFOODS",
};

/** Sites whose column is above. */
export const TABLE: readonly string[] = Object.keys(FACTS);

/** The column of a site. */
export function factsOf(site: string): SiteFacts {
  const facts = FACTS[site];
  if (!facts) throw new Error(`${site} has no column in the table`);
  return facts;
}

/** Name of an application's host. */
export function hostOf(site: string, app: string): string {
  const { hosts, domain } = factsOf(site);
  return hosts?.(app) ?? `${app}-${site}-efd.${domain}`;
}

/** Sites with Kafka Connect, those where each host has a certificate made, and where one is given. */
export const WITH_CONNECT = TABLE.filter((site) => factsOf(site).connect);
export const WITH_ISSUER = TABLE.filter((site) => !factsOf(site).givenCertificate);
export const WITH_GIVEN = TABLE.filter((site) => factsOf(site).givenCertificate);

/** Sites whose brokers are reached by ports of the nodes, and those that have load balancers for it. */
export const WITH_NODE_PORTS = TABLE.filter((site) => factsOf(site).address !== undefined);
/** Sites on GKE. */
export const WITH_LOAD_BALANCERS = TABLE.filter((site) => factsOf(site).address === undefined);

/** Configurations of a site's consumers; what measures nodes reads no Kafka. */
export function consumerConfigurations(site: string): { address: string; text: string }[] {
  return stack(site, "efd")
    .telegrafConfigurations()
    .filter(({ text }) => text.includes("[[inputs.kafka_consumer]]"));
}

/** The stacks of the EFD in which Kubernetes objects are. */
export function upperLayers(site: string): StackView[] {
  return [stack(site, "platform"), stack(site, "efd")];
}

/** Every stack in which Kubernetes objects are: those of the EFD, and LOVE's where the site has it. */
export function allUpperLayers(site: string): StackView[] {
  return layersOf(environmentOf(site))
    .filter((layer) => layer !== "cluster")
    .map((layer) => stack(site, layer));
}

/** A value inside JSON: keys and indexes with dots between. `undefined` where a step leads nowhere. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) => (inner && typeof inner === "object" ? (Reflect.get(inner, key) as unknown) : undefined),
      value,
    );
}

/** Every value that stands under this key, at any depth. */
export function valuesUnder(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((inner) => valuesUnder(inner, key));
  if (!value || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner as unknown] : []),
    ...valuesUnder(inner, key),
  ]);
}

/** Every text inside JSON, at any depth. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

/** The one custom resource of a kind and name. */
export function customResource(view: StackView, kind: string, name: string): ObjectJson {
  const found = view.customResources(kind).filter(({ metadata }) => metadata.name === name);
  const [one] = found;
  if (!one || found.length > 1) throw new Error(`${view.name} has ${found.length} ${kind} ${name}, allowed one`);
  return one;
}

const known = new WeakMap<StackView, ReadonlyMap<string, readonly string[]>>();

/** Which resources each resource of a stack refers to, by `depends_on` or by `${…}`; looked for once. */
export function references(view: StackView): ReadonlyMap<string, readonly string[]> {
  const found = known.get(view) ?? findReferences(view);
  known.set(view, found);
  return found;
}

function findReferences(view: StackView): Map<string, string[]> {
  const all = view.resources();
  const addresses = new Set(all.map(({ address }) => address));
  return new Map(
    all.map(({ address, body }) => {
      const named = (body["depends_on"] ?? []) as string[];
      const inside = texts(body).flatMap((text) =>
        [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].flatMap(([, expression = ""]) =>
          [...expression.matchAll(/[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/g)].map(([found]) => found),
        ),
      );
      return [address, [...new Set([...named, ...inside])].filter((one) => addresses.has(one) && one !== address)];
    }),
  );
}

/** Everything that Terraform finishes before it begins with this resource. */
export function before(view: StackView, address: string): Set<string> {
  const graph = references(view);
  if (!graph.has(address)) throw new Error(`${view.name} has no ${address}`);
  const seen = new Set<string>();
  const walk = (one: string) => {
    for (const next of graph.get(one) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        walk(next);
      }
  };
  walk(address);
  return seen;
}

/** The address of a resource of a type, by the name of its object in the cluster. */
export function addressOf(view: StackView, type: string, name: string): string {
  const found = view
    .resources(type)
    .filter(({ body }) => body["name"] === name || at(body, "metadata.name") === name)
    .map(({ address }) => address);
  if (found.length !== 1 || !found[0]) throw new Error(`${view.name} has ${found.length} ${type} ${name}, allowed one`);
  return found[0];
}

/** Address of the Job that waits for a release. */
export function readyJob(view: StackView, release: string): string {
  const found = view
    .resources("kubernetes_job_v1")
    .filter(({ body }) => new RegExp(`^ready-${release}-[0-9a-f]{8}$`).test(String(at(body, "metadata.name"))));
  if (found.length !== 1 || !found[0])
    throw new Error(`${view.name} has ${found.length} Jobs that wait for ${release}, allowed one`);
  return found[0].address;
}

/** The Job that sets InfluxDB up, and its script. */
export function influxdbSetup(site: string) {
  const efd = stack(site, "efd");
  const jobs = efd
    .resources("kubernetes_job_v1")
    .filter(({ body }) => String(at(body, "metadata.name")).startsWith("influxdb-setup-"));
  const [job] = jobs;
  if (!job || jobs.length > 1) throw new Error(`${site} has ${jobs.length} Jobs that set InfluxDB up`);
  const config = efd.resource(addressOf(efd, "kubernetes_config_map_v1", "influxdb-setup"));
  const { "setup.sh": script = "" } = config["data"] as Record<string, string>;
  return { address: job.address, body: job.body, script: unescaped(script) };
}
