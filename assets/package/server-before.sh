#!/bin/sh
# Before the server's files are unpacked: the user whose they are.
set -e
getent group dozvon >/dev/null || groupadd --system dozvon
getent passwd dozvon >/dev/null ||
	useradd --system --gid dozvon --home-dir /var/lib/dozvon --no-create-home --shell /usr/sbin/nologin --comment "Dozvon server" dozvon
