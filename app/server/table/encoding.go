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

var bom8 = []byte("\xEF\xBB\xBF")

// Encodings of a CSV.
const (
	utf8Name   = "utf-8"
	cp1251Name = "windows-1251"
	utf16Name  = "utf-16"
)

// encodingOf looks at every line: UTF-8 when all of it is, Windows-1251 when what is not ASCII is
// no UTF-8 anywhere. A file that is both was glued together from two, and reading it either way
// would spoil names, so it is refused with the first line that differs from those before.
//
// Russian words in Windows-1251 are never valid UTF-8 but for single pairs like «С»» at the end
// of a word, and a line has other letters too.
func encodingOf(f io.ReaderAt, size int64) (string, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, size), 64<<10)
	head, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the table: %w", err)
	}
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) {
		return utf16Name, nil
	}
	promised := bytes.HasPrefix(head, bom8)
	var first [2]int // first line that is UTF-8, first that is not
	for line := 1; ; line++ {
		seen, err := lineKind(in)
		if err != nil {
			return "", err
		}
		if seen.junk {
			return "", &Fault{Code: NotATable}
		}
		if seen.multibyte && !seen.broken && first[0] == 0 {
			first[0] = line
		}
		if seen.broken && first[1] == 0 {
			first[1] = line
		}
		if first[1] != 0 && (first[0] != 0 || promised) {
			return "", &Fault{Code: MixedEncodings, Line: max(first[0], first[1])}
		}
		if seen.last {
			break
		}
	}
	if first[1] != 0 {
		return cp1251Name, nil
	}
	return utf8Name, nil
}

type kind struct {
	multibyte bool // has characters beyond ASCII
	broken    bool // is not UTF-8
	junk      bool // has bytes that no text has
	last      bool
}

// lineKind reads one line of any length in pieces; a character may lie across two of them.
func lineKind(in *bufio.Reader) (kind, error) {
	var k kind
	var rest []byte
	for {
		piece, err := in.ReadSlice('\n')
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

// decoded gives the file's text as UTF-8 without a byte order mark.
func decoded(f io.ReaderAt, size int64, encoding string) io.Reader {
	in := io.NewSectionReader(f, 0, size)
	switch encoding {
	case cp1251Name:
		return charmap.Windows1251.NewDecoder().Reader(in)
	case utf16Name:
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in)
	}
	head := make([]byte, len(bom8))
	if n, _ := in.ReadAt(head, 0); n == len(bom8) && bytes.Equal(head, bom8) {
		in.Seek(int64(n), io.SeekStart)
	}
	return in
}
