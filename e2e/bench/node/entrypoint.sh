#!/bin/sh
# Entrypoint of images of InfluxData's programs: options alone are those of the image's program.
set -e
case ${1:-} in -*) set -- influxd "$@" ;; esac
exec "$@"
