# run.sh DIR SYSTEM PROGRAMS SOURCE SAY: the first process of a desktop's namespaces. Whatever is written goes
# to memory, and with the namespaces it is gone.
dir=$1 system=$2 programs=$3 source=$4 say=$5
root=$dir/root
mkdir "$dir/mem" "$root"
mount -t tmpfs none "$dir/mem"
mkdir "$dir/mem/upper" "$dir/mem/work"
mount -t overlay none -o "lowerdir=$system,upperdir=$dir/mem/upper,workdir=$dir/mem/work" "$root"
mkdir -p "$root/programs" "$root/src" "$root/tmp/.X11-unix"
read -r pid rest </proc/self/stat
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
mount --bind "$programs" "$root/programs"
mount -o remount,bind,ro "$root/programs"
mount --bind "$source" "$root/src"
mount -o remount,bind,ro "$root/src"
trap 'exit 0' TERM
echo "$pid" >"$say.new"
mv "$say.new" "$say"
# It waits for whoever loses their parent.
while :; do
	sleep 3600 &
	wait || true
done
