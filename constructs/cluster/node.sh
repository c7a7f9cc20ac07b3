#!/bin/sh
# Runs k3s as a node in a container, and lets the programs of its pods end before the container does.
# As the first process of a container k3s starts itself once more and passes no signal on, so that `docker stop` ends
# the datastore and every pod at once. So this shell is the first process.
# Arguments: how many seconds it may take from TERM to its end; the shell pattern of the names of pods that the others
# need in order to end; and k3s's own.
seconds=$1 last=$2 k3s='' begun='' timer=''
shift 2
: "${PROC:=/proc}" "${CGROUPS:=/sys/fs/cgroup}" "${PIPES:=/run/k3s/containerd}"

now() {
  read -r now _ < /proc/uptime
  echo "${now%.*}"
}

# Of version 2, a group with processes gives its controllers to no group below it. k3s sees to that as the first process only.
if [ -f "$CGROUPS/cgroup.controllers" ]; then
  mkdir -p "$CGROUPS/init"
  for one in $(cat "$CGROUPS/cgroup.procs"); do echo "$one" > "$CGROUPS/init/cgroup.procs"; done 2>/dev/null
  for one in $(cat "$CGROUPS/cgroup.controllers"); do echo "+$one" > "$CGROUPS/cgroup.subtree_control"; done
fi

# The first process of each container: number 1 of a namespace just below ours. Those that only hold a pod's networks
# stay: what ends still talks.
programs() {
  for status in $(grep -lE '^NSpid:[[:space:]][0-9]+[[:space:]]1$' "$PROC"/[0-9]*/status 2>/dev/null); do
    process=${status%/status}
    read -r name 2>/dev/null < "$process/comm" && [ "$name" != pause ] && echo "${process##*/}"
  done
}

ends_last() {
  read -r pod 2>/dev/null < "$PROC/$1/root/etc/hostname" || return 1
  # shellcheck disable=SC2254 # it is a pattern
  case $pod in $last) ;; *) return 1 ;; esac
}

# The kernel drops a TERM for the first process of a container that neither catches nor blocks it, such as the shell of a
# script: nobody waits for one of these.
hears() {
  grep -qE '^Sig(Blk|Cgt):[[:space:]]+[0-9a-f]*[4-7c-f][0-9a-f]{3}$' "$PROC/$1/status" 2>/dev/null
}

# Tells processes to end, and waits until they have, or until that moment.
end() {
  by=$1
  shift
  [ $# -gt 0 ] || return 0
  kill -TERM "$@" 2>/dev/null
  for one; do
    hears "$one" || continue
    while kill -0 "$one" 2>/dev/null && [ "$(now)" -lt "$by" ]; do sleep 0.2; done
  done
}

tell() {
  begun=${begun:-$(now)}
  [ -n "$k3s" ] && kill -TERM "$k3s" 2>/dev/null
  # The pods need the rest of the time.
  (sleep $((seconds / 3)) && kill -KILL "$k3s" 2>/dev/null) &
  timer=$!
}
trap tell TERM INT

k3s "$@" &
k3s=$!
# One that came before there was a k3s to tell.
[ -z "$begun" ] || kill -TERM "$k3s"
while wait "$k3s"; code=$?; kill -0 "$k3s" 2>/dev/null; do :; done
trap '' TERM INT
[ -z "$timer" ] || kill "$timer" 2>/dev/null

# Nobody starts a program again from here on, and nobody reads what they write: a full pipe would hold them up.
for pipe in "$PIPES"/*/containers/*/io/*/*-std*; do [ ! -p "$pipe" ] || cat "$pipe" & done
begun=${begun:-$(now)}
first='' rest=''
for one in $(programs); do
  if ends_last "$one"; then rest="$rest $one"; else first="$first $one"; fi
done
# shellcheck disable=SC2086 # lists of numbers
end $((begun + seconds * 5 / 6)) $first
# shellcheck disable=SC2086
end $((begun + seconds)) $rest
exit "$code"
