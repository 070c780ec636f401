package table

import (
	"bufio"
	"errors"
	"io"
)

// markup walks over XML by its angle brackets, keeping nothing of it. It understands just what an
// attack on a parser's memory is made of: how much stands between two beginnings of cells, texts
// or rows, how deep it nests, and declarations that no spreadsheet program writes.
type markup struct {
	in        *bufio.Reader
	item, row int // bounds in bytes; 0: the part has none of them
	depth     int
	texts     int
	rows      int
	merged    int
	sinceItem int
	sinceRow  int
	sheetDone bool
	// formula and value tell what the cell that is being read has.
	formula, value bool
}

func (x *markup) check() error {
	for {
		c, err := x.next()
		switch {
		case errors.Is(err, io.EOF) && x.depth == 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		if c != '<' {
			continue
		}
		if err := x.tag(); err != nil {
			return err
		}
	}
}

// next reads a byte and holds what was read against the bounds.
func (x *markup) next() (byte, error) {
	c, err := x.in.ReadByte()
	if err != nil {
		return 0, err
	}
	x.sinceItem++
	x.sinceRow++
	// After its rows a sheet has lists without cells: merged ranges, formats, links.
	if x.item != 0 && !x.sheetDone && (x.sinceItem > x.item || x.sinceRow > x.row && x.texts == 0) {
		return 0, &Fault{Code: Bomb}
	}
	return c, nil
}

// nameKept is enough of a tag's name to tell row, c, f, v, si, mergeCell and sheetData.
const nameKept = 16

// tag reads from behind < to behind >.
func (x *markup) tag() error {
	var name [nameKept]byte
	n, reading := 0, true
	var quote, last byte
	for {
		c, err := x.next()
		if err != nil {
			return unexpected(err)
		}
		if n == 0 && c == '!' && x.item != 0 {
			// Comments, CDATA and document types could hide anything; in a sheet's XML there are none.
			return &Fault{Code: BrokenExcel}
		}
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return x.ended(string(name[:n]), last)
		}
		if reading = reading && c != ' ' && c != '\t' && c != '\n' && c != '\r' && (c != '/' || n == 0); reading && n < nameKept {
			name[n] = c
			n++
		}
		last = c
	}
}

func (x *markup) ended(name string, last byte) error {
	switch {
	case name == "":
		return &Fault{Code: BrokenExcel}
	case name[0] == '?', name[0] == '!':
		return nil
	case name[0] == '/':
		x.depth--
		x.sheetDone = x.sheetDone || local(name[1:]) == "sheetData"
		if local(name[1:]) == "c" && x.formula && !x.value {
			return &Fault{Code: NoValue, Line: x.rows}
		}
		return nil
	case last != '/':
		x.depth++
	}
	if x.depth > maxDepth {
		return &Fault{Code: Bomb}
	}
	switch local(name) {
	case "mergeCell":
		x.merged++
	case "si":
		x.texts++
		x.sinceItem = 0
	case "c":
		x.sinceItem = 0
		x.formula, x.value = false, false
	case "f":
		x.formula = true
	case "v", "is":
		x.value = true
	case "row":
		x.rows++
		x.sinceItem, x.sinceRow = 0, 0
	}
	if x.texts > maxTexts {
		return &Fault{Code: Bomb}
	}
	return nil
}

// local is a name without its namespace's prefix.
func local(name string) string {
	for i := range len(name) {
		if name[i] == ':' {
			return name[i+1:]
		}
	}
	return name
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
