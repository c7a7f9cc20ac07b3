#!/usr/bin/env bash
# dockerd.sh DATA RESOLV_CONF ARGUMENT...: Docker's daemon as the child of a process 1 in namespaces of its own. Called by
# `up`. A TERM lets its containers stop; when this process ends, so does all that is left of them.
set -uo pipefail
data=$1 resolver=$2; shift 2
mount --bind "$resolver" /etc/resolv.conf
mount --bind "$data" /data
mount --make-rshared /
dockerd "$@" &
daemon=$!
trap 'kill -TERM "$daemon" 2>/dev/null' TERM INT
# A signal ends `wait` too.
while kill -0 "$daemon" 2>/dev/null; do wait "$daemon"; code=$?; done
exit "${code:-1}"
