#!/bin/sh
# Runs Telegraf. Its decoder for Avro panics on a record of fewer than five bytes, and whoever starts it again reads
# the same record again: after a panic it reads for a while with the configuration that leaves such records out.
# CONFIGURATIONS is the folder of both, CAREFUL_SECONDS how long the careful one is used.

# What Go ends with at a panic.
PANIC=2
stopped='' child='' code=0

run() {
  "$@" &
  child=$!
  # One that came before there was a child to tell.
  [ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
  # A signal ends `wait`, and the program goes on until it has written what it holds.
  while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
  [ -z "$stopped" ] || exit "$code"
}
trap 'stopped=yes; kill -TERM "$child" 2>/dev/null' TERM INT

while run telegraf --config "$CONFIGURATIONS/telegraf.conf"; [ "$code" -eq "$PANIC" ]; do
  echo "Telegraf panicked: for $CAREFUL_SECONDS s it leaves out records that are no Avro" >&2
  run timeout "$CAREFUL_SECONDS" telegraf --config "$CONFIGURATIONS/careful.conf"
  # It was told to end after that time: 124 and 143 say so, and 0.
  case $code in 0 | 124 | 143) ;; *) exit "$code" ;; esac
done
exit "$code"
