package table_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"dozvon/app/server/table"
)

func file(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// show writes a table the way the tests below expect it: "line: cell|cell".
func show(path string) (string, table.Format, error) {
	r, err := table.Open(path)
	if err != nil {
		return "", table.Format{}, err
	}
	defer r.Close()
	var lines []string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return strings.Join(lines, "\n"), r.Format, nil
		}
		if err != nil {
			return "", r.Format, err
		}
		lines = append(lines, fmt.Sprintf("%d: %s", row.Line, strings.Join(row.Cells, "|")))
	}
}

func cp1251(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := charmap.Windows1251.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func encoded(t testing.TB, in *charmap.Charmap, text string) []byte {
	t.Helper()
	raw, err := in.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func wide(t testing.TB, end unicode.Endianness, mark unicode.BOMPolicy, text string) []byte {
	t.Helper()
	raw, err := unicode.UTF16(end, mark).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestOpen_readsCSVHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	const rows = "ФИО;Телефон\r\nШангутов Александр;+7 964 439-90-95\r\n"
	const want = "1: ФИО|Телефон\n2: Шангутов Александр|+7 964 439-90-95"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(strings.ReplaceAll(rows, ";", "\t")))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name                string
		content             []byte
		encoding, delimiter string
		want                string
	}{
		{"UTF-8", []byte(rows), "utf-8", ";", want},
		{"UTF-8 with a byte order mark", []byte("\xEF\xBB\xBF" + rows), "utf-8", ";", want},
		{"Windows-1251", cp1251(t, rows), "windows-1251", ";", want},
		{"Excel's Unicode text", utf16, "utf-16", "\t", want},
		{"commas", []byte(strings.ReplaceAll(rows, ";", ",")), "utf-8", ",", want},
		{"tabs", []byte(strings.ReplaceAll(rows, ";", "\t")), "utf-8", "\t", want},
		{"commas inside of the cells", []byte("Имя;Группа\nИванов, Иван;1,2\nПетров, Пётр;3,4\n"), "utf-8", ";", "1: Имя|Группа\n2: Иванов, Иван|1,2\n3: Петров, Пётр|3,4"},
		{"a quoted cell over lines", []byte("a;b\n\"x\ny;z\";2\nc;d\n"), "utf-8", ";", "1: a|b\n2: x\ny;z|2\n4: c|d"},
		{"quotes inside of cells", []byte("a;b\nООО \"Ромашка\";2\n"), "utf-8", ";", "1: a|b\n2: ООО \"Ромашка\"|2"},
		{"rows of uneven length, empty rows", []byte("a;b;c\n\n1\n;;\n1;2;3;4\n"), "utf-8", ";", "1: a|b|c\n3: 1\n5: 1|2|3|4"},
		{"old Macintosh has no lines, one row", []byte("a;b"), "utf-8", ";", "1: a|b"},
		{"UTF-16 without a mark", wide(t, unicode.LittleEndian, unicode.IgnoreBOM, rows), "utf-16", ";", want},
		{"UTF-16, the other end first, without a mark", wide(t, unicode.BigEndian, unicode.IgnoreBOM, rows), "utf-16", ";", want},
		{"UTF-16, the other end first", wide(t, unicode.BigEndian, unicode.UseBOM, rows), "utf-16", ";", want},
		{"UTF-16 of Latin letters", wide(t, unicode.LittleEndian, unicode.IgnoreBOM, "name;phone\r\nAnn;1\r\n"), "utf-16", ";", "1: name|phone\n2: Ann|1"},
		{"CP866", encoded(t, charmap.CodePage866, rows), "cp866", ";", want},
		{"CP866 that ends as DOS texts do", append(encoded(t, charmap.CodePage866, rows), 0x1A), "cp866", ";", want},
		{"KOI8-R", encoded(t, charmap.KOI8R, rows), "koi8-r", ";", want},
		{"KOI8-R in capitals", encoded(t, charmap.KOI8R, strings.ToUpper(rows)), "koi8-r", ";", strings.ToUpper(want)},
		{"Windows-1251 in capitals", cp1251(t, strings.ToUpper(rows)), "windows-1251", ";", strings.ToUpper(want)},
		{"Windows-1251 with hardly a sign of it", cp1251(t, "№;name\n1;Ann\n"), "windows-1251", ";", "1: №|name\n2: 1|Ann"},
		{"Windows-1251 in small letters", cp1251(t, "фио;тел\nщукин пётр;1\n"), "windows-1251", ";", "1: фио|тел\n2: щукин пётр|1"},
		{"Macintosh", encoded(t, charmap.MacintoshCyrillic, strings.ReplaceAll(rows, "\r\n", "\r")), "x-mac-cyrillic", ";", want},
		{"lines ended by carriage returns", []byte(strings.ReplaceAll(rows, "\r\n", "\r")), "utf-8", ";", want},
		{"lines ended by carriage returns in UTF-16", wide(t, unicode.LittleEndian, unicode.UseBOM, strings.ReplaceAll(rows, "\r\n", "\r")), "utf-16", ";", want},
		{"bars", []byte(strings.ReplaceAll(rows, ";", "|")), "utf-8", "|", want},
		{"Excel's hint", []byte("sep=;\r\n" + rows), "utf-8", ";", "2: ФИО|Телефон\n3: Шангутов Александр|+7 964 439-90-95"},
		{"Excel's hint of a comma, with a mark before it", []byte("\xEF\xBB\xBFsep=,\na,b;c\n1,2;3\n"), "utf-8", ",", "2: a|b;c\n3: 1|2;3"},
		{"the hint in quotes", []byte("\"sep=;\"\na;b\n1;2\n"), "utf-8", ";", "2: a|b\n3: 1|2"},
		{"a title above the table", []byte("Список учеников, осень\n\nФИО,Телефон,Группа\nИванов,1,2\nПетров,3,4\n"), "utf-8", ",", "1: Список учеников|осень\n3: ФИО|Телефон|Группа\n4: Иванов|1|2\n5: Петров|3|4"},
		{"a title without a delimiter", []byte("Список учеников\nФИО;Телефон\nИванов, Иван;1\nПетров;3\n"), "utf-8", ";", "1: Список учеников\n2: ФИО|Телефон\n3: Иванов, Иван|1\n4: Петров|3"},
		{"a heading that looks like a SYLK file", []byte("ID;Phone\n1;2\n"), "utf-8", ";", "1: ID|Phone\n2: 1|2"},
		{"one column", []byte("Телефон\n89644399095\n"), "utf-8", ";", "1: Телефон\n2: 89644399095"},
		{"what an exporter made harmless", []byte("a;b\n'=1+1;'+x\n"), "utf-8", ";", "1: a|b\n2: =1+1|+x"},
		{"«С»» in Windows-1251 is a valid pair of UTF-8", cp1251(t, "Имя;Школа\nИван;«АВТОРУС»\n"), "windows-1251", ";", "1: Имя|Школа\n2: Иван|«АВТОРУС»"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, format, err := show(file(t, tt.content))
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want || format.Encoding != tt.encoding || format.Delimiter != tt.delimiter {
				t.Errorf("got %+v\n%s\nwant %s %q\n%s", format, got, tt.encoding, tt.delimiter, tt.want)
			}
		})
	}
}

