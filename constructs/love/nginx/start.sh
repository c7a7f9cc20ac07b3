#!/bin/sh
# Starts nginx. It reads no /etc/resolv.conf: the name servers that are there become its `resolver`, in the file $2, which
# its configuration, the file $1, includes. An answer counts for 5 s, however long it claims to.
set -eu
servers=
while read -r key value _ || [ -n "$key" ]; do
  [ "$key" = nameserver ] || continue
  case $value in *:*) value="[$value]" ;; esac
  servers="$servers $value"
done </etc/resolv.conf
[ -n "$servers" ] || { echo "/etc/resolv.conf names no name server: nginx could find no manager" >&2; exit 1; }
echo "resolver$servers valid=5s ipv6=off;" >"$2"
exec nginx -e stderr -c "$1" -g 'daemon off;'
