package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/app/server"
	"dozvon/app/server/crm"
	"dozvon/app/server/person"
	"dozvon/client"
)

// withPerson is a data folder with a client, beside whose server the commands run.
func withPerson(t *testing.T) (data string, running *server.Parts, card crm.Card) {
	t.Helper()
	data = t.TempDir()
	running, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { running.Close() })
	name, phones := "Кузнецова Аграфена", []string{"+79145550148"}
	card, err = running.Cards.Save(t.Context(), client.Employee{}, client.SubjectRef{Kind: client.KindClient}, crm.Input{Texts: map[string]*string{crm.FieldName: &name}, Phones: &phones})
	if err != nil {
		t.Fatal(err)
	}
	return data, running, card
}

// told runs a command and returns what it printed.
func told(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	was := os.Stdout
	os.Stdout = file
	defer func() { os.Stdout = was }()
	code = run(context.Background(), append(args, "--log-level", "error"))
	raw, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return code, string(raw)
}

func TestExportPerson_worksBesideARunningServer(t *testing.T) {
	data, _, card := withPerson(t)
	out := filepath.Join(t.TempDir(), "her.zip")
	code, receipt := told(t, "export-person", "client:"+card.ID, "--out", out, "--data", data)
	var got struct{ Person, File string }
	if err := json.Unmarshal([]byte(receipt), &got); code != 0 || err != nil || got.Person != "client:"+card.ID || got.File != out {
		t.Errorf("exit code %d, receipt %s, %v", code, receipt, err)
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
	}{
		{"again over the first", []string{"client:" + card.ID, "--out", out}, 1},
		{"nobody", []string{"client:nobody", "--out", out + "2"}, 1},
		{"a number that nobody has", []string{"+79000000111", "--out", out + "2"}, 1},
		{"no person", []string{"Аграфена", "--out", out + "2"}, 2},
		{"no argument", nil, 2},
		{"another language", []string{"client:" + card.ID, "--language", "kk"}, 2},
	} {
		code, receipt := told(t, append(append([]string{"export-person"}, tt.args...), "--data", data)...)
		if code != tt.code || strings.TrimSpace(receipt) != "" {
			t.Errorf("%s: exit code %d, want %d; printed %q", tt.name, code, tt.code, receipt)
		}
	}
	if _, err := os.Stat(out + "2"); err == nil {
		t.Error("something was written for nobody")
	}
}

func TestErase_worksBesideARunningServer(t *testing.T) {
	data, running, card := withPerson(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		running.Run(ctx)
	}()
	defer func() {
		stop()
		<-done
	}()
	who := "client:" + card.ID
	if code, receipt := told(t, "erase", who, "--dry-run", "--data", data); code != 0 || !strings.Contains(receipt, `"dry_run": true`) || !strings.Contains(receipt, `"cards": 1`) {
		t.Errorf("a trial: exit code %d, %s", code, receipt)
	}
	if _, err := running.Store.Card(t.Context(), card.Ref()); err != nil {
		t.Errorf("the trial erased the card: %v", err)
	}
	var got person.Erased
	code, receipt := told(t, "erase", "8 914 555 01 48", "--data", data)
	if err := json.Unmarshal([]byte(receipt), &got); code != 0 || err != nil || got.Person != who || got.Erased["cards"] != 1 || got.Remains != 0 || len(got.Outside) == 0 {
		t.Errorf("exit code %d, receipt %s, %v", code, receipt, err)
	}
	for _, name := range []string{"dozvon.db", "dozvon.db-wal", "dozvon.db-shm"} {
		raw, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"Аграфена", "аграфена", "9145550148"} {
			if strings.Contains(string(raw), text) {
				t.Errorf("%s tells %q", name, text)
			}
		}
	}
	for _, tt := range []struct {
		name, who string
		code      int
	}{{"once more", who, 0}, {"nobody", "client:nobody", 1}, {"no person", "Аграфена", 2}, {"a number that nobody has", "+79000000111", 0}} {
		if code, receipt := told(t, "erase", tt.who, "--data", data); code != tt.code {
			t.Errorf("%s: exit code %d, want %d; %s", tt.name, code, tt.code, receipt)
		}
	}
}