func TestOpen_refusesWhatIsNoTableAndSaysWhere(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("x;", 500)
	tests := []struct {
		name    string
		content []byte
		code    table.Code
		line    int
	}{
		{"nothing", nil, table.Empty, 0},
		{"only empty rows", []byte(";;\n\n  \n"), table.Empty, 0},
		{"binary junk", []byte{0x7F, 'E', 'L', 'F', 0, 1, 2, 3, 0xFF, 0xFE}, table.NotATable, 0},
		{"junk that says it is UTF-16", append([]byte{0xFF, 0xFE}, bytes.Repeat([]byte{1, 0, 0, 0xD8}, 50)...), table.NotATable, 0},
		{"an old workbook", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...), table.OldExcel, 0},
		{"500 columns", []byte("a;b\n" + many + "\n"), table.TooManyColumns, 2},
		{"a giant cell", []byte("a;b\n1;2\n\"" + strings.Repeat("ы", 20_000) + "\";1\n"), table.CellTooLong, 3},
		{"a quote that is never closed", []byte("a;b\n1;\"2\n" + strings.Repeat("3;4\n", 100)), table.OpenQuote, 2},
		{"a quote closed in the middle", []byte("a;b\n1;\"2\"x\n3;4\n"), table.OpenQuote, 2},
		{"a quote never closed among quotes inside of cells", []byte("a;b\nООО \"Р\";1\n\"В\" ООО;\"2\n3;4\n"), table.OpenQuote, 3},
		{"UTF-8, then Windows-1251", append([]byte("Имя;Телефон\nИван;1\nabc;2\n"), cp1251(t, "Пётр;3\nОльга;4\n")...), table.MixedEncodings, 4},
		{"Windows-1251, then UTF-8", append(cp1251(t, "Имя;Телефон\n"), []byte("Пётр;3\n")...), table.MixedEncodings, 2},
		{"a byte order mark before Windows-1251", append([]byte("\xEF\xBB\xBFa;b\n"), cp1251(t, "Пётр;3\n")...), table.MixedEncodings, 2},
		{"a zip of something else", archive(t, part{"readme.txt", "hello"}), table.NotATable, 0},
		{"a zip cut off", archive(t, part{"readme.txt", "hello"})[:40], table.BrokenExcel, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := show(file(t, tt.content))
			var fault *table.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code || fault.Line != tt.line {
				t.Fatalf("got %v, want %s at line %d", err, tt.code, tt.line)
			}
		})
	}
}

