package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// filesMost bounds how many files a backup may hold: what is noted of each stays in memory.
	filesMost = 2_000_000
	// manifestLeast and manifestOfFile bound a manifest in bytes, by the number of files: it is read whole.
	manifestLeast, manifestOfFile = 64 << 10, 400
	// keyMost bounds the sealing key, which has 32 bytes.
	keyMost = 4096
	// tailMost bounds the zeros that tar programs write behind the end.
	tailMost = 1 << 20
)

// BadFile says what is wrong with a file that is to be restored; nothing was touched.
type BadFile struct {
	File, Why string
	Err       error // may be nil
	// Advice is what to do; empty: to take another backup.
	Advice string
}

func (b *BadFile) Error() string {
	text := fmt.Sprintf("%s %s", b.File, b.Why)
	if b.Err != nil {
		text += fmt.Sprintf(" (%v)", b.Err)
	}
	return text + ": nothing was changed; " + cmp.Or(b.Advice, "take another backup")
}

func (b *BadFile) Unwrap() error { return b.Err }

const (
	whyForeign   = "is no backup of Dozvon"
	whyDamaged   = "is damaged"
	whyTruncated = "ends before its end; was it copied whole?"
)

// gzipMagic begins what gzip has pressed (RFC 1952, section 2.3.1).
const gzipMagic = "\x1f\x8b"

// reader reads a backup.
type reader struct {
	file string
	zip  *gzip.Reader
	tar  *tar.Reader
}

func openReader(ctx context.Context, file string, from io.Reader) (*reader, error) {
	r := &reader{file: file}
	in := bufio.NewReader(cancelled{ctx, from})
	head, err := in.Peek(len(gzipMagic))
	if err == nil && string(head) != gzipMagic {
		err = gzip.ErrHeader
	}
	if err != nil {
		return nil, r.bad(err)
	}
	if r.zip, err = gzip.NewReader(in); err != nil {
		return nil, r.bad(err)
	}
	r.tar = tar.NewReader(r.zip)
	return r, nil
}

// cancelled is a reader whose reading ends with ctx.
type cancelled struct {
	ctx  context.Context
	from io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.Read(p)
}

// bad tells in words what reading has met.
func (r *reader) bad(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &BadFile{File: r.file, Why: whyTruncated}
	case r.zip == nil && (errors.Is(err, io.EOF) || errors.Is(err, gzip.ErrHeader)):
		return &BadFile{File: r.file, Why: whyForeign}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, tar.ErrHeader), errors.As(err, &corrupt):
		return &BadFile{File: r.file, Why: whyDamaged, Err: err}
	}
	return fmt.Errorf("reading the backup: %w", err)
}

// refuse says what is wrong with the file.
func (r *reader) refuse(format string, args ...any) error {
	return &BadFile{File: r.file, Why: fmt.Sprintf(format, args...)}
}

// next is the header of the next file; io.EOF at the end, which is looked at, too.
func (r *reader) next() (*tar.Header, error) {
	h, err := r.tar.Next()
	if errors.Is(err, io.EOF) {
		return nil, r.end()
	}
	if err != nil {
		return nil, r.bad(err)
	}
	switch {
	case h.Typeflag != tar.TypeReg:
		return nil, r.refuse("holds %.100q, which is a link, a folder or a device, and a backup of Dozvon holds files alone", h.Name)
	case !allowed(h.Name):
		return nil, r.refuse("holds %.100q, which no backup of Dozvon holds", h.Name)
	case h.Size < 0:
		return nil, r.refuse("holds %.100q of %d bytes", h.Name, h.Size)
	}
	return h, nil
}

// end reads what follows the last file: nothing, but the zeros of some tar programs.
func (r *reader) end() error {
	tail, err := io.ReadAll(io.LimitReader(r.zip, tailMost+1))
	if err != nil {
		return r.bad(err)
	}
	if len(tail) > tailMost || slices.ContainsFunc(tail, func(b byte) bool { return b != 0 }) {
		return r.refuse("holds more behind its end")
	}
	return io.EOF
}

// Contents is what a backup holds, of which every byte was compared with the manifest.
type Contents struct {
	Manifest Manifest
	Bytes    int64 // unpacked
	// id tells this backup from all others.
	id  string
	key []byte // the sealing key; nil when there is none
}

