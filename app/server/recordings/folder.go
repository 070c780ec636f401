package recordings

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/pbx"
)

// Folder says where recordings are kept, and for how long.
type Folder struct {
	Dir string
	// Archive fetches every recording as soon as it is ready and keeps it for Keep, whatever the
	// PBX does with its own; without it, only what was listened to is kept, as long as there is room.
	Archive bool
	Keep    time.Duration
	// Room bounds the folder in bytes; 0 does not. The least recently used go first.
	Room int64
	// Max bounds one file in bytes; 0 is 1 GiB: a whole day at 64 kbit/s is 690 MB, a call never nears it.
	Max int64
}

func (r Folder) max() int64 { return cmp.Or(r.Max, maxRecording) }

const (
	// maxRecording bounds one file unless told otherwise.
	maxRecording = 1 << 30
	// fetchTries is how often a broken transfer is resumed.
	fetchTries = 4
	// partKept is how long half a file waits to be resumed.
	partKept = 24 * time.Hour
	partEnd  = ".part"
	// evictedEnd names the mark of a file that an archive has thrown away to make room, so that it is not fetched
	// again and missed by nobody.
	evictedEnd = ".evicted"
)

// path names the file by a hash: the PBX's ids may hold slashes.
func (r Folder) path(integrationID, id string) string {
	sum := sha256.Sum256([]byte(integrationID + "\x00" + id))
	return filepath.Join(r.Dir, hex.EncodeToString(sum[:16])+".mp3")
}

// wants tells whether an archive should have the file of a call that began then: one that is older than it keeps, or
// that it has thrown away to make room, it should not.
func (r Folder) wants(path string, began, now time.Time) bool {
	if !r.Archive || r.Keep > 0 && now.Sub(began) > r.Keep {
		return false
	}
	_, err := os.Stat(path + evictedEnd)
	return err != nil
}

// evict throws a file away to make room. An archive that cannot note it fetches it once more.
func (r Folder) evict(path string, now time.Time) error {
	if r.Archive && !strings.HasSuffix(path, partEnd) {
		mark := path + evictedEnd
		if err := errors.Join(os.WriteFile(mark, nil, 0o600), os.Chtimes(mark, now, now)); err != nil {
			slog.Warn("it was not noted that a recording is thrown away", "err", err)
		}
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("making room for recordings: %w", err)
	}
	return nil
}

// outlived tells whether a file of some age is kept no longer, however much room there is.
func (r Folder) outlived(name string, age time.Duration) bool {
	switch {
	case strings.HasSuffix(name, evictedEnd):
		return age > archiveBack // older calls are not archived
	case strings.HasSuffix(name, partEnd):
		return age > partKept
	}
	return r.Archive && r.Keep > 0 && age > r.Keep
}

// used notes that a file was listened to, so that it is not the next to go. An archive goes by
// the age of the files instead.
func (r Folder) used(path string, now time.Time) {
	if r.Archive {
		return
	}
	if err := os.Chtimes(path, now, now); err != nil {
		slog.Warn("the use of a recording was not noted", "err", err)
	}
}

// errBroken says that a transfer ended early; what came is kept and the rest asked for.
var errBroken = errors.New("the transfer broke off")

