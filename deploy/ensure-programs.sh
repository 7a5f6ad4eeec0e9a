#!/bin/sh
# Makes sure of what the tests of deploy/ check it with: Caddy, PgBouncer, rsync, systemd's own checker, a distribution's
# PostgreSQL. In CI they are installed from apt, and one that is missing is a failure; elsewhere nothing is installed,
# because the packages start services, and what is missing is named: its tests are skipped.
PATH="$PATH:/usr/sbin:/sbin"
missing() {
  for name in caddy pgbouncer rsync systemd-analyze; do command -v "$name" >/dev/null 2>&1 || printf ' %s' "$name"; done
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || printf ' postgresql'
}

[ -z "$(missing)" ] && exit 0
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing caddy, pgbouncer, postgresql, rsync and systemd with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -qq --yes --no-install-recommends caddy pgbouncer postgresql rsync systemd; } \
    </dev/null >/dev/null 2>&1
fi
without=$(missing)
[ -z "$without" ] && exit 0
if [ "${CI:-}" = true ]; then
  echo "Not found and not to be installed:$without. What deploy/ holds cannot be checked." >&2
  exit 1
fi
echo "Not found:$without. WHAT deploy/ HOLDS IS CHECKED WITHOUT THEM; CI has them." >&2
