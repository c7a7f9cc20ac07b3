#!/bin/sh
# What InfluxDB's image runs before each start, instead of its own script, which sets a new InfluxDB up.
#
# A full disk or a power cut can tear the last entry of a write-ahead log (WAL), which nobody was told is written. At its
# start InfluxDB opens the last segment of each shard at its end, then cuts the torn entry off, and writes at the old end:
# behind a hole, at which its next start stops to read. Where the last segment is empty it removes that one, takes the
# one before as it is, and writes into a new one.
#
# Nothing here keeps InfluxDB from its start: without this it loses points only where an end is torn.
set -u
LC_ALL=C
wal=${INFLUXDB_DATA_WAL_DIR:-$(sed -n "s/^ *wal-dir *= *[\"']\(.*\)[\"'] *\$/\1/p" /etc/influxdb/influxdb.conf)}
if [ ! -d "$wal" ]; then
  echo "write-ahead logs: there are none in '$wal'"
  exit 0
fi

# Names of databases and policies have no line breaks; anything else they may have.
find "$wal/" -mindepth 3 -maxdepth 3 -type d | {
  shards=0 ready=0
  while IFS= read -r shard; do
    for last in "$shard"/_*.wal; do :; done
    [ -s "$last" ] || continue
    shards=$((shards + 1))
    id=${last##*/_}
    id=${id%.wal}
    # InfluxDB itself refuses these.
    case $id in *[!0-9]* | "") continue ;; esac
    # With zeros in front it would be octal.
    next=$shard/$(printf '_%05d.wal' $((${id#"${id%%[!0]*}"} + 1)))
    # Not over a file that is there. As who InfluxDB runs as, like each file that it makes.
    if (set -C && : >"$next"); then
      ready=$((ready + 1))
    else
      echo "write-ahead log: $last gets no segment after it: if its end is torn, what InfluxDB takes from now on is lost at its next start. Make room on the disk, then see docs/operations.md" >&2
    fi
  done
  echo "write-ahead logs: $ready of $shards shards with points in them get a new segment"
}
exit 0
