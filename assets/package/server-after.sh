#!/bin/sh
# After the server was unpacked: it runs, or runs on in its new version. In a container without systemd
# nothing is started. Debian gives "configure" and the version that was, RPM how many versions there are.
set -e
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
case "$1:$2" in
configure:?* | 2:) # an upgrade: switched off stays switched off
	systemctl try-restart dozvon-server.service ;;
*)
	if systemctl enable --quiet --now dozvon-server.service; then
		echo "the code for the first administrator: dozvon-server account code --data /var/lib/dozvon"
	else
		echo "dozvon-server did not start; see: journalctl -u dozvon-server" >&2
	fi ;;
esac
