#!/bin/sh
# Brings the backup that $BACKUP names from the bucket, before it is restored.
set -eu
. "$(dirname "$0")/backups.sh"

name=$(rclone lsf --recursive --files-only --include '/*/finished' "$BUCKET" | sed 's,/finished$,,' | backups_among | chosen)
[ ! -d "$BACKUPS/$name" ] || exit 0
finished | while read -r other; do rm -rf "${BACKUPS:?}/$other"; done
rm -rf "$BACKUPS/unfinished"
rclone copy "$BUCKET/$name" "$BACKUPS/unfinished"
rm "$BACKUPS/unfinished/finished"
mv "$BACKUPS/unfinished" "$BACKUPS/$name"
