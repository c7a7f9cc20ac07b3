#!/bin/bash
# Restarts programs of a namespace that did not start with what their Secrets hold now, in waves: one begins when every
# program of the one before is available again. WAVES has one wave a line: in how many parts it restarts, one after the
# other, and the labels of its Deployments. What a program reads stands in its own template. What it started with is
# marked there, or, where it started with that without a restart of ours, on the Deployment itself.
# shellcheck source=constructs/restarts/marks.sh
source "${BASH_SOURCE%/*}/marks.sh"

deployments=/apis/apps/v1/namespaces/$NAMESPACE/deployments
deadline=$PATIENCE

# One line a Deployment: name, when it was made, whether it stands, moves or has failed, the mark of its template, its
# own, and which keys of Secrets its containers read.
# shellcheck disable=SC2016 # awk's own
READ='
function found(pattern) {
  if (!match($0, pattern)) return "-"
  text = substr($0, RSTART, RLENGTH)
  sub(/.*[:"]/, "", text)
  return text
}
NR > 1 {
  reason = found("\"type\":\"Progressing\"[^}]*\"reason\":\"[A-Za-z]+")
  state = reason ~ /^(-|NewReplicaSetAvailable|DeploymentPaused)$/ ? "stands" : \
    reason == "ProgressDeadlineExceeded" ? "failed" : "moves"
  if (found("\"generation\":[0-9]+") != found("\"observedGeneration\":[0-9]+")) state = "moves"
  name = found("^[{]\"metadata\":[{]\"name\":\"[^\"]+")
  made = match($0, /"creationTimestamp":"[^"]+/) ? substr($0, RSTART + 21, RLENGTH - 21) : "-"
  mark = found("\"efd/secrets\":\"[0-9a-f]+")
  own = found("\"efd/secrets-are\":\"[0-9a-f-]+")
  keys = ""
  while (match($0, /"secretKeyRef":[{]"name":"[^"]+","key":"[^"]+/)) {
    split(substr($0, RSTART, RLENGTH), part, "\"")
    keys = keys (keys == "" ? "" : ",") part[6] "/" part[10]
    $0 = substr($0, RSTART + RLENGTH)
  }
  if (keys != "") print name, made, state, mark, own, keys
}'

# Secrets as they are, one request for each in a run.
declare -A secrets=()
# By what is read: the hash of it, and when it changed last.
declare -A hashes=() times=()
read_values() { # KEYS
  local one name data values='' answers=()
  [[ -z ${hashes[$1]:-} ]] || return 0
  for one in $(tr , '\n' <<< "$1" | LC_ALL=C sort --unique); do
    name=${one%%/*}
    [[ -n ${secrets[$name]:-} ]] || secrets[$name]=$(api "/api/v1/namespaces/$NAMESPACE/secrets/$name") || return 1
    data=$(data_of "${secrets[$name]}")
    [[ $data =~ [{,]\""${one#*/}"\":\"([^\"]*)\" ]] || return 1
    values+="$one ${BASH_REMATCH[1]}"$'\n'
    answers+=("${secrets[$name]}")
  done
  hashes[$1]=$(hash <<< "$values")
  times[$1]=$(changed_at "${answers[@]}")
}

# The programs of a wave: how many there are, how many of them move, and those that restart.
look() { # LABELS
  local name made state mark own keys
  total=0 moving=0 due=() failed=()
  api "$deployments?labelSelector=$1" > "$work/list" || return 1
  while read -r name made state mark own keys; do
    total=$((total + 1))
    [[ $state != moves ]] || moving=$((moving + 1))
    [[ $state != failed ]] || failed+=("$name")
    if ! read_values "$keys"; then
      fault "$NAMESPACE/$name: one of the keys of Secrets that it reads ($keys) cannot be read"
      continue
    fi
    marks[$name]=${hashes[$keys]}
    [[ $mark != "${hashes[$keys]}" && $own != "${mark#-}-${hashes[$keys]}" ]] || continue
    if [[ $mark,$own == -,- ]] && made_after "$made" "${times[$keys]}"; then
      annotate "$deployments/$name" "{\"metadata\":{\"annotations\":{\"efd/secrets-are\":\"-${hashes[$keys]}\"}}}" ||
        fault "$NAMESPACE/$name cannot be marked"
    else
      due+=("$name")
    fi
  done < <(sed 's/{"metadata":{"name":"/\n&/g' "$work/list" | awk "$READ")
}

restart() { # NAME
  annotate "$deployments/$1" \
    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"efd/secrets\":\"${marks[$1]}\"}}}}}"
}

declare -A marks=()
due=() failed=()
total=0 moving=0 programs=0 waiting=0 restarted=0
while read -r _ labels; do
  look "$labels" || exit 1
  programs=$((programs + total)) waiting=$((waiting + ${#due[@]}))
done < "$WAVES"

while read -r parts labels && ((waiting > 0)); do
  while look "$labels" || exit 1; ((${#due[@]} + moving > 0)); do
    room=$((total < parts ? 1 : total / parts))
    for name in "${due[@]}"; do
      ((moving < room)) || break
      if ! restart "$name"; then
        fault "$NAMESPACE/$name cannot be restarted: what comes after it waits"
        exit 1
      fi
      moving=$((moving + 1)) restarted=$((restarted + 1))
      echo "$NAMESPACE/$name restarts, for it did not start with what its Secrets hold"
    done
    if ((SECONDS >= deadline)); then
      echo "$restarted of $programs programs restart; the next run goes on"
      exit "$faults"
    fi
    sleep "${PAUSE:-5}"
  done
  for name in "${failed[@]}"; do fault "$NAMESPACE/$name does not become available: nobody waits for it"; done
done < "$WAVES"
echo "$restarted of $programs programs restart"
exit "$faults"
