# make.sh ROOT MIRROR RELEASE: a small Debian with wine, from nothing.
root=$1 mirror=$2 release=$3
mkdir -p "$root"
debootstrap --variant=minbase --include=ca-certificates "$release" "$root" "$mirror"
echo "deb $mirror $release main" >"$root/etc/apt/sources.list"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# No service starts, and no package is synced to the disk by itself.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe"
# 64 bits only: all of ours is, and it is half the size.
chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C sh -euc '
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends wine wine64 locales \
		libgl1 libgl1-mesa-dri libegl1 libglx-mesa0 libxcursor1 libxi6 libxrandr2 libxinerama1 libxcomposite1 \
		libxrender1 libxxf86vm1 libfreetype6 libfontconfig1 fonts-dejavu-core libasound2t64 libgnutls30t64
	apt-get clean
	# Without it wine can read the language, and no file with a Russian name.
	localedef -i ru_RU -f UTF-8 ru_RU.UTF-8'
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
rm -rf "$root"/var/lib/apt/lists/*
