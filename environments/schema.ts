/**
 * The form of an environment. Keys that are not named here are errors. Descriptions become
 * `docs/environments.md` and the JSON Schema.
 */
import { z } from "zod";
import { DEFAULTS } from "./defaults";
import { cluster } from "./schema-cluster";
import { connect, mirror } from "./schema-connect";
import { kafka } from "./schema-kafka";
import { database, positive, resources, webAddress } from "./schema-parts";
import * as unit from "../ground/units";

const storageClass = z.strictObject({
  name: unit.kubernetesName(),
  hostPath: unit
    .hostPath()
    .optional()
    .describe(
      "Folder of the hosts that holds the data of this class's volumes, for local-path; the cluster's when left out",
    ),
});

const state = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("local") }).describe("A file below .state/"),
  z
    .strictObject({
      kind: z.literal("s3"),
      bucket: z.string().min(3),
      region: z.string().min(1),
      prefix: z.string().min(1).describe("Keys are <prefix>/<site>/<layer>/terraform.tfstate"),
    })
    .describe("A bucket; credentials come from the AWS environment of who runs Terraform"),
  z
    .strictObject({
      kind: z.literal("gcs"),
      bucket: z.string().min(3).optional().describe("Left out, it is the input state_bucket"),
      prefix: z.string().min(1).describe("States are <prefix>/<site>/<layer>/default.tfstate"),
    })
    .describe("A bucket of Google; credentials are those of gcloud"),
  z
    .strictObject({ kind: z.literal("pg") })
    .describe("PostgreSQL, a schema <site>-<layer> for each state; PG_CONN_STR says where, and holds its password"),
]);

const certificates = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("own-ca") }).describe("An authority that cert-manager makes in the cluster"),
  z
    .strictObject({
      kind: z.literal("acme"),
      server: webAddress().describe("Directory of the ACME service"),
      region: z.string().describe("AWS region of Route53's API"),
      hostedZoneId: z
        .string()
        .regex(/^Z[A-Z0-9]+$/, { error: "allowed the id of a Route53 zone (Z…), copy it from Route53" }),
    })
    .describe("ACME with DNS-01 on Route53"),
  z
    .strictObject({
      kind: z.literal("given"),
      revision: positive("allowed a whole number from 1, raise it by one whenever a new certificate is given")
        .default(1)
        .describe("Raised by one whenever a new certificate is given"),
    })
    .describe("One certificate of all host names, whose chain and key are the inputs tls_chain and tls_key"),
]);

const dns = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z
    .strictObject({
      kind: z.literal("external-dns"),
      region: z.string(),
      zone: unit.hostName().describe("Zone that external-dns may write to"),
    })
    .describe("Records in Route53, by external-dns"),
]);

const secrets = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("generated") }).describe("Made once, inside the cluster"),
  z
    .strictObject({
      kind: z.literal("vault"),
      server: webAddress().describe("Address of Vault"),
      mount: z.string().describe("Mount of the key-value engine, version 2"),
      path: z.string().regex(/^[^/].*[^/]$/, { error: "allowed a path without slash at either end, shorten it" }),
      tokenRevision: positive("allowed a whole number from 1, raise it by one whenever a new token is given")
        .default(1)
        .describe("Raised by one whenever a new token of Vault is given"),
    })
    .describe("Read from Vault"),
]);

const login = z
  .enum(["none", "github"])
  .describe("How people log in to Chronograf; the secret chronograf-oauth names the GitHub organization");

const consumer = z.strictObject({
  name: unit.kubernetesName(),
  topics: z.array(unit.topicPattern()).min(1).describe("What it consumes; * stands for any characters"),
  database: database().default(DEFAULTS.telegraf.database),
  timestampField: z.string().default(DEFAULTS.telegraf.timestampField),
  timestampFormat: z.enum(["unix", "unix_ms", "unix_us", "unix_ns"]).default(DEFAULTS.telegraf.timestampFormat),
  tags: z.array(z.string().min(1)).default([]).describe("Fields that become tags"),
  batchSize: positive().default(DEFAULTS.telegraf.batchSize).describe("Points in one write"),
  flushInterval: z
    .string()
    .regex(/^[1-9]\d*(ms|s|m)$/, { error: "allowed milliseconds, seconds or minutes (10s), write it as text" })
    .default(DEFAULTS.telegraf.flushInterval),
  maxUndelivered: positive().default(DEFAULTS.telegraf.maxUndelivered).describe("Messages read and not yet written"),
  repair: z.boolean().default(false).describe("Adds a second consumer group that reads all that Kafka still has"),
  resources: resources(DEFAULTS.telegraf.resources),
});

