# shellcheck shell=bash
# What both scripts of restarts have in common: the API, and by what they know with which Secrets a program started.
# shellcheck source=constructs/kafka/client.sh
source "${BASH_SOURCE%/*}/client.sh"

# Whatever is secret goes by a file: arguments can be read by every process.
printf 'Authorization: Bearer %s' "$(cat "$ACCOUNT/token")" > "$work/authorization"
api() { # PATH ARGUMENT...
  local path=$1 first='?'
  shift
  [[ $path != *\?* ]] || first='&'
  curl --silent --show-error --fail --max-time 30 --cacert "$ACCOUNT/ca.crt" --header "@$work/authorization" "$@" \
    "$API_SERVER$path${first}pretty=false"
}
annotate() { # PATH JSON
  api "$1" --request PATCH --header 'Content-Type: application/merge-patch+json' --output /dev/null --data "$2"
}

# On a node that has just started nothing may lead to the API server yet.
until api /version --output /dev/null 2> "$work/error"; do
  may_start "the API server does not answer at $API_SERVER: $(tail -n 1 "$work/error")" && continue
  fault "the API server does not answer at $API_SERVER: $(tail -n 1 "$work/error")"
  exit "$faults"
done

hash() { sha256sum | cut -c 1-16; }

# Data of a Secret, as the API writes it; base64 has no brace.
data_of() { # SECRET
  [[ ! $1 =~ [{,]\"data\":(\{[^}]*\}) ]] || printf '%s' "${BASH_REMATCH[1]}"
}
# When one of these Secrets changed last. The API server dates each writer by its last change, of whatever it was: what
# somebody applied as stringData, it does not count among the data. Nothing where it does not say it of each.
changed_at() { # SECRET...
  local secret time newest=''
  for secret; do
    time=$(grep --only-matching '"time":"[^"]*"' <<< "$secret" | cut -d '"' -f 4 | LC_ALL=C sort | tail -n 1)
    [[ -n $time ]] || return 0
    [[ ! $time > $newest ]] || newest=$time
  done
  printf '%s' "$newest"
}
# Whether a workload was made after its Secrets changed last: then all of its pods started with them. The server dates
# by the second; of one and the same second nobody knows.
made_after() { # TIME-OF-THE-WORKLOAD TIME-OF-THE-SECRETS
  [[ -n $1 && -n $2 && $1 > $2 ]]
}
