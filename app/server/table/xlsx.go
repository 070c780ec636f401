package table

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// sheet reads a workbook's first visible sheet.
type sheet struct {
	book     *excelize.File
	name     string
	date1904 bool
	shown    *excelize.Rows
	// raw gives the same rows as they are stored. It is opened when the first cell needs it, and
	// rawLine is how far it has come.
	raw     *excelize.Rows
	rawLine int
	line    int
}

func openXLSX(f *os.File, size int64) (*Reader, error) {
	rows, err := checkArchive(f, size)
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	if err := s.open(f.Name()); err != nil {
		s.close()
		return nil, err
	}
	f.Close()
	return &Reader{Format: Format{Kind: "xlsx", Sheet: s.name}, Rows: rows, next: s.next, close: s.close}, nil
}

// shielded turns a panic of the library into a fault: it was written for files that a spreadsheet
// program made, and these come from anywhere.
func shielded(work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: the library panicked: %v", &Fault{Code: BrokenExcel}, r)
		}
	}()
	return work()
}

func (s *sheet) open(path string) error {
	return shielded(func() error {
		var err error
		s.book, err = excelize.OpenFile(path, excelize.Options{
			UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: spillAbove, ShortDatePattern: "dd.mm.yyyy",
		})
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
		}
		if s.name = firstVisible(s.book); s.name == "" {
			return &Fault{Code: Empty}
		}
		if props, err := s.book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
			s.date1904 = *props.Date1904
		}
		if s.shown, err = s.book.Rows(s.name); err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
		}
		return nil
	})
}

func firstVisible(book *excelize.File) string {
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err == nil && visible {
			return name
		}
	}
	return ""
}

func (s *sheet) close() error {
	if s.shown != nil {
		s.shown.Close()
	}
	if s.raw != nil {
		s.raw.Close()
	}
	if s.book == nil {
		return nil
	}
	if err := s.book.Close(); err != nil {
		return fmt.Errorf("closing the workbook: %w", err)
	}
	return nil
}

func (s *sheet) next() (Row, error) {
	var row Row
	err := shielded(func() error {
		if !s.shown.Next() {
			if err := s.shown.Error(); err != nil {
				return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel, Line: s.line}, err)
			}
			return io.EOF
		}
		s.line++
		cells, err := s.shown.Columns()
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel, Line: s.line}, err)
		}
		row = Row{Line: s.line, Cells: cells}
		return s.unmask(row)
	})
	return row, err
}

// scientific is how a long number looks in a narrow or so formatted cell: 7.96E+10.
var scientific = regexp.MustCompile(`^-?\d(\.\d+)?E\+\d+$`)

// dateLike is what a date format makes of a number: 12/9/2025, 9-дек-25, 9 декабря 2025 г.
var dateLike = regexp.MustCompile(`\d[./-]\d{1,2}[./-]\d|\d[ -]?\p{L}{3,}`)

// unmask puts back what a cell's format hides: the digits of a number that is shown as 7.96E+10,
// and which part of 12/9/2025 is the month. Everything else stays as people see it.
func (s *sheet) unmask(row Row) error {
	var raw []string
	for i, shown := range row.Cells {
		if !scientific.MatchString(shown) && !dateLike.MatchString(shown) {
			continue
		}
		if raw == nil {
			var err error
			if raw, err = s.rawCells(); err != nil {
				return err
			}
		}
		if i < len(raw) {
			row.Cells[i] = s.unmasked(shown, raw[i])
		}
	}
	return nil
}

func (s *sheet) unmasked(shown, raw string) string {
	value, err := strconv.ParseFloat(raw, 64)
	if err != nil || raw == shown {
		return shown
	}
	if scientific.MatchString(shown) {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	at, err := excelize.ExcelDateToTime(value, s.date1904)
	// A format like 00-00/0000 makes a contract's number look like a date; then the year is not in it.
	if err != nil || !strings.Contains(shown, at.Format("06")) || !strings.Contains(shown, strconv.Itoa(at.Day())) {
		return shown
	}
	if at = at.Round(time.Second); at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.Format("02.01.2006")
	}
	return at.Format("02.01.2006 15:04")
}

// rawCells are the cells of the current line as they are stored.
func (s *sheet) rawCells() ([]string, error) {
	broken := &Fault{Code: BrokenExcel, Line: s.line}
	if s.raw == nil {
		var err error
		if s.raw, err = s.book.Rows(s.name); err != nil {
			return nil, fmt.Errorf("%w: %w", broken, err)
		}
	}
	for s.rawLine < s.line {
		if !s.raw.Next() {
			return nil, errors.Join(broken, s.raw.Error())
		}
		s.rawLine++
	}
	cells, err := s.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", broken, err)
	}
	return cells, nil
}
