# How a database that is one file, $DATA, is copied while its program runs. Such a program (bbolt) can open any state of
# the file that was there at one moment; so the copy counts when the file was the same afterwards.

hash() { sha256sum <"$1" | cut -c 1-64; }

copy() {
  [ -s "$DATA" ] || fail "there is no $DATA: has the program ever run?"
  tries=0
  until cp "$DATA" "$1/" && [ "$(hash "$DATA")" = "$(hash "$1/$(basename "$DATA")")" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || fail "$DATA changes all the time"
    sleep 2
  done
}

check() { [ -s "$1/$(basename "$DATA")" ] || fail "the backup is empty"; }
