#!/bin/sh
# Brings the newest backup into the bucket, and removes the oldest ones there, of which $KEEP stay. The file `finished`
# comes last: what lacks it is no backup.
set -eu
. "$(dirname "$0")/backups.sh"

in_bucket() { rclone lsf --recursive --files-only --include '/*/finished' "$BUCKET" | sed 's,/finished$,,' | backups_among; }

name=$(finished | tail -n 1)
rclone copy "$BACKUPS/$name" "$BUCKET/$name"
rclone check --one-way "$BACKUPS/$name" "$BUCKET/$name"
if [ -e "$BACKUPS/$name"/*.manifest ] && ! ls "$BACKUPS/$name"/*.tar.gz >/dev/null 2>&1; then
  last=$(in_bucket | tail -n 1)
  [ -z "$last" ] || [ -z "$(rclone lsf --include '*.tar.gz' "$BUCKET/$last")" ] ||
    fail "InfluxDB has no points, and had some at $last: look for its disk. Nothing was removed"
fi
echo finished | rclone rcat "$BUCKET/$name/finished"
rm -rf "${BACKUPS:?}/$name"
in_bucket | but_last "$KEEP" | while read -r old; do
  echo "removing $old from the bucket"
  rclone deletefile "$BUCKET/$old/finished"
  rclone purge "$BUCKET/$old"
done
echo "backup $name is in the bucket"
