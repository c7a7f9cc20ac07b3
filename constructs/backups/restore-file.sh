#!/bin/sh
# Puts the database that is one file, $DATA, back. What is there now stays beside it. The program has the old file open
# until it is restarted.
set -eu
. "$(dirname "$0")/backups.sh"

name=$(finished | chosen)
owner=$(stat -c %u:%g "$(dirname "$DATA")")
[ ! -e "$DATA" ] || owner=$(stat -c %u:%g "$DATA")
cp "$BACKUPS/$name/$(basename "$DATA")" "$DATA.restored"
chmod 600 "$DATA.restored"
chown "$owner" "$DATA.restored"
if [ -e "$DATA" ]; then ln -f "$DATA" "$DATA.before-restore"; fi
mv "$DATA.restored" "$DATA"
echo "backup $name is put back: restart the program. What was there is in $(basename "$DATA").before-restore"
