/** InfluxDB, by the script that sets it up. */
import { isBranch } from "../model/tree";
import { type Resource } from "../read/resources";
import { shorter, influxHours, hoursInWords } from "./retention";
import { at, ifReadable, Unreadable } from "./reading";
import { judged, type Rule, type ResourceFinding, without } from "./rule";

/** What a script declares. */
interface Declared {
  /** Hours that each database keeps. */
  readonly databases: ReadonlyMap<string, number>;
  readonly users: readonly string[];
  /** `READ on efd to efdreader`. */
  readonly grants: readonly string[];
}

const STATEMENTS = /\b(?:RETENTION POLICY|CREATE DATABASE)\b/;
const NAME = /"((?:[^"\\]|\\.)+)"|([\w.-]+)/.source;
const POLICY = new RegExp(`(?:ALTER|CREATE) RETENTION POLICY (?:${NAME}) ON (?:${NAME})([^'"\\n]*)`, "g");
const DATABASE = new RegExp(`CREATE DATABASE (?:${NAME})`, "g");

/**
 * Reads the statements of a script, however it runs them.
 *
 * @throws {Unreadable} where a statement is in another form than those that are known.
 */
function statementsOf(text: string): Declared {
  const databases = new Map<string, number>(
    [...text.matchAll(DATABASE)].map(([, quoted, bare]) => [quoted ?? bare ?? "", Infinity]),
  );
  const policies = [...text.matchAll(POLICY)];
  if (policies.length !== [...text.matchAll(/\b(?:ALTER|CREATE) RETENTION POLICY\b/g)].length)
    throw new Unreadable("a statement on a retention policy is in a form that is not known");
  for (const [, , , quoted, bare, rest = ""] of policies) {
    const duration = /\bDURATION (\S+)/.exec(rest)?.[1];
    const hours = duration === undefined ? undefined : influxHours(duration);
    if (duration !== undefined && hours === undefined) throw new Unreadable("a duration of a retention policy is none");
    if (hours !== undefined) databases.set(quoted ?? bare ?? "", hours);
  }
  return {
    databases,
    users: [...text.matchAll(/^user '([^']+)'/gm)].map(([, name = ""]) => `the user ${name}`),
    grants: [...text.matchAll(/GRANT (\w+) ON "([^"]+)" TO "([^"]+)"/g)].map(
      ([, right, on, to]) => `${right} on ${on} to ${to}`,
    ),
  };
}

function scriptsOf(side: Resource["before"]): string[] {
  const data = at(side, "data");
  return isBranch(data)
    ? Object.keys(data)
        .map((key) => at(data, key))
        .filter((one): one is string => typeof one === "string" && STATEMENTS.test(one))
    : [];
}

const SCRIPTS = ["kubernetes_config_map_v1"];

/** Databases that a resource sets up, as entries of `allowDestroys` name them. */
export function declaredDatabases(side: Resource["after"]): string[] {
  return ifReadable(() => scriptsOf(side).flatMap((text) => [...statementsOf(text).databases.keys()])).map(databaseId);
}

const databaseId = (name: string): string => `database/${name}`;

/** A script that changes, with what the layer declares before and after: a script may get another name. */
interface Change {
  readonly resource: Resource;
  readonly was: Declared | undefined;
  readonly is: Declared | undefined;
}

function merged(all: readonly Declared[]): Declared | undefined {
  return all.length === 0
    ? undefined
    : {
        databases: new Map(all.flatMap(({ databases }) => [...databases])),
        users: all.flatMap(({ users }) => users),
        grants: all.flatMap(({ grants }) => grants),
      };
}

/** Whether a side declares something: what cannot be read matters where the other side did. */
const declares = ({ before, after }: Resource): boolean =>
  [before, after].some((side) => ifReadable(() => scriptsOf(side)).length > 0);

/** Looks at the script, where one of a layer changes. */
function onScript(look: (change: Change) => readonly ResourceFinding[]): Rule["find"] {
  return ({ resources }) => {
    const scripts = resources.filter((one) => SCRIPTS.includes(one.type) && declares(one));
    const resource = scripts.find(({ action }) => action !== "no-op");
    if (!resource) return [];
    return judged(resource, () => {
      const [was, is] = (["before", "after"] as const).map((side) =>
        merged(scripts.flatMap((one) => scriptsOf(one[side]).map(statementsOf))),
      );
      if (was && !is && resource.action === "update") throw new Unreadable("its statements are no longer found");
      return look({ resource, was, is }).map((found) => ({ resource, ...found }));
    });
  };
}

/** All of them. */
export const INFLUXDB_RULES: readonly Rule[] = [
  {
    id: "influxdb-retention",
    explanation:
      "A database of InfluxDB keeps points for a shorter time: older shards are dropped within half an hour.",
    risk: "loses data",
    find: onScript(({ was, is }) => {
      if (!was || !is) return [];
      return [...was.databases].flatMap(([name, before]): ResourceFinding[] => {
        const after = is.databases.get(name);
        if (after === undefined || after === before) return [];
        const what = `the database ${name} keeps points for ${hoursInWords(after)} instead of ${hoursInWords(before)}`;
        const less = shorter(before, after);
        const why = less
          ? "the setup's Job tells InfluxDB, which drops every older shard within half an hour"
          : "its volume must hold more";
        const remedy = less ? "export what is older first" : "compare with the size of InfluxDB's volume";
        return [
          {
            risk: less ? "loses data" : "harmless",
            what,
            why,
            remedy,
            id: databaseId(name),
            subject: `the database ${name}`,
          },
        ];
      });
    }),
  },
  {
    id: "influxdb-users",
    explanation: "Users or grants of InfluxDB change: the setup gives and takes back grants, and drops no user.",
    risk: "changes access",
    find: onScript(({ was, is }) => {
      if (!was || !is) return [];
      const gone = [...without(was.users, is.users), ...without(was.grants, is.grants)];
      const come = [...without(is.users, was.users), ...without(is.grants, was.grants)];
      if (gone.length + come.length === 0) return [];
      return [
        {
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
        },
      ];
    }),
  },
  {
    id: "influxdb-database",
    explanation: "A database of InfluxDB leaves the program: it stays, and nobody writes into it by plan.",
    risk: "harmless",
    find: onScript(({ was, is }) => {
      const gone = [...(was?.databases.keys() ?? [])].filter((name) => !is?.databases.has(name));
      return gone.map((name) => ({
        asks: true,
        subject: `the database ${name}`,
        what: `the database ${name} leaves the program and stays in InfluxDB`,
        why: "the setup never drops a database: its points stay for the retention that they have now",
        remedy: "drop it by hand once nobody reads it",
      }));
    }),
  },
];
