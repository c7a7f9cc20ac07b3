/** The script that brings databases, retention policies and users of InfluxDB to what is declared. */
import { shardHours } from "../../environments/systems/influxdb/shards";
import { NAMESPACE } from "../../ground/namespaces";

/** A database. */
export interface DatabaseSpec {
  readonly name: string;
  /** Hours that points are kept; `Infinity` for ever. */
  readonly retentionHours: number;
}

/** What an account may do with a database. */
export interface DatabaseGrant {
  readonly database: string;
  readonly privilege: "READ" | "WRITE" | "ALL";
}

/** A user that is no administrator. */
export interface InfluxdbUser {
  readonly name: string;
  /** Environment variable with the password. */
  readonly passwordVariable: string;
  readonly grants: readonly DatabaseGrant[];
}

/** Environment variables with the administrator's name and password, and the password of the script's own account. */
export const ADMIN_VARIABLES = { name: "ADMIN_USERNAME", password: "ADMIN_PASSWORD", own: "SETUP_PASSWORD" } as const;

/** Administrator that only the script uses. With it the script can set a new password of the other one. */
export const SETUP_ACCOUNT = "efd-setup";

/** ConfigMap by which the cluster remembers that its InfluxDB was set up. Nothing but the script makes it. */
export const MARKER = "influxdb-initialized";

/**
 * A database that is there while a restore replaces the others. Until it is gone the setup does nothing, or it would make
 * a database that the restore is about to bring.
 */
export const RESTORING_DATABASE = "efd-restoring";

function identifier(name: string): string {
  return `"${name}"`;
}

/**
 * What the cluster remembers of its InfluxDB. An empty one that was set up before has lost its volume: its disk is not
 * mounted, or lost. Outside a cluster, without `API_SERVER`, nobody remembers anything.
 */
const MEMORY = `api() {
  curl --silent --show-error --max-time 30 --cacert "$ACCOUNT/ca.crt" --header "@$authorization" --output /dev/null \\
    --write-out '%{http_code}' "$@"
}
marks=/api/v1/namespaces/${NAMESPACE.influxdb}/configmaps
was_set_up() {
  [ -n "\${API_SERVER:-}" ] || return 1
  status=$(api "$API_SERVER$marks/${MARKER}") || fail "the API server does not answer at $API_SERVER"
  case $status in
    200) return 0 ;;
    404) return 1 ;;
    *) fail "the API server does not tell whether InfluxDB was set up before: status $status" ;;
  esac
}
remember() {
  [ -n "\${API_SERVER:-}" ] && ! was_set_up || return 0
  status=$(api --header 'Content-Type: application/json' --data-binary \\
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${MARKER}"}}' "$API_SERVER$marks") || status=none
  case $status in
    201 | 409) ;;
    *) fail "the API server does not remember that InfluxDB is set up: status $status" ;;
  esac
}
if [ -n "\${API_SERVER:-}" ]; then
  # By a file: every process can read arguments.
  authorization=$(umask 077 && mktemp)
  trap 'rm -f "$authorization"' EXIT
  printf 'Authorization: Bearer %s' "$(cat "$ACCOUNT/token")" > "$authorization"
fi`;

/** Functions of the script, and the wait for InfluxDB. */
const FUNCTIONS = `# Asks as the account that was named last, at first as nobody.
ask() { influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" "$@"; }
as() { INFLUX_USERNAME=$1 INFLUX_PASSWORD=$2; export INFLUX_USERNAME INFLUX_PASSWORD; }
may() { (as "$1" "$2" && ask -execute 'SHOW USERS' >/dev/null 2>&1); }
run() { ask -execute "$1" >/dev/null || fail "InfluxDB refused: \${1%%PASSWORD*}"; }
quoted() { printf '%s' "$1" | sed -e 's/\\\\/\\\\\\\\/g' -e "s/'/\\\\\\\\'/g"; }
user() {
  if ! ask -execute 'SHOW USERS' -format csv | tail -n +2 | cut -d , -f 1 | grep -Fqx -e "$1"; then
    run "CREATE USER \\"$1\\" WITH PASSWORD '$(quoted "$2")'"
  fi
  run "SET PASSWORD FOR \\"$1\\" = '$(quoted "$2")'"
}
administrator() {
  user "$1" "$2"
  run "GRANT ALL PRIVILEGES TO \\"$1\\""
}
# Takes back what an account may do on databases that are not named.
only() {
  account=$1
  shift
  grants=$(ask -execute "SHOW GRANTS FOR \\"$account\\"" -format csv) || fail "InfluxDB does not tell what $account may do"
  echo "$grants" | tail -n +2 | while read -r grant; do
    database=\${grant%,*}
    [ "\${grant##*,}" != "NO PRIVILEGES" ] || continue
    for declared; do [ "$declared" != "$database" ] || continue 2; done
    run "REVOKE ALL PRIVILEGES ON \\"$database\\" FROM \\"$account\\""
    echo "$account may no longer use $database"
  done
}

tries=0
while ask -execute 'SHOW DATABASES' 2>&1 | grep -q 'Failed to connect'; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || fail "InfluxDB does not answer at $INFLUXDB_HOST:$INFLUXDB_PORT"
  sleep 5
done`;

