#!/bin/bash
# Writes into InfluxDB how far each consumer is: what its group has not read, and how old its newest point is.
# CONSUMERS has one a line: its name, its group, its database, and a regular expression of its topics or "-".
# shellcheck source=constructs/kafka/client.sh
source "${BASH_SOURCE%/*}/client.sh"

# Whatever is secret goes by a file: arguments can be read by every process.
login() { # NAME PASSWORD
  printf 'Authorization: Basic %s' "$(printf '%s:%s' "$1" "$2" | base64 --wrap=0)" > "$work/$1"
}
login "$WRITER" "$WRITER_PASSWORD"
login "$READER" "$READER_PASSWORD"
ask() { # ACCOUNT PATH ARGUMENT...
  local account=$1 path=$2
  shift 2
  curl --silent --show-error --fail --max-time 15 --header "@$work/$account" "$@" "$INFLUXDB_URL$path" 2> "$work/error"
}

# Seconds since the newest point of these topics; an hour stands for all that is older, and for none.
age() { # DATABASE TOPICS
  local newest now
  ask "$READER" /query --get --data-urlencode epoch=s --data-urlencode \
    "q=SELECT last(\"$FIELD\") FROM \"$1\"../$2/ WHERE time > now() - 1h" > "$work/answer" || return 1
  newest=$(grep --only-matching '"values":\[\[[0-9]*' "$work/answer" | tr -dc '0-9\n' | sort --numeric-sort | tail -n 1)
  now=$(date +%s)
  echo "$((newest ? (now > newest ? now - newest : 0) : 3600))"
}

away='' points=0
put() {
  [[ -s $work/points ]] || return 0
  if ! ask "$WRITER" "/write?db=$OWN_DATABASE" --data-binary "@$work/points"; then
    away="InfluxDB does not take how far consumers are at $INFLUXDB_URL: $(tail -n 1 "$work/error")"
    return 1
  fi
  points=$((points + $(grep --count . "$work/points")))
}

ages() {
  local name database topics seconds
  : > "$work/points"
  while read -r name _ database topics; do
    [[ $topics != - ]] || continue
    if ! seconds=$(age "$database" "$topics"); then
      away="InfluxDB does not tell $READER the newest points at $INFLUXDB_URL: $(tail -n 1 "$work/error")"
      return 1
    fi
    echo "$MEASUREMENT,consumer=$name age=${seconds}i" >> "$work/points"
  done < "$CONSUMERS"
  put
}

# What groups have not read, and those that repair for them. Nothing of a group that never committed.
lags() {
  local name group
  # The program ends with 0 also where nobody answers it. Before the first record there is no group, and it says nothing.
  if ! kafka kafka-consumer-groups.sh --describe --all-groups > "$work/groups" || grep --quiet '^Error: ' "$work/groups"; then
    away="Kafka tells $KAFKA_USER of no group at $KAFKA_BROKERS: $(cat "$work/kafka" "$work/groups" | grep . | tail -n 1)"
    return 1
  fi
  while read -r name group _; do
    awk -v group="$group" -v point="$MEASUREMENT,consumer=$name,consumer_group=" '
      $6 ~ /^[0-9]+$/ && ($1 == group || index($1, group "-repairer-") == 1) { sum[$1] += $6 }
      END { for (one in sum) print point one " lag=" sum[one] "i" }' "$work/groups"
  done < "$CONSUMERS" > "$work/points"
  put
}

# Whether groups that Kafka did not name are none yet: it names none that the account may not see, either. Asked for
# one of those it refuses.
may_see() {
  local group
  while read -r _ group _; do
    ! awk -v group="$group" '$1 == group { found = 1 } END { exit !found }' "$work/groups" || continue
    kafka kafka-consumer-groups.sh --describe --group "$group" > "$work/group"
    if grep --quiet --fixed-strings GroupAuthorizationException "$work/group"; then
      away="Kafka does not let $KAFKA_USER see the group $group: give it the right to describe its groups"
      return 1
    fi
  done < "$CONSUMERS"
}

again() { may_start "$away" || { fault "$away"; return 1; }; }
# The ages first: they wait for no Kafka.
until ages; do again || break; done
until lags && may_see; do again || break; done
echo "$(grep --count . "$CONSUMERS") consumers, $points points"
exit "$faults"
