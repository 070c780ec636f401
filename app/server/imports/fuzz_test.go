package imports_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/imports"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// FuzzContactFile takes a file the whole way to cards: whatever it holds, a row is a card with a name, or is
// refused or remarked in words of both languages, and its card read again says nothing new.
func FuzzContactFile(f *testing.F) {
	for _, text := range []string{
		"ФИО;Телефон\nГусева Анна;+79145551801\nГусев Борис;914 555-02-61 после 6\n",
		googleOld + "\nАнна Лаптева,Анна,,Лаптева,,,,,,,,,,* My Contacts,* Home,anna@example.com,,,Mobile,+7 914 555-01-11 ::: +7 914 555-01-12,,,\n",
		googleNew + "\nАнна,,Лаптева,,,,,,,,,,* myContacts ::: Ученики,* ,a@b.ru ::: c@d.ru,Mobile,8 (423) 255-01-13,,,,\n",
		amo + "\n7;Контакт;;Нина;Орлова;;Кто-то;24.11.2026;;тег;;89145551003;;;x@y.ru;;\n",
		birthday + "\n77/26;Рогов Иван;01.02.2008;89145550751;15.09.2026;B\n",
		"sep=,\nСписок\n№ договора,ФИО,Дата,Телефон\n1,И,12/31/2025,7.9E+10\n2,П,46022,#N/A\n",
	} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, raw []byte, contracts bool) {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		kind := client.KindClient
		if contracts {
			kind = client.KindContract
		}
		rows, err := tableRows(path)
		var fault *table.Fault
		if errors.As(err, &fault) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		mustImport(t, kind, rows)
	})
}

func tableRows(path string) ([]table.Row, error) {
	file, err := table.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var rows []table.Row
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

func mustImport(t *testing.T, kind client.SubjectKind, rows []table.Row) {
	var cells [][]string
	widest := 0
	for _, row := range rows {
		cells = append(cells, row.Cells)
		widest = max(widest, len(row.Cells))
	}
	names, above := imports.Heading(kind, cells)
	if above > len(rows) || len(names) > widest {
		t.Fatalf("%d names of %d columns, %d rows above of %d", len(names), widest, above, len(rows))
	}
	heading := make([]string, widest)
	copy(heading, names)
	fields, doubts := imports.Guess(kind, heading, cells[above:])
	for _, d := range doubts {
		mustBeTold(t, d.Text)
	}
	reader := imports.Reader{Kind: kind, Fields: fields}
	for _, row := range rows[above:] {
		d := reader.Draft(row)
		for _, w := range append(append(append(d.Faults, d.Missing...), d.Remarks...), d.PhoneRemarks...) {
			mustBeTold(t, w)
		}
		if len(d.Faults)+len(d.Missing) > 0 {
			continue
		}
		card, err := d.Card(nil, "id", nil, time.Unix(0, 0))
		if _, told := imports.Faults(err); told {
			continue
		}
		if err != nil || strings.TrimSpace(card.Name) == "" {
			t.Fatalf("%q made %+v, %v", row.Cells, card, err)
		}
		again, err := reader.Draft(row).Card(&card, "", nil, time.Unix(1, 0))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(again.Numbers()); n != len(card.Numbers()) || again.Name != card.Name {
			t.Fatalf("%q made %v, and again %v", row.Cells, card.PhoneList, again.PhoneList)
		}
	}
}

func mustBeTold(t *testing.T, text texts.Message) {
	if w := text.Both(); w.RU == "" || w.EN == "" || strings.Contains(w.RU+w.EN, "no value") {
		t.Fatalf("not told in words: %+v", w)
	}
}
