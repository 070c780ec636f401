package table_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dozvon/app/server/table"
)

type part struct{ name, content string }

func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// with replaces or adds parts of a workbook.
func with(t testing.TB, book []byte, parts ...part) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	all := parts
	for _, f := range z.File {
		if containsPart(parts, f.Name) {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part{f.Name, string(raw)})
	}
	return archive(t, all...)
}

func containsPart(parts []part, name string) bool {
	for _, p := range parts {
		if p.name == name {
			return true
		}
	}
	return false
}

type cell struct {
	value  any
	format string
}

func workbook(t testing.TB, rows ...[]cell) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for y, row := range rows {
		for x, c := range row {
			at, err := excelize.CoordinatesToCellName(x+1, y+1)
			if err == nil {
				err = book.SetCellValue("Sheet1", at, c.value)
			}
			if err == nil && c.format != "" {
				var style int
				style, err = book.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
				err = errors.Join(err, book.SetCellStyle("Sheet1", at, at, style))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestOpen_readsCellsOfAWorkbookAsPeopleSeeThem(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		cell cell
		want string
	}{
		{"text", cell{"Шангутов", ""}, "Шангутов"},
		{"a phone kept as a number", cell{79644399095, ""}, "79644399095"},
		{"a phone kept as a number, shown as 7.96E+10", cell{79644399095, "0.00E+00"}, "79644399095"},
		{"a phone with a format of its own", cell{9644399095, `+7 (000) 000-00-00`}, "+7 (964) 439-90-95"},
		{"a number", cell{12.5, ""}, "12.5"},
		{"a date in Russian", cell{day, "dd.mm.yyyy"}, "09.11.2026"},
		{"a date with the month first", cell{day, "m/d/yyyy"}, "09.11.2026"},
		{"a date with the month in words", cell{day, "[$-419]d mmmm yyyy"}, "09.11.2026"},
		{"a date of two digits", cell{day, "d-mmm-yy"}, "09.11.2026"},
		{"a date with its time", cell{day.Add(14*time.Hour + 5*time.Minute), "m/d/yyyy h:mm"}, "09.11.2026 14:05"},
		{"a contract's number that looks like a date", cell{46000, "00-00/0000"}, "00-04/6000"},
		{"a formula that is only text", cell{`=cmd|' /C calc'!A0`, ""}, `=cmd|' /C calc'!A0`},
		{"true", cell{true, ""}, "TRUE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, format, err := show(file(t, workbook(t, []cell{{"до", ""}, tt.cell, {"после", ""}})))
			if err != nil || format.Kind != "xlsx" || format.Sheet != "Sheet1" {
				t.Fatalf("got %+v, %v", format, err)
			}
			if want := "1: до|" + tt.want + "|после"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestOpen_tellsTheValueWhateverItsFormat: a telephone is its digits, however the cell dresses them up.
func TestOpen_tellsTheValueWhateverItsFormat(t *testing.T) {
	t.Parallel()
	const phone = 79145550310.0
	tests := []struct {
		name  string
		cell  cell
		meant string // what stands in the table
		value string // what a telephone is read from
	}{
		{"general", cell{phone, ""}, "79145550310", "79145550310"},
		{"thousands apart", cell{phone, "#,##0"}, "79145550310", "79145550310"},
		{"two digits behind the point", cell{phone, "0.00"}, "79145550310", "79145550310"},
		{"thousands and two digits", cell{phone, "#,##0.00"}, "79145550310", "79145550310"},
		{"thousands parted by blanks", cell{phone, "# ##0"}, "79145550310", "79145550310"},
		{"accounting", cell{phone, `_-* #,##0_-;\-* #,##0_-;_-* "-"_-;_-@_-`}, "79145550310", "79145550310"},
		{"money", cell{phone, `#,##0.00 "₽"`}, "79145550310", "79145550310"},
		{"money before it", cell{phone, `"$"#,##0`}, "79145550310", "79145550310"},
		{"scientific", cell{phone, "0.00E+00"}, "79145550310", "79145550310"},
		{"hidden", cell{phone, ";;;"}, "79145550310", "79145550310"},
		{"a format of telephones", cell{phone, `0-000-000-00-00`}, "7-914-555-03-10", "79145550310"},
		{"a format with a plus before an eight", cell{89145550310.0, `"+7"0`}, "+789145550310", "89145550310"},
		{"per cent", cell{0.5, "0%"}, "50%", "0.5"},
		{"a number of a contract with zeros before it", cell{123, "00000"}, "00123", "123"},
		{"a contract's number, thousands apart", cell{1234, "#,##0"}, "1234", "1234"},
		{"a share", cell{12.5, "0.00"}, "12.5", "12.5"},
		{"noise behind the fifteenth digit", cell{0.30000000000000004, ""}, "0.3", "0.3"},
		{"text that looks like a number", cell{"007", ""}, "007", "007"},
		{"a text with an exponent", cell{"7.91E+10", ""}, "7.91E+10", "7.91E+10"},
		{"true", cell{true, ""}, "TRUE", "TRUE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := table.Open(file(t, workbook(t, []cell{{"до", ""}, tt.cell, {"после", ""}})))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			row, err := r.Next()
			if err != nil || len(row.Cells) != 3 || row.Cells[1] != tt.meant || row.Value(1) != tt.value || row.Value(2) != "после" {
				t.Errorf("got %q, value %q, %v; want %q, value %q", row.Cells, row.Values, err, tt.meant, tt.value)
			}
		})
	}
}

// TestOpen_readsWhatOtherProgramsStore: numbers as Python and Excel write them into the XML, rich text,
// a formula's text, an error, a date as ISO.
func TestOpen_readsWhatOtherProgramsStore(t *testing.T) {
	t.Parallel()
	raw := with(t, workbook(t, []cell{{"x", ""}}), part{"xl/worksheets/sheet1.xml", sheetHead +
		`<row r="1"><c r="A1"><v>79145550310.0</v></c><c r="B1"><v>7.9145550310E10</v></c><c r="C1"><v>8.91456E+10</v></c>` +
		`<c r="D1" t="inlineStr"><is><r><t>+7 914 </t></r><r><rPr><b/></rPr><t>555-03-10</t></r></is></c><c r="E1" t="str"><f>"+7"&amp;A1</f><v>+79145550310</v></c>` +
		`<c r="F1" t="e"><v>#N/A</v></c></row></sheetData></worksheet>`})
	r, err := table.Open(file(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	row, err := r.Next()
	// The digits that 8.91456E+10 has lost are not made up as zeros.
	want := []string{"79145550310", "79145550310", "8.91456E+10", "+7 914 555-03-10", "+79145550310", "#N/A"}
	if err != nil || fmt.Sprint(row.Values) != fmt.Sprint(want) {
		t.Errorf("got %q, %v\nwant %q", row.Values, err, want)
	}
}

func TestOpen_countsDatesFrom1904WhereTheWorkbookDoes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[bool]string{false: "09.11.2026", true: "10.11.2030"} {
		book := excelize.NewFile()
		style, err := book.NewStyle(&excelize.Style{NumFmt: 14})
		err = errors.Join(err, book.SetCellValue("Sheet1", "A1", 46335), book.SetCellStyle("Sheet1", "A1", "A1", style),
			book.SetCellValue("Sheet1", "B1", 46335), book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &mode}))
		var out bytes.Buffer
		if err = errors.Join(err, book.Write(&out), book.Close()); err != nil {
			t.Fatal(err)
		}
		got, format, err := show(file(t, out.Bytes()))
		if err != nil || got != "1: "+want+"|46335" || format.Date1904 != mode {
			t.Errorf("1904 %v: got %q, %+v, %v", mode, got, format, err)
		}
	}
}

func TestOpen_passesOverEmptySheets(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	book.NewSheet("Пустой с заливкой")
	style, _ := book.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFF00"}}})
	book.SetCellStyle("Пустой с заливкой", "A1", "C9", style)
	book.NewSheet("Клиенты")
	book.SetCellValue("Клиенты", "B3", "видно")
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	got, format, err := show(file(t, out.Bytes()))
	if err != nil || got != "3: |видно" || format.Sheet != "Клиенты" {
		t.Errorf("got %q of %+v, %v", got, format, err)
	}
}

func TestOpen_givesEveryRowWhatStandsInAMergedCell(t *testing.T) {
	t.Parallel()
	raw := with(t, workbook(t, []cell{{"x", ""}}), part{"xl/worksheets/sheet1.xml", sheetHead +
		`<row r="1"><c r="A1" t="str"><v>Список</v></c></row><row r="2"><c r="A2"><v>14</v></c><c r="B2" t="str"><v>Иванов</v></c></row>` +
		`<row r="3"><c r="B3" t="str"><v>Петров</v></c></row><row r="4"><c r="A4"/></row><row r="5"><c r="B5" t="str"><v>Орлов</v></c></row></sheetData>` +
		`<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A2:A4"/></mergeCells></worksheet>`})
	got, _, err := show(file(t, raw))
	if err != nil || got != "1: Список\n2: 14|Иванов\n3: 14|Петров\n5: |Орлов" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOpen_givesAFormulaItsValue(t *testing.T) {
	t.Parallel()
	raw := with(t, workbook(t, []cell{{"x", ""}}), part{"xl/worksheets/sheet1.xml", `<?xml version="1.0"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1"><f>79640000000+4399095</f><v>79644399095</v></c><c r="B1" t="str"><f>A1&amp;"x"</f><v>да</v></c></row>
<row r="4"><c r="B4"><v>7</v></c></row></sheetData></worksheet>`})
	got, _, err := show(file(t, raw))
	if err != nil || got != "1: 79644399095|да\n4: |7" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestOpen_refusesAFormulaWithoutItsValue: it would read as an empty cell, and a contract would come
// in without its telephone.
func TestOpen_refusesAFormulaWithoutItsValue(t *testing.T) {
	t.Parallel()
	raw := with(t, workbook(t, []cell{{"x", ""}}), part{"xl/worksheets/sheet1.xml", `<?xml version="1.0"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1"><v>7</v></c></row><row r="2"><c r="A2"><f>79640000000+4399095</f></c></row></sheetData></worksheet>`})
	_, _, err := show(file(t, raw))
	var fault *table.Fault
	if !errors.As(err, &fault) || fault.Code != table.NoValue || fault.Line != 2 {
		t.Errorf("got %v", err)
	}
}

func TestOpen_readsTheFirstSheetThatPeopleSee(t *testing.T) {
	t.Parallel()
	book := excelize.NewFile()
	book.NewSheet("Договоры")
	book.SetCellValue("Sheet1", "A1", "скрыто")
	book.SetCellValue("Договоры", "A1", "видно")
	book.SetActiveSheet(1)
	book.SetSheetVisible("Sheet1", false)
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	got, format, err := show(file(t, out.Bytes()))
	if err != nil || got != "1: видно" || format.Sheet != "Договоры" {
		t.Errorf("got %q of %+v, %v", got, format, err)
	}
}

// allocated is how much memory work asked for in all; what it held at any moment is less.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`

// Each is some kilobytes that would take hundreds of megabytes and more.
func TestOpen_refusesBombsInBoundedMemory(t *testing.T) {
	book := workbook(t, []cell{{"x", ""}})
	sheet := func(content string) part { return part{"xl/worksheets/sheet1.xml", content} }
	tests := []struct {
		name string
		bomb func() []byte
		code table.Code
	}{
		{"a picture of a gigabyte of zeros", func() []byte { return zeros(t, book, "xl/media/image1.png", 1<<30) }, table.Bomb},
		{"a sheet of two gigabytes of zeros", func() []byte { return zeros(t, book, "xl/worksheets/sheet1.xml", 2<<30) }, table.Bomb},
		{"a size that is a lie", func() []byte { return lying(t, zeros(t, book, "xl/media/image1.png", 200<<20)) }, table.BrokenExcel},
		{"one cell of 100 MB", func() []byte {
			return with(t, book, sheet(sheetHead+`<row r="1"><c r="A1" t="str"><v>`+strings.Repeat("x", 100<<20)))
		}, table.Bomb},
		{"one row of 100 MB", func() []byte {
			return with(t, book, sheet(sheetHead+`<row r="1">`+strings.Repeat(`<c r="A1"><v>1</v></c>`, 5<<20)))
		}, table.Bomb},
		{"nested without end", func() []byte { return with(t, book, sheet(sheetHead+strings.Repeat("<c>", 10<<20))) }, table.Bomb},
		{"one tag of 100 MB", func() []byte {
			return with(t, book, sheet(sheetHead+`<row r="1" x="`+strings.Repeat(">", 100<<20)))
		}, table.Bomb},
		{"a billion laughs", func() []byte {
			return with(t, book, sheet(`<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`+sheetHead+"</sheetData></worksheet>"))
		}, table.BrokenExcel},
		{"texts without end", func() []byte {
			return with(t, book, part{"xl/sharedStrings.xml", "<sst>" + strings.Repeat("<si/>", 4<<20) + "</sst>"})
		}, table.Bomb},
		{"parts without end", func() []byte {
			var many []part
			for i := range 3000 {
				many = append(many, part{fmt.Sprintf("xl/media/%d.png", i), "x"})
			}
			return with(t, book, many...)
		}, table.Bomb},
		{"a sheet that stops in the middle", func() []byte {
			return with(t, book, sheet(sheetHead+`<row r="1"><c r="A1"><v>1</v></c></row>`))
		}, table.BrokenExcel},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t, tt.bomb())
			runtime.GC()
			used := allocated(func() {
				_, _, err := show(path)
				var fault *table.Fault
				if !errors.As(err, &fault) || fault.Code != tt.code {
					t.Errorf("got %v, want %s", err, tt.code)
				}
			})
			if used > 16<<20 {
				t.Errorf("%d MB allocated", used>>20)
			}
		})
	}
}

// deflated is a deflate stream of zeros and their checksum. One megabyte is compressed, and repeated
// as it is: compressing gigabytes takes minutes under the race detector.
func deflated(t testing.TB, megabytes int64) (stream []byte, sum uint32) {
	t.Helper()
	chunk := make([]byte, 1<<20)
	var block bytes.Buffer
	w, err := flate.NewWriter(&block, flate.BestCompression)
	if err == nil {
		_, err = w.Write(chunk)
	}
	if err == nil {
		err = w.Flush() // ends at a whole byte, with more to come
	}
	if err != nil {
		t.Fatal(err)
	}
	for range megabytes {
		stream = append(stream, block.Bytes()...)
		sum = crc32.Update(sum, crc32.IEEETable, chunk)
	}
	return append(stream, 3, 0), sum // an empty last block
}

func zeros(t testing.TB, book []byte, name string, size int64) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if f.Name != name {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	stream, sum := deflated(t, size>>20)
	big, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: sum, UncompressedSize64: uint64(size), CompressedSize64: uint64(len(stream)),
	})
	if err == nil {
		_, err = big.Write(stream)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// lying writes the archive again with its last part said to be one byte long.
func lying(t testing.TB, raw []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i, f := range z.File {
		header := f.FileHeader
		if i == len(z.File)-1 {
			header.UncompressedSize64 = 1
		}
		in, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.CreateRaw(&header)
		if err == nil {
			_, err = io.Copy(to, in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
