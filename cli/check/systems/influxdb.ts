/** Checks of InfluxDB: its logins, its databases and their retention. What it writes is looked at in influxdb-writes.ts. */
import { INFLUXDB_ADMIN } from "../../../constructs/influxdb/secrets";
import { shardHours } from "../../../environments/systems/influxdb/shards";
import { NAMESPACE } from "../../../ground/namespaces";
import { efdAccess } from "../../../stacks/efd/access";
import { identifier, InfluxdbError, influxdbOver, type Series } from "../../shared/clients/influxdb";
import { INFLUXDB_SERVICE } from "../../shared/clients/site-clients";
import { orDown } from "../model/down";
import type { Check, CheckProps, Verdict } from "../model/verdict";

const SETUP = "kubectl -n influxdb create job setup-now --from=cronjob/influxdb-setup";
const [OPERATIONS, SECURITY] = ["docs/operations.md", "docs/security.md"] as const;

/** Whether it answers, and refuses whoever gives no password. */
async function login({ clients }: CheckProps): Promise<Verdict[]> {
  const way = clients.inside(INFLUXDB_SERVICE);
  const [ping, anonymous] = await Promise.all([
    way.ask({ path: "/ping" }),
    way.ask({ path: "/query?q=SHOW+DATABASES" }),
  ]);
  const version = String(ping.headers["x-influxdb-version"] ?? "");
  const answers = { what: "InfluxDB", healthy: "answers with its version" };
  const refuses = { what: "question without a password", healthy: "refused" };
  return [
    ping.status === 204 && version !== ""
      ? { ...answers, level: "ok", measured: `answers, version ${version}` }
      : {
          ...answers,
          level: "fail",
          measured: `answers /ping with status ${ping.status} and ${version === "" ? "no version" : version}`,
          remedy: "something else than InfluxDB is behind the Service: kubectl -n influxdb get endpointslices -o wide",
        },
    anonymousVerdict(refuses, anonymous.status, anonymous.text),
  ];
}

function anonymousVerdict(common: Pick<Verdict, "what" | "healthy">, status: number, text: string): Verdict {
  if (status === 401) return { ...common, level: "ok", measured: "refused" };
  if (/create admin user first/.test(text))
    return {
      ...common,
      level: "fail",
      measured: "it has no administrator, so whoever comes first may make one",
      remedy: `the setup has not run: ${SETUP}`,
      page: OPERATIONS,
    };
  return {
    ...common,
    level: "fail",
    measured: `answered with status ${status}: anybody may read and write`,
    remedy: `the login is off: auth-enabled is true in our values, so a deploy brings it back`,
    page: SECURITY,
  };
}

/** An account, and the Secret with its password, in InfluxDB's namespace. */
interface Account {
  readonly name: string;
  readonly password: string;
  readonly secret: string;
  /** Databases that it must be let into, and how. */
  readonly grants: readonly { readonly database: string; readonly privilege: string }[];
}

/** Whether each account of the site gets in with the password of its Secret, and may do what it must. */
async function accounts({ clients, site }: CheckProps): Promise<Verdict[]> {
  const namespace = NAMESPACE.influxdb;
  const of = (key: keyof typeof INFLUXDB_ADMIN.keys) => clients.secret(namespace, INFLUXDB_ADMIN.name, key);
  const { users } = efdAccess(site).influxdb;
  const all: Account[] = await Promise.all([
    (async () => ({
      name: await of("influxdb-user"),
      password: await of("influxdb-password"),
      secret: INFLUXDB_ADMIN.name,
      grants: [],
    }))(),
    ...users.map(async ({ name, secret, grants }) => ({
      name,
      password: await clients.secret(namespace, secret.name, "password"),
      secret: secret.name,
      grants,
    })),
  ]);
  const found = await Promise.all(all.map((account) => accountVerdict(clients, account)));
  const wrong = found.filter((one) => one !== undefined);
  const healthy = "each gets in with the password of its Secret, and may use its databases";
  return wrong.length > 0
    ? wrong
    : [{ level: "ok", what: "accounts", measured: `${all.length} of ${all.length} do`, healthy }];
}

