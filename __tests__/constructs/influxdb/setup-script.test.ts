import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, type InfluxdbUser, setupScript, shardHours } from "../../../constructs/influxdb/setup-script";

const DATABASES: Database[] = [
  { name: "efd", retentionHours: 720 },
  { name: "lsst.obsenv", retentionHours: Infinity },
];
const USERS: InfluxdbUser[] = [
  {
    name: "telegraf",
    passwordVariable: "PASSWORD_TELEGRAF",
    grants: [
      { database: "efd", privilege: "WRITE" },
      { database: "own", privilege: "ALL" },
    ],
  },
  { name: "efdreader", passwordVariable: "PASSWORD_EFDREADER", grants: [{ database: "efd", privilege: "READ" }] },
];

const lines = (databases: Database[] = DATABASES, users: InfluxdbUser[] = USERS) =>
  setupScript(databases, users).split("\n");

describe("statements", () => {
  test("each database has one policy, the default one, with its retention", () => {
    expect(lines().filter((line) => /^run '(CREATE DATABASE|ALTER|CREATE RETENTION)/.test(line))).toEqual([
      `run 'CREATE DATABASE "efd"'`,
      `run 'ALTER RETENTION POLICY "autogen" ON "efd" DURATION 720h REPLICATION 1 SHARD DURATION 168h DEFAULT'`,
      `run 'CREATE DATABASE "lsst.obsenv"'`,
      `run 'ALTER RETENTION POLICY "autogen" ON "lsst.obsenv" DURATION INF REPLICATION 1 SHARD DURATION 168h DEFAULT'`,
    ]);
  });

  test("users come after the databases on which they get rights", () => {
    expect(lines().filter((line) => /^(run '(CREATE DATABASE|GRANT)|user ')/.test(line))).toEqual([
      `run 'CREATE DATABASE "efd"'`,
      `run 'CREATE DATABASE "lsst.obsenv"'`,
      `user 'telegraf' "$PASSWORD_TELEGRAF"`,
      `run 'GRANT WRITE ON "efd" TO "telegraf"'`,
      `run 'GRANT ALL ON "own" TO "telegraf"'`,
      `user 'efdreader' "$PASSWORD_EFDREADER"`,
      `run 'GRANT READ ON "efd" TO "efdreader"'`,
    ]);
  });
});

test.each([
  [1, 1],
  [24, 1],
  [47, 1],
  [48, 24],
  [72, 24],
  [335, 24],
  [336, 168],
  [672, 168],
  [720, 168],
  [52 * 168, 168],
  [Infinity, 168],
])("what is kept %d h lies in shards of %d h", (retention, shard) => {
  expect(shardHours(retention)).toBe(shard);
});

test("a shard is never longer than what is kept: InfluxDB would refuse the policy", () => {
  for (let hours = 1; hours < 1000; hours++) expect(shardHours(hours)).toBeLessThanOrEqual(hours);
});

/**
 * An `influx` that keeps what it is told: one administrator, users, and who said what. `refuse` is a word at which
 * it fails, `down` how often it cannot connect.
 */
const INFLUX = `#!/bin/sh
statement=
while [ $# -gt 0 ]; do [ "$1" = -execute ] && statement=$2; shift; done
who=\${INFLUX_USERNAME:-nobody}
printf '%s: %s\\n' "$who" "$statement" >> "$STATE/log"
if [ -s "$STATE/down" ]; then
  tail -n +2 "$STATE/down" > "$STATE/left"; mv "$STATE/left" "$STATE/down"
  echo "Failed to connect to http://influxdb:8086"; exit 1
fi
case "$statement" in *"WITH ALL PRIVILEGES"*)
  [ -f "$STATE/admin" ] && { echo "ERR: unauthorized" >&2; exit 1; }
  printf '%s' "$ADMIN" > "$STATE/admin"; exit 0;;
esac
[ "$who" = nobody ] && [ ! -f "$STATE/admin" ] && { echo "ERR: error authorizing query: create admin user first or disable authentication"; exit 1; }
[ "$who" = nobody ] && { echo "ERR: unable to parse authentication credentials"; exit 1; }
[ -f "$STATE/admin" ] && [ "$(cat "$STATE/admin")" = "$who $INFLUX_PASSWORD" ] || { echo "ERR: failed" >&2; exit 1; }
[ -n "$REFUSE" ] && case "$statement" in *"$REFUSE"*) echo "ERR: refused" >&2; exit 1;; esac
case "$statement" in
  "SHOW USERS") echo "user,admin"; cat "$STATE/users" 2>/dev/null;;
  "CREATE USER"*) echo "$statement" | sed 's/^CREATE USER "\\([^"]*\\)".*/\\1,false/' >> "$STATE/users";;
esac
exit 0
`;

