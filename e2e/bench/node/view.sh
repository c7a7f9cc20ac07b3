#!/usr/bin/env bash
# view.sh STATE_DIR FOLDER DATA COMMAND...: shows a command the bench's Docker, data, names and resolver in the places of
# the machine's. Called by `enter`, in a mount namespace of its own; FOLDER has the file of names and is removed.
set -euo pipefail
state=$1 view=$2 data=$3; shift 3
mkdir "$view.run"
mount -t tmpfs -o mode=755 tmpfs "$view.run"
# /run as it is, so that a socket can be added to it that the machine does not see.
for f in /run/*; do
  at=$view.run/${f##*/}
  if [ -L "$f" ]; then cp -P "$f" "$at"
  elif [ -d "$f" ]; then mkdir "$at" && mount --rbind "$f" "$at"
  elif [ -e "$f" ] && [ "$f" != /run/docker.sock ]; then touch "$at" && mount --bind "$f" "$at"
  fi
done
# A daemon that is started anew makes its socket anew; a mount would lead to the old one.
ln -s "$state/docker.sock" "$view.run/docker.sock"
mount --rbind "$view.run" /run
mount --bind "$data" /data
mount --bind "$state/resolv.conf" /etc/resolv.conf
cp "$view/hosts" "/run/hosts"
mount --bind /run/hosts /etc/hosts
umount -l "$view.run"
rmdir "$view.run"
rm -r "$view"
exec -- "$@"
