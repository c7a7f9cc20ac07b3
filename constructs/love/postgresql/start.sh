#!/bin/sh
# Starts PostgreSQL with the password $POSTGRES_PASSWORD of the account $POSTGRES_USER. The image gives it only to a
# new database: an old one gets it here, before anybody can connect, so that a changed Secret reaches it.
set -eu
if [ -s "$PGDATA/PG_VERSION" ]; then
  # Without an address, on a socket that only this container has. After a crash it first repairs what it has.
  pg_ctl -D "$PGDATA" -w -t 3600 -o "-c listen_addresses=''" start
  psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
\getenv user POSTGRES_USER
\getenv password POSTGRES_PASSWORD
ALTER ROLE :"user" PASSWORD :'password';
END
  pg_ctl -D "$PGDATA" -w -m fast stop
fi
exec docker-entrypoint.sh postgres
