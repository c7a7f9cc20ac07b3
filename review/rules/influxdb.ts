/** InfluxDB, by the script that sets it up. */
import { at, isBranch } from "../model/tree";
import { type Resource, sides } from "../read/resources";
import { shorter, influxHours, hoursInWords } from "./retention";
import { onEach, type Rule, type ResourceFinding, without } from "./rule";

/** What a script declares. */
interface Declared {
  /** Hours that each database keeps. */
  readonly databases: ReadonlyMap<string, number>;
  readonly users: readonly string[];
  /** `READ on efd to efdreader`. */
  readonly grants: readonly string[];
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
    users: [...text.matchAll(/^user '([^']+)'/gm)].map(([, name = ""]) => name),
    grants: [...text.matchAll(/GRANT (\w+) ON "([^"]+)" TO "([^"]+)"/g)].map(
      ([, right, on, to]) => `${right} on ${on} to ${to}`,
    ),
  };
}

/** Databases that a resource sets up, as entries of `allowDestroys` name them. */
export function declaredDatabases(side: Resource["after"]): string[] {
  return [...(declared(side)?.databases.keys() ?? [])].map(databaseId);
}

const databaseId = (name: string) => `database/${name}`;

const SCRIPTS = ["kubernetes_config_map_v1"];

/** All of them. */
export const INFLUXDB_RULES: readonly Rule[] = [
  {
    id: "influxdb-retention",
    explanation:
      "A database of InfluxDB keeps points for a shorter time: older shards are dropped within half an hour.",
    risk: "loses data",
    find: onEach(SCRIPTS, (resource) => {
      const [was, is] = sides(resource, declared);
      if (!was || !is) return undefined;
      return [...was.databases].flatMap(([name, before]): ResourceFinding[] => {
        const after = is.databases.get(name);
        if (after === undefined || after === before) return [];
        const what = `the database ${name} keeps points for ${hoursInWords(after)} instead of ${hoursInWords(before)}`;
        const less = shorter(before, after);
        const why = less
          ? "the setup's Job tells InfluxDB, which drops every older shard within half an hour"
          : "its volume must hold more";
        const remedy = less ? "export what is older first" : "compare with the size of InfluxDB's volume";
        return [{ risk: less ? "loses data" : "harmless", what, why, remedy, id: databaseId(name) }];
      });
    }),
  },
  {
    id: "influxdb-users",
    explanation: "Users or grants of InfluxDB change: the setup gives and takes back grants, and drops no user.",
    risk: "changes access",
    find: onEach(SCRIPTS, (resource) => {
      const [was, is] = sides(resource, declared);
      if (!was || !is) return undefined;
      const gone = [...without(was.users, is.users), ...without(was.grants, is.grants)];
      const come = [...without(is.users, was.users), ...without(is.grants, was.grants)];
      if (gone.length + come.length === 0) return undefined;
      return {
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
    }),
  },
  {
    id: "influxdb-database",
    explanation: "A database of InfluxDB leaves the program: it stays, and nobody writes into it by plan.",
    risk: "harmless",
    find: onEach(SCRIPTS, (resource) => {
      const [was, is] = sides(resource, declared);
      const gone = [...(was?.databases.keys() ?? [])].filter((name) => !is?.databases.has(name));
      return gone.map((name) => ({
        asks: true,
        what: `the database ${name} leaves the program and stays in InfluxDB`,
        why: "the setup never drops a database: its points stay for the retention that they have now",
        remedy: "drop it by hand once nobody reads it",
      }));
    }),
  },
];
