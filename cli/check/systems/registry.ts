/** The schema registry: whether it answers, takes schemas, and has those that consumers need. */
import { REGISTRY } from "../../../constructs/registry/access";
import { NAMESPACE } from "../../../ground/namespaces";
import { inside } from "../../../synthesized/stack";
import type { Environment } from "../../../environments/schema";
import type { Kafka, RecordPlace } from "../../shared/clients/kafka";
import { type Registry, registryOf, subjectOf } from "../../shared/clients/registry";
import { consumersOf, topicsOf } from "../../shared/ingest/consumers";
import { formOf } from "../../shared/ingest/schema-id";
import { saysDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";
import { some } from "../../shared/terminal/some";
import { within } from "./within";

/** How many topics' newest records are looked at: those that were written last. */
const RECORDS_SEEN = 20;
const PODS = `kubectl -n ${NAMESPACE.kafka} get pods -l app.kubernetes.io/name=${REGISTRY}`;

async function answers({ site, clients, signal }: CheckProps): Promise<Verdict[]> {
  // Where the cluster does not answer, nobody knows.
  const replicas = replicasVerdict(site.registry.replicas, await replicasOf(clients));
  const registry = registryOf(clients);
  const began = performance.now();
  const answer = { what: "answer", healthy: "an answer: without it Telegraf loses what it reads" };
  try {
    const count = (await within("the schema registry", registry.subjects())).length;
    const seconds = Math.round(performance.now() - began) / 1000;
    const [mode, compatibility] = await Promise.all([registry.mode(), registry.compatibility()]);
    return [
      { level: "ok", ...answer, measured: `${count} subjects after ${seconds} s` },
      replicas,
      modeVerdict(site, mode),
      compatibilityVerdict(compatibility),
    ];
  } catch (error) {
    if (!saysDown(error, signal)) throw error;
    return [{ level: "fail", ...answer, measured: error.message, remedy: `see why: ${PODS}` }, replicas];
  }
}

async function replicasOf(clients: CheckProps["clients"]): Promise<number> {
  const deployment = await clients.cluster.get(`/apis/apps/v1/namespaces/${NAMESPACE.kafka}/deployments/${REGISTRY}`);
  return Number(inside(deployment, "status", "availableReplicas") ?? 0);
}

function replicasVerdict(wanted: number, found: number): Verdict {
  const verdict = { what: "replicas", measured: `${found} are available`, healthy: `${wanted}` };
  if (found >= wanted) return { level: "ok", ...verdict };
  return { level: found === 0 ? "fail" : "warn", ...verdict, remedy: `see why: ${PODS}` };
}

/** A registry beside a mirror of `_schemas` must not write; any other must. */
function modeVerdict(site: Environment, mode: string): Verdict {
  const isCopy = site.registry.modeIsMutable && site.mirror !== undefined;
  const verdict = { what: "mode", measured: mode, healthy: isCopy ? "READONLY, for schemas are copied" : "READWRITE" };
  const writes = mode === "READWRITE";
  if (writes !== isCopy && mode !== "IMPORT") return { level: "ok", ...verdict };
  if (isCopy)
    return {
      level: "warn",
      ...verdict,
      remedy: "set it to READONLY: a schema that it writes takes the number of one that is copied later",
      page: "docs/operations.md",
    };
  return {
    level: "fail",
    ...verdict,
    remedy:
      "set it to READWRITE: no producer with a new schema can write (PUT /mode, which registry.modeIsMutable allows)",
    page: "docs/operations.md",
  };
}

function compatibilityVerdict(level: string): Verdict {
  const verdict = { what: "compatibility", measured: level, healthy: "NONE: SAL's schemas change in any way" };
  if (level === "NONE") return { level: "ok", ...verdict };
  return {
    level: "warn",
    ...verdict,
    remedy: 'somebody changed it, and producers of a new release may be refused: PUT /config {"compatibility": "NONE"}',
  };
}

async function schemas({ site, clients }: CheckProps): Promise<Verdict[]> {
  const registry = registryOf(clients);
  const kafka = await clients.kafka();
  const [subjects, states] = await Promise.all([registry.subjects(), kafka.topics()]);
  const names = states.map(({ name }) => name);
  const topics = [...new Set(consumersOf(site).flatMap((consumer) => topicsOf(consumer, names)))].sort();
  const newest = await kafka.newest(topics);
  return [subjectsVerdict(site.name, topics, newest, new Set(subjects)), await numbersVerdict(kafka, registry, newest)];
}

/** A topic that has records and no subject was written by a producer that names its schemas otherwise. */
function subjectsVerdict(
  site: string,
  topics: readonly string[],
  newest: ReadonlyMap<string, RecordPlace>,
  subjects: ReadonlySet<string>,
): Verdict {
  const verdict = { what: "subjects of topics", healthy: "<topic>-value for each topic that consumers read" };
  const without = topics.filter((topic) => !subjects.has(subjectOf(topic)));
  const written = without.filter((topic) => newest.has(topic));
  if (written.length > 0)
    return {
      level: "warn",
      ...verdict,
      measured: `none for ${written.length} topics that have records: ${some(written)}`,
      remedy: `see who writes them, and with which schema: npm run subsystem -- ${site} show <CSC>`,
    };
  const empty = without.length > 0 ? `; ${without.length} topics without records have none yet` : "";
  return { level: "ok", ...verdict, measured: `${topics.length - without.length} are there${empty}` };
}

/** Consumers ask for a schema by the number in the record. */
async function numbersVerdict(
  kafka: Kafka,
  registry: Registry,
  newest: ReadonlyMap<string, RecordPlace>,
): Promise<Verdict> {
  const verdict = { what: "schemas of records", healthy: "the registry has the schema of each topic's newest record" };
  const last = [...newest].sort(([, a], [, b]) => b.time - a.time).slice(0, RECORDS_SEEN);
  const seen = await Promise.all(
    last.map(async ([topic, { partition, offset }]) => {
      const [record] = await kafka.records(topic, partition, offset, 1);
      const form = record && formOf(record.value);
      return form?.kind === "avro"
        ? [{ schema: form.schema, place: `${topic}, partition ${partition}, offset ${offset}` }]
        : [];
    }),
  );
  const places = new Map(seen.flat().map(({ schema, place }) => [schema, place]));
  const unknown = await Promise.all(
    [...places].map(async ([schema, place]) =>
      (await registry.hasSchema(schema)) ? [] : [`${schema} (topic ${place})`],
    ),
  );
  const missing = unknown.flat();
  if (missing.length === 0)
    return {
      level: "ok",
      ...verdict,
      measured: `${places.size} schemas of the ${last.length} topics that were written last are there`,
    };
  return {
    level: "fail",
    ...verdict,
    measured: `it does not have ${some(missing)}`,
    remedy: "consumers cannot read these records: see whether topic _schemas was restored or copied whole",
    page: "docs/runbooks/restore.md",
  };
}

/** Checks of the schema registry. */
export const registryChecks: readonly Check[] = [
  { subject: "registry", title: "its answer, mode and compatibility", seconds: 15, run: answers },
  { subject: "registry", title: "schemas of what is written", seconds: 30, run: schemas },
];
