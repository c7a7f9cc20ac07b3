#!/bin/bash
# Restarts programs that did not start with what is there now: Secrets, and topics of Kafka.
# TARGETS has one program a line: namespace, resource, name, Secrets with commas between, and a regular expression
# of topics or "-", and the group that reads them; those with topics last, for the others do not wait for Kafka. What a
# program started with is marked on its pods' template, on a connector itself, so a second run does nothing; on the
# workload, where it started with that without a restart of ours.
# shellcheck source=constructs/restarts/marks.sh
source "${BASH_SOURCE%/*}/marks.sh"

# Secrets of a program: $found has their data, $changed when they changed last, $versions what marks were made of before.
read_secrets() {
  local secret answer data answers=()
  found='' versions=''
  for secret in ${2//,/ }; do
    answer=$(api "/api/v1/namespaces/$1/secrets/$secret") || return 1
    [[ $answer =~ \"resourceVersion\":\"([0-9]+)\" ]] || return 1
    versions+="${versions:+$'\n'}$secret ${BASH_REMATCH[1]}"
    # Labels and annotations do not count: controllers change them without a new password.
    data=$(data_of "$answer")
    found+="$secret${data:+ $data}"$'\n'
    answers+=("$answer")
  done
  changed=$(changed_at "${answers[@]}")
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

# Topics of which a group's members have partitions.
taken() { # GROUP
  kafka kafka-consumer-groups.sh --describe --group "$1" |
    awk '$3 ~ /^[0-9]+$/ && $7 != "-" { print $2 }' | LC_ALL=C sort --unique
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

# Whether the workload in $workload carries this mark.
marked() { [[ $workload == *"\"$1\":\"$2\""* ]]; }
# Whether the program at $path started with what has this hash. Its mark is on the template; or on the workload, beside
# the one of the template that it belongs to, where the program started with it and nobody restarted it for it: then it
# is only marked.
started_with() { # secrets|topics HASH
  local before=''
  ! marked "efd/$1" "$2" || return 0
  [[ ! $workload =~ \"efd/$1\":\"([0-9a-f]{16})\" ]] || before=${BASH_REMATCH[1]}
  ! marked "efd/$1-are" "$before-$2" || return 0
  # What is marked there is what it started with: nothing else is.
  [[ $workload != *"\"efd/$1-are\":\"$before-"* ]] || return 1
  case $1,$before in
    secrets,) older_secrets || return 1 ;;
    # A mark of before, of their versions, stands for what they hold as long as those are the same.
    secrets,*) [[ $before == "$(hash <<< "$versions")" ]] || return 1 ;;
    topics,) known_topics || return 1 ;;
    topics,*) return 1 ;;
  esac
  annotate "$path" "{\"metadata\":{\"annotations\":{\"efd/$1-are\":\"$before-$2\"}}}" ||
    fault "$namespace/$name cannot be marked"
}
older_secrets() {
  [[ $workload =~ \"creationTimestamp\":\"([^\"]+)\" ]] && made_after "${BASH_REMATCH[1]}" "$changed"
}
# Whether a consumer that looked for its topics, as each does when it starts, has found all of them.
known_topics() {
  [[ -z $topics ]] || { [[ -n $consumer_group ]] && [[ -z $(LC_ALL=C comm -23 - <(taken "$consumer_group") <<< "$topics") ]]; }
}

# Whether consumers may restart: one that starts while brokers or registry are away reads nothing, or loses what it reads.
consumers=
consumers_may_restart() {
  local away
  while [[ -z $consumers ]]; do
    if ! list_topics; then
      away="Kafka does not list its topics to $KAFKA_USER at $KAFKA_BROKERS"
    elif ! curl --silent --fail --max-time 30 --output /dev/null "$REGISTRY/subjects"; then
      away="the schema registry does not answer at $REGISTRY"
    else
      consumers=ready
      break
    fi
    may_start "$away" && continue
    fault "$away: consumers are left alone"
    consumers=left
  done
  [[ $consumers == ready ]]
}

# Whether a program, as the API writes it, does not run.
away() { [[ $1 =~ \"unavailableReplicas\":[1-9] ]]; }

programs=0 restarted=0 standing=()
while read -r namespace resource name secrets pattern consumer_group; do
  programs=$((programs + 1))
  [[ $pattern == - ]] || consumers_may_restart || continue
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
  started_with secrets "$mark" || reasons+=("its Secrets ($secrets)")
  if [[ $pattern != - ]]; then
    topics=$(grep --extended-regexp -e "$pattern" "$work/topics" | LC_ALL=C sort)
    mark=$(hash <<< "$topics")
    marks+=",\"efd/topics\":\"$mark\""
    started_with topics "$mark" || reasons+=("its topics ($(grep --count . <<< "$topics") now)")
  fi
  if ((${#reasons[@]} == 0)); then
    [[ -z $consumer_group ]] || ! away "$workload" || standing+=("$namespace/$name $path $consumer_group")
    continue
  fi
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

# A consumer that does not start may stand before a record that it cannot read.
for one in "${standing[@]}"; do
  read -r program path consumer_group <<< "$one"
  while workload=$(api "$path") || ! fault "$program cannot be read again"; do
    away "$workload" || break
    may_start "$program does not run" && continue
    while read -r place; do fault "$program does not run, and $consumer_group has not read $place"; done < <(unread "$consumer_group")
    break
  done
done
exit "$faults"
