package imports_test

import (
	"strings"
	"testing"

	"dozvon/app/server/imports"
	"dozvon/app/server/table"
)

// Whoever loads something else is told what it is, and where it is read again.
func TestTold_saysWhatAFileIsInstead(t *testing.T) {
	t.Parallel()
	for what, word := range map[string]string{
		"html": "HTML", "xml": "XML", "vcard": "vCard", "pdf": "PDF", "json": "JSON", "word": "Word", "picture": "картинка", "ods": ".ods",
		"numbers": "Numbers", "xlsb": ".xlsb", "archive": "архив", "1c": "1С", "sylk": "SYLK", "xls": ".xls", "password": "парол",
	} {
		text := imports.Told(&table.Fault{Code: table.NotATable, What: what}).Both()
		if !strings.Contains(text.RU, word) || text.EN == text.RU || text.EN == "" {
			t.Errorf("%s is told as %q, %q; want %q in it", what, text.RU, text.EN, word)
		}
	}
}

func TestTold_saysWhereAndHowMuchIsAllowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault  table.Fault
		ru, en string
	}{
		{table.Fault{Code: table.Empty}, "Файл пустой: в нём нет ни одной строки.", "The file is empty: there is not a single row in it."},
		{table.Fault{Code: table.OpenQuote, Line: 3}, "Строка 3. Кавычка", "Line 3. A quote"},
		{table.Fault{Code: table.NoValue, Line: 3, Column: 4}, "Строка 3, столбец 4. В ячейке формула", "Line 3, column 4. A cell has a formula"},
		{table.Fault{Code: table.TooManyRows}, "больше 1000000 строк", "more than 1000000 rows"},
	} {
		text := imports.Told(&tt.fault).Both()
		if !strings.Contains(text.RU, tt.ru) || !strings.Contains(text.EN, tt.en) {
			t.Errorf("%v is told as %q, %q; want %q, %q", &tt.fault, text.RU, text.EN, tt.ru, tt.en)
		}
	}
}

// Every reason to refuse a file is told in words, in both languages.
func TestTold_everyReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range []table.Code{
		table.Empty, table.NotATable, table.OldExcel, table.TooBig, table.TooManyRows, table.TooManyColumns, table.CellTooLong,
		table.MixedEncodings, table.OpenQuote, table.BrokenExcel, table.Bomb, table.NoValue,
	} {
		text := imports.Told(&table.Fault{Code: code}).Both()
		if text.RU == text.EN || strings.Contains(text.RU+text.EN, "no value") {
			t.Errorf("%s is told as %q, %q", code, text.RU, text.EN)
		}
	}
}