// TestOpen_saysWhatAFileIsInstead: what people take for a table by its name.
func TestOpen_saysWhatAFileIsInstead(t *testing.T) {
	t.Parallel()
	ole := func(stream string) []byte {
		raw := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 300_000)...)
		return append(append(raw, wide(t, unicode.LittleEndian, unicode.IgnoreBOM, stream)...), make([]byte, 500)...)
	}
	const page = `<html><body><table border="1"><tr><td>ФИО</td><td>89145551003</td></tr></table></body></html>`
	tests := []struct {
		name    string
		content []byte
		code    table.Code
		what    string
	}{
		{"a web page", []byte(page), table.NotATable, "html"},
		{"a web page after blanks and a mark", []byte("\xEF\xBB\xBF\r\n  <TABLE><tr><td>1</td></tr></TABLE>"), table.NotATable, "html"},
		{"a web page that begins with its meta", []byte(`<meta charset="utf-8"><table></table>`), table.NotATable, "html"},
		{"a web page in UTF-16", wide(t, unicode.LittleEndian, unicode.UseBOM, page), table.NotATable, "html"},
		{"a web page in UTF-16 without a mark", wide(t, unicode.LittleEndian, unicode.IgnoreBOM, "<html><body><table>\n</table></body></html>"), table.NotATable, "html"},
		{"a web page in one file", []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n"), table.NotATable, "html"},
		{"a workbook of Excel 2003 in XML", []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>`), table.NotATable, "xml"},
		{"vCards", []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:+7 914 555-10-01\r\nEND:VCARD\r\n"), table.NotATable, "vcard"},
		{"vCards of an old Mac", []byte("begin:vcard\rversion:2.1\r"), table.NotATable, "vcard"},
		{"a PDF", []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n"), table.NotATable, "pdf"},
		{"JSON", []byte(`[{"name":"Иванов","phone":"1"}]`), table.NotATable, "json"},
		{"a text of Word", []byte(`{\rtf1\ansi\deff0 hello}`), table.NotATable, "word"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), table.NotATable, "picture"},
		{"a table of LibreOffice", archive(t, part{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, part{"content.xml", "<x/>"}), table.NotATable, "ods"},
		{"a table of Numbers", archive(t, part{"Index/Document.iwa", "x"}, part{"Data/x.png", "x"}), table.NotATable, "numbers"},
		{"a document of Word", archive(t, part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", "<x/>"}), table.NotATable, "word"},
		{"a binary workbook", archive(t, part{"[Content_Types].xml", "<Types/>"}, part{"xl/workbook.bin", "x"}), table.NotATable, "xlsb"},
		{"an archive with a table inside", archive(t, part{"клиенты.csv", "ФИО;Телефон\n"}), table.NotATable, "archive"},
		{"a packed file", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc"), table.NotATable, "archive"},
		{"a spreadsheet of 1C", []byte("MOXCEL\x00\x07\x00\x01"), table.NotATable, "1c"},
		{"a table of SYLK", []byte("ID;PWXL;N;E\r\nC;Y1;X1;K\"a\"\r\nE\r\n"), table.NotATable, "sylk"},
		{"a workbook of Excel 97", ole("Workbook"), table.OldExcel, "xls"},
		{"a workbook of Excel 95", ole("Book"), table.OldExcel, "xls"},
		{"a workbook of Excel 4", []byte("\x09\x04\x06\x00\x00\x00\x10\x00"), table.OldExcel, "xls"},
		{"a workbook with a password", ole("EncryptedPackage"), table.OldExcel, "password"},
		{"an old document of Word", ole("WordDocument"), table.NotATable, "word"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := show(file(t, tt.content))
			var fault *table.Fault
			if !errors.As(err, &fault) || fault.Code != tt.code || fault.What != tt.what {
				t.Fatalf("got %v, want %s that is %s", err, tt.code, tt.what)
			}
		})
	}
}

// Two gigabytes are a hole in a sparse file: what counts is that nobody reads them.
func TestOpen_refusesTwoGigabytesUnread(t *testing.T) {
	t.Parallel()
	path := file(t, []byte("Имя;Телефон\n"))
	if err := os.Truncate(path, 2<<30); err != nil {
		t.Fatal(err)
	}
	_, _, err := show(path)
	var fault *table.Fault
	if !errors.As(err, &fault) || fault.Code != table.TooBig {
		t.Errorf("got %v", err)
	}
}

// A quote that opens and never closes would make one cell of the whole file.
func TestOpen_anOpenQuoteCostsBoundedMemory(t *testing.T) {
	path := file(t, append([]byte("a;b\n\""), bytes.Repeat([]byte("1;2;3;4;5;6;7\n"), 8<<20)...))
	used := allocated(func() {
		_, _, err := show(path)
		var fault *table.Fault
		if !errors.As(err, &fault) || (fault.Code != table.CellTooLong && fault.Code != table.OpenQuote) {
			t.Errorf("got %v", err)
		}
	})
	if used > 64<<20 {
		t.Errorf("%d MB allocated for a file of 112 MB", used>>20)
	}
}

func TestOpen_aMillionRowsAndNoMore(t *testing.T) {
	t.Parallel()
	const row = "1;2\n"
	if _, _, err := show(file(t, bytes.Repeat([]byte(row), table.MaxRows+1))); err == nil {
		t.Fatal("more rows than allowed were read")
	} else if fault := new(table.Fault); !errors.As(err, &fault) || fault.Code != table.TooManyRows {
		t.Errorf("got %v", err)
	}
}
