#!/bin/bash
# Restarts programs that did not start with what is there now: Secrets, and topics of Kafka.
# TARGETS has one program a line: namespace, resource, name, Secrets with commas between, and a regular expression
# of topics or "-". What a program started with is marked on its pods' template, on a connector itself, so a second
# run does nothing.
set -uo pipefail
umask 077

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
fault() {
  echo "$1" >&2
  faults=1
}

# Whatever is secret goes by a file: arguments can be read by every process.
printf 'Authorization: Bearer %s' "$(cat "$ACCOUNT/token")" > "$work/authorization"
api() {
  local path=$1
  shift
  curl --silent --show-error --fail --max-time 30 --cacert "$ACCOUNT/ca.crt" --header "@$work/authorization" "$@" \
    "$API_SERVER$path?pretty=false"
}

# Secrets of a program: $found has their data, as the API writes them, and $versions what marks were made of before.
read_secrets() {
  local secret answer
  found='' versions=''
  for secret in ${2//,/ }; do
    answer=$(api "/api/v1/namespaces/$1/secrets/$secret") || return 1
    [[ $answer =~ \"resourceVersion\":\"([0-9]+)\" ]] || return 1
    versions+="${versions:+$'\n'}$secret ${BASH_REMATCH[1]}"
    # Labels and annotations do not count: controllers change them without a new password. Base64 has no brace.
    if [[ $answer =~ [{,]\"data\":(\{[^}]*\}) ]]; then found+="$secret ${BASH_REMATCH[1]}"$'\n'; else found+="$secret"$'\n'; fi
  done
}

# Runs one of Kafka's programs as the consumers' account.
kafka() { # PROGRAM ARGUMENT...
  local program=$1 password
  shift
  # For the login's text, and again for the file that it stands in.
  password=$(printf '%s' "$KAFKA_PASSWORD" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\\/\\\\/g')
  {
    printf '%s\n' security.protocol=SASL_PLAINTEXT sasl.mechanism=SCRAM-SHA-512
    printf 'sasl.jaas.config=%s required username="%s" %s="%s";\n' \
      org.apache.kafka.common.security.scram.ScramLoginModule "$KAFKA_USER" password "$password"
  } > "$work/client.properties"
  LOG_DIR=$work KAFKA_HEAP_OPTS='-Xms64m -Xmx128m' timeout 60 "$program" --bootstrap-server "$KAFKA_BROKERS" \
    --command-config "$work/client.properties" "$@" 2> "$work/kafka" < /dev/null
}

# The topics that the account sees. The registry's own is always there: a list without it is not believed.
list_topics() {
  kafka kafka-topics.sh --list > "$work/topics" && grep --quiet --line-regexp --fixed-strings "$KNOWN_TOPIC" "$work/topics"
}

# What a group has not read, one partition a line.
unread() { # GROUP
  kafka kafka-consumer-groups.sh --describe --group "$1" |
    awk '$6 ~ /^[0-9]+$/ && $6 > 0 { print "topic " $2 ", partition " $3 ", from offset " $4 " on (" $6 " records)" }'
}

# Asked to by hand, for a record that no start gets past: "GROUP TOPIC PARTITION OFFSET" of that record.
if [[ -n ${STEP_OVER:-} ]]; then
  read -r group topic partition offset <<< "$STEP_OVER"
  if [[ ! $partition:$offset =~ ^[0-9]+:[0-9]+$ ]]; then
    fault "STEP_OVER is \"$STEP_OVER\". It takes the record's GROUP TOPIC PARTITION OFFSET"
    exit "$faults"
  fi
  next=$((10#$offset + 1))
  # Kafka refuses while the group has a member; one that crashed goes after a while. The program ends with 0 then too:
  # that the offset is set, only its table says.
  for _ in {1..10}; do
    kafka kafka-consumer-groups.sh --reset-offsets --group "$group" --topic "$topic:$partition" \
      --to-offset "$next" --execute > "$work/answer"
    awk -v want="$group $topic $partition $next" '$1 " " $2 " " $3 " " $4 == want { found = 1 } END { exit !found }' \
      "$work/answer" && exit
    sleep "${PAUSE:-10}"
  done
  cat "$work/answer" "$work/kafka" >&2
  fault "$group stays before offset $offset of $topic, partition $partition: scale its Deployment to 0 first"
  exit "$faults"
fi

hash() { sha256sum | cut -c 1-16; }
# Whether the workload in $workload carries this mark.
marked() { [[ $workload == *"\"$1\":\"$2\""* ]]; }
annotate() { # PATH JSON
  api "$1" --request PATCH --header 'Content-Type: application/merge-patch+json' --output /dev/null --data "$2"
}
# Whether a program started with these Secrets, by the hash of their data. A mark of before, of their versions, stays on
# the template where those are still the same: the workload then says what data it stands for, and nothing restarts.
started_with() { # PATH HASH
  ! marked efd/secrets "$2" || return 0
  [[ $workload =~ \"efd/secrets\":\"([0-9a-f]{16})\" ]] || return 1
  local before=${BASH_REMATCH[1]}
  ! marked efd/secrets-are "$before-$2" || return 0
  [[ $before == "$(hash <<< "$versions")" ]] &&
    annotate "$1" "{\"metadata\":{\"annotations\":{\"efd/secrets-are\":\"$before-$2\"}}}"
}

# A consumer that starts while brokers or registry are away reads nothing, or loses what it reads.
consumers=
if ! grep --quiet --invert-match ' -$' "$TARGETS"; then
  : # There is none.
elif ! list_topics; then
  fault "Kafka does not list its topics to $KAFKA_USER at $KAFKA_BROKERS: consumers are left alone"
elif ! curl --silent --fail --max-time 30 --output /dev/null "$REGISTRY/subjects"; then
  fault "the schema registry does not answer at $REGISTRY: consumers are left alone"
else
  consumers=ready
fi

programs=0 restarted=0
while read -r namespace resource name secrets pattern consumer_group; do
  programs=$((programs + 1))
  [[ $pattern == - || -n $consumers ]] || continue
  group=apps/v1
  [[ $resource != kafkaconnectors ]] || group=kafka.strimzi.io/v1
  path=/apis/$group/namespaces/$namespace/$resource/$name
  if ! workload=$(api "$path") || ! read_secrets "$namespace" "$secrets"; then
    fault "$namespace/$name: it or one of its Secrets ($secrets) cannot be read"
    continue
  fi
  reasons=()
  mark=$(hash <<< "$found")
  marks="\"efd/secrets\":\"$mark\""
  started_with "$path" "$mark" || reasons+=("its Secrets ($secrets)")
  if [[ $pattern != - ]]; then
    topics=$(grep --extended-regexp -e "$pattern" "$work/topics" | LC_ALL=C sort)
    mark=$(hash <<< "$topics")
    marks+=",\"efd/topics\":\"$mark\""
    marked efd/topics "$mark" || reasons+=("its topics ($(grep --count . <<< "$topics") now)")
  fi
  if [[ -n $consumer_group && $workload =~ \"unavailableReplicas\":[1-9] ]]; then
    while read -r place; do fault "$namespace/$name does not run, and $consumer_group has not read $place"; done < <(unread "$consumer_group")
  fi
  ((${#reasons[@]})) || continue
  patch="{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{$marks}}}}}"
  # A connector has no pods of its own: Strimzi restarts it and its tasks, and takes this annotation away again.
  [[ $resource != kafkaconnectors ]] ||
    patch="{\"metadata\":{\"annotations\":{$marks,\"strimzi.io/restart\":\"includeTasks\"}}}"
  if annotate "$path" "$patch"; then
    restarted=$((restarted + 1))
    printf '%s/%s restarts, for it did not start with %s\n' "$namespace" "$name" "${reasons[0]}${reasons[1]:+ and ${reasons[1]}}"
  else
    fault "$namespace/$name cannot be restarted"
  fi
done < "$TARGETS"
echo "$restarted of $programs programs restart"
exit "$faults"
