package table

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Writer takes rows and makes a file of them. Nothing is whole before Close.
type Writer interface {
	Write(cells []string) error
	Close() error
}

// NewWriter writes a file of kind "csv" or "xlsx"; sheet names the sheet of a workbook.
func NewWriter(out io.Writer, kind, sheet string, heading []string) (Writer, error) {
	if kind == "xlsx" {
		return newXLSX(out, sheet, heading)
	}
	return newCSV(out, heading)
}

// newCSV writes what Excel opens by a double click: UTF-8 with a byte order mark, semicolons.
func newCSV(out io.Writer, heading []string) (Writer, error) {
	buffered := bufio.NewWriterSize(out, 64<<10)
	w := &csvWriter{out: buffered, csv: csv.NewWriter(buffered)}
	w.csv.Comma, w.csv.UseCRLF = ';', true
	if _, err := buffered.Write(bom8); err != nil {
		return nil, fmt.Errorf("writing a table: %w", err)
	}
	return w, w.Write(heading)
}

type csvWriter struct {
	out *bufio.Writer
	csv *csv.Writer
}

func (w *csvWriter) Write(cells []string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = guarded(c)
	}
	if err := w.csv.Write(safe); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	return nil
}

func (w *csvWriter) Close() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	return nil
}

// sheetRows is Excel's bound of rows in a sheet; more go to the next sheet.
const sheetRows = excelize.TotalRows

// newXLSX writes a workbook with every cell as text, so that no number loses a digit and nothing
// is a formula. The rows go to temporary files and come together in Close. heading is repeated
// on top of every sheet.
func newXLSX(out io.Writer, sheet string, heading []string) (*xlsxWriter, error) {
	w := &xlsxWriter{out: out, book: excelize.NewFile(), sheet: sheet, heading: heading, limit: sheetRows}
	if err := w.book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fmt.Errorf("naming a sheet: %w", err)
	}
	if err := w.begin(sheet); err != nil {
		w.book.Close()
		return nil, err
	}
	return w, nil
}

type xlsxWriter struct {
	out     io.Writer
	book    *excelize.File
	stream  *excelize.StreamWriter
	sheet   string
	heading []string
	sheets  int
	row     int
	limit   int
}

func (w *xlsxWriter) begin(sheet string) error {
	var err error
	if w.stream, err = w.book.NewStreamWriter(sheet); err != nil {
		return fmt.Errorf("beginning a sheet: %w", err)
	}
	bold, err := w.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("beginning a sheet: %w", err)
	}
	if err := w.stream.SetColWidth(1, max(1, len(w.heading)), 22); err != nil {
		return fmt.Errorf("beginning a sheet: %w", err)
	}
	if err := w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("beginning a sheet: %w", err)
	}
	w.sheets, w.row = w.sheets+1, 0
	return w.put(w.heading, excelize.RowOpts{StyleID: bold})
}

func (w *xlsxWriter) Write(cells []string) error {
	if w.row == w.limit {
		if err := w.stream.Flush(); err != nil {
			return fmt.Errorf("ending a sheet: %w", err)
		}
		name := fmt.Sprintf("%s %d", w.sheet, w.sheets+1)
		if _, err := w.book.NewSheet(name); err != nil {
			return fmt.Errorf("beginning a sheet: %w", err)
		}
		if err := w.begin(name); err != nil {
			return err
		}
	}
	return w.put(cells)
}

func (w *xlsxWriter) put(cells []string, opts ...excelize.RowOpts) error {
	values := make([]any, len(cells))
	for i, c := range cells {
		if c != "" {
			values[i] = cut(c)
		}
	}
	w.row++
	if err := w.stream.SetRow(fmt.Sprintf("A%d", w.row), values, opts...); err != nil {
		return fmt.Errorf("writing row %d: %w", w.row, err)
	}
	return nil
}

// cut keeps a text within Excel's bound of a cell; a longer one would make the file unreadable.
func cut(text string) string {
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	runes := []rune(text)
	return string(runes[:min(len(runes), excelize.TotalCellChars)])
}

func (w *xlsxWriter) Close() error {
	defer w.book.Close()
	if err := w.stream.Flush(); err != nil {
		return fmt.Errorf("ending a sheet: %w", err)
	}
	if err := w.book.Write(w.out); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}
