package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/phone"
	"dozvon/app/server"
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
			found, _, err := running.Store.Owners(t.Context(), phone.Number(number))
			if err != nil {
				t.Fatal(err)
			}
			n += len(found)
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
