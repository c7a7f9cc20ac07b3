# shellcheck shell=bash
# Sourced by the scripts beside it: messages, the state directory, processes, ports.
# shellcheck disable=SC2034 # what is set here, the sourcing scripts use
home=${EFD_BENCH_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/efd-bench}/control-plane
bin=$home/bin
programs=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kwok provisioner)
state= # where one control plane keeps its data: use_state sets it

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }
usage() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }
k() { KUBECACHEDIR="$state/kubectl-cache" "$bin/kubectl" --kubeconfig="$state/admin.kubeconfig" --request-timeout=15s "$@"; }

use_state() {
  [ -n "$1" ] || die "the state directory is an empty name"
  state=$(realpath -m -- "$1")
}
# Only a directory that `up` made is ever written to or removed.
# Its marker says of which bench: each knows only its own processes. An empty one was written before there were two.
bench=control-plane
made_by_up() {
  local made
  [ -e "$state/.efd-bench" ] && made=$(<"$state/.efd-bench") && [ "${made:-control-plane}" = "$bench" ]
}

# born PID: the process's start time; fails when it is gone or a zombie.
born() {
  local s
  s=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra s <<<"${s##*) }"
  [ "${s[0]}" != Z ] && echo "${s[19]}"
}
# alive FILE: the process that FILE names ("pid start-time") still runs.
alive() {
  local pid t
  read -r pid t 2>/dev/null <"$1" || return 1
  [ -n "$t" ] && [ "$(born "$pid")" = "$t" ]
}
running() { alive "$state/pid/$1"; }

signal() { # SIGNAL NAME: to the process only if it is still the one that was started
  local pid
  if running "$2"; then
    read -r pid _ <"$state/pid/$2"
    kill -s "$1" "$pid" 2>/dev/null || true
  fi
}
stop() { # SECONDS NAME...: TERM to all of them, KILL to those that are still there then
  local end=$((SECONDS + $1)) name; shift
  for name; do signal TERM "$name"; done
  for name; do
    while running "$name" && [ $SECONDS -lt $end ]; do sleep 0.1; done
    signal KILL "$name"
  done
  for name; do
    for _ in {1..20}; do running "$name" || break; sleep 0.1; done
    rm -f "$state/pid/$name"
  done
}
stop_all() {
  stop 10 kwok provisioner kube-scheduler kube-controller-manager
  stop 10 kube-apiserver
  stop 10 etcd
}

# catch: ends at a signal, whatever runs at the moment; without a trap bash goes on when that ended by itself.
# hold: waits with it, as long as a process was started but is not written down; `caught` has the exit code then.
caught=''
catch() { trap 'exit 130' INT; trap 'exit 143' TERM; trap 'exit 129' HUP; }
hold() { trap 'caught=130' INT; trap 'caught=143' TERM; trap 'caught=129' HUP; }

busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# pick_port VARIABLE: a free port below the ranges of outgoing connections and of free-port.ts. A file
# keeps it for this process until the program listens, so that two can start at once.
pick_port() {
  local p f try
  mkdir -p "$home/ports"
  exec 8>>"$home/ports/lock"
  flock -w 30 8 || die "another start holds $home/ports/lock"
  for f in "$home/ports"/[0-9]*; do alive "$f" || rm -f "$f"; done
  for try in {1..500}; do
    p=$((20000 + RANDOM % 5000))
    if ! alive "$home/ports/$p" && ! busy "$p"; then
      echo "$$ $(born $$)" >"$home/ports/$p"
      exec 8>&-
      printf -v "$1" %s "$p"
      return
    fi
  done
  die "no free port among $try tried between 20000 and 24999"
}
release_ports() { for p; do [ -z "$p" ] || rm -f "$home/ports/$p"; done; }
