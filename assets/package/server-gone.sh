#!/bin/sh
# After the server went. Nothing of ours deletes the school's data: /var/lib/dozvon and the user whose
# it is stay, until an administrator removes the folder.
set -e
[ ! -d /run/systemd/system ] || systemctl daemon-reload
case "$1" in
purge | 0)
	if [ ! -e /var/lib/dozvon ] && getent passwd dozvon >/dev/null; then userdel dozvon; fi ;;
esac
