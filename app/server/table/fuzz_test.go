package table_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/server/table"
)

// mustHold reads whatever it is to its end and holds it against what Reader promises.
func mustHold(t *testing.T, raw []byte) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := table.Open(path)
	if err != nil {
		mustBeAFault(t, err)
		return
	}
	defer r.Close()
	rows, line := 0, 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			mustBeAFault(t, err)
			return
		}
		if rows++; len(row.Cells) == 0 || len(row.Cells) > table.MaxColumns || row.Line <= line {
			t.Fatalf("row %d has %d cells at line %d after line %d", rows, len(row.Cells), row.Line, line)
		}
		line = row.Line
	}
	if rows > r.Rows {
		t.Fatalf("%d rows came, %d were promised", rows, r.Rows)
	}
}

func mustBeAFault(t *testing.T, err error) {
	var fault *table.Fault
	if !errors.As(err, &fault) || fault.Code == "" {
		t.Fatalf("not told in words: %v", err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("ФИО;Телефон\nИванов;+79644399095\n"))
	f.Add([]byte("\xEF\xBB\xBFa,\"b\nc\"\n1,2"))
	f.Add([]byte("\xFF\xFEa\x00;\x00b\x00"))
	f.Add([]byte("\xC8\xEC\xFF\t1\r\n\"x\"y\t2"))
	f.Add([]byte("sep=;\r\na;b\r\n1;2\r\n"))
	f.Add([]byte("\x94\x88\x8E;\x92\xA5\xAB\r\n\x80\xAD\xAD\xA0;1\r\n\x1A")) // CP866
	f.Add([]byte("a\x00;\x00b\x00\r\x001\x00;\x002\x00"))
	f.Add([]byte("BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n"))
	f.Add([]byte("Name,Given Name,Phone 1 - Type,Phone 1 - Value\nx y,x,Mobile,+7 914 555-01-11 ::: +7 914 555-01-12\n"))
	f.Fuzz(mustHold)
}

func FuzzReadXLSX(f *testing.F) {
	book := workbook(f, []cell{{"ФИО", ""}, {79644399095, "0.00E+00"}}, []cell{{46000, "m/d/yyyy"}})
	sheet := `<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1" t="s"><v>0</v></c></row></sheetData>`
	f.Add(book, []byte(sheet), []byte(`<numFmts><numFmt numFmtId="164" formatCode="0.00E+00"/></numFmts>`))
	f.Fuzz(func(t *testing.T, raw, sheet, styles []byte) {
		mustHold(t, raw)
		// The zip's checksum keeps mutations from reaching the XML, so that is put in by itself.
		mustHold(t, with(t, book,
			part{"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + string(sheet) + `</worksheet>`},
			part{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + string(styles) + `</styleSheet>`}))
	})
}
