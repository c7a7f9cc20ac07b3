#!/bin/sh
# Entrypoint of images of InfluxData's programs: options alone are those of the image's program.
set -e
case ${1:-} in -*) set -- influxd "$@" ;; esac
# InfluxDB's image has a script of its own there, which does nothing for a site.
[ "${1:-}" != influxd ] || [ ! -e /init-influxdb.sh ] || /init-influxdb.sh
exec "$@"
