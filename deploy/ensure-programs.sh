#!/bin/sh
# Makes sure of what the tests of deploy/ check it with: Caddy, pgBackRest, PgBouncer, rsync, systemd's own checker, a
# distribution's PostgreSQL. In CI they are installed from apt, and one that is missing is a failure; elsewhere nothing is
# installed, because the packages start services, and what is missing is named: its tests are skipped.
PATH="$PATH:/usr/sbin:/sbin"
here=$(dirname "$0")
carries_search_path() {  # from 1.20 on
  version=$(pgbouncer --version 2>/dev/null | sed -n 's/^PgBouncer //p')
  [ "$(printf '1.20\n%s\n' "$version" | sort -V | head -1)" = 1.20 ] ||
    ls "${XDG_CACHE_HOME:-$HOME/.cache}"/sbm-collective/pgbouncer-*/pgbouncer >/dev/null 2>&1
}
missing() {
  for name in caddy pgbackrest pgbouncer rsync systemd-analyze; do command -v "$name" >/dev/null 2>&1 || printf ' %s' "$name"; done
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || printf ' postgresql'
  carries_search_path || printf ' pgbouncer-1.20'
}

[ -z "$(missing)" ] && exit 0
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  packages="caddy pgbackrest pgbouncer postgresql rsync systemd"
  echo "Installing $packages with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  # they are several
  { apt-get update -qq && apt-get install -qq --yes --no-install-recommends $packages; } </dev/null >/dev/null 2>&1
  if ! carries_search_path; then
    echo "Building a newer pgbouncer"
    "$here/build-pgbouncer.sh" </dev/null >/dev/null 2>&1
  fi
fi
without=$(missing)
[ -z "$without" ] && exit 0
if [ "${CI:-}" = true ]; then
  echo "Not found and not to be installed:$without. What deploy/ holds cannot be checked." >&2
  exit 1
fi
echo "Not found:$without. WHAT deploy/ HOLDS IS CHECKED WITHOUT THEM; CI has them." >&2
