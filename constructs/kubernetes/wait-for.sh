# shellcheck shell=bash
# Ends once each of these takes connections, HOST:PORT... After a start of the machines programs come one after the
# other: who ends because another is not there yet begins again, each time later.
trap 'exit 143' TERM
for address; do
  told=
  # shellcheck disable=SC2016 # the inner shell's own
  until timeout 5 bash -c ': > "/dev/tcp/$0/$1"' "${address%:*}" "${address##*:}" 2> /dev/null; do
    [[ -n $told ]] || echo "$address takes no connection yet"
    told=yes
    # A signal ends `wait`, not `sleep`.
    sleep "${PAUSE:-3}" &
    wait $!
  done
done
