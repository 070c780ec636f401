package recordings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"dozvon/app/server/pbx"
)

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
	case !isMP3(file, total):
		return fmt.Errorf("%w: it is not an MP3", pbx.ErrUnclear)
	}
	return nil
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

const (
	// tagHead is the length of the head of an ID3v2 tag (ID3v2.4, section 3.1).
	tagHead = 10
	// padding is how far behind a tag the first frame may begin: encoders leave room.
	padding = 8 << 10
)

// isMP3 looks for the head of the first frame, behind an ID3 tag if there is one. No decoder is
// asked: whether the sound itself is good only an ear can tell.
func isMP3(file io.ReaderAt, size int64) bool {
	var at int64
	head := make([]byte, tagHead)
	if n, _ := file.ReadAt(head, 0); n == tagHead && bytes.HasPrefix(head, []byte("ID3")) {
		// The tag's length without its head, 7 bits a byte.
		at = tagHead + int64(head[6]&0x7f)<<21 + int64(head[7]&0x7f)<<14 + int64(head[8]&0x7f)<<7 + int64(head[9]&0x7f)
	}
	if at >= size {
		return false
	}
	room := make([]byte, padding)
	n, _ := file.ReadAt(room, at)
	room = room[:n]
	if at > 0 {
		room = bytes.TrimLeft(room, "\x00")
	}
	return isFrame(room)
}

// isFrame reads the head of a frame of MPEG audio layer III (ISO 11172-3, section 2.4.1.3): eleven
// bits set, and a version, bit rate and sampling rate that exist.
func isFrame(b []byte) bool {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return false
	}
	version, layer, bitrate, sampling := b[1]>>3&3, b[1]>>1&3, b[2]>>4, b[2]>>2&3
	return version != 1 && layer == 1 && bitrate != 15 && sampling != 3
}