describe("run by a shell", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "efd-setup-"));
    for (const [name, text] of [
      ["influx", INFLUX],
      ["sleep", "#!/bin/sh\n"],
      ["setup.sh", setupScript(DATABASES, USERS)],
    ] as const) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const PASSWORDS = { INFLUX_PASSWORD: "adm1n", PASSWORD_TELEGRAF: "tele", PASSWORD_EFDREADER: "reader" };

  function run(env: Readonly<Record<string, string>> = {}) {
    rmSync(join(folder, "log"), { force: true });
    const all = {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      STATE: folder,
      ADMIN: "admin adm1n",
      REFUSE: "",
      INFLUXDB_HOST: "influxdb",
      INFLUXDB_PORT: "8086",
      INFLUX_USERNAME: "admin",
      ...PASSWORDS,
      ...env,
    };
    const { status, stdout, stderr } = spawnSync("sh", [join(folder, "setup.sh")], { env: all, encoding: "utf8" });
    const log = existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8").trimEnd().split("\n") : [];
    return { status, output: stdout + stderr, log };
  }

  test("makes the administrator without credentials, and all else as the administrator", () => {
    const { status, output, log } = run();
    expect([status, output]).toEqual([0, "InfluxDB is set up\n"]);
    expect(log.filter((line) => line.startsWith("nobody: "))).toEqual([
      "nobody: SHOW DATABASES",
      "nobody: SHOW DATABASES",
      `nobody: CREATE USER "admin" WITH PASSWORD 'adm1n' WITH ALL PRIVILEGES`,
    ]);
    expect(log.filter((line) => /^admin: (CREATE|ALTER|GRANT|SET)/.test(line))).toEqual([
      `admin: CREATE DATABASE "efd"`,
      `admin: ALTER RETENTION POLICY "autogen" ON "efd" DURATION 720h REPLICATION 1 SHARD DURATION 168h DEFAULT`,
      `admin: CREATE DATABASE "lsst.obsenv"`,
      `admin: ALTER RETENTION POLICY "autogen" ON "lsst.obsenv" DURATION INF REPLICATION 1 SHARD DURATION 168h DEFAULT`,
      `admin: CREATE USER "telegraf" WITH PASSWORD 'tele'`,
      `admin: SET PASSWORD FOR "telegraf" = 'tele'`,
      `admin: GRANT WRITE ON "efd" TO "telegraf"`,
      `admin: GRANT ALL ON "own" TO "telegraf"`,
      `admin: CREATE USER "efdreader" WITH PASSWORD 'reader'`,
      `admin: SET PASSWORD FOR "efdreader" = 'reader'`,
      `admin: GRANT READ ON "efd" TO "efdreader"`,
    ]);
  });

  test("a second run makes no user again, and brings a password that changed", () => {
    run();
    const { status, log } = run({ PASSWORD_TELEGRAF: "new" });
    expect(status).toBe(0);
    expect(log.filter((line) => line.includes("CREATE USER"))).toEqual([]);
    expect(log).toContain(`admin: SET PASSWORD FOR "telegraf" = 'new'`);
  });

  test("a user whose name another one's begins with is made", () => {
    run();
    writeFileSync(join(folder, "users"), "telegraf2,false\nefdreader,false\n");
    expect(run().log).toContain(`admin: CREATE USER "telegraf" WITH PASSWORD 'tele'`);
  });

  test.each([
    ["a quote", "it's", "it\\'s"],
    ["a backslash", "a\\b", "a\\\\b"],
    ["both", "\\'", "\\\\\\'"],
    ["what a shell would read", '$HOME `id` "x" *', '$HOME `id` "x" *'],
    ["a per cent sign", "100%s", "100%s"],
  ])("a password with %s reaches InfluxDB as it is", (_what, password, quoted) => {
    expect(run({ PASSWORD_TELEGRAF: password }).log).toContain(`admin: SET PASSWORD FOR "telegraf" = '${quoted}'`);
  });

  test("says it when there is an administrator with another password, and goes no further", () => {
    run();
    const { status, output, log } = run({ INFLUX_PASSWORD: "other" });
    expect(status).toBe(1);
    expect(output).toContain("InfluxDB has an administrator with another name or password than the Secret says");
    expect(log.filter((line) => /DATABASE "|GRANT|SET PASSWORD/.test(line))).toEqual([]);
    // InfluxDB writes a refused request into its log as it is.
    expect(log.join()).not.toContain("other");
  });

  test("stops at what InfluxDB refuses, and says what without the password", () => {
    const { status, output, log } = run({ REFUSE: "CREATE USER", PASSWORD_TELEGRAF: "tele-secret" });
    expect(status).toBe(1);
    expect(output).toContain('InfluxDB refused: CREATE USER "telegraf" WITH');
    expect(output).not.toContain("tele-secret");
    expect(log.some((line) => line.includes("GRANT"))).toBe(false);
  });

  test("does not show the password when it cannot be set", () => {
    const { status, output } = run({ REFUSE: "SET PASSWORD", PASSWORD_TELEGRAF: "tele-secret" });
    expect(status).toBe(1);
    expect(output).not.toContain("tele-secret");
  });

  test("waits for InfluxDB", () => {
    writeFileSync(join(folder, "down"), "x\nx\nx\n");
    const { status, log } = run();
    expect(status).toBe(0);
    expect(log.filter((line) => line === "nobody: SHOW DATABASES")).toHaveLength(5);
  });

  test("gives up in the end, and says where it looked", () => {
    writeFileSync(join(folder, "down"), "x\n".repeat(1000));
    const { status, output } = run();
    expect(status).toBe(1);
    expect(output).toContain("InfluxDB does not answer at influxdb:8086");
  });

  test("a password that is not there at all stops it: Kubernetes would not even start the pod", () => {
    const { PATH = "" } = process.env;
    const without = spawnSync("sh", [join(folder, "setup.sh")], {
      env: { PATH: `${folder}:${PATH}`, STATE: folder, INFLUXDB_HOST: "influxdb", INFLUXDB_PORT: "8086" },
      encoding: "utf8",
    });
    expect(without.status).not.toBe(0);
    expect(without.stderr).toMatch(/INFLUX_USERNAME/);
  });
});
