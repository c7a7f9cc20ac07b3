/** What a changed setting of Telegraf does to points. */
import type { PointChange } from "../loads";

const DROPPED =
  "what Telegraf cannot read, and what InfluxDB refuses with 400, is dropped, and its place in Kafka is committed";

const TIME: Omit<PointChange, "what"> = {
  risk: "loses data",
  why: `a point is known by its time: in another unit it is outside of the retention or the time of another one; ${DROPPED}, and what is written twice is written under two times`,
  remedy: "compare field and unit with what the producer sends, and try it on one message, before you approve",
};

const NAMED: Omit<PointChange, "what"> = {
  risk: "interrupts",
  why: "new points have other names: queries, dashboards and alerts by the old ones miss them, and points of both kinds stand beside each other",
  remedy: "change the queries in the same step, or leave the setting",
};

const MISSING: Omit<PointChange, "what"> = {
  risk: "loses data",
  why: "what is left out is not written, and its place in Kafka is committed: it is gone once Kafka's retention has passed",
  remedy: "check that nobody needs it; a repair within Kafka's retention writes it again",
};

const list = (value: string | undefined): string[] => {
  const found: unknown = value === undefined ? [] : JSON.parse(value);
  return Array.isArray(found) ? found.map(String) : [String(found)];
};

const words = (value: string | undefined): string =>
  value === undefined || value === "[]" || value === '""' ? "nothing" : list(value).join(", ");

/** Tags are part of what a point is known by. */
function tagsSay(was: string | undefined, is: string | undefined): PointChange {
  const [before, after] = [list(was), list(is)];
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  const what = [
    ...(come.length > 0 ? [`makes a tag of ${come.join(", ")}`] : []),
    ...(gone.length > 0 ? [`no longer makes a tag of ${gone.join(", ")}`] : []),
  ].join(" and ");
  return gone.length > 0
    ? {
        risk: "loses data",
        what,
        why: "points of one time that only this tag kept apart overwrite each other, and queries by it miss new points",
        remedy: "keep the tag where two messages can have the same time",
      }
    : {
        risk: "interrupts",
        what: what || "has its tags in another order",
        why: "what was a field is one no longer, and each value is a series of its own: queries for the field miss new points, and many values cost InfluxDB memory",
        remedy: "change the queries in the same step; never make a tag of what differs from message to message",
      };
}

/** Fewer fields than before are lost; all are taken where none is named. */
function fieldsSay(was: string | undefined, is: string | undefined): PointChange {
  const narrower = was === undefined || list(was).some((one) => !list(is).includes(one));
  return {
    ...(is !== undefined && narrower ? MISSING : { ...NAMED, risk: "harmless", why: "points have more fields" }),
    what: `writes the fields ${is === undefined ? "that a message has" : words(is)} instead of ${was === undefined ? "all" : words(was)}`,
  };
}

type Say = (was: string | undefined, is: string | undefined, key: string) => PointChange;

const changed =
  (about: Omit<PointChange, "what">, verb: string): Say =>
  (was, is) => ({ ...about, what: `${verb} ${words(is)} instead of ${words(was)}` });

const SETTINGS: readonly (readonly [keys: RegExp, say: Say])[] = [
  [/^avro_timestamp$/, changed(TIME, "takes the time of a point from the field")],
  [/^avro_timestamp_format$/, changed(TIME, "reads the time of a point as")],
  [/^(agent\.|output\.url\.)?precision$/, changed(TIME, "rounds the time of a point to")],
  [/^timestamp_source$/, changed(TIME, "takes the time of a point from")],
  [/^(avro_tags|tag_keys)$/, tagsSay],
  [/^avro_fields$/, fieldsSay],
  [/^avro_union_mode$/, changed(NAMED, "names fields that may be empty by the mode")],
  [/^avro_field_separator$/, changed(NAMED, "joins the names of fields by")],
  [
    /^(avro_measurement\w*|name_override)$/,
    changed(
      {
        ...NAMED,
        risk: "loses data",
        why: `${NAMED.why}. Topics that share a name share its fields: of a field with two types InfluxDB refuses one`,
      },
      "calls the measurement",
    ),
  ],
  [
    /^(topic_tag|name_prefix|name_suffix|tags|message_key_tag|\w*headers?_as_\w+|default_tag\w*)$/,
    changed(NAMED, "names points and tags by"),
  ],
  [
    /^(global_tags\.|agent\.(omit_hostname|hostname)$)/,
    (_was, _is, key) => ({ ...NAMED, what: `gives each point other tags (${key})` }),
  ],
  [
    /^output\.url\.rp$/,
    changed(
      {
        ...NAMED,
        why: "points go into another retention policy: queries that name none miss them, and they go by its duration",
      },
      "writes into the retention policy",
    ),
  ],
  [
    /^avro_schema_registry$/,
    changed(
      {
        ...NAMED,
        why: "an id of a schema may mean another one there: fields are read wrongly, or not at all, and what cannot be read is dropped",
      },
      "reads schemas from",
    ),
  ],
  [
    /^offset$/,
    changed(
      {
        ...MISSING,
        why: "a group that has no place in Kafka begins there: from newest, it never reads what came before",
      },
      "begins at the",
    ),
  ],
  [
    /^output\.non_retryable_statuscodes$/,
    changed(
      {
        ...MISSING,
        why: "what InfluxDB answers with one of these codes is dropped, and its place in Kafka is committed",
      },
      "gives up points at the answers",
    ),
  ],
  [
    /^(output\.)?((name|field|tag|metric)(pass|drop|include|exclude)\w*|fieldinclude|fieldexclude|taginclude|tagexclude)$/,
    (_was, _is, key) => ({ ...MISSING, what: `lets other points or fields through (${key})` }),
  ],
];

/** What a changed setting does; of one that is not known, the worst. */
export function settingSays(key: string, was: string | undefined, is: string | undefined): PointChange {
  const say = SETTINGS.find(([keys]) => keys.test(key))?.[1];
  return (
    say?.(was, is, key) ?? {
      risk: "loses data",
      what: `makes its points by another ${key}`,
      why: `the review does not know what this setting does to points: it may change their time, names or tags. ${DROPPED}`,
      remedy: "read Telegraf's documents on it, and try it on one message, before you approve",
    }
  );
}
