#!/bin/sh
# Makes a backup and removes the oldest ones, of which $KEEP stay. copy.sh has `copy`, which fills a folder, and
# `check`, which says what is in one.
set -eu
here=$(dirname "$0")
. "$here/backups.sh"
. "$here/copy.sh"

no_restore() {
  [ ! -e "$BACKUPS/restoring" ] || fail "a restore is under way or was interrupted: run it again, then make backups"
}
remove_old() {
  finished | but_last "$1" | while read -r old; do
    echo "removing $old"
    rm -rf "${BACKUPS:?}/$old"
  done
}

no_restore
# What a bucket has need not stay here.
remove_old "$KEEP"
rm -rf "$BACKUPS/unfinished"
mkdir "$BACKUPS/unfinished"
copy "$BACKUPS/unfinished"
check "$BACKUPS/unfinished"
# One that began meanwhile drops databases: what was copied may be half of them.
no_restore
name=$(date -u +%Y%m%dT%H%M%SZ)
mv "$BACKUPS/unfinished" "$BACKUPS/$name"
if [ "$KEEP" -gt 1 ]; then remove_old "$KEEP"; else remove_old 1; fi
echo "backup $name: $(du -sh "$BACKUPS/$name" | cut -f 1)"
