# How InfluxDB is copied: while it runs, in its portable form, from its port for backups, which asks for no password.
# One that is away at this hour costs the backup of a day: it is asked again.

shards_in() { cat "$1"/*.manifest | shards; }

copy() {
  until influxd backup -portable -host "$INFLUXDB_HOST:$INFLUXDB_BACKUP_PORT" "$1"; do
    may_start "InfluxDB gives no backup at $INFLUXDB_HOST:$INFLUXDB_BACKUP_PORT" || fail "InfluxDB gave no backup"
    rm -rf "$1"
    mkdir "$1"
  done
}

check() {
  [ -s "$(echo "$1"/*.manifest)" ] || fail "the backup has no manifest"
  files=$(shards_in "$1")
  for file in $(echo "$files" | cut -d ' ' -f 1); do
    [ -s "$1/$file" ] || fail "the backup lacks $file, which its manifest names"
  done
  # An InfluxDB without points is new, or its disk is not there: then what was kept must stay.
  if [ -z "$files" ]; then
    last=$(finished | tail -n 1)
    [ -z "$last" ] || [ -z "$(shards_in "$BACKUPS/$last")" ] ||
      fail "InfluxDB has no points, and had some at $last: look for its disk. Nothing was removed"
  fi
  echo "shards: $(echo "$files" | cut -d ' ' -f 2- | sort | uniq -c | awk '{ print $2, $1 }' | tr '\n' ';')"
}
