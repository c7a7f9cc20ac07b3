#!/bin/bash
# Starts an image of Confluent's that logs in to Kafka. $1 is the first word of the settings of that login, $2 the
# account. The image writes a setting as it is into a file of properties, where a backslash escapes what follows; in the
# text of the login, which stands there, it does so too, and a quote ends the password.
set -eu
escaped=
for ((i = 0; i < ${#KAFKA_PASSWORD}; i++)); do
  mark=${KAFKA_PASSWORD:i:1}
  case $mark in
    \\) escaped+='\\\\' ;;
    '"') escaped+='\\"' ;;
    *) escaped+=$mark ;;
  esac
done
module=org.apache.kafka.common.security.scram.ScramLoginModule
export "$1_SASL_JAAS_CONFIG=$module required username=\"$2\" password=\"$escaped\";"
exec /etc/confluent/docker/run
