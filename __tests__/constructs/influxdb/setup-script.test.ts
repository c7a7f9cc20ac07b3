import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseSpec, type InfluxdbUser, setupScript } from "../../../constructs/influxdb/setup-script";
import { shardHours } from "../../../environments/systems/influxdb/shards";

const DATABASES: DatabaseSpec[] = [
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

const lines = (databases: DatabaseSpec[] = DATABASES, users: InfluxdbUser[] = USERS) =>
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
 * An `influx` that keeps what it is told: administrators with their passwords, users, grants, and who said what.
 * `refuse` is a word at which it fails, `down` how often it cannot connect.
 */
const INFLUX = String.raw`#!/bin/sh
statement=
while [ $# -gt 0 ]; do [ "$1" = -execute ] && statement=$2; shift; done
who=$INFLUX_USERNAME
[ -n "$who" ] || who=nobody
printf '%s: %s\n' "$who" "$statement" >> "$STATE/log"
if [ -s "$STATE/down" ]; then
  tail -n +2 "$STATE/down" > "$STATE/left"; mv "$STATE/left" "$STATE/down"
  echo "Failed to connect to http://influxdb:8086"; exit 1
fi
named=$(echo "$statement" | cut -d '"' -f 2)
secret=$(echo "$statement" | cut -d "'" -f 2)
case "$statement" in *"WITH ALL PRIVILEGES"*)
  [ ! -d "$STATE/admins" ] || { echo "ERR: unauthorized" >&2; exit 1; }
  mkdir "$STATE/admins"; printf '%s' "$secret" > "$STATE/admins/$named"; echo "$named" >> "$STATE/users"; exit 0 ;;
esac
[ -d "$STATE/admins" ] || { echo "ERR: error authorizing query: create admin user first or disable authentication"; exit 1; }
[ "$who" != nobody ] || { echo "ERR: unable to parse authentication credentials"; exit 1; }
[ -f "$STATE/admins/$who" ] && [ "$(cat "$STATE/admins/$who")" = "$INFLUX_PASSWORD" ] || { echo "ERR: failed" >&2; exit 1; }
[ -n "$REFUSE" ] && case "$statement" in *"$REFUSE"*) echo "ERR: refused" >&2; exit 1;; esac
case "$statement" in
  "SHOW USERS") echo "user,admin"; sed 's/$/,false/' "$STATE/users" ;;
  "CREATE USER"*) echo "$named" >> "$STATE/users" ;;
  "SET PASSWORD"*) printf '%s' "$secret" > "$STATE/password-$named"
    [ ! -f "$STATE/admins/$named" ] || printf '%s' "$secret" > "$STATE/admins/$named" ;;
  "GRANT ALL PRIVILEGES TO"*) cp "$STATE/password-$named" "$STATE/admins/$named" ;;
  "SHOW GRANTS"*) echo "database,privilege"; cat "$STATE/grants-$named" 2>/dev/null ;;
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

  const PASSWORDS = {
    ADMIN_PASSWORD: "adm1n",
    SETUP_PASSWORD: "setup",
    PASSWORD_TELEGRAF: "tele",
    PASSWORD_EFDREADER: "reader",
  };

  function run(env: Readonly<Record<string, string>> = {}) {
    rmSync(join(folder, "log"), { force: true });
    const all = {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      STATE: folder,
      REFUSE: "",
      INFLUXDB_HOST: "influxdb",
      INFLUXDB_PORT: "8086",
      ADMIN_USERNAME: "admin",
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
    expect(log.filter((line) => /^admin: (CREATE|ALTER|GRANT|SET|REVOKE)/.test(line))).toEqual([
      `admin: SET PASSWORD FOR "admin" = 'adm1n'`,
      `admin: GRANT ALL PRIVILEGES TO "admin"`,
      `admin: CREATE USER "efd-setup" WITH PASSWORD 'setup'`,
      `admin: SET PASSWORD FOR "efd-setup" = 'setup'`,
      `admin: GRANT ALL PRIVILEGES TO "efd-setup"`,
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
    writeFileSync(join(folder, "users"), "admin\nefd-setup\ntelegraf2\nefdreader\n");
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

  test("a new password of the administrator is set by the setup's own account", () => {
    run();
    const { status, log } = run({ ADMIN_PASSWORD: "other" });
    expect(status).toBe(0);
    expect(log).toContain(`efd-setup: SET PASSWORD FOR "admin" = 'other'`);
    // All else is done with it.
    expect(log.filter((line) => line.startsWith("efd-setup: ") && /DATABASE "|GRANT \w+ ON/.test(line))).toEqual([]);
    expect(log).toContain(`admin: CREATE DATABASE "efd"`);
  });

  test("a new password of the setup's own account, as after a rebuilt cluster, is set by the administrator", () => {
    run();
    expect(run({ SETUP_PASSWORD: "again" }).log).toContain(`admin: SET PASSWORD FOR "efd-setup" = 'again'`);
    expect(run({ SETUP_PASSWORD: "again", ADMIN_PASSWORD: "other" }).status).toBe(0);
  });

  test("another name of the administrator is another account", () => {
    run();
    const { status, log } = run({ ADMIN_USERNAME: "root" });
    expect(status).toBe(0);
    expect(log).toContain(`efd-setup: CREATE USER "root" WITH PASSWORD 'adm1n'`);
    expect(log).toContain(`efd-setup: GRANT ALL PRIVILEGES TO "root"`);
  });

  test("says it when InfluxDB knows neither of both passwords, and goes no further", () => {
    run();
    const { status, output, log } = run({ ADMIN_PASSWORD: "other", SETUP_PASSWORD: "wrong" });
    expect(status).toBe(1);
    expect(output).toContain("InfluxDB knows neither the administrator's name and password that its Secret has");
    expect(log.filter((line) => /DATABASE "|GRANT|SET PASSWORD/.test(line))).toEqual([]);
    // InfluxDB writes a refused request into its log as it is.
    expect(log.join()).not.toMatch(/other|wrong/);
  });

  test("takes back what an account may do on databases that the site does not name", () => {
    run();
    writeFileSync(join(folder, "grants-telegraf"), "efd,WRITE\nlsst.cp,WRITE\nold,NO PRIVILEGES\nown,ALL PRIVILEGES\n");
    const { status, output, log } = run();
    expect([status, output]).toEqual([0, "telegraf may no longer use lsst.cp\nInfluxDB is set up\n"]);
    expect(log.filter((line) => line.includes("REVOKE"))).toEqual([
      `admin: REVOKE ALL PRIVILEGES ON "lsst.cp" FROM "telegraf"`,
    ]);
  });

  test("stops when it cannot be taken back", () => {
    run();
    writeFileSync(join(folder, "grants-telegraf"), "lsst.cp,WRITE\n");
    const { status, output } = run({ REFUSE: "REVOKE" });
    expect([status, output]).toEqual([1, expect.stringContaining("InfluxDB refused: REVOKE ALL PRIVILEGES")]);
  });

  describe("in a cluster that remembers", () => {
    const REMEMBERED = () => join(folder, "influxdb-initialized");
    /** A `curl` that keeps the marker as a file, and what it was asked; `API_STATUS` is what it answers to all. */
    const CURL = String.raw`#!/bin/sh
for last; do :; done
printf '%s\n' "$last" >> "$STATE/asked"
for word; do case $word in @*) cat "$(printf '%s' "$word" | cut -c 2-)" > "$STATE/header"; esac; done
[ -z "$API_STATUS" ] || { printf '%s' "$API_STATUS"; exit 0; }
case $last in
  */configmaps/influxdb-initialized) [ -f "$STATE/influxdb-initialized" ] && printf 200 || printf 404 ;;
  */configmaps) touch "$STATE/influxdb-initialized"; printf 201 ;;