async function accountVerdict(clients: CheckProps["clients"], account: Account): Promise<Verdict | undefined> {
  const influxdb = influxdbOver(clients.inside(INFLUXDB_SERVICE), account);
  const what = `account ${account.name}`;
  const healthy = "gets in with the password of its Secret, and may use its databases";
  try {
    // A list of databases has those only that the account may use.
    const mine = namesIn(await influxdb.query("", "SHOW DATABASES"));
    const missing = account.grants.map(({ database }) => database).filter((database) => !mine.includes(database));
    if (missing.length === 0) return undefined;
    const measured = `may not use ${missing.join(", ")}`;
    return { level: "fail", what, healthy, measured, remedy: SETUP, page: OPERATIONS };
  } catch (error) {
    if (!(error instanceof InfluxdbError)) throw error;
    return {
      level: "fail",
      what,
      healthy,
      measured: `refused with the password of Secret influxdb/${account.secret}: ${error.reason}`,
      remedy: `InfluxDB gets new passwords every quarter of an hour, and now by ${SETUP}`,
      page: OPERATIONS,
    };
  }
}

/** Whether the databases are there, and how long they keep points. */
async function databases({ clients, site }: CheckProps): Promise<Verdict[]> {
  const influxdb = await clients.influxdb("admin");
  const there = namesIn(await influxdb.query("", "SHOW DATABASES"));
  return Promise.all(
    efdAccess(site).influxdb.databases.map(async ({ name, retentionHours }): Promise<Verdict> => {
      const what = `database ${name}`;
      const shard = shardHours(retentionHours);
      const healthy = `keeps points ${keeps(retentionHours)}, in shards of ${shard} h`;
      if (!there.includes(name))
        return { level: "fail", what, healthy, measured: "is not there", remedy: SETUP, page: OPERATIONS };
      const [policies] = await influxdb.query("", `SHOW RETENTION POLICIES ON ${identifier(name)}`);
      const policy = defaultPolicy(policies);
      if (!policy) return { level: "fail", what, healthy, measured: "has no default retention policy", remedy: SETUP };
      const measured = `keeps points ${keeps(policy.hours)}, in shards of ${policy.shard} h`;
      if (policy.hours === retentionHours && policy.shard === shard) return { level: "ok", what, healthy, measured };
      // Points that go too early are lost; points that stay fill the disk, later.
      const level = policy.hours < retentionHours ? "fail" : "warn";
      const remedy = `somebody changed the policy by hand: ${SETUP}`;
      return { level, what, healthy, measured, remedy, page: OPERATIONS };
    }),
  );
}

const keeps = (hours: number): string => (Number.isFinite(hours) ? `${hours} h` : "for ever");

/** Hours of the default policy: InfluxDB writes them as `8736h0m0s`, and 0 for ever. */
function defaultPolicy(policies: Series | undefined): { readonly hours: number; readonly shard: number } | undefined {
  const column = (name: string) => policies?.columns.indexOf(name) ?? -1;
  const row = policies?.rows.find((one) => one[column("default")] === true);
  if (!row) return undefined;
  const hours = (name: string) => {
    const [, h = 0, m = 0, s = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(String(row[column(name)])) ?? [];
    return Number(h) + Number(m) / 60 + Number(s) / 3600;
  };
  return { hours: hours("duration") || Infinity, shard: hours("shardGroupDuration") };
}

/** The first column of a list such as that of databases. */
function namesIn(list: readonly Series[]): string[] {
  return list.flatMap(({ rows }) => rows.map(([name]) => String(name)));
}

const DOWN = {
  what: "InfluxDB",
  healthy: "answers with its version",
  remedy: "see why: kubectl -n influxdb describe pod influxdb-0; at its start it reads all shards, which takes minutes",
  page: OPERATIONS,
};

/** Checks of InfluxDB. */
export const influxdbChecks: readonly Check[] = [
  { subject: "influxdb", title: "answer and login", seconds: 15, run: orDown(DOWN, login) },
  { subject: "influxdb", title: "accounts", seconds: 15, run: accounts },
  { subject: "influxdb", title: "databases and their retention", seconds: 15, run: databases },
];
