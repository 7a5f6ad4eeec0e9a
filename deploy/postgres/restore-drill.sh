#!/bin/sh
# Restores the newest backup, with every change since, into a scratch folder and starts it on a socket of its own. Prints
# the address that `manage.py restore_drill --restored` takes, waits for the end of its input, and throws it all away.
set -eu
place=$(mktemp -d "${DRILL_IN:-/var/lib/pgbackrest}/restore-drill.XXXXXX")
socket=${SOCKET_IN:-/var/run/postgresql}/restore-drill
PATH="$PATH:$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -1)"
finish() {
  pg_ctl --pgdata="$place/data" --mode=immediate --silent stop 2>/dev/null || true
  rm -rf "$place" "$socket"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
# Its own, or the live server's WAL would wait for a minute until what reads WAL back here lets go of the lock.
export PGBACKREST_LOCK_PATH="$place/lock" PGBACKREST_SPOOL_PATH="$place/spool"
mkdir -p "$place/data" "$place/spool" "$socket"
chmod 0700 "$place/data"
pgbackrest --stanza=sbm --pg1-path="$place/data" --archive-mode=off restore >&2
pg_ctl --pgdata="$place/data" --wait --timeout=3600 --log="$place/log" \
  --options="-c config_file=$place/data/postgresql.conf -c listen_addresses='' -c unix_socket_directories='$socket' -c port=5433 -c archive_mode=off -c max_locks_per_transaction=1024" \
  start >&2
# It answers before every change since the backup has been read back, and takes no writes until then.
until pg_controldata "$place/data" | grep -q 'cluster state: *in production'; do
  pg_ctl --pgdata="$place/data" status >&2
  sleep 1
done
echo "postgresql://sbm@/sbm?host=$socket&port=5433"
cat >/dev/null
