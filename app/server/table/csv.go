package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxRecord bounds what the parser may read for one row: a quote that is never closed would
// otherwise make one cell of the rest of the file.
const maxRecord = MaxColumns*MaxCell + 64<<10

// text is a CSV file and how it is written.
type text struct {
	f         *os.File
	size      int64
	script    script
	delimiter rune
	// hinted files tell Excel their delimiter in a first line: sep=;
	hinted bool
	// oldMac files end their lines by a carriage return alone.
	oldMac bool
	// loose files have quotes inside of cells that are not quoted themselves: ООО "Ромашка".
	loose bool
}

// openCSV finds out how the file is written and looks through all of it.
func openCSV(f *os.File, size int64) (*Reader, error) {
	t := text{f: f, size: size}
	var err error
	if t.script, err = scriptOf(f, size); err != nil {
		return nil, err
	}
	if err = t.findDelimiter(); err != nil {
		return nil, err
	}
	rows, err := t.count()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) && errors.Is(wrong.Err, csv.ErrBareQuote) {
		t.loose = true
		rows, err = t.count()
	}
	if err != nil {
		return nil, quoteFault(err)
	}
	if rows == 0 {
		return nil, &Fault{Code: Empty}
	}
	return &Reader{
		Format: Format{Kind: "csv", Encoding: t.script.name, Delimiter: string(t.delimiter)},
		Rows:   rows, next: t.rows(), close: f.Close,
	}, nil
}

func quoteFault(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return &Fault{Code: OpenQuote, Line: wrong.StartLine}
	}
	return err
}

// count reads everything once, so that a fault in the last line is known before the first row is used.
func (t text) count() (int, error) {
	next, rows := t.rows(), 0
	for {
		row, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return 0, err
		}
		if err := checkRow(row); err != nil {
			return 0, err
		}
		if len(row.Cells) > 0 {
			rows++
		}
		if rows > MaxRows {
			return 0, &Fault{Code: TooManyRows}
		}
	}
}

// rows begins at the file's start.
func (t text) rows() func() (Row, error) {
	in := &metered{in: t.text()}
	// The parser's own buffer is part of what it has read ahead.
	r := csv.NewReader(in)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = t.delimiter, t.loose, -1
	hint := t.hinted
	return func() (Row, error) {
		in.left = maxRecord
		cells, err := r.Read()
		if hint && err == nil {
			hint = false
			cells, err = r.Read()
		}
		if err != nil {
			if errors.Is(err, errRecordTooLong) {
				return Row{}, &Fault{Code: CellTooLong, Line: in.line}
			}
			return Row{}, err
		}
		line, _ := r.FieldPos(0)
		in.line = line + 1
		row := Row{Line: line, Cells: trimmed(cells)}
		if t.loose && acrossLines(cells) {
			// In such a file a cell over several lines is a quote that was never meant to open one.
			return Row{}, &Fault{Code: OpenQuote, Line: line}
		}
		for i, c := range row.Cells {
			row.Cells[i] = unguarded(c)
		}
		return row, nil
	}
}

func acrossLines(cells []string) bool {
	for _, c := range cells {
		if strings.Contains(c, "\n") {
			return true
		}
	}
	return false
}

var errRecordTooLong = errors.New("a row is too long")

// metered stops a parser that has read too much for one row.
type metered struct {
	in   io.Reader
	left int
	line int // where the row in question begins, about
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errRecordTooLong
	}
	n, err := m.in.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

// text is the file's text in UTF-8, its lines ended by line feeds.
func (t text) text() io.Reader {
	in := decoded(t.f, t.size, t.script)
	if t.oldMac {
		return unixLines{in}
	}
	return in
}

// delimiters in the order of preference: Excel in Russian writes semicolons, and a comma, a tab or a
// bar may stand in a text.
var delimiters = []rune{';', '\t', ',', '|'}

// sampleSize is how much of the text is looked at to find the delimiter.
const sampleSize = 64 << 10

// hintLine is Excel's own: sep=; in the first line, perhaps in quotes.
var hintLine = regexp.MustCompile(`^"?(?i:sep)=([^\pL\d"\r\n])"?[;,\t|]*\r?\n`)

// findDelimiter takes the one that the file itself tells, or that cuts its first rows most alike.
func (t *text) findDelimiter() error {
	sample, err := io.ReadAll(io.LimitReader(t.text(), sampleSize))
	if err != nil {
		return fmt.Errorf("reading the table: %w", err)
	}
	// UTF-16 is believed by its first bytes alone, so what came out of it is looked at here.
	if t.script.name == utf16Name && bytes.ContainsFunc(sample, func(r rune) bool { return isJunk(r) || r == utf8.RuneError }) {
		return &Fault{Code: NotATable}
	}
	if what := signature(bytes.TrimSpace(sample[:min(len(sample), sniffed)])); t.script.name == utf16Name && what != "" {
		return &Fault{Code: NotATable, What: what}
	}
	if t.oldMac = bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0; t.oldMac {
		sample = bytes.ReplaceAll(sample, []byte("\r"), []byte("\n"))
	}
	if told := hintLine.FindSubmatch(sample); told != nil {
		t.hinted = true
		t.delimiter, _ = utf8.DecodeRune(told[1])
		return nil
	}
	best := 0.0
	t.delimiter = delimiters[0]
	for _, d := range delimiters {
		if score := alike(sample, d); score > best {
			t.delimiter, best = d, score
		}
	}
	return nil
}

// alike scores a delimiter: what share of the first rows has as many columns as most of them do, more when
// the first row does, too; a title above the table does not. One column is no cut at all.
func alike(sample []byte, d rune) float64 {
	const rows = 20
	r := csv.NewReader(bytes.NewReader(sample))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = d, true, -1, true
	first, all, counts := 0, 0, map[int]int{}
	for range rows {
		cells, err := r.Read()
		if err != nil {
			break
		}
		if all++; all == 1 {
			first = len(cells)
		}
		counts[len(cells)]++
	}
	usual := 1
	for columns, n := range counts {
		if n > counts[usual] || n == counts[usual] && columns > usual {
			usual = columns
		}
	}
	if usual < 2 {
		return 0
	}
	score := float64(counts[usual]) / float64(all)
	if first == usual {
		score += 0.5
	}
	return score + float64(min(usual, 10))/1000
}
