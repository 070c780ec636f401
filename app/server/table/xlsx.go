package table

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/xuri/excelize/v2"
)

// sheet reads a workbook's first visible sheet.
type sheet struct {
	book     *excelize.File
	name     string
	date1904 bool
	// shown gives the rows as their formats show them, raw the same rows as they are stored.
	shown, raw *excelize.Rows
	line       int
	merges     []merge
}

func openXLSX(f *os.File, size int64) (*Reader, error) {
	has, err := checkArchive(f, size)
	if err != nil {
		return nil, err
	}
	s := &sheet{}
	if err := s.open(f.Name()); err != nil {
		s.close()
		return nil, err
	}
	if s.merges, err = mergesOf(f.Name(), s.name, has); err != nil {
		s.close()
		return nil, err
	}
	f.Close()
	return &Reader{Format: Format{Kind: "xlsx", Sheet: s.name, Date1904: s.date1904}, Rows: has.rows, next: s.next, close: s.close}, nil
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
		if s.name, err = firstFilled(s.book); err != nil {
			return err
		}
		if props, err := s.book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
			s.date1904 = *props.Date1904
		}
		for _, rows := range []**excelize.Rows{&s.shown, &s.raw} {
			if *rows, err = s.book.Rows(s.name); err != nil {
				return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
			}
		}
		return nil
	})
}

// firstFilled is the first sheet that people see and that has something in it: many programs leave
// an empty «Лист1» before their own.
func firstFilled(book *excelize.File) (string, error) {
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		filled, err := isFilled(book, name)
		if err != nil {
			return "", fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel}, err)
		}
		if filled {
			return name, nil
		}
	}
	return "", &Fault{Code: Empty}
}

func isFilled(book *excelize.File, name string) (bool, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return false, err
		}
		if len(trimmed(cells)) > 0 {
			return true, nil
		}
	}
	return false, rows.Error()
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
		if !s.shown.Next() || !s.raw.Next() {
			if err := errors.Join(s.shown.Error(), s.raw.Error()); err != nil {
				return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel, Line: s.line}, err)
			}
			return io.EOF
		}
		s.line++
		shown, err := s.shown.Columns()
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel, Line: s.line}, err)
		}
		raw, err := s.raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("%w: %w", &Fault{Code: BrokenExcel, Line: s.line}, err)
		}
		row = s.row(shown, raw)
		return nil
	})
	return row, err
}

// row puts a line together from what its cells' formats show and what is stored in them.
func (s *sheet) row(shown, raw []string) Row {
	n := max(len(shown), len(raw))
	row := Row{Line: s.line, Cells: make([]string, n), Values: make([]string, n)}
	for i := range n {
		row.Cells[i], row.Values[i] = s.cell(at(shown, i), at(raw, i))
	}
	s.fillDown(&row)
	return row
}

func at(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}
