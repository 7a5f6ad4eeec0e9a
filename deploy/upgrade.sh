#!/bin/sh
# upgrade.sh FOLDER: puts the release in FOLDER (a checkout under /opt/sbm/releases) on line on a plain server, without
# a pause. Tables first: the running release works with them. Then one web server after the other, then the worker.
# Run again with the folder of the release before, it goes back; tables stay as they are.
set -eu
root=${SBM_ROOT:-/opt/sbm}
environment=${SBM_ENVIRONMENT:-/etc/sbm/environment}
owner=${SBM_OWNER:-/etc/sbm/owner}
release=$(cd "${1:?upgrade.sh FOLDER}" && pwd)

as_sbm() {
  systemd-run --quiet --wait --pipe --collect --uid=sbm --gid=sbm --working-directory="$release" \
    --property=EnvironmentFile="$environment" --property=EnvironmentFile="-$owner" \
    "$release/.venv/bin/python" manage.py "$@"
}

wait_for() {
  for _ in $(seq 60); do
    curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$1/healthz" && return 0
    sleep 1
  done
  echo "The web server on port $1 does not answer: journalctl --unit=sbm-web@$1. The other one still serves." >&2
  return 1
}

cd "$release"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check -r deploy/requirements.txt
SECRET_KEY=none DATABASE_URL=postgresql://nobody@127.0.0.1/none .venv/bin/python manage.py collectstatic --noinput --verbosity 0
if [ "${2:-}" = --despite-networks ]; then
  as_sbm migrate_networks --jobs 4 --past-canaries || true
elif ! as_sbm migrate_networks --jobs 4; then
  echo "Not every network was upgraded (above). Nothing was restarted. Mend it, or go on with: upgrade.sh $1 --despite-networks" >&2
  exit 1
fi
ln -sfn "$release" "$root/current.new"
mv -T "$root/current.new" "$root/current"
for port in 8001 8002; do
  systemctl restart "sbm-web@$port"
  wait_for "$port"
done
systemctl restart sbm-worker
if systemctl is-active --quiet sbm-receive-mail; then systemctl restart sbm-receive-mail; fi
echo "On line: $release"