const NOT_DURING_RESTORE = `if ask -execute 'SHOW DATABASES' -format csv | grep -Fqx 'databases,${RESTORING_DATABASE}'; then
  fail "a restore is under way or was interrupted: run it again (docs/runbooks/restore.md)"
fi`;

/**
 * A shell script that may run any number of times. The first administrator is made without credentials, which
 * InfluxDB allows while there is none. There are two, the declared one and the script's own: as long as one of them
 * lets the script in, it gives the other its password. It does everything else as the declared one.
 *
 * @param isRestored - whether backups are restored into this InfluxDB, during which the script does nothing
 */
export function setupScript(
  databases: readonly DatabaseSpec[],
  users: readonly InfluxdbUser[],
  isRestored = false,
): string {
  const { name, password, own } = ADMIN_VARIABLES;
  const statements = databases.flatMap(({ name: database, retentionHours }) => [
    `run 'CREATE DATABASE ${identifier(database)}'`,
    `run 'ALTER RETENTION POLICY "autogen" ON ${identifier(database)} DURATION ${
      Number.isFinite(retentionHours) ? `${retentionHours}h` : "INF"
    } REPLICATION 1 SHARD DURATION ${shardHours(retentionHours)}h DEFAULT'`,
  ]);
  const accounts = users.flatMap((user) => [
    `user '${user.name}' "$${user.passwordVariable}"`,
    ...user.grants.map(
      ({ database, privilege }) => `run 'GRANT ${privilege} ON ${identifier(database)} TO ${identifier(user.name)}'`,
    ),
    ["only", user.name, ...user.grants.map(({ database }) => database)]
      .map((word, i) => (i === 0 ? word : `'${word}'`))
      .join(" "),
  ]);
  const variables = [name, password, own, ...users.map(({ passwordVariable }) => passwordVariable)];
  const taken = [SETUP_ACCOUNT, ...users.map((user) => user.name)];
  return `#!/bin/sh
set -eu

fail() { echo "$1" >&2; exit 1; }

# What InfluxDB cannot parse it writes into its log as it is: such a password is never sent.
for variable in ${variables.join(" ")}; do
  eval "value=\\$$variable"
  [ -n "$value" ] || fail "$variable is empty: give its Secret a value"
  [ "$(printf '%s' "$value" | tr -d '[:cntrl:]' && echo .)" = "$value." ] ||
    fail "$variable has a line break or another control character: give its Secret a value without"
done
case $${name} in
  *[\\",\\\\]*) fail "the administrator's name has a quote, a comma or a backslash: take another name" ;;
  ${taken.join(" | ")}) fail "the administrator is called like the account $${name}: take another name" ;;
esac

${MEMORY}

${FUNCTIONS}

if may "$${name}" "$${password}"; then
  as "$${name}" "$${password}"
elif may ${SETUP_ACCOUNT} "$${own}"; then
  echo "the administrator gets a new name or password"
  as ${SETUP_ACCOUNT} "$${own}"
else
  # InfluxDB logs a refused request as it is, so ask before naming a secret.
  ask -execute 'SHOW DATABASES' 2>&1 | grep -q 'create admin user first' ||
    fail "InfluxDB knows neither the administrator's name and password that its Secret has, nor the setup's own"
  ! was_set_up || fail "InfluxDB is empty, and it was set up before: its volume does not hold its data. Mount the disk \
that does, then restart the node and InfluxDB. Only where the data are lost: kubectl -n ${NAMESPACE.influxdb} delete \
configmap ${MARKER}, and the next run sets an empty one up"
  ask -execute "CREATE USER \\"$${name}\\" WITH PASSWORD '$(quoted "$${password}")' WITH ALL PRIVILEGES" >/dev/null ||
    fail "InfluxDB refused its first administrator"
  as "$${name}" "$${password}"
fi
administrator "$${name}" "$${password}"
as "$${name}" "$${password}"
administrator ${SETUP_ACCOUNT} "$${own}"

${[...(isRestored ? [NOT_DURING_RESTORE] : []), ...statements, ...accounts].join("\n")}
remember
echo "InfluxDB is set up"
`;
}
