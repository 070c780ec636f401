package doctor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dozvon/app/server/backup"
	"dozvon/app/server/disk"
)

const (
	// synced is how often it is measured how long a write takes to be durable.
	synced = 20
	// slowSync and deadlySync are medians. An event of a PBX is answered after one such write.
	slowSync   = 50 * time.Millisecond
	deadlySync = time.Second
	// littleRoom and noRoom are bytes.
	littleRoom = 2 << 30
	noRoom     = 100 << 20
)

// ExamineDisk measures how fast a folder's disk makes a write durable, and how much room it has. recordings is the
// folder of recordings and mayTake how many bytes it may come to; 0: no bound.
func ExamineDisk(dir, recordings string, mayTake int64) []Line {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return []Line{warn("disk", "dozvon-server serve makes it; or give --data of the server", "the data folder %s is not there", dir)}
	}
	return []Line{speedOf(dir), roomOf(dir, recordings, mayTake)}
}

func speedOf(dir string) Line {
	took, err := syncTimes(dir)
	switch {
	case disk.IsFull(err):
		return fail("disk speed", "make room on the disk", "nothing can be written: the disk is full")
	case err != nil:
		return fail("disk speed", "the server must be able to write there: correct owner and mode", "%v", err)
	}
	slices.Sort(took)
	median, longest := took[len(took)/2], took[len(took)-1]
	found := "a durable write takes " + short(median) + ", the longest of " + "20 " + short(longest)
	switch {
	case median >= deadlySync:
		return fail("disk speed", "put the data folder on another disk: PBXs do not wait so long for an answer", "%s", found)
	case median >= slowSync:
		return warn("disk speed", "a disk without moving parts, of its own for the data folder, answers sooner", "%s", found)
	}
	return ok("disk speed", "%s", found)
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// syncTimes writes small pieces as the database does, and waits for each to be durable.
func syncTimes(dir string) (took []time.Duration, err error) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	for range synced {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

func roomOf(dir, recordings string, mayTake int64) Line {
	const advice = "make room, or bound the recordings by --recordings-mb and --recordings-days"
	free, err := disk.Free(dir)
	if err != nil {
		return warn("disk room", "", "%v", err)
	}
	have := int64(min(free, 1<<62))
	left := mayTake - sizeOf(recordings)
	switch {
	case have < noRoom:
		return fail("disk room", advice, "%s are left: soon nothing new is kept", backup.Bytes(have))
	case have < littleRoom:
		return warn("disk room", advice, "%s are left", backup.Bytes(have))
	case mayTake > 0 && left > have:
		return warn("disk room", advice, "%s are left, and the recordings may take %s more", backup.Bytes(have), backup.Bytes(left))
	}
	return ok("disk room", "%s are left", backup.Bytes(have))
}

// sizeOf is what the files of a folder take.
func sizeOf(dir string) int64 {
	total := int64(0)
	entries, err := os.ReadDir(filepath.Clean(dir))
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
	}
	return total
}
