# shellcheck shell=bash
# Sourced by the tests, which set tmp, a folder of theirs: what they check with, and at the end the counts.
# shellcheck disable=SC2154 # tmp is the sourcing script's

passed=0 failed=0
check() { # WHAT COMMAND...
  local what=$1 begin=$SECONDS out; shift
  if out=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok      $what ($((SECONDS - begin)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $what"
    echo "${out:-(no output)}" | tail -n 20 | sed 's/^/        /'
  fi
}
is() { # WANT GOT
  [ "$1" = "$2" ] || { echo "wanted '$1', got '$2'"; return 1; }
}
until_is() { # WANT COMMAND...: within 30 s
  local want=$1 got='' end=$((SECONDS + 30)); shift
  until got=$("$@" 2>&1) && [ "$got" = "$want" ]; do
    [ $SECONDS -lt $end ] || { echo "'$*' gives '$got', not '$want'"; return 1; }
    sleep 0.3
  done
}
one_line() { # FILE PATTERN
  if [ "$(wc -l <"$1")" = 1 ] && grep -q -e "$2" "$1"; then return; fi
  echo "wanted one line with '$2', got:"
  cat "$1"
  return 1
}
refused() { # PATTERN COMMAND...: fails with one line that matches
  local pattern=$1; shift
  if "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; then echo "'$*' was not refused"; return 1; fi
  [ ! -s "$tmp/out" ] || { cat "$tmp/out"; return 1; }
  one_line "$tmp/err" "$pattern"
}
path_with() { # NAME TEXT: a PATH whose first program NAME only prints TEXT
  mkdir -p "$tmp/fake-$1"
  printf '#!/bin/sh\ncat <<END\n%s\nEND\n' "$2" >"$tmp/fake-$1/$1"
  chmod +x "$tmp/fake-$1/$1"
  echo "$tmp/fake-$1:$PATH"
}
disk_with() { # GB: such a PATH, with that much free on every disk
  path_with df "Filesystem 1024-blocks Used Available Capacity Mounted
disk 999999999 1 $(($1 * 1024 * 1024)) 9% /"
}
begun() { # STATE_DIR PROGRAM: waits until the start there has got to this program
  local end=$((SECONDS + 60))
  until [ -s "$1/pid/$2" ]; do [ $SECONDS -lt $end ] || { echo "no $2 after 60 s"; return 1; }; sleep 0.1; done
}
summary() { # the counts, and an exit code
  echo "took $SECONDS s"
  [ $failed -eq 0 ] || echo "logs: $tmp"
  echo "$passed passed, $failed failed"
  [ $failed -eq 0 ]
}
