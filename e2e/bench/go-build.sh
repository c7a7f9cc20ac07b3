# shellcheck shell=bash
# Sourced by the builds, after their lib.sh, which sets home and bin: the right Go, room on the disks, one build at a
# time, and commands that an interruption ends. A program is in place only when it is whole, with a stamp of what it was
# made from.
# shellcheck disable=SC2154,SC2034 # home and bin are the sourcing script's

# Never a toolchain that Go would download by itself: the one on PATH or a clear word.
export GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS="-buildvcs=false -mod=readonly"

need_go() { # GO_MOD...: the version that the newest of them wants
  local want version have
  want=$(awk '$1 == "go" { print $2; nextfile }' "$@" | sort -V | tail -n 1)
  command -v go >/dev/null || die "Go is missing: install Go ${want%.*} or newer and put its bin folder on PATH"
  version=$(go version)
  have=$(awk '{ sub(/^go/, "", $3); print $3 }' <<<"$version")
  [ "$(printf '%s\n' "$want" "$have" | sort -V | head -n 1)" = "$want" ] ||
    die "Go $have is too old: install Go $want or newer and put its bin folder first on PATH"
}

need_room() { # GB
  local dir free
  for dir in "$home" "$(go env GOCACHE)" "$(go env GOMODCACHE)"; do
    mkdir -p "$dir"
    free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') / 1024 / 1024))
    [ "$free" -ge "$1" ] ||
      die "$dir has $free GB free, a build needs $1: make room, or set EFD_BENCH_HOME, GOCACHE and GOMODCACHE to a larger disk"
  done
}

# begin_build: waits for another build, then makes room for temporary files, which go again however this one ends.
partial='' child=''
begin_build() {
  mkdir -p "$bin" "$home/stamps" "$home/log"
  exec 9>>"$home/build.lock"
  if ! flock -n 9; then
    say "another build is at work: waiting for it"
    flock -w 3600 9 || die "waited an hour for $home/build.lock"
  fi
  # Go leaves its temporary files behind when it is killed: they get a place of their own.
  export GOTMPDIR=$home/tmp
  rm -rf "$GOTMPDIR"
  mkdir "$GOTMPDIR"
  trap end_build EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}
end_build() {
  trap '' INT TERM
  if [ -n "$child" ]; then
    kill -s INT "$child" 2>/dev/null || true
    for _ in {1..50}; do kill -0 "$child" 2>/dev/null || break; sleep 0.1; done
    kill -s KILL "$child" 2>/dev/null || true
    echo >&2
    say "interrupted. What is built stays; run it again to go on"
  fi
  rm -rf "$GOTMPDIR" ${partial:+"$partial"}
}

run() { # LOG COMMAND...
  local log=$1; shift
  # In the background, since bash would put a signal off until the command has ended.
  env --default-signal=INT nice "$@" >"$log" 2>&1 9>&- &
  child=$!
  wait "$child" || {
    child=
    echo >&2
    grep -v '^go: downloading' "$log" | tail -n 20 >&2
    die "failed: see $log. What is built stays; run it again to go on"
  }
  child=
}

built() { # NAME STAMP: whether the program is there and was made from that
  [ -x "$bin/$1" ] && [ "$(cat "$home/stamps/$1" 2>/dev/null)" = "$2" ]
}
progress() { # NAME: how far a build is, and then how long it took
  step=$((${step:-0} + 1)) begin=$SECONDS
  printf '%s: %d/%d %s ... ' "${0##*/}" "$step" ${#todo[@]} "$1" >&2
}
compile() { # NAME MODULE_FOLDER ARGUMENT...: `go build` of a package of that module
  local name=$1 module=$2; shift 2
  partial=$bin/.$name.partial
  run "$home/log/build-$name.log" go build -C "$module" -trimpath -o "$partial" "$@"
}
finished() { # NAME STAMP
  mv "$partial" "$bin/$1"
  partial=
  echo "$2" >"$home/stamps/$1"
  echo "$((SECONDS - begin)) s" >&2
}

# kubernetes_flags: for Go's linker: what Kubernetes's programs are to say of themselves; run in control-plane's module.
kubernetes_flags() {
  local kube minor p flags="-s -w"
  kube=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
  minor=${kube#v1.}; minor=${minor%%.*}
  for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $p.gitVersion=$kube -X $p.gitMajor=1 -X $p.gitMinor=$minor -X $p.gitTreeState=clean -X $p.buildDate=1970-01-01T00:00:00Z"
  done
  echo "$flags"
}
