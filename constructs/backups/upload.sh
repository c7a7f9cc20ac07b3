#!/bin/sh
# Brings the newest backup into the bucket, and removes the oldest ones there, of which $KEEP stay. The file `finished`
# comes last: what lacks it is no backup.
set -eu
. "$(dirname "$0")/backups.sh"

name=$(finished | tail -n 1)
bucket copy "$BACKUPS/$name" "$BUCKET/$name"
bucket check --one-way "$BACKUPS/$name" "$BUCKET/$name"
if [ -e "$BACKUPS/$name"/*.manifest ] && [ -z "$(cat "$BACKUPS/$name"/*.manifest | shards)" ]; then
  others=$(in_bucket)
  last=$(echo "$others" | tail -n 1)
  manifest=
  [ -z "$last" ] || manifest=$(bucket cat --include '*.manifest' "$BUCKET/$last")
  [ -z "$(echo "$manifest" | shards)" ] ||
    fail "InfluxDB has no points, and had some at $last: look for its disk. Nothing was removed"
fi
until echo finished | rclone rcat "$BUCKET/$name/finished"; do may_start "rclone rcat failed" || exit 1; done
rm -rf "${BACKUPS:?}/$name"
all=$(in_bucket)
echo "$all" | but_last "$KEEP" | while read -r old; do
  echo "removing $old from the bucket"
  bucket deletefile "$BUCKET/$old/finished"
  bucket purge "$BUCKET/$old"
done
echo "backup $name is in the bucket"
