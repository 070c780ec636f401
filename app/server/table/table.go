// Package table reads and writes tables in files: CSV in the encodings and with the delimiters
// that schools have, and XLSX. It turns a file into rows of text as people see them, and rows
// into a file. It knows nothing of what the rows mean.
//
// A file comes from outside, so nothing in it is believed: Open looks through all of it in
// bounded memory first and refuses with a Fault what would hurt. A damaged sheet may show itself
// only while its rows are read, so whoever reads keeps nothing before the io.EOF.
package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Bounds of what is read. They are above what a school has and below what hurts the server.
const (
	// MaxBytes bounds a file; 100,000 contracts with every field are about 30 MB of CSV.
	MaxBytes = 256 << 20
	// MaxRows counts the heading, too.
	MaxRows    = 1_000_000
	MaxColumns = 100
	// MaxCell is in bytes of UTF-8; Excel's own bound is 32,767 characters.
	MaxCell = 32 << 10
)

// Format is what a file turned out to be.
type Format struct {
	Kind      string // "csv" or "xlsx"
	Encoding  string // of a CSV: "utf-8", "windows-1251", "cp866", "koi8-r", "iso-8859-5", "x-mac-cyrillic", "utf-16"
	Delimiter string // of a CSV: ",", ";", "|" or a tab
	Sheet     string // of an XLSX: the sheet that is read, the first filled one that people see
	// Date1904 says that bare numbers that stand for dates count from 1904, as old Macs do.
	Date1904 bool
}

// Row is one row that is not empty.
type Row struct {
	// Line is where the row begins: the line of a text file, the row number of a sheet.
	Line  int
	Cells []string
	// Values are the cells without their number formats, where the file knows such a thing: of a
	// telephone 79145550310 that is shown as 79,145,550,310.00, the number. Value reads them.
	Values []string
}

// Value is a cell without its number format.
func (r Row) Value(i int) string {
	if i < len(r.Values) {
		return r.Values[i]
	}
	return at(r.Cells, i)
}

// Reader gives the rows of a file that Open has looked through.
type Reader struct {
	Format Format
	// Rows is how many rows Next will give at most; a sheet may have empty ones among them.
	Rows  int
	given int
	next  func() (Row, error)
	close func() error
}

// Next gives the next row that is not empty, without the empty cells at its end; io.EOF after the
// last. Cells are free of the spaces around them. The row's cells are the caller's.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return Row{}, err
		}
		if row.Cells = trimmed(row.Cells); len(row.Cells) == 0 {
			continue
		}
		for i, v := range row.Values {
			row.Values[i] = strings.TrimSpace(v)
		}
		if r.given++; r.given > MaxRows {
			return Row{}, &Fault{Code: TooManyRows}
		}
		return row, checkRow(row)
	}
}

// Close lets the file go.
func (r *Reader) Close() error { return r.close() }

// zipMagic and oleMagic are how XLSX files, and old or encrypted Excel files, begin.
var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
)

// Open looks through the file and makes a Reader of it. A *Fault says why a file is refused.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the table: %w", err)
	}
	r, err := open(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// open makes the Reader own f, which it closes.
func open(f *os.File) (*Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("looking at the table: %w", err)
	}
	switch {
	case info.IsDir():
		return nil, &Fault{Code: NotATable}
	case info.Size() == 0:
		return nil, &Fault{Code: Empty}
	case info.Size() > MaxBytes:
		return nil, &Fault{Code: TooBig}
	}
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the table: %w", err)
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, zipMagic):
		return openXLSX(f, info.Size())
	case bytes.HasPrefix(head, oleMagic):
		return nil, oleFault(f, info.Size())
	}
	if fault := foreign(head); fault != nil {
		return nil, fault
	}
	return openCSV(f, info.Size())
}

// trimmed takes the spaces around the cells and the empty cells at the end away.
func trimmed(cells []string) []string {
	last := 0
	for i, c := range cells {
		// A no-break space comes with what was copied from a web page.
		if cells[i] = strings.TrimSpace(c); cells[i] != "" {
			last = i + 1
		}
	}
	return cells[:last]
}

// checkRow holds a row against the bounds.
func checkRow(row Row) error {
	if len(row.Cells) > MaxColumns {
		return &Fault{Code: TooManyColumns, Line: row.Line}
	}
	for i, c := range row.Cells {
		if len(c) > MaxCell {
			return &Fault{Code: CellTooLong, Line: row.Line, Column: i + 1}
		}
	}
	return nil
}
