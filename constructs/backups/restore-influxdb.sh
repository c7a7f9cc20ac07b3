#!/bin/sh
# Replaces the databases that a backup has by what it has. It may be interrupted and run again. Until it has ended, no
# account may write into these databases: consumers keep what they read, and try again.
set -eu
here=$(dirname "$0")
. "$here/backups.sh"

ask() { influx -host "$INFLUXDB_HOST" -port "$INFLUXDB_PORT" "$@"; }
run() { ask -execute "$1" >/dev/null || fail "InfluxDB refused: $1"; }
# An InfluxDB that does not answer is not one without the database: what is not saved first would be dropped.
has() {
  present=$(ask -execute 'SHOW DATABASES' -format csv) || fail "InfluxDB does not tell its databases"
  echo "$present" | grep -Fqx -e "databases,$1"
}
save() { influxd backup -portable -host "$INFLUXDB_HOST:$INFLUXDB_BACKUP_PORT" -db "$1" "$2"; }

name=$(finished | chosen)
databases=$(cat "$BACKUPS/$name"/*.manifest | shards | cut -d ' ' -f 2- | sort -u)
[ -n "$databases" ] || fail "backup $name has no points"

INFLUX_USERNAME=$ADMIN_USERNAME INFLUX_PASSWORD=$ADMIN_PASSWORD
# One that was interrupted left its mark in InfluxDB as well. Without that it had ended, or it was another InfluxDB's.
if [ -s "$BACKUPS/restoring" ]; then
  said=$(export INFLUX_USERNAME INFLUX_PASSWORD && ask -execute 'SHOW DATABASES' -format csv 2>&1) || true
  case $said in
    *"databases,$RESTORING_DATABASE"*) ;;
    *databases,* | *"create admin user first"*) rm "$BACKUPS/restoring" ;;
    *) fail "InfluxDB does not tell its databases: $said" ;;
  esac
fi
# The setup makes the administrator where InfluxDB is new.
[ -s "$BACKUPS/restoring" ] || sh "$SETUP"
export INFLUX_USERNAME INFLUX_PASSWORD
# The file before the database: with the database alone the setup would refuse, and a second run never get past it.
if [ ! -s "$BACKUPS/restoring" ]; then
  echo "before-$(date -u +%Y%m%dT%H%M%SZ)" >"$BACKUPS/restoring" || fail "there is no room on the volume of the backups"
fi
run "CREATE DATABASE \"$RESTORING_DATABASE\""
before=$BACKUPS/$(cat "$BACKUPS/restoring")
mkdir -p "$before"

for database in $databases; do
  echo "restoring $database"
  if has "$database"; then
    users=$(ask -execute 'SHOW USERS' -format csv) || fail "InfluxDB does not tell its users"
    echo "$users" | sed -n 's/^\(.*\),false$/\1/p' | while read -r user; do
      run "REVOKE ALL PRIVILEGES ON \"$database\" FROM \"$user\""
    done
  fi
  # Where this was interrupted, the database may be half of the backup by now: what was saved first counts.
  if [ ! -e "$before/$database" ]; then
    rm -rf "$before/unfinished"
    mkdir "$before/unfinished"
    if has "$database"; then save "$database" "$before/unfinished" || fail "$database cannot be saved first"; fi
    mv "$before/unfinished" "$before/$database"
  fi
  run "DROP DATABASE \"$database\""
  influxd restore -portable -host "$INFLUXDB_HOST:$INFLUXDB_BACKUP_PORT" -db "$database" "$BACKUPS/$name" ||
    fail "$database was not restored: run this again"
done

run "DROP DATABASE \"$RESTORING_DATABASE\""
rm "$BACKUPS/restoring"
# Policies of today, and the rights that were taken.
sh "$SETUP"
echo "backup $name is restored. What was there before is in $(basename "$before")"
