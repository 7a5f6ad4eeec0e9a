#!/bin/sh
# Makes a PgBouncer that carries search_path, for the tests of a distribution whose own is older: Debian 12 has 1.18.
# It is the source of the suite that pgbouncer/Containerfile runs, which apt takes from the mirror of this machine and
# checks by the archive's signature. It is built once, kept in the cache of whoever runs this, and installed nowhere.
set -eu
suite=trixie
cache="${XDG_CACHE_HOME:-$HOME/.cache}/sbm-collective"
kept=$(find "$cache" -maxdepth 2 -path '*/pgbouncer-*/pgbouncer' 2>/dev/null | sort -V | tail -1)

[ -n "$kept" ] && "$kept" --version >/dev/null 2>&1 && exit 0
mkdir -p "$cache"
place=$(mktemp -d "$cache/draft.XXXXXX")
trap 'rm -rf "$place"' EXIT
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends gcc libc6-dev make patch pkg-config dpkg-dev xz-utils libevent-dev libssl-dev
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | grep -v security | head -1)
[ -n "$mirror" ] || { echo "Only Debian's own archive has the source." >&2; exit 1; }

mkdir -p "$place/parts" "$place/lists/partial" "$place/cache/archives/partial" "$place/source"
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$place/parts/$suite.list"
cat >"$place/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$place/parts";
Dir::State::Lists "$place/lists";
Dir::Cache "$place/cache";
APT::Sandbox::User "root";
CONF
export APT_CONFIG="$place/apt.conf"
apt-get update -qq
cd "$place/source"
apt-get source -qq --download-only pgbouncer
dpkg-source --no-check --extract ./*.dsc tree  # apt has checked it
version=$(sed -n 's/^Version: //p' ./*.dsc)
cd tree
./configure --quiet --without-cares --without-pam --without-systemd --without-ldap
make --silent pgbouncer
mkdir "$place/pgbouncer-$version"
mv pgbouncer "$place/pgbouncer-$version"
rm -rf "$cache/pgbouncer-$version"
mv "$place/pgbouncer-$version" "$cache"
