package recordings

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"dozvon/app/mp3"
	"dozvon/app/server/pbx"
)

// WrongKind says that the PBX sends a recording that is no MP3.
type WrongKind struct {
	Kind string // as its file names end: "WAV"; empty: not known
}

func (w *WrongKind) Error() string {
	return fmt.Sprintf("the PBX sends a recording that is no MP3 (%s)", w.Kind)
}

// checkSound refuses what is no whole MP3: an error page under a good status, an empty file, too
// much. size is what was announced, -1 when nothing was.
func (r Folder) checkSound(file io.ReaderAt, total, size int64) error {
	switch {
	case total == 0:
		return pbx.ErrNotReady
	case total > r.max():
		return fmt.Errorf("%w: the recording has no end within %d bytes", pbx.ErrUnclear, r.max())
	case size >= 0 && total != size:
		return fmt.Errorf("%w: %d bytes came, %d were announced", pbx.ErrUnclear, total, size)
	case mp3.Look(file, total, true) != mp3.Yes:
		return noMP3(file)
	}
	return nil
}

// sniffed is how much of a file's beginning is looked at to say what it is; the library looks at as much.
const sniffed = 3072

// noMP3 says what comes instead of one: words are no recording of any kind, and not the PBX's answer.
func noMP3(file io.ReaderAt) error {
	head := make([]byte, sniffed)
	n, _ := file.ReadAt(head, 0)
	found := mimetype.Detect(head[:n])
	for kind := found; kind != nil; kind = kind.Parent() {
		if kind.Is("text/plain") {
			return fmt.Errorf("%w: it is not an MP3 but %s", pbx.ErrUnclear, found)
		}
	}
	kind := strings.ToUpper(strings.TrimPrefix(found.Extension(), "."))
	if kind == "MP3" { // by its first bytes alone
		kind = ""
	}
	return &WrongKind{Kind: kind}
}

// whole reports whether a kept recording is one. A file that is none, left by an older version or a
// full disk, is thrown away, so that it is fetched again.
func (r Folder) whole(path string) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("opening the recording: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("looking at the recording: %w", err)
	}
	fault := r.checkSound(file, info.Size(), -1)
	if fault == nil {
		return true, nil
	}
	slog.Warn("a kept recording is thrown away", "file", info.Name(), "why", fault)
	file.Close() // Windows removes no file that is open
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("throwing a bad recording away: %w", err)
	}
	return false, nil
}
