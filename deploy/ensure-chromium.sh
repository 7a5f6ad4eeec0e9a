#!/bin/sh
# Makes sure of a browser for the journeys: the one named by CHROMIUM; Chromium's headless shell, the same engine without
# a window to draw, which needs half the time; any other Chromium; or one from apt where we may install.
# Without one the journeys are skipped, except with CI=true, where that is a failure.
found() {
  for name in "$@"; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}
have() { found "${CHROMIUM:-chromium}" chromium-headless-shell chromium chromium-browser google-chrome; }
offered() { apt-cache show chromium-headless-shell >/dev/null 2>&1; }
install() {
  export DEBIAN_FRONTEND=noninteractive
  have || $1 apt-get update -qq
  offered && browser=chromium-headless-shell || browser=chromium
  echo "Installing $browser with apt-get" >&3
  $1 apt-get install -qq --yes --no-install-recommends "$browser" fonts-liberation
}

[ -n "${CHROMIUM:-}" ] && found "$CHROMIUM" && exit 0
found chromium-headless-shell && exit 0
if command -v apt-get >/dev/null && { ! have || offered; }; then
  if [ "$(id -u)" = 0 ]; then
    install "" 3>&1 </dev/null >/dev/null 2>&1
  elif sudo -n true 2>/dev/null; then
    install sudo 3>&1 </dev/null >/dev/null 2>&1
  fi
fi
have && exit 0
if [ "${CI:-}" = true ]; then
  echo "No Chromium found and none could be installed: the browser journeys cannot run." >&2
  exit 1
fi
echo "No Chromium found (apt-get install chromium, or CHROMIUM=/path): THE BROWSER JOURNEYS ARE SKIPPED." >&2
