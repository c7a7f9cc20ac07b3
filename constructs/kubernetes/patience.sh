# shellcheck shell=sh
# For scripts of Jobs that ask programs which may be starting.

# Whether to ask again, after a while, somebody who does not answer. After a start of the machines programs come one
# after the other: that is no fault. Who has not come when $PATIENCE seconds of this run are over is away.
begun=$(date +%s)
told=
may_start() { # WHO-DOES-NOT-ANSWER
  left=$((begun + PATIENCE - $(date +%s)))
  [ "$left" -gt 0 ] || return 1
  [ "$told" = "$1" ] || echo "$1: asks again for $left s, as it may be starting"
  told=$1
  sleep "${PAUSE:-10}"
}
