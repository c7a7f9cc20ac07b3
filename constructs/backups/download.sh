#!/bin/sh
# Brings the backup that $BACKUP names from the bucket, before it is restored.
set -eu
. "$(dirname "$0")/backups.sh"

there=$(in_bucket)
name=$(echo "$there" | chosen)
[ ! -d "$BACKUPS/$name" ] || exit 0
# The restore takes the latest that is here. What never came into the bucket may be that of an empty InfluxDB.
finished | while read -r other; do rm -rf "${BACKUPS:?}/$other"; done
rm -rf "$BACKUPS/unfinished"
bucket copy "$BUCKET/$name" "$BACKUPS/unfinished"
rm "$BACKUPS/unfinished/finished"
mv "$BACKUPS/unfinished" "$BACKUPS/$name"
