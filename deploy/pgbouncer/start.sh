#!/bin/sh
set -eu
: "${DATABASE_PASSWORD:?}"
umask 077
quoted=$(printf '%s' "$DATABASE_PASSWORD" | sed 's/"/""/g')
printf '"sbm_app" "%s"\n' "$quoted" >/run/pgbouncer/users
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
