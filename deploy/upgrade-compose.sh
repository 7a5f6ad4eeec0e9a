#!/bin/sh
# upgrade-compose.sh RELEASE: the same for compose.yaml. The image sbm-collective:RELEASE has been built or loaded; with
# the name of the release before, it goes back.
set -eu
cd "$(dirname "$0")"
RELEASE=${1:?upgrade-compose.sh RELEASE [--despite-networks]}
export RELEASE
compose=${COMPOSE:-docker compose}

if [ "${2:-}" = --despite-networks ]; then
  $compose run --rm migrate python manage.py migrate_networks --jobs 4 --past-canaries || true
elif ! $compose run --rm migrate; then
  echo "Not every network was upgraded (above). Nothing was restarted. Mend it, or add --despite-networks." >&2
  exit 1
fi
for web in web-a web-b; do
  $compose up --detach --no-deps --wait --wait-timeout 90 "$web"
done
$compose up --detach --no-deps worker
if $compose config --services | grep -qx receive_mail; then $compose up --detach --no-deps receive_mail; fi
sed -i.before "s/^RELEASE=.*/RELEASE=$RELEASE/" .env
echo "On line: $RELEASE"