esac
`;
    beforeEach(() => {
      writeFileSync(join(folder, "curl"), CURL, { mode: 0o755 });
      writeFileSync(join(folder, "token"), "t0ken");
    });
    const inCluster = (env: Readonly<Record<string, string>> = {}) =>
      run({ API_SERVER: "https://api", ACCOUNT: folder, API_STATUS: "", TMPDIR: folder, ...env });
    const isEmpty = () => {
      for (const file of ["admins", "users"]) rmSync(join(folder, file), { recursive: true, force: true });
    };

    test("a new InfluxDB is set up and remembered, with the account's token, which stays nowhere", () => {
      const { status, output } = inCluster();
      expect([status, output]).toEqual([0, "InfluxDB is set up\n"]);
      expect(existsSync(REMEMBERED())).toBe(true);
      expect(readFileSync(join(folder, "header"), "utf8")).toBe("Authorization: Bearer t0ken");
      expect(readdirSync(folder).filter((file) => file.startsWith("tmp."))).toEqual([]);
      expect(inCluster().status).toBe(0);
    });

    test("an empty one that was set up before stays empty, and the log says what to do", () => {
      inCluster();
      isEmpty();
      const { status, output, log } = inCluster();
      expect(status).toBe(1);
      expect(output).toBe(
        "InfluxDB is empty, and it was set up before: its volume does not hold its data. Mount the disk that does, then restart the node and InfluxDB. Only where the data are lost: kubectl -n influxdb delete configmap influxdb-initialized, and the next run sets an empty one up\n",
      );
      expect(log.filter((line) => line.includes("CREATE"))).toEqual([]);
    });

    test("where the data are lost, it is new once the memory is taken away", () => {
      inCluster();
      isEmpty();
      rmSync(REMEMBERED());
      expect(inCluster().status).toBe(0);
      expect(existsSync(REMEMBERED())).toBe(true);
    });

    test("data of a cluster that was lost are known by their accounts, and remembered again", () => {
      inCluster();
      rmSync(REMEMBERED());
      expect(inCluster().status).toBe(0);
      expect(existsSync(REMEMBERED())).toBe(true);
    });

    test("an InfluxDB that was set up before the cluster remembered is remembered", () => {
      run();
      expect(existsSync(REMEMBERED())).toBe(false);
      expect(inCluster().status).toBe(0);
      expect(existsSync(REMEMBERED())).toBe(true);
    });

    test.each(["401", "403", "500"])("an API server that answers %s does not make an empty one new", (API_STATUS) => {
      const { status, output, log } = inCluster({ API_STATUS });
      expect([status, output]).toEqual([1, expect.stringContaining(`set up before: status ${API_STATUS}`)]);
      expect(log.filter((line) => line.includes("CREATE"))).toEqual([]);
    });
  });

  describe("before it asks InfluxDB anything", () => {
    test.each([
      ["an empty password", { PASSWORD_TELEGRAF: "" }, "PASSWORD_TELEGRAF is empty"],
      ["an empty name", { ADMIN_USERNAME: "" }, "ADMIN_USERNAME is empty"],
      ["a line break", { PASSWORD_EFDREADER: "hidden\nvalue" }, "PASSWORD_EFDREADER has a line break"],
      ["a line break at the end", { ADMIN_PASSWORD: "hidden\n" }, "ADMIN_PASSWORD has a line break"],
      ["a tab", { SETUP_PASSWORD: "hidden\tvalue" }, "SETUP_PASSWORD has a line break or another control character"],
      ["a quote in the name", { ADMIN_USERNAME: 'a"b' }, "the administrator's name has a quote"],
      ["a name that is taken", { ADMIN_USERNAME: "telegraf" }, "the administrator is called like the account telegraf"],
      [
        "the setup's own name",
        { ADMIN_USERNAME: "efd-setup" },
        "the administrator is called like the account efd-setup",
      ],
    ])("it refuses %s, and prints no password", (_what, env, message) => {
      const { status, output, log } = run(env);
      expect(status).toBe(1);
      expect(output).toContain(message);
      expect(output).not.toMatch(/hidden|adm1n|tele\b/);
      expect(log).toEqual([]);
    });
  });

  test("stops at what InfluxDB refuses, and says what without the password", () => {
    const { status, output, log } = run({ REFUSE: 'CREATE USER "telegraf"', PASSWORD_TELEGRAF: "tele-secret" });
    expect(status).toBe(1);
    expect(output).toContain('InfluxDB refused: CREATE USER "telegraf" WITH');
    expect(output).not.toContain("tele-secret");
    expect(log.some((line) => line.includes("GRANT WRITE"))).toBe(false);
  });

  test("does not show the password when it cannot be set", () => {
    const { status, output } = run({ REFUSE: 'SET PASSWORD FOR "telegraf"', PASSWORD_TELEGRAF: "tele-secret" });
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
    expect(without.stderr).toMatch(/ADMIN_USERNAME/);
  });
});
