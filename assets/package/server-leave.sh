#!/bin/sh
# Before the server goes; an upgrade lets it run until the new version takes its place.
set -e
[ -d /run/systemd/system ] || exit 0
case "$1" in
remove | 0) systemctl disable --quiet --now dozvon-server.service ;;
esac
