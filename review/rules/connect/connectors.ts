/** What a connector reads and where it writes. */
import { isBranch, type Tree } from "../../model/tree";
import type { Resource } from "../../read/resources";
import { type Load, topicsOf } from "../loads";
import { at, textAt, Unreadable } from "../reading";
import { statementsOf } from "./statements";

/** Settings of a connector that decide nothing about what it writes. */
const OPERATION =
  /^(topics|topics\.regex|connect\.influx\.(kcql|url|db|username|password|error\.policy|max\.retries|retry\.interval)|connect\.progress\.enabled|aws\..*|s3\.(bucket\.name|region|part\.\w+|retry\.\w+(\.\w+)*|proxy\..*)|store\.url|rotate\..*|flush\.size|schemas\.cache\.config|tasks\.max|name|connector\.class|errors\.retry\..*|errors\.log\..*|(consumer|producer|admin)\.override\.(sasl|ssl|security|max|fetch)\..*)$/;

/** Settings of the whole connector that reach every message. */
function settingsOf(config: Tree | undefined): [string, string][] {
  return isBranch(config)
    ? Object.keys(config)
        .filter((key) => !OPERATION.test(key))
        .map((key) => [key, JSON.stringify(at(config, key) ?? null)])
    : [];
}

/** Topics of a regular expression that names some: `^a$|^b$`. */
const alternatives = (regExp: string): string[] => regExp.split("|").map(topicsOf);

/**
 * What a sink reads and writes.
 *
 * @throws {Unreadable} where it cannot be read.
 */
export function connectorLoads(resource: Resource, side: Tree | undefined): Load[] {
  if (side === undefined) return [];
  const config = at(side, "spec", "config");
  const base = {
    program: resource.name,
    kind: "Kafka Connect" as const,
    group: textAt(config, "consumer.override.group.id") ?? "",
    repairs: [],
    resource,
  };
  const kcql = textAt(config, "connect.influx.kcql");
  if (kcql !== undefined) {
    const read = (textAt(config, "topics") ?? "").split(",").map((one) => one.trim());
    const database = textAt(config, "connect.influx.db");
    if (database === undefined) throw new Unreadable("connect.influx.db is not there");
    return statementsOf(kcql)
      .filter(({ topic }) => read.includes(topic))
      .map(({ topic, points }) => ({
        ...base,
        topics: topic,
        database,
        points: new Map([...settingsOf(config), ...points]),
      }));
  }
  const topics = [
    ...(textAt(config, "topics")?.split(",") ?? []).map((one) => one.trim()),
    ...alternatives(textAt(config, "topics.regex") ?? ""),
  ].filter((one) => one !== "");
  const place = textAt(config, "s3.bucket.name");
  const database = place === undefined ? `what ${resource.name} writes to` : `the bucket ${place}`;
  return topics.map((each) => ({ ...base, topics: each, database, points: new Map(settingsOf(config)) }));
}
