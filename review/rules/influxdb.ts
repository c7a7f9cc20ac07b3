/** InfluxDB, by the script that sets it up. */
import { at, isBranch } from "../model/tree";
import { type Resource } from "../read/resources";
import { shorter, influxHours, hours } from "./retention";
import { ruleOn, type Rule, type ResourceFinding } from "./rule";

/** What a script declares. */
interface Declared {
  /** Hours that each database keeps. */
  readonly databases: ReadonlyMap<string, number>;
  readonly users: ReadonlySet<string>;
  /** `READ on efd to efdreader`. */
  readonly grants: ReadonlySet<string>;
}

/** Reads the statements of a script, however it runs them. */
function declared(side: Resource["before"]): Declared | undefined {
  const data = at(side, "data");
  const texts = isBranch(data) ? Object.values(data).filter((one) => typeof one === "string") : [];
  const text = texts.find((one) => /\bRETENTION POLICY\b|\bCREATE DATABASE\b/.test(one));
  if (text === undefined) return undefined;
  const databases = new Map<string, number>(
    [...text.matchAll(/CREATE DATABASE "([^"]+)"/g)].map(([, name]) => [name ?? "", Infinity]),
  );
  for (const [, name, duration] of text.matchAll(/RETENTION POLICY "[^"]*" ON "([^"]+)" DURATION (\S+)/g))
    databases.set(name ?? "", influxHours(duration ?? "") ?? Infinity);
  return {
    databases,
    users: new Set([...text.matchAll(/^user '([^']+)'/gm)].map(([, name]) => name ?? "")),
    grants: new Set(
      [...text.matchAll(/GRANT (\w+) ON "([^"]+)" TO "([^"]+)"/g)].map(
        ([, right, on, to]) => `${right} on ${on} to ${to}`,
      ),
    ),
  };
}

const SCRIPTS = ["kubernetes_config_map_v1"];

const both = (resource: Resource): [Declared, Declared] | undefined => {
  const [was, is] = [declared(resource.before), declared(resource.after)];
  return was && is ? [was, is] : undefined;
};

const influxdbRetention = ruleOn(
  SCRIPTS,
  {
    id: "influxdb-retention",
    explanation:
      "A database of InfluxDB keeps points for a shorter time: older shards are dropped within half an hour.",
    risk: "loses data",
  },
  (resource) => {
    const [was, is] = both(resource) ?? [];
    if (!was || !is) return undefined;
    return [...was.databases].flatMap(([name, before]): ResourceFinding[] => {
      const after = is.databases.get(name);
      if (after === undefined || after === before) return [];
      const less = shorter(before, after);
      return [
        {
          risk: less ? "loses data" : "harmless",
          what: `the database ${name} keeps points for ${hours(after)} instead of ${hours(before)}`,
          why: less
            ? "the setup's Job tells InfluxDB, which drops every older shard within half an hour"
            : "its volume must hold more",
          remedy: less ? "export what is older first" : "compare with the size of InfluxDB's volume",
          id: `database/${name}`,
        },
      ];
    });
  },
);

const influxdbDatabase = ruleOn(
  SCRIPTS,
  {
    id: "influxdb-database",
    explanation: "A database of InfluxDB leaves the program: it stays, and nobody writes into it by plan.",
    risk: "harmless",
  },
  (resource) => {
    const was = declared(resource.before);
    const is = declared(resource.after);
    if (!was) return undefined;
    return [...was.databases.keys()]
      .filter((name) => !is?.databases.has(name))
      .map((name): ResourceFinding => ({
        risk: "harmless",
        what: `the database ${name} leaves the program and stays in InfluxDB`,
        why: "the setup never drops a database: its points stay for the retention that they have now",
        remedy: "drop it by hand once nobody reads it",
      }));
  },
);

const influxdbUsers = ruleOn(
  SCRIPTS,
  {
    id: "influxdb-users",
    explanation: "Users or grants of InfluxDB change: the setup gives and takes back grants, and drops no user.",
    risk: "changes access",
  },
  (resource) => {
    const [was, is] = both(resource) ?? [];
    if (!was || !is) return undefined;
    const less = (before: ReadonlySet<string>, after: ReadonlySet<string>) =>
      [...before].filter((one) => !after.has(one));
    const gone = [...less(was.users, is.users), ...less(was.grants, is.grants)];
    const come = [...less(is.users, was.users), ...less(is.grants, was.grants)];
    if (gone.length + come.length === 0) return undefined;
    return {
      risk: "changes access",
      what: [
        gone.length > 0 ? `${gone.join(", ")} leaves the program` : "",
        come.length > 0 ? `InfluxDB gets ${come.join(", ")}` : "",
      ]
        .filter(Boolean)
        .join("; "),
      why:
        gone.length > 0
          ? "the setup takes back a grant at its next run; a user that leaves can still log in, and its Secret may be gone"
          : "who has the password reads or writes from the next run of the setup",
      remedy: gone.length > 0 ? "check that nobody needs it; DROP USER by hand" : "check that this is meant",
    };
  },
);

/** All of them. */
export const INFLUXDB_RULES: readonly Rule[] = [influxdbRetention, influxdbUsers, influxdbDatabase];
