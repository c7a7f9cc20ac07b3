# shellcheck shell=bash
# Sourced by the scripts beside it: where programs and one bench are, its network, and how its processes end. Messages,
# state directories and processes are those of the control plane.
# shellcheck disable=SC2034,SC2154 # what is set here, the sourcing scripts use
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../control-plane/lib.sh"
bench=node
kube=$bin # the control plane's programs, which servers run too
home=$(dirname "$home")/nodes
bin=$home/bin
# In a folder of the image that nodes are made from; plugins of the network lie in a folder of their own there.
programs=(containerd containerd-shim-runc-v2 ctr flanneld netpol runc-wrap k3s)
plugins=(bridge host-local loopback portmap)
# In images of their own.
services=(coredns load-balancer registry stub pause)

namespace='' net='' data=''

# What this machine must have, and the Debian packages of it.
declare -A package_of=([dockerd]=docker.io [docker]=docker.io [runc]=runc [docker-registry]=docker-registry [skopeo]=skopeo [ip]=iproute2
  [iptables]=iptables [ipset]=ipset [conntrack]=conntrack [nft]=nftables [jq]=jq [gcc]=gcc [curl]=curl [wget]=wget [dash]=dash [unshare]=util-linux)

# need_programs: as root on a Debian that CI=true gives away they are installed, elsewhere they are named.
need_programs() {
  local name packages=()
  for name in "${!package_of[@]}"; do
    command -v "$name" >/dev/null || packages+=("${package_of[$name]}")
  done
  [ -x /bin/busybox ] || packages+=(busybox-static)
  # Only the headers are missing where there is a gcc without them.
  [ -e /usr/include/stdlib.h ] || packages+=(libc6-dev)
  [ ${#packages[@]} -gt 0 ] || return 0
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
  if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing ${packages[*]}"
    install_packages "${packages[@]}" || die "they cannot be installed: $(tail -n 1 "$home/log/packages.log")"
  else
    die "${#packages[@]} Debian packages are missing: install them (apt-get install --no-install-recommends ${packages[*]})"
  fi
}
install_packages() {
  mkdir -p "$home/log"
  # Nothing that is installed may start by itself.
  { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$home/log/packages.log" 2>&1
}

# The state directory's own file of what `up` chose: namespace, net, data.
before() { (settings && echo "${!1}") || true; } # NAME: what it chose the last time
# shellcheck disable=SC1091
settings() { [ -s "$state/settings" ] && . "$state/settings"; }
docker_socket() { echo "$state/docker.sock"; }
d() { docker --host "unix://$(docker_socket)" "$@"; }
registry() { echo "$net.1:5000"; }
in_namespace() { nsenter --net="/run/netns/$namespace" -- "$@"; }

# Whatever was started in the bench, also by its containers, is in the process tree of one process 1, and ends with it.
stop_bench() {
  local group
  settings || return 0
  # Its containers have a minute to stop.
  stop 90 dockerd
  stop 10 registry
  rm -f "$state/docker.sock"
  # Groups that its containers leave behind, the innermost first.
  for group in /sys/fs/cgroup/*/"$namespace" /sys/fs/cgroup/"$namespace"; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  [ ! -e "/run/netns/$namespace" ] || ip netns del "$namespace"
}
