#!/bin/sh
# Make sure that there is a Chromium to drive the sandbox's page with; where we may, install one.
packages="chromium fonts-liberation fonts-noto-color-emoji"

found() {
  if [ -n "$CHROMIUM" ]; then
    command -v "$CHROMIUM" >/dev/null
    return
  fi
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null
}

found && exit 0
if [ -z "$CHROMIUM" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing $packages for the tests"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -qq update && apt-get -qq install --yes --no-install-recommends $packages; } >/dev/null
  found && exit 0
fi
echo "no Chromium: install $packages, or set CHROMIUM to the program (now: '$CHROMIUM')" >&2
exit 1
