#!/bin/sh
# Starts Redis with the settings of the file $1 and the password $REDIS_PASS, which goes through standard input, so that
# no list of processes shows it. Managers write it into a URL as it is: with any other character they cannot connect, and
# yet are ready.
set -eu
LC_ALL=C
case $REDIS_PASS in
  "" | *[!A-Za-z0-9._~-]*)
    echo "key redis-pass of Secret love: got none, or one with other characters. Allowed: letters, digits and . _ ~ -. Choose another password." >&2
    exit 1
    ;;
esac
exec redis-server "$1" - <<END
requirepass "$REDIS_PASS"
END
