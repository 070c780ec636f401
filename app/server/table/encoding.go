package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Byte order marks.
var (
	bom8  = []byte("\xEF\xBB\xBF")
	bomLE = []byte("\xFF\xFE")
	bomBE = []byte("\xFE\xFF")
)

// Encodings of a CSV.
const (
	utf8Name  = "utf-8"
	utf16Name = "utf-16"
)

// script is how the characters of a text file are written down.
type script struct {
	name string
	// endian is of UTF-16; marked says that a byte order mark stands before it.
	endian unicode.Endianness
	marked bool
	// single is of an encoding with one byte a character.
	single *charmap.Charmap
}

// scriptOf looks at every line: UTF-8 when all of it is, one of the old Cyrillic encodings when what
// is not ASCII is no UTF-8 anywhere. A file that is both was glued together from two, and reading it
// either way would spoil names, so it is refused with the first line that differs from those before.
//
// Russian words in an old encoding are never valid UTF-8 but for single pairs like «С»» in
// Windows-1251 at the end of a word, and a line has other letters too.
func scriptOf(f io.ReaderAt, size int64) (script, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, size), 64<<10)
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return script{}, fmt.Errorf("reading the table: %w", err)
	}
	if s, ok := wideScript(head); ok {
		return s, nil
	}
	promised := bytes.HasPrefix(head, bom8)
	var first [2]int // first line that is UTF-8, first that is not
	var odd []byte   // lines that are not, as many as it takes to tell the encoding
	begin := make([]byte, 0, lineEnough)
	for line := 1; ; line++ {
		seen, err := lineKind(in, begin)
		if err != nil {
			return script{}, err
		}
		if seen.junk {
			return script{}, &Fault{Code: NotATable}
		}
		if seen.multibyte && !seen.broken && first[0] == 0 {
			first[0] = line
		}
		if seen.broken && first[1] == 0 {
			first[1] = line
		}
		if seen.broken && len(odd) < oddEnough {
			odd = append(append(odd, seen.begin...), '\n')
		}
		if first[1] != 0 && (first[0] != 0 || promised) {
			return script{}, &Fault{Code: MixedEncodings, Line: max(first[0], first[1])}
		}
		if seen.last {
			break
		}
	}
	if first[1] != 0 {
		return cyrillic(odd), nil
	}
	return script{name: utf8Name}, nil
}

// wideScript tells UTF-16 by its mark, or by its zero bytes: a table has ASCII characters (its delimiters,
// digits, ends of lines), and every second byte of theirs is zero, always on the same side.
func wideScript(head []byte) (script, bool) {
	switch {
	case bytes.HasPrefix(head, bomLE):
		return script{name: utf16Name, endian: unicode.LittleEndian, marked: true}, true
	case bytes.HasPrefix(head, bomBE):
		return script{name: utf16Name, endian: unicode.BigEndian, marked: true}, true
	}
	var zeros, high [2]int // by even and odd places; high are those of Latin, Cyrillic and punctuation
	pairs := len(head) / 2
	for i, b := range head[:2*pairs] {
		if b == 0 {
			zeros[i%2]++
		}
		if b == 0 || b == 4 || b == 0x20 || b == 0x21 {
			high[i%2]++
		}
	}
	for side, endian := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		if pairs >= 4 && zeros[side] > 0 && zeros[1-side] == 0 && high[side] == pairs {
			return script{name: utf16Name, endian: endian}, true
		}
	}
	return script{}, false
}

type kind struct {
	multibyte bool // has characters beyond ASCII
	broken    bool // is not UTF-8
	junk      bool // has bytes that no text has
	last      bool
	begin     []byte // of the line, for telling the encoding
}

// lineKind reads one line of any length in pieces; a character may lie across two of them. begin is room
// for how the line begins.
func lineKind(in *bufio.Reader, begin []byte) (kind, error) {
	k := kind{begin: begin[:0]}
	var rest []byte
	for {
		piece, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			piece = bytes.TrimSuffix(piece, []byte{dosEnd})
		}
		if len(k.begin) == 0 {
			k.begin = append(k.begin, piece[:min(len(piece), lineEnough)]...)
		}
		k.junk = k.junk || bytes.ContainsFunc(piece, isJunk)
		text := piece
		if len(rest) > 0 {
			text, rest = append(rest, piece...), nil
		}
		more := errors.Is(err, bufio.ErrBufferFull)
		for len(text) > 0 {
			r, n := utf8.DecodeRune(text)
			if r == utf8.RuneError && n == 1 {
				if more && !utf8.FullRune(text) {
					rest = append(rest, text...)
					break
				}
				k.broken = true
			}
			k.multibyte = k.multibyte || n > 1
			text = text[n:]
		}
		switch {
		case more:
			continue
		case errors.Is(err, io.EOF):
			k.last = true
			return k, nil
		case err != nil:
			return k, fmt.Errorf("reading the table: %w", err)
		}
		return k, nil
	}
}

// isJunk tells the control characters that stand in no text.
func isJunk(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != '\v'
}

// dosEnd ends the texts of DOS programs.
const dosEnd = 0x1A

// decoded gives the file's text as UTF-8 without a byte order mark.
func decoded(f io.ReaderAt, size int64, s script) io.Reader {
	last := make([]byte, 1)
	if n, _ := f.ReadAt(last, size-1); n == 1 && last[0] == dosEnd && s.name != utf16Name {
		size--
	}
	in := io.NewSectionReader(f, 0, size)
	switch {
	case s.single != nil:
		return s.single.NewDecoder().Reader(in)
	case s.name == utf16Name && s.marked:
		return unicode.UTF16(s.endian, unicode.ExpectBOM).NewDecoder().Reader(in)
	case s.name == utf16Name:
		return unicode.UTF16(s.endian, unicode.IgnoreBOM).NewDecoder().Reader(in)
	}
	head := make([]byte, len(bom8))
	if n, _ := in.ReadAt(head, 0); n == len(bom8) && bytes.Equal(head, bom8) {
		in.Seek(int64(n), io.SeekStart)
	}
	return in
}

// unixLines makes a line feed of every carriage return: old Macs, and Excel's «CSV (Macintosh)», end
// their lines by that alone.
type unixLines struct{ in io.Reader }

func (u unixLines) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
