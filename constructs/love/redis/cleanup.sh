#!/bin/sh
# Removes from Redis what nobody uses any more, and says how much:
# - from groups of scripts, members that joined more than $GROUP_EXPIRY seconds ago: whoever lives has joined again since;
# - queues of messages in work ($inflight) that nothing touched for $IDLE seconds: a manager that lives empties its own
#   every 5 s, those of a manager that was killed have no end of their own.
# It looks at $BATCH keys at a time, so that Redis answers others meanwhile. redis-cli takes the password from
# $REDISCLI_AUTH. channels_redis 4.2 gives the keys their names.
# A Redis that starts is away for a while, and then reads its data: that is no fault for $PATIENCE seconds.
set -eu

# Answers: where to go on, keys seen, members or keys removed, groups that are gone.
groups="
  local found = redis.call('SCAN', ARGV[1], 'MATCH', 'asgi:group:event-Script-*', 'COUNT', ARGV[2], 'TYPE', 'zset')
  local oldest = string.format('%d', redis.call('TIME')[1] - ARGV[3])
  local removed, gone = 0, 0
  for _, key in ipairs(found[2]) do
    removed = removed + redis.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. oldest)
    gone = gone + 1 - redis.call('EXISTS', key)
  end
  return { found[1], #found[2], removed, gone }"
queues="
  local found = redis.call('SCAN', ARGV[1], 'MATCH', 'asgispecific.*!\$inflight', 'COUNT', ARGV[2])
  local removed = 0
  for _, key in ipairs(found[2]) do
    if redis.call('OBJECT', 'IDLETIME', key) > tonumber(ARGV[3]) then
      removed = removed + redis.call('UNLINK', key)
    end
  end
  return { found[1], #found[2], removed, 0 }"

# walk SCRIPT AGE: runs a script over all keys; the sums are in $seen, $removed and $gone.
walk() {
  cursor=0 seen=0 removed=0 gone=0
  while :; do
    if ! answer=$(timeout 30 redis-cli -e -h "$REDIS_HOST" -p "$REDIS_PORT" EVAL "$1" 0 "$cursor" "$BATCH" "$2" 2>&1); then
      answer=$(printf %s "${answer:-no answer within 30 s}" | tr '\n' ' ')
      echo "Redis at $REDIS_HOST:$REDIS_PORT did not do it: $answer" >&2
      exit 1
    fi
    # shellcheck disable=SC2086 # four numbers
    set -- "$1" "$2" $answer
    cursor=$3 seen=$((seen + $4)) removed=$((removed + $5)) gone=$((gone + $6))
    [ "$cursor" != 0 ] || return 0
  done
}

last=$(($(date +%s) + PATIENCE))
while [ "$(date +%s)" -lt "$last" ]; do
  case $(timeout 30 redis-cli -h "$REDIS_HOST" -p "$REDIS_PORT" PING 2>&1) in
    '' | LOADING* | Could\ not\ connect*) sleep "${PAUSE:-5}" ;;
    *) break ;;
  esac
done
walk "$groups" "$GROUP_EXPIRY"
echo "groups of scripts: $seen seen, $removed members older than $GROUP_EXPIRY s removed, $gone groups gone with them"
walk "$queues" "$IDLE"
echo "queues of messages in work: $seen seen, $removed idle for more than $IDLE s removed"
