# What the scripts of this folder share: a backup is a folder below $BACKUPS that is named after its time in UTC.
# Only what is finished has such a name.
. "$(dirname "$0")/patience.sh"

fail() {
  echo "$1" >&2
  exit 1
}

# Names of lines that are finished backups, oldest first.
backups_among() { grep -E '^[0-9]{8}T[0-9]{6}Z$' | sort; }
finished() { ls -1 "$BACKUPS" | backups_among; }

# rclone, again and again where the bucket does not answer: a backup that is made is not made again for that.
bucket() {
  until rclone "$@"; do may_start "rclone $1 failed" >&2 || return 1; done
}
# Names of the finished backups in the bucket, oldest first. Take them by an assignment: a list that fails then ends the
# script, and is not taken for an empty one.
in_bucket() {
  files=$(bucket lsf --recursive --files-only --include '/*/finished' "$BUCKET") || fail "the bucket does not tell its backups"
  echo "$files" | sed 's,/finished$,,' | backups_among
}

# All but the last lines, as many as $1 says.
but_last() { awk -v most="$1" '{ line[NR] = $0 } END { for (i = 1; i <= NR - most; i++) print line[i] }'; }

# Shards of InfluxDB in the manifest on standard input, one a line: file, then database. Its own statistics are in each
# backup, also in that of an empty InfluxDB: they are neither points that were kept nor a database to bring back.
shards() {
  awk -F '"' '$2 == "database" { database = $4 }
    $2 == "fileName" && database != "" && database != "_internal" { print $4, database }'
}

# Of the backups on standard input, the one that $BACKUP names; the newest where that is "latest".
chosen() {
  names=$(cat)
  [ -n "$names" ] || fail "there is no backup yet"
  [ "$BACKUP" != latest ] || BACKUP=$(echo "$names" | tail -n 1)
  echo "$names" | grep -Fqx -e "$BACKUP" || fail "there is no backup $BACKUP. There are: $(echo "$names" | tr "\n" " ")"
  echo "$BACKUP"
}
