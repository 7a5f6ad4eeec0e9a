#!/bin/sh
# Makes sure of a Chromium for the browser journeys: the one named by CHROMIUM, the system's, or one from apt where we
# may install. Without one the journeys are skipped, except with CI=true, where that is a failure.
have() {
  for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}
install() {
  export DEBIAN_FRONTEND=noninteractive
  $1 apt-get update -qq && $1 apt-get install -qq --yes --no-install-recommends chromium fonts-liberation
}

have && exit 0
if command -v apt-get >/dev/null; then
  echo "Installing chromium with apt-get"
  if [ "$(id -u)" = 0 ]; then
    install "" </dev/null >/dev/null 2>&1
  elif sudo -n true 2>/dev/null; then
    install sudo </dev/null >/dev/null 2>&1
  fi
fi
have && exit 0
if [ "${CI:-}" = true ]; then
  echo "No Chromium found and none could be installed: the browser journeys cannot run." >&2
  exit 1
fi
echo "No Chromium found (apt-get install chromium, or CHROMIUM=/path): THE BROWSER JOURNEYS ARE SKIPPED." >&2
