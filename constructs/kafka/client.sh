# shellcheck shell=bash
# What the scripts that run in Kafka's image have in common: a folder of their own, faults, Kafka's programs, and
# patience with what starts.
set -uo pipefail
umask 077
# shellcheck source=constructs/kubernetes/patience.sh
source "${BASH_SOURCE%/*}/patience.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
fault() {
  echo "$1" >&2
  # shellcheck disable=SC2034 # a script ends with it
  faults=1
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
  LOG_DIR=$work KAFKA_HEAP_OPTS='-Xms64m -Xmx192m' timeout 90 "$program" --bootstrap-server "$KAFKA_BROKERS" \
    --command-config "$work/client.properties" "$@" 2> "$work/kafka" < /dev/null
}