/** The form of one site, before the rules that look at several fields. */
export const structure = z.strictObject({
  name: unit.kubernetesName().describe("Short name of the site: first word of its stacks, middle of its host names"),
  title: z.string().min(1).describe("What the site is, for people"),
  domain: unit.hostName().describe("Domain of all host names"),
  hostPattern: z
    .string()
    .refine((v) => v.includes("{app}") && v.endsWith(".{domain}"), {
      error: "allowed a pattern with {app}, {site} and .{domain} at the end, write {app}-{site}-efd.{domain}",
    })
    .default(DEFAULTS.hostPattern)
    .describe("How host names are made"),
  allowDestroys: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Layers (<site>-<layer>) whose stateful resources may be destroyed, or single things of one (<site>-<layer>/<thing>, as the review names them); empty keeps all",
    ),
  observing: z
    .array(
      z
        .strictObject({
          from: unit.timeOfDay().describe("Begin"),
          to: unit.timeOfDay().describe("End; before the begin where it is the next day's"),
          timeZone: unit.timeZone().describe("Time zone of both, by its name in the IANA database"),
        })
        .refine(({ from, to }) => from !== to, {
          path: ["to"],
          error: "allowed another time than the begin, for a whole day write two windows, to 12:00 and from 12:00",
        }),
    )
    .default([])
    .describe("When the telescope observes: reviewed plans are not applied then, unless somebody says why"),
  chartSource: z
    .union([z.literal("upstream"), unit.hostPath()], {
      error: "allowed upstream or an absolute folder of chart packages",
    })
    .default("upstream")
    .describe("Where charts come from: their own repositories, or a folder with <chart>-<version>.tgz"),
  cluster,
  state,
  storage: z
    .strictObject({
      className: unit
        .kubernetesName()
        .default(DEFAULTS.storage.className)
        .describe("Class of every volume that names no other"),
      classes: z.array(storageClass).default([]).describe("More classes, for whatever names one"),
    })
    .prefault({}),
  certificates,
  dns,
  secrets,
  login,
  kafka,
  registry: z
    .strictObject({
      replicas: positive().default(DEFAULTS.registry.replicas),
      resources: resources(DEFAULTS.registry.resources),
      modeIsMutable: z
        .boolean()
        .default(false)
        .describe("Whether its mode may be changed while it runs, to READONLY or IMPORT where schemas are copies"),
    })
    .prefault({}),
  influxdb: z.strictObject({
    disk: unit.quantity().describe("Volume of InfluxDB"),
    retention: unit.retention().describe("How long InfluxDB keeps the EFD"),
    telegrafRetention: unit
      .retention()
      .default(DEFAULTS.influxdb.telegrafRetention)
      .describe("How long it keeps what Telegraf says of itself"),
    resources: resources(DEFAULTS.influxdb.resources),
  }),
  chronograf: z.strictObject({ disk: unit.quantity(), resources: resources(DEFAULTS.chronograf.resources) }),
  kapacitor: z.strictObject({ disk: unit.quantity(), resources: resources(DEFAULTS.kapacitor.resources) }),
  telegraf: z
    .strictObject({
      consumers: z.array(consumer).default([]),
      measuresNodes: z
        .boolean()
        .default(false)
        .describe("Whether a Telegraf on every node writes the node's CPU, memory, disks and network into InfluxDB"),
    })
    .prefault({})
    .describe("Consumers that write Kafka's topics into InfluxDB"),
  connect: connect.optional(),
  mirror: mirror.optional(),
  ingestBytesPerSecond: positive("allowed bytes per second above 0, leave it out where nobody knows")
    .optional()
    .describe("What arrives in Kafka, for the rule on disks"),
});

/** A site as its file writes it: only what differs from the defaults. */
export type EnvironmentInput = z.input<typeof structure>;
/** A site, complete and checked. */
export type Environment = z.output<typeof structure>;
/** A cluster of Google's Kubernetes Engine. */
export type GkeEnvironment = Extract<Environment["cluster"], { kind: "gke" }>;
/** A k3s cluster in Docker. */
export type K3sEnvironment = Extract<Environment["cluster"], { kind: "k3s" }>;
