package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"dozvon/client"
)

// account runs one command in a data folder, with a password on its input.
func runAccount(t *testing.T, data, password string, args ...string) (string, error) {
	t.Helper()
	root := command()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetIn(strings.NewReader(password + "\n"))
	root.SetArgs(append([]string{"account"}, append(args, "--data", data)...))
	err := root.ExecuteContext(context.Background())
	return out.String(), err
}

func TestAccount_whatAnAdministratorNeeds(t *testing.T) {
	data := t.TempDir()
	const good = "correct horse"
	for _, step := range []struct {
		args     []string
		password string
		want     string // in the output or the error
		fails    bool
	}{
		{[]string{"add", "--login", "gromov", "--name", "Громов", "--role", "admin", "--password-stdin"}, good, "created", false},
		{[]string{"add", "--login", "gromov", "--name", "Другой", "--password-stdin"}, good, "somebody else has this login", true},
		{[]string{"add", "--login", "kireeva", "--name", "Киреева", "--password-stdin"}, "12345678", "common", true},
		{[]string{"add", "--login", "kireeva", "--name", "Киреева", "--password-stdin"}, "абвг", "shorter than 8", true},
		{[]string{"add", "--login", "kireeva", "--name", "Киреева", "--extension", "101", "--password-stdin"}, good, "created", false},
		{[]string{"password", "--login", "kireeva"}, good, "--password-stdin is needed", true},
		{[]string{"password", "--login", "nobody", "--password-stdin"}, good, "account list", true},
		{[]string{"password", "--login", "kireeva", "--password-stdin"}, "another good one", "signed out everywhere", false},
		{[]string{"role", "--login", "kireeva"}, "", "--role is needed", true},
		{[]string{"role", "--login", "kireeva", "--role", "boss"}, "", "role: one of operator", true},
		{[]string{"role", "--login", "kireeva", "--role", "manager"}, "", "is now manager", false},
		{[]string{"role", "--login", "gromov", "--role", "manager"}, "", "last administrator", true},
		{[]string{"deactivate", "--login", "gromov"}, "", "last administrator", true},
		{[]string{"deactivate", "--login", "kireeva"}, "", "switched off", false},
		{[]string{"sign-out", "--login", "gromov"}, "", "0 sessions ended", false},
		{[]string{"list"}, "", "kireeva  manager  101        no      Киреева", false},
		{[]string{"activate", "--login", "kireeva"}, "", "switched on", false},
	} {
		out, err := runAccount(t, data, step.password, step.args...)
		if err != nil {
			out = err.Error()
		}
		if (err != nil) != step.fails || !strings.Contains(out, step.want) {
			t.Errorf("%v: %q, want %q, failing %v", step.args, out, step.want, step.fails)
		}
		if err != nil && strings.Contains(out, "is needed") && !errors.Is(err, errUsage) {
			t.Errorf("%v: not told as wrong usage", step.args)
		}
	}
	out, err := runAccount(t, data, "", "list", "--json")
	var people []client.Employee
	if err := errors.Join(err, json.Unmarshal([]byte(out), &people)); err != nil {
		t.Fatal(err)
	}
	if len(people) != 2 || !people[0].Active || !people[1].Active || strings.Contains(out, "argon2") {
		t.Errorf("listed %s", out)
	}
}
