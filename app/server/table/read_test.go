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
			if ru, en := fault.Words("ru"), fault.Words("en"); ru == "" || en == "" || ru == en {
				t.Errorf("%s has no words: %q, %q", fault.Code, ru, en)
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
