#!/bin/sh
# nightly database|media [now]: backs up by itself for ever, or once and ends.
# The database: every night at BACKUP_HOUR (UTC), in full on Sundays and what changed on other nights. Uploaded files:
# every hour into the day's folder, where what did not change is a link to the day before.
set -eu
kept=${KEPT_IN:-/var/lib/media-backups}
media=${MEDIA_ROOT:-/srv/media}

back_up_database() {
  pgbackrest --stanza=sbm stanza-create
  if [ "$(date -u +%u)" = 7 ]; then type=full; else type=diff; fi
  pgbackrest --stanza=sbm --type="$type" backup
}

back_up_media() {
  today="$kept/$(date -u +%F)"
  rsync --archive --link-dest="$kept/latest" "$media/" "$today/" || [ $? = 24 ]  # 24: a file went while it was copied
  touch "$today"  # rsync gives it the age of the folder it copied, and by its age it is thrown away
  ln -sfn "$today" "$kept/latest"
  find "$kept" -mindepth 1 -maxdepth 1 -type d -mtime +28 -exec rm -rf {} +
  date -u +%FT%TZ >"$kept/finished"
}

seconds_to_next() {
  now=$(date +%s)
  if [ "$1" = media ]; then
    next=$(((now / 3600 + 1) * 3600))
  else
    next=$((now / 86400 * 86400 + ${BACKUP_HOUR:-2} * 3600))
    [ "$next" -gt "$now" ] || next=$((next + 86400))
  fi
  echo $((next - now))
}

case "${1:-}" in database | media) ;; *) echo "nightly database|media [now]" >&2; exit 2 ;; esac
if [ "${2:-}" = now ]; then
  "back_up_$1"
  exit
fi
while [ "$1" = database ] && ! pgbackrest --stanza=sbm stanza-create; do sleep 5; done
while :; do
  sleep "$(seconds_to_next "$1")"
  "$0" "$1" now || echo "THE BACKUP OF $1 FAILED: see above, and RUNBOOK.md, “Backups”." >&2
done
