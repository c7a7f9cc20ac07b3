# shellcheck shell=bash
# Sourced by `up`, which sets state: what this machine must have, each refusal in one line with the remedy.
# shellcheck disable=SC2154 # state is the sourcing script's
need_memory=6 need_disk=15 # GiB; a site has 8 GiB of its own

[ "$(id -u)" = 0 ] || die "nodes need root: run it as root, for example with sudo"
# has_capability NUMBER: in the set that no child can exceed.
has_capability() { (($((16#$(awk '$1 == "CapBnd:" { print $2 }' /proc/self/status))) >> $1 & 1)); }
has_capability 21 || die "root lacks CAP_SYS_ADMIN here: run it on the machine itself, or in a privileged container"
has_capability 12 || die "root lacks CAP_NET_ADMIN here: run it on the machine itself, or in a privileged container"
unshare --net --mount --pid --fork true 2>/dev/null ||
  die "this machine makes no namespaces: allow them (user.max_net_namespaces, or run outside of the sandbox)"
CI='' need_programs
for name in "${programs[@]}" "${plugins[@]}" "${services[@]}"; do
  [ -x "$bin/$name" ] || die "$bin/$name is missing: run $here/build first"
done
for name in etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet kube-proxy; do
  [ -x "$kube/$name" ] || die "$kube/$name is missing: run $here/build first"
done
# can_group FOLDER: a group can be made there.
can_group() { mkdir "$1/efd-bench-$$" 2>/dev/null && rmdir "$1/efd-bench-$$"; }
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  can_group /sys/fs/cgroup || die "control groups (version 2) at /sys/fs/cgroup cannot be written: mount them read-write"
else
  for name in cpu cpuset memory pids devices freezer; do
    can_group "/sys/fs/cgroup/$name" ||
      die "no control groups that a kubelet takes: $name of version 1 at /sys/fs/cgroup cannot be written, and version 2 is not there"
  done
fi
memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1024 / 1024) }' /proc/meminfo)
[ "$memory" -ge $need_memory ] ||
  die "$memory GiB of memory are available, nodes with a site need $need_memory: end what else runs, or take a larger machine"
there=$state # as far as there is one
until [ -d "$there" ]; do there=$(dirname "$there"); done
disk=$(df -Pk "$there" | awk 'NR == 2 { print int($4 / 1024 / 1024) }')
[ "$disk" -ge $need_disk ] ||
  die "$there has $disk GiB free, images and volumes need $need_disk: make room, or name a state directory on a larger disk"
socket=$(docker_socket)
[ ${#socket} -lt 100 ] || die "$state is too long a path for a socket: name a shorter one"
