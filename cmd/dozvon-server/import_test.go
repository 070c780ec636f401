package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/phone"
	"dozvon/app/server"
	"dozvon/client"
)

// The other server stands for the one that runs: two processes on one database.
func TestImport_worksBesideARunningServer(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	running, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("договоры.csv", "№ договора;ФИО;Телефон\n12;Иванов Иван;89145550148\n;Без номера;89145550149\n")
	bad := write("мусор.csv", "\x00\x01\x02")
	contracts := func() int {
		n := 0
		for _, number := range []string{"+79145550148", "+79145550149"} {
			owners, err := running.Store.Owners(t.Context(), phone.Number(number))
			if err != nil {
				t.Fatal(err)
			}
			n += len(owners)
		}
		return n
	}
	steps := []struct {
		name      string
		args      []string
		code      int
		contracts int
	}{
		{"a trial", []string{"import", "contracts", good, "--dry-run"}, 0, 0},
		{"junk", []string{"import", "contracts", bad}, 1, 0},
		{"for good", []string{"import", "contracts", good}, 0, 1},
		{"the same again", []string{"import", "contracts", good}, 0, 1},
	}
	for _, s := range steps {
		if code := run(context.Background(), append(s.args, "--data", data, "--log-level", "error")); code != s.code {
			t.Errorf("%s: exit code %d, want %d", s.name, code, s.code)
		}
		if n := contracts(); n != s.contracts {
			t.Errorf("%s: %d contracts, want %d", s.name, n, s.contracts)
		}
	}
	report, err := os.ReadFile(good + ".report.csv")
	if err != nil || !strings.Contains(string(report), "уже есть: Иванов Иван (тот же номер договора)") || !strings.Contains(string(report), "нет номера договора") {
		t.Errorf("the report: %s, %v", report, err)
	}
	left, err := os.ReadDir(filepath.Join(data, "imports"))
	if err != nil || len(left) != 0 {
		t.Errorf("%d copies are left, %v", len(left), err)
	}
}

// A column in doubt is left out and asked about; the caller says which it is.
func TestImport_asksWhichColumnIsMeant(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "договоры.csv")
	if err := os.WriteFile(path, []byte("№ договора;ФИО;Дата договора;Дата заключения\n12;Иванов Иван;24.11.2026;25.11.2026\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"--dry-run"}, 0, "Какой столбец — дата договора? Подходят одинаково: «Дата договора», «Дата заключения»"},
		{[]string{"--dry-run", "--language", "en"}, 0, "Which column is the contract date?"},
		{[]string{"--column", "Дата=signed_on"}, 2, ""},
		{[]string{"--column", "Дата договора=day"}, 2, ""},
		{[]string{"--column", "дата заключения=signed_on"}, 0, "Дата заключения → signed_on"},
	}
	for _, s := range steps {
		out, code := printed(t, func() int {
			return run(context.Background(), append([]string{"import", "contracts", path, "--data", data, "--log-level", "error"}, s.args...))
		})
		if code != s.code || !strings.Contains(out, s.out) {
			t.Errorf("%v: exit code %d, want %d; printed\n%s\nwant %q", s.args, code, s.code, out, s.out)
		}
	}
	p, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	cards, err := p.Store.CardsKnownBy(t.Context(), client.KindContract, "number", []string{"12"})
	if err != nil || len(cards) != 1 || cards[0].SignedOn != "2026-11-25" {
		t.Errorf("got %+v, %v", cards, err)
	}
}

// printed is what work writes to standard output.
func printed(t *testing.T, work func() int) (string, int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	was := os.Stdout
	os.Stdout = out
	code := work()
	os.Stdout = was
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw), code
}