// fetch brings a recording under its final name, whole or not at all. What came of a broken
// transfer stays beside it, and the next attempt asks for the rest.
func (r Folder) fetch(ctx context.Context, source pbx.Recorder, id string, to *transfer) error {
	if err := os.MkdirAll(filepath.Dir(to.path), 0o700); err != nil {
		return fmt.Errorf("making the folder for recordings: %w", err)
	}
	part, err := os.OpenFile(to.path+partEnd, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	defer part.Close()
	for try := 1; ; try++ {
		err = r.fetchRest(ctx, source, id, part, to)
		if err == nil || try == fetchTries || !errors.Is(err, errBroken) || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("fetching the recording: %w", err)
	}
	if err := part.Sync(); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	// Windows renames no file that is open.
	if err := part.Close(); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	return to.keep()
}

func (r Folder) fetchRest(ctx context.Context, source pbx.Recorder, id string, part *os.File, to *transfer) error {
	end, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	// The last byte is asked for again: of a file that came whole and was not kept there is nothing more, and
	// a PBX refuses to send from behind its end.
	have := max(0, end-1)
	sound, err := source.Recording(ctx, id, have)
	if err != nil {
		return err
	}
	defer sound.Body.Close()
	// A PBX that does not know Range begins again, and so do we.
	if sound.From < 0 || sound.From > have {
		return fmt.Errorf("%w: it began at byte %d, %d was asked for", pbx.ErrUnclear, sound.From, have)
	}
	if sound.Size > r.max() {
		return fmt.Errorf("%w: %d bytes are announced", pbx.ErrUnclear, sound.Size)
	}
	if sound.From < end {
		if err := part.Truncate(sound.From); err != nil {
			return err
		}
	}
	if _, err := part.Seek(sound.From, io.SeekStart); err != nil {
		return err
	}
	into := &arrival{part: part, at: sound.From, size: sound.Size, t: to}
	if err := into.note(); err != nil {
		return errors.Join(err, part.Truncate(0))
	}
	// One byte more than is kept tells an end from a cut.
	n, err := io.Copy(into, io.LimitReader(sound.Body, r.max()+1-sound.From))
	if into.err != nil {
		// What is no recording is thrown away; and on a full disk half of one takes the room that other things need.
		return errors.Join(into.err, part.Truncate(0))
	}
	total := sound.From + n
	if total <= r.max() {
		switch {
		case err != nil:
			return fmt.Errorf("%w after %d bytes: %w", errBroken, total, pbx.NoAnswer(err))
		case sound.Size >= 0 && total < sound.Size:
			return fmt.Errorf("%w after %d of %d bytes: %w", errBroken, total, sound.Size, pbx.ErrUnreachable)
		}
	}
	if fault := r.checkSound(part, total, sound.Size); fault != nil {
		// Thrown away, so that nothing is appended to it.
		return errors.Join(fault, part.Truncate(0))
	}
	return nil
}

// clean throws away what the policy keeps no longer.
func (k *Keeper) clean() error {
	r, now := k.Folder, k.Now()
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the folder of recordings: %w", err)
	}
	var kept []os.FileInfo
	var size int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.IsDir() {
			continue
		}
		if r.outlived(info.Name(), now.Sub(info.ModTime())) {
			if err := os.Remove(filepath.Join(r.Dir, info.Name())); err != nil {
				return fmt.Errorf("dropping an old recording: %w", err)
			}
			continue
		}
		if strings.HasSuffix(info.Name(), evictedEnd) {
			continue
		}
		kept, size = append(kept, info), size+info.Size()
	}
	slices.SortFunc(kept, func(a, b os.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	for _, info := range kept {
		if r.Room <= 0 || size <= r.Room {
			return nil
		}
		if err := r.evict(filepath.Join(r.Dir, info.Name()), now); err != nil {
			return err
		}
		size -= info.Size()
	}
	return nil
}

// Kept tells whether the folder has the recording of an integration that the PBX names so, and where.
func (r Folder) Kept(integrationID, id string) (path string, here bool) {
	path = r.path(integrationID, id)
	info, err := os.Stat(path)
	return path, err == nil && info.Mode().IsRegular()
}

// Name is how the files of a recording are named, without their ends; it tells nothing of the call.
func (r Folder) Name(integrationID, id string) string {
	return strings.TrimSuffix(filepath.Base(r.path(integrationID, id)), ".mp3")
}

// Forget deletes the recordings with some names for good, whole and half, and tells how many whole ones there were.
func (r Folder) Forget(names []string) (deleted int, err error) {
	for _, name := range names {
		path := filepath.Join(r.Dir, name+".mp3")
		for _, end := range []string{"", partEnd, evictedEnd} {
			rerr := os.Remove(path + end)
			switch {
			case rerr == nil && end == "":
				deleted++
			case rerr != nil && !errors.Is(rerr, os.ErrNotExist):
				err = errors.Join(err, fmt.Errorf("deleting an erased recording: %w", rerr))
			}
		}
	}
	return deleted, err
}
