/** Faults of InfluxDB. */
import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INTERRUPTED_EXIT } from "../../../ground/errors";
import { OWN_DATABASE } from "../../../constructs/telegraf/access";
import { passwordIn } from "../../data-path/site";
import { AT_ONCE, isHealthy, look, says, SHORT } from "../site/look";
import { subscribe } from "../site/web";
import type { World } from "../site/world";
import type { Scenario } from "./scenario";

const INFLUXDB = ["influxdb"];

/** Starts InfluxDB anew with a changed configuration. */
async function reconfigure({ data }: World, from: string, to: string): Promise<void> {
  const file = join(data.folder, "influxdb.conf");
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`InfluxDB's configuration has no ${from}`);
  writeFileSync(file, text.replace(from, to));
  await data.influxdb.goesAway();
  await data.influxdb.comesBack();
}

const withoutLogin: Scenario = async (world, checks) => {
  await reconfigure(world, "auth-enabled = true", "auth-enabled = false");
  const seen = await look(world, checks, "InfluxDB has no login", INFLUXDB);
  says(checks, "InfluxDB has no login", seen, {
    level: "fail",
    what: /^question without a password$/,
    says: /anybody/,
  });
  await reconfigure(world, "auth-enabled = false", "auth-enabled = true");
  isHealthy(checks, "it has one again", await look(world, checks, "it has one again", INFLUXDB));
};

const wrongPassword: Scenario = async (world, checks) => {
  await world.data.influx.query("", `SET PASSWORD FOR "efdreader" = 'another one'`);
  const seen = await look(world, checks, "a password is wrong", INFLUXDB);
  says(checks, "a password is wrong", seen, {
    level: "fail",
    what: /^account efdreader$/,
    says: /refused with the password/,
  });
  const words = passwordIn("efdreader");
  checks.same("no password is printed", `${seen.stdout}${seen.stderr}`.includes(words.slice(0, 20)), false);
  await world.data.setInfluxdbUp();
  const after = await look(world, checks, "the site's setup has run", INFLUXDB);
  says(checks, "the site's setup has run", after, { level: "ok", what: /^accounts$/ });
};

const databaseMissing: Scenario = async (world, checks) => {
  const { influx } = world.data;
  await influx.query("", `DROP DATABASE "${OWN_DATABASE}"`);
  const seen = await look(world, checks, "a database is missing", INFLUXDB);
  says(checks, "a database is missing", seen, {
    level: "fail",
    what: new RegExp(`^database ${OWN_DATABASE}$`),
    says: /not there/,
  });
  await world.data.setInfluxdbUp();
  await subscribe(world.data, world.web.kapacitor, [OWN_DATABASE]);
};

const wrongRetention: Scenario = async (world, checks) => {
  const { influx } = world.data;
  const [policies] = await influx.query("", 'SHOW RETENTION POLICIES ON "efd"');
  const name = String(policies?.rows.find((row) => row[policies.columns.indexOf("default")] === true)?.[0]);
  await influx.query("", `ALTER RETENTION POLICY "${name}" ON "efd" DURATION 48h SHARD DURATION 24h`);
  const seen = await look(world, checks, "points are kept too short", INFLUXDB);
  says(checks, "points are kept too short", seen, { level: "fail", what: /^database efd$/, says: /keeps points 48 h/ });
  await world.data.setInfluxdbUp();
  isHealthy(checks, "the site's setup has run", await look(world, checks, "the site's setup has run", INFLUXDB));
};

/** Takes what is left, down to the last block; others may take some of it meanwhile. */
function fill(file: string, size: number): void {
  try {
    writeFileSync(file, Buffer.alloc(size));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

const diskFull: Scenario = async (world, checks) => {
  const folder = join(world.data.folder, "influxdb");
  const { bsize, bavail } = statfsSync(folder);
  if (bsize * bavail > 1e9) {
    console.log("NOT RUN  because this machine mounts no small file system: needs root");
    return;
  }
  const filler = join(folder, "filler");
  try {
    fill(filler, bsize * bavail);
    const seen = await world.flow.during(() => look(world, checks, "the disk is full", INFLUXDB));
    says(checks, "the disk is full", seen, { level: "fail", what: /^volume influxdb$/, says: /100 %/ });
    says(checks, "the disk is full", seen, { level: "fail", what: /^writes$/ });
  } finally {
    rmSync(filler, { force: true });
  }
  // InfluxDB 1.6.7 goes on to refuse every write until it starts anew.
  await world.data.influxdb.goesAway();
  await world.data.influxdb.comesBack();
  await world.flow.beat();
  isHealthy(checks, "there is room again", await look(world, checks, "there is room again", INFLUXDB));
};

const influxdbSilent: Scenario = async (world, checks) => {
  const way = world.way("influxdb");
  await way.set("silent");
  const seen = await look(
    world,
    checks,
    "InfluxDB takes connections and never answers",
    ["influxdb", "sinks", "host"],
    SHORT,
  );
  const about = seen.lines.filter(({ subject, level }) => subject === "influxdb" && level === "ok");
  checks.same("nothing of it is said to be well", about, []);
  const ended = await world.command.run("check", INFLUXDB, { end: ["SIGINT", () => way.taken()] });
  checks.same(
    "Ctrl-C ends it at once",
    { code: ended.code, late: ended.lingered > AT_ONCE ? ended.lingered : 0 },
    {
      code: INTERRUPTED_EXIT,
      late: 0,
    },
  );
  await way.set("passes");
};

/** Silence, logins, databases, retention and its disk. */
export const influxdbScenarios = {
  influxdbSilent,
  withoutLogin,
  wrongPassword,
  databaseMissing,
  wrongRetention,
  diskFull,
};