// Verify reads a backup to its end and writes nothing. room is how many bytes unpacked it may have: what claims
// more is refused before it is read.
func Verify(ctx context.Context, file string, from io.Reader, room uint64) (Contents, error) {
	r, err := openReader(ctx, file, from)
	if err != nil {
		return Contents{}, err
	}
	var c Contents
	var told *Manifest
	seen, known := []File{}, map[string]bool{}
	for {
		h, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return c, err
		}
		switch {
		case known[h.Name]:
			return c, r.refuse("holds %s twice", h.Name)
		case told != nil:
			return c, r.refuse("holds %s behind its manifest", h.Name)
		case len(seen) == filesMost:
			return c, r.refuse("holds more than %d files", filesMost)
		case h.Name == keyName && h.Size > keyMost:
			return c, r.refuse("has a sealing key of %s", Bytes(h.Size))
		case h.Name == manifestName:
			if told, c.id, err = r.manifest(h.Size, len(seen)); err != nil {
				return c, err
			}
			continue
		}
		known[h.Name] = true
		if c.Bytes += h.Size; c.Bytes < 0 || uint64(c.Bytes) > room {
			why := fmt.Sprintf("would unpack to %s or more, and the disk has %s left", Bytes(c.Bytes), Bytes(int64(room)))
			return c, &BadFile{File: file, Why: why, Advice: "make room on the disk, such as by deleting folders before-restore-… that nobody needs, and try again"}
		}
		var key bytes.Buffer
		to := io.Discard
		if h.Name == keyName {
			to = &key
		}
		sum, err := r.sum(to)
		if err != nil {
			return c, err
		}
		if h.Name == keyName {
			c.key = key.Bytes()
		}
		seen = append(seen, File{Name: h.Name, Size: h.Size, SHA256: sum})
	}
	if told == nil {
		return c, r.refuse("has no manifest; it is no backup of Dozvon, or not a whole one")
	}
	c.Manifest = *told
	return c, r.compare(seen, *told)
}

// sum copies one file and tells its checksum.
func (r *reader) sum(to io.Writer) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(to, sum), r.tar); err != nil {
		return "", r.bad(err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// manifest reads the manifest; id is its checksum.
func (r *reader) manifest(size int64, files int) (m *Manifest, id string, err error) {
	if size > manifestLeast+manifestOfFile*int64(files) {
		return nil, "", r.refuse("has a manifest of %s for %d files", Bytes(size), files)
	}
	raw, err := io.ReadAll(r.tar)
	if err != nil {
		return nil, "", r.bad(err)
	}
	m = &Manifest{}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, "", r.refuse("has a manifest that cannot be read")
	}
	if m.Format != format {
		return nil, "", r.refuse("has the format %d, and this program knows %d: install the program that made it (%.40q) or a newer one", m.Format, format, m.Program)
	}
	sum := sha256.Sum256(raw)
	return m, hex.EncodeToString(sum[:]), nil
}

// compare holds what was read against what the manifest tells.
func (r *reader) compare(seen []File, m Manifest) error {
	for i, f := range m.Files {
		if i >= len(seen) || seen[i].Name != f.Name {
			return r.refuse("lacks %.100q, which its manifest names", f.Name)
		}
		if seen[i] != f {
			return r.refuse("is damaged: %.100q is not what its manifest tells", f.Name)
		}
	}
	if len(seen) > len(m.Files) {
		return r.refuse("holds %.100q, which its manifest does not name", seen[len(m.Files)].Name)
	}
	files, _ := m.Part(databaseName)
	if (m.Database == SQLite) != (files == 1) || m.Database != SQLite && m.Database != Postgres {
		return r.refuse("has a manifest that does not fit what it holds")
	}
	return nil
}

// Bytes tells a size in words.
func Bytes(n int64) string {
	const unit = 1000
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	size, i := float64(n)/unit, 0
	for size >= unit && i < 4 {
		size, i = size/unit, i+1
	}
	return fmt.Sprintf("%.1f %s", size, [...]string{"kB", "MB", "GB", "TB", "PB"}[i])
}
