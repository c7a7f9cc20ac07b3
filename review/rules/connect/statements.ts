/** Statements of Stream Reactor's sink (KCQL): what each makes of a topic, and what a change of it does to points. */
import { inWords, type PointChange } from "../loads";
import { Unreadable } from "../reading";

/** A statement: the topic it reads, and what decides its points. */
export interface Statement {
  readonly topic: string;
  readonly points: ReadonlyMap<string, string>;
}

const STATEMENT = /^(?:INSERT|UPSERT)\s+INTO\s+(\S+)\s+SELECT\s+(.+?)\s+FROM\s+(\S+)(?:\s+(.*))?$/is;
const TAGS = /WITHTAG\s*\(([^)]*)\)/i;
const TIME = /WITHTIMESTAMP\s+(\S+)/i;
const UNIT = /TIMESTAMPUNIT\s*=\s*(\w+)/i;

/** A list of names: same list, same text. */
const listed = (text: string): string => JSON.stringify(text.split(",").map((one) => one.trim()));

const plain = (name: string): string => name.replace(/^`(.*)`$/, "$1");

/**
 * Statements of a connector.
 *
 * @throws {Unreadable} where one is in another form.
 */
export function statementsOf(kcql: string): Statement[] {
  return kcql
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((text) => {
      const [, target, fields, topic, rest = ""] = STATEMENT.exec(text) ?? [];
      if (target === undefined || fields === undefined || topic === undefined)
        throw new Unreadable("a statement of connect.influx.kcql is in a form that is not known");
      const left = [TAGS, TIME, UNIT].reduce((all, part) => all.replace(part, " "), rest).trim();
      const optional = (key: string, value: string | undefined): [string, string][] =>
        value === undefined ? [] : [[key, value]];
      return {
        topic: plain(topic),
        points: new Map([
          ["INSERT INTO", plain(target)],
          ["SELECT", listed(fields)],
          ...optional("WITHTIMESTAMP", TIME.exec(rest)?.[1]),
          ...optional("TIMESTAMPUNIT", UNIT.exec(rest)?.[1]?.toUpperCase()),
          ...optional("WITHTAG", TAGS.exec(rest)?.[1] === undefined ? undefined : listed(TAGS.exec(rest)?.[1] ?? "")),
          ...optional("more", left === "" ? undefined : left.replace(/\s+/g, " ")),
        ]),
      };
    });
}

const names = (value: string | undefined): string[] => (value === undefined ? [] : (JSON.parse(value) as string[]));

function tagsSay(was: string | undefined, is: string | undefined): PointChange {
  const [before, after] = [names(was), names(is)];
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  return gone.length > 0
    ? {
        risk: "loses data",
        what: `no longer makes a tag of ${inWords(gone)}${come.length > 0 ? `, and makes one of ${inWords(come)}` : ""}`,
        why: "points of one time that only this tag kept apart overwrite each other, and queries by it miss new points",
        remedy: "keep the tag where two messages can have the same time",
      }
    : {
        risk: "interrupts",
        what: come.length > 0 ? `makes a tag of ${inWords(come)}` : "has its tags in another order",
        why: "each value is a series of its own from then on: old queries miss new points, and many values cost InfluxDB memory",
        remedy: "change the queries in the same step; never make a tag of what differs from message to message",
      };
}

function fieldsSay(was: string | undefined, is: string | undefined): PointChange {
  const less = !names(is).includes("*") && names(was).some((one) => !names(is).includes(one));
  return less
    ? {
        risk: "loses data",
        what: `writes the fields ${inWords(names(is))} instead of ${inWords(names(was))}`,
        why: "what is left out is not written, and its place in Kafka is committed: it is gone once Kafka's retention has passed",
        remedy: "check that nobody needs it",
      }
    : {
        risk: "harmless",
        what: `writes the fields ${inWords(names(is))} instead of ${inWords(names(was))}`,
        why: "points have more fields",
        remedy: "nothing",
      };
}

/** What a changed part of a statement does; of one that is not known, the worst. */
export function statementSays(key: string, was: string | undefined, is: string | undefined): PointChange {
  if (key === "WITHTAG") return tagsSay(was, is);
  if (key === "SELECT") return fieldsSay(was, is);
  if (key === "INSERT INTO")
    return {
      risk: "interrupts",
      what: `calls the measurement ${is} instead of ${was}`,
      why: "queries, dashboards and alerts by the old name miss new points",
      remedy: "change the queries in the same step, or leave the name",
    };
  const time = key === "WITHTIMESTAMP" || key === "TIMESTAMPUNIT";
  return {
    risk: "loses data",
    what: time
      ? `takes the time of a point ${key === "TIMESTAMPUNIT" ? "in the unit" : "from"} ${is ?? "the message's arrival"} instead of ${was ?? "the message's arrival"}`
      : `makes its points in another way (${key === "more" ? "the end of its statement" : key})`,
    why: "a point is known by its time, name and tags: what falls outside of the retention is refused while its place in Kafka is committed, and the rest overwrites other points or stands there twice",
    remedy: "compare with what the producer sends, and try it on one message, before you approve",
  };
}
