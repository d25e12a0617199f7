#!/bin/sh
# Make sure that there is an strace for the chaos runs; where we may, install it. Without it they
# run all the same, and say in their table what was left out.
command -v strace >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing strace for the chaos runs"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -qq update && apt-get -qq install --yes --no-install-recommends strace; } >/dev/null
  command -v strace >/dev/null && exit 0
fi
echo "no strace: the kills at each system call will not be run; install the package strace" >&2
