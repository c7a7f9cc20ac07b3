# shellcheck shell=bash
# Sourced by `images`: one function for each image that package registries alone give. It fills $fs, the root file
# system of $repository:$tag, and says in kind, what and changes what came of it, as `docker import --change` reads it.
# Users, entrypoints, folders and shells are those of the public image.
# shellcheck disable=SC2154,SC2034 # fs, tag and the rest are the sourcing script's

# recipe_of REPOSITORY: the function, nothing where there is none, or where its programs are not installed.
recipe_of() {
  case $1 in
    rancher/k3s) echo k3s;;
    rancher/mirrored-pause) echo pause;;
    rancher/mirrored-coredns-coredns) echo coredns;;
    rancher/klipper-lb) echo klipper_lb;;
    library/busybox) echo busybox;;
    library/telegraf) echo telegraf;;
    library/influxdb) if command -v influxd >/dev/null && command -v influx >/dev/null; then echo influxdb; fi;;
    confluentinc/cp-schema-registry) [ ! -d "$data_path/apicurio" ] || echo schema_registry;;
    strimzi/kafka) [ ! -d "$data_path/lib" ] || echo kafka;;
    kubectl) echo kubectl;;
  esac
}

pause() {
  mkdir -p "$fs"
  cp "$bin/pause" "$fs/pause"
  kind=stand-in what='a program of this bench'
  changes=('USER 65535:65535' 'ENTRYPOINT ["/pause"]')
}
coredns() {
  local version
  version=$(awk '$1 == "github.com/coredns/coredns" { print substr($2, 2) }' "$here/coredns/go.mod")
  bones "$fs"
  cp "$bin/coredns" "$fs/coredns"
  version_is "$version" "CoreDNS $version with the plugins that k3s configures"
  changes=('WORKDIR /' 'ENTRYPOINT ["/coredns"]')
}
klipper_lb() {
  mkdir -p "$fs"
  cp "$bin/load-balancer" "$fs/entry"
  kind=stand-in what='a program of this bench that passes connections on'
  changes=('ENTRYPOINT ["/entry"]')
}
busybox() {
  alpine "$fs"
  version_is "$(/bin/busybox 2>&1 | sed -n '1s/^BusyBox v\([0-9.]*\).*/\1/p')" "busybox of Debian with GNU's wget"
  changes=('CMD ["sh"]')
}
kubectl() { # without a shell
  local version
  version=$("$kube/kubectl" version --client -o json | jq -r .clientVersion.gitVersion)
  bones "$fs"
  cp "$kube/kubectl" "$fs/bin/kubectl"
  version_is "$version" "kubectl $version"
  changes=('ENTRYPOINT ["/bin/kubectl"]')
}
telegraf() {
  local program
  program=$("$here/../telegraf/build" "${tag%%-*}")
  alpine "$fs"
  cp "$program" "$fs/usr/bin/telegraf"
  cp "$here/entrypoint.sh" "$fs/entrypoint.sh"
  kind=real what="Telegraf ${tag%%-*} with the plugins that sites configure, on busybox of Debian"
  changes=('ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' 'ENTRYPOINT ["/entrypoint.sh"]' 'CMD ["telegraf"]')
}
influxdb() {
  local version
  version=$(influxd version | sed -n 's/^InfluxDB v\([^ ]*\).*/\1/p')
  debian "$fs"
  put "$fs" "$(command -v influxd)" "$(command -v influx)"
  cp "$here/entrypoint.sh" "$fs/entrypoint.sh"
  echo influxdb:x:1500:1500:influxdb:/home/influxdb:/bin/bash >>"$fs/etc/passwd"
  echo influxdb:x:1500: >>"$fs/etc/group"
  mkdir -p "$fs"/{var/lib,etc,home}/influxdb
  chown 1500:1500 "$fs/var/lib/influxdb" "$fs/home/influxdb"
  version_is "$version" "InfluxDB $version of this machine"
  changes=('ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' 'VOLUME /var/lib/influxdb' 'EXPOSE 8086' 'ENTRYPOINT ["/entrypoint.sh"]' 'CMD ["influxd"]')
}
schema_registry() {
  debian "$fs"
  java "$fs"
  cp -a "$data_path/apicurio" "$fs/opt/registry"
  chmod -R a+rX "$fs/opt/registry"
  mkdir -p "$fs/etc/confluent/docker"
  cp "$bin/registry" "$fs/etc/confluent/docker/run"
  echo appuser:x:1000:1000:appuser:/home/appuser:/bin/bash >>"$fs/etc/passwd"
  kind=stand-in what="Apicurio's registry with Confluent's API; it asks no Kafka, and forgets its schemas when it ends"
  changes=('ENV PATH=/usr/bin:/bin' 'USER 1000' 'EXPOSE 8081' 'CMD ["/etc/confluent/docker/run"]')
}
kafka() {
  local script class version
  version=$(basename "$data_path"/lib/kafka-server-[0-9]*.jar .jar)
  version=${version#kafka-server-}
  debian "$fs"
  java "$fs"
  mkdir -p "$fs"/opt/kafka/{bin,libs,plugins}
  cp "$data_path"/lib/*.jar "$fs/opt/kafka/libs/"
  while read -r script class; do
    sed "s|@CLASS@|$class|" "$here/kafka.sh" >"$fs/opt/kafka/bin/$script.sh"
  done <<'LIST'
kafka-topics org.apache.kafka.tools.TopicCommand
kafka-consumer-groups org.apache.kafka.tools.consumer.group.ConsumerGroupCommand
kafka-configs kafka.admin.ConfigCommand
kafka-acls org.apache.kafka.tools.AclCommand
kafka-get-offsets org.apache.kafka.tools.GetOffsetShell
kafka-console-consumer org.apache.kafka.tools.consumer.ConsoleConsumer
kafka-console-producer org.apache.kafka.tools.ConsoleProducer
kafka-storage kafka.tools.StorageTool
kafka-server-start kafka.Kafka
LIST
  chmod +x "$fs"/opt/kafka/bin/*
  echo kafka:x:1001:0:kafka:/home/kafka:/bin/bash >>"$fs/etc/passwd"
  kind=stand-in what="Kafka $version, its programs and its broker, without what Strimzi adds"
  changes=('ENV PATH=/opt/kafka/bin:/usr/bin:/bin' 'WORKDIR /opt/kafka' 'USER 1001' 'CMD ["bash"]')
}

# version_is VERSION WHAT: real where that is the tag's.
version_is() {
  what=$2
  if [ "$1" = "$tag" ] || [ "$1" = "${tag%%-*}" ]; then kind=real; else kind=stand-in; fi
}

# k3s goes into the Docker daemon, with what is the same for all tags below it.
k3s_base() { # NAME
  local f
  bones "$fs"
  mkdir -p "$fs"/{opt/k3s/cni,lib/modules,lib/firmware,usr/lib/x86_64-linux-gnu,etc/iproute2}
  cp "$kube"/{etcd,kube-apiserver,kube-controller-manager,kube-scheduler,kubectl,kubelet,kube-proxy} "$fs/opt/k3s/"
  for f in "${programs[@]}"; do [ "$f" = k3s ] || cp "$bin/$f" "$fs/opt/k3s/"; done
  for f in "${plugins[@]}"; do cp "$bin/$f" "$fs/opt/k3s/cni/"; done
  cp "$bin/k3s" "$fs/bin/k3s"
  for f in kubectl crictl ctr; do ln -s k3s "$fs/bin/$f"; done
  put "$fs" /usr/sbin/runc /usr/sbin/xtables-nft-multi /usr/sbin/ipset /usr/sbin/conntrack /usr/sbin/ip \
    /bin/mount /bin/umount /usr/bin/findmnt /usr/bin/nsenter
  for f in {iptables,ip6tables}{,-save,-restore}; do ln -s xtables-nft-multi "$fs/usr/sbin/$f"; done
  cp -a /usr/lib/x86_64-linux-gnu/xtables "$fs/usr/lib/x86_64-linux-gnu/"
  for f in /usr/lib/x86_64-linux-gnu/xtables/*.so; do libraries "$fs" "$f"; done
  cp /etc/protocols "$fs/etc/" 2>/dev/null || true
  busybox_in "$fs" /bin/aux
  ln -s busybox "$fs/bin/sh"
  changes=('VOLUME /var/lib/kubelet' 'VOLUME /var/lib/rancher/k3s' 'VOLUME /var/lib/cni' 'VOLUME /var/log'
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/bin/aux' 'ENTRYPOINT ["/bin/k3s"]' 'CMD ["agent"]')
  import "$1"
}
