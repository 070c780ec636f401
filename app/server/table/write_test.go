package table_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"dozvon/app/server/table"
)

func written(t *testing.T, kind string, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := table.NewWriter(&out, kind, "Договоры", rows[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWriter_whatWasWrittenReadsTheSame(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"ФИО", "Телефон", "Примечание"},
		{"Шангутов; Александр", "+79644399095", "две\nстроки и \"кавычки\""},
		{"=HYPERLINK(\"http://evil\")", "+7 964 439-90-95", "@SUM(1)"},
		{"-", "007", "1.5"},
	}
	want := "1: " + strings.Join(rows[0], "|")
	for _, kind := range []string{"csv", "xlsx"} {
		got, _, err := show(file(t, written(t, kind, rows...)))
		if err != nil {
			t.Fatal(kind, err)
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s begins with %q", kind, got)
		}
		for _, row := range rows[1:] {
			if line := strings.Join(row, "|"); !strings.Contains(got, ": "+line) {
				t.Errorf("%s lacks %q:\n%s", kind, line, got)
			}
		}
	}
}

func TestWriter_aFormulaInACSVIsHarmlessAndAPhoneStaysPlain(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd|x": "'+cmd|x", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "＝1+1": "'＝1+1", "＠SUM(A1)": "'＠SUM(A1)",
		"+79644399095": "+79644399095", "+7 (964) 439-90-95": "+7 (964) 439-90-95", "-12.5": "-12.5", "Иван": "Иван", "": "",
	} {
		got := string(written(t, "csv", []string{"a", "b"}, []string{"x", cell}))
		if !strings.HasSuffix(got, "\nx;"+want+"\r\n") {
			t.Errorf("%q was written as %q, want %q", cell, got, want)
		}
	}
}

func TestWriter_beginsACSVSoThatExcelReadsIt(t *testing.T) {
	t.Parallel()
	if got := written(t, "csv", []string{"ФИО", "Телефон"}); string(got) != "\xEF\xBB\xBFФИО;Телефон\r\n" {
		t.Errorf("got %q", got)
	}
}

// TestWriter_noSeparatorMakesAFormula opens what was written by each separator that a spreadsheet may
// use: no cell that comes out begins as a formula, but for numbers.
func TestWriter_noSeparatorMakesAFormula(t *testing.T) {
	t.Parallel()
	number := regexp.MustCompile(`^[+-]?[0-9 ()-]+([.,;] ?[+-]?[0-9 ()-]+)*$`)
	for _, cell := range []string{
		"Иван,=1+1", "Иван, =1+1", "a;=1", "a\t=1", "две\n=1+1", "две\r\n@SUM(1)", `a,"=1+1"`, `",=1`, `x" ,"" =1`, ",+cmd|x", ",-1+1=2", ",＝1", "a,'=1", "'=1", "''=1",
		"a,,=1", "\t=1", "'\t=1", "=1,=2;=3", "+7 914 555-01-48, +7 914 555-01-49", "+79145550148; =1", "-12,5", "+7 (914) 555-01-48 доб. 104", `+1, HYPERLINK("x")`, "звонить, +7 914 555-01-48",
	} {
		raw := written(t, "csv", []string{"a", "b"}, []string{"x", cell})
		for _, by := range []string{",", ";", "\t"} {
			for line := range strings.Lines(string(raw)) {
				for _, got := range strings.Split(strings.TrimRight(line, "\r\n"), by) {
					got = strings.TrimLeft(got, "\" \ufeff")
					if strings.IndexAny(got, "=+-@＝＋－＠") == 0 && !number.MatchString(strings.Trim(got, "\" ")) {
						t.Errorf("%q opened by %q has the cell %q", cell, by, got)
					}
				}
			}
		}
		got, _, err := show(file(t, raw))
		if err != nil || !strings.Contains(got, "x|"+strings.TrimSpace(strings.ReplaceAll(cell, "\r\n", "\n"))) {
			t.Errorf("%q reads %q, %v", cell, got, err)
		}
	}
	plain := "+7 914 555-01-48, +7 914 555-01-49"
	if raw := written(t, "csv", []string{"a", "b"}, []string{"x", plain}); !strings.Contains(string(raw), plain) {
		t.Errorf("telephones are not readable: %s", raw)
	}
}
