/** The script that brings databases, retention policies and users of InfluxDB to what is declared. */

/** A database. */
export interface Database {
  readonly name: string;
  /** Hours that points are kept; `Infinity` for ever. */
  readonly retentionHours: number;
}

/** A user that is no administrator. */
export interface InfluxdbUser {
  readonly name: string;
  /** Environment variable with the password. */
  readonly passwordVariable: string;
  readonly grants: readonly { readonly database: string; readonly privilege: "READ" | "WRITE" | "ALL" }[];
}

/** Environment variables with the administrator's name and password. */
export const ADMIN_VARIABLES = { name: "INFLUX_USERNAME", password: "INFLUX_PASSWORD" } as const;

/** A shard must be shorter than what is kept; seven days is what InfluxDB takes for long retentions. */
export function shardHours(retentionHours: number): number {
  if (retentionHours >= 14 * 24) return 7 * 24;
  return retentionHours >= 2 * 24 ? 24 : 1;
}

function identifier(name: string): string {
  return `"${name}"`;
}

/**
 * A shell script that may run any number of times. The first administrator is made without credentials, which
 * InfluxDB allows while there is none; everything else is done as that administrator.
 */
export function setupScript(databases: readonly Database[], users: readonly InfluxdbUser[]): string {
  const statements = [
    ...databases.flatMap(({ name, retentionHours }) => [
      `CREATE DATABASE ${identifier(name)}`,
      `ALTER RETENTION POLICY "autogen" ON ${identifier(name)} DURATION ${
        Number.isFinite(retentionHours) ? `${retentionHours}h` : "INF"
      } REPLICATION 1 SHARD DURATION ${shardHours(retentionHours)}h DEFAULT`,
    ]),
  ].map((statement) => `run '${statement}'`);
  const accounts = users.flatMap(({ name, passwordVariable, grants }) => [
    `user '${name}' "$${passwordVariable}"`,
    ...grants.map(
      ({ database, privilege }) => `run 'GRANT ${privilege} ON ${identifier(database)} TO ${identifier(name)}'`,
    ),
  ]);
  return `#!/bin/sh
set -eu

anonymous() { env -u ${ADMIN_VARIABLES.name} -u ${ADMIN_VARIABLES.password} influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" "$@"; }
run() { influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" -execute "$1" >/dev/null || { echo "InfluxDB refused: \${1%%PASSWORD*}" >&2; exit 1; }; }
quoted() { printf '%s' "$1" | sed -e 's/\\\\/\\\\\\\\/g' -e "s/'/\\\\\\\\'/g"; }
user() {
  if ! influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" -execute 'SHOW USERS' -format csv | grep -q "^$1,"; then
    run "CREATE USER \\"$1\\" WITH PASSWORD '$(quoted "$2")'"
  fi
  run "SET PASSWORD FOR \\"$1\\" = '$(quoted "$2")'"
}

tries=0
while anonymous -execute 'SHOW DATABASES' 2>&1 | grep -q 'Failed to connect'; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "InfluxDB does not answer at $INFLUXDB_HOST:$INFLUXDB_PORT" >&2; exit 1; }
  sleep 5
done

if ! influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" -execute 'SHOW DATABASES' >/dev/null 2>&1; then
  # InfluxDB logs a refused request as it is, so ask before naming a secret.
  anonymous -execute 'SHOW DATABASES' 2>&1 | grep -q 'create admin user first' ||
    { echo "InfluxDB has an administrator with another name or password than the Secret says" >&2; exit 1; }
  anonymous -execute "CREATE USER \\"$${ADMIN_VARIABLES.name}\\" WITH PASSWORD '$(quoted "$${ADMIN_VARIABLES.password}")' WITH ALL PRIVILEGES" >/dev/null ||
    { echo "InfluxDB refused its first administrator" >&2; exit 1; }
fi

${[...statements, ...accounts].join("\n")}
echo "InfluxDB is set up"
`;
}
