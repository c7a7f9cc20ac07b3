/** A consumer's configuration: what it reads, where it writes, and what decides what its points are. */
import { parse } from "smol-toml";
import { isBranch, type Tree } from "../../model/tree";
import { type Resource } from "../../read/resources";
import { type Load, OF_SECOND, topicsOf } from "../loads";
import { at, Unreadable } from "../reading";

type Table = Readonly<Record<string, unknown>>;

interface Telegraf {
  readonly agent?: Table;
  readonly global_tags?: Table;
  readonly processors?: Table;
  readonly aggregators?: Table;
  readonly inputs?: { readonly kafka_consumer?: readonly Table[] };
  /** `influxdb` is Telegraf's own output for InfluxDB, which older revisions use. */
  readonly outputs?: { readonly http?: readonly Table[]; readonly influxdb?: readonly Table[] };
}

/** Settings that decide how a consumer reads and writes, and nothing about its points. */
const INPUT_OPERATION =
  /^(brokers|kafka_version|topic_regexps|topics|topic_refresh_interval|consumer_group|group_instance_id|client_id|rack_id|balance_strategy|isolation_level|connection_strategy|startup_error_behavior|max_processing_time|consumer_fetch_default|consumer_fetch_min|max_message_len|max_undelivered_messages|compression_codec|keep_alive_period|metadata_\w+|read_timeout|write_timeout|version|alias|log_level|interval|collection_jitter|collection_offset|sasl_\w+|(enable_)?tls\w*|ssl\w*|insecure_skip_verify)$/;
const OUTPUT_OPERATION =
  /^(url|urls|database|username|password|timeout|user_agent|content_encoding|idle_conn_timeout|max_idle_conn\w*|metric_batch_size|metric_buffer_limit|flush_interval|flush_jitter|alias|log_level|startup_error_behavior|use_batch_format|headers|skip_database_creation|(enable_)?tls\w*|insecure_skip_verify)$/;
/** Settings of the agent that reach every point. */
const AGENT_POINTS = /^(precision|omit_hostname|hostname)$/;

function queryOf(output: Table): URLSearchParams {
  const { url } = output;
  return new URLSearchParams(typeof url === "string" ? url.replace(/^[^?]*/, "") : "");
}

function databaseOf(output: Table): string {
  const { database } = output;
  return typeof database === "string" ? database : (queryOf(output).get("db") ?? "");
}

/** Whether an output takes points of topics, not only Telegraf's own metrics. */
const takesPoints = ({ namepass }: Table): boolean =>
  !(Array.isArray(namepass) && namepass.every((one) => String(one).startsWith("telegraf_")));

/** Settings of a table, those that match left out, under a prefix. */
function settings(table: Table | undefined, prefix: string, keep: (key: string) => boolean): [string, string][] {
  return Object.entries(table ?? {})
    .filter(([key]) => keep(key))
    .map(([key, value]) => [`${prefix}${key}`, JSON.stringify(value)]);
}

function pointsOf(config: Telegraf, input: Table, output: Table): Map<string, string> {
  const query = [...queryOf(output)].filter(([key]) => !["db", "u", "p"].includes(key));
  return new Map([
    ...settings(config.agent, "agent.", (key) => AGENT_POINTS.test(key)),
    ...settings(config.global_tags, "global_tags.", () => true),
    ...settings(config.processors, "processors.", () => true),
    ...settings(config.aggregators, "aggregators.", () => true),
    ...settings(input, "", (key) => !INPUT_OPERATION.test(key)),
    ...settings(output, "output.", (key) => !OUTPUT_OPERATION.test(key)),
    ...query.map(([key, value]): [string, string] => [`output.url.${key}`, JSON.stringify(value)]),
  ]);
}

/** A second group of the same consumer repairs what the first one missed. */
const REPAIRS = /-repairer(-\w+)?$/;

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const MAIN = "telegraf.conf";

/** Texts of a config map that configure a consumer, by their names; the one that it starts with is the first. */
function configurationsOf(side: Tree | undefined): (readonly [name: string, text: string])[] {
  const data = at(side, "data");
  if (!isBranch(data)) return [];
  return Object.keys(data)
    .sort((a, b) => Number(b === MAIN) - Number(a === MAIN))
    .flatMap((name) => {
      const text = at(data, name);
      return typeof text === "string" && (name === MAIN || /^\s*\[\[inputs\.kafka_consumer/m.test(text))
        ? [[name, text] as const]
        : [];
    });
}

function parsed(text: string): Telegraf {
  try {
    return parse(text);
  } catch (error) {
    const line = (error as { line?: number }).line;
    throw new Unreadable(`its configuration is no TOML${line === undefined ? "" : ` (line ${line})`}`);
  }
}

function loadsIn(resource: Resource, text: string): Load[] {
  const config = parsed(text);
  const outputs = [...(config.outputs?.http ?? []), ...(config.outputs?.influxdb ?? [])].filter(takesPoints);
  const groupOf = (input: Table) => (typeof input["consumer_group"] === "string" ? input["consumer_group"] : "");
  const inputs = config.inputs?.kafka_consumer ?? [];
  const repairs = inputs.map(groupOf).filter((group) => REPAIRS.test(group));
  return inputs.flatMap((input) => {
    const group = groupOf(input);
    if (REPAIRS.test(group)) return [];
    const topics = [...textsOf(input["topic_regexps"]).map(topicsOf), ...textsOf(input["topics"])];
    return topics.flatMap((each) =>
      outputs.map((output) => ({
        program: resource.name,
        kind: "Telegraf" as const,
        group,
        repairs,
        topics: each,
        database: databaseOf(output),
        points: pointsOf(config, input, output),
        resource,
      })),
    );
  });
}

/**
 * What a consumer reads and writes by its config map. Where that has a second configuration, in which the same consumer
 * can start as well, what it makes of the same topics is among their points, under its name.
 *
 * @throws {Unreadable} where a configuration cannot be read.
 */
export function telegrafLoads(resource: Resource, side: Tree | undefined): Load[] {
  const [main, ...others] = configurationsOf(side);
  if (!main) return [];
  const second = others.map(([name, text]) => [name, loadsIn(resource, text)] as const);
  return loadsIn(resource, main[1]).map((load) => {
    const more = second.flatMap(([name, loads]) => {
      const same = loads.find(({ topics, database }) => topics === load.topics && database === load.database);
      return [...(same?.points ?? [])].map(([key, value]) => [`${name}${OF_SECOND}${key}`, value] as const);
    });
    return { ...load, points: new Map([...load.points, ...more]) };
  });
}
