# prepare.sh ROOT: the Windows of wine, as it is before anybody has used it. It needs no display.
root=$1
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
chroot "$root" env -i HOME=/root USER=root PATH=/usr/bin:/bin LANG=ru_RU.UTF-8 WINEPREFIX=/root/.wine WINEDEBUG=-all \
	WINEDLLOVERRIDES='mscoree,mshtml=' sh -euc '
	wineboot -i
	# One desktop with a task bar and a tray for all programs.
	wine reg add "HKCU\\Software\\Wine\\Explorer" /v Desktop /d shell /f
	wine reg add "HKCU\\Software\\Wine\\Explorer\\Desktops" /v shell /d 1600x900 /f
	wineserver -w'
test -e "$root/root/.wine/system.reg"
