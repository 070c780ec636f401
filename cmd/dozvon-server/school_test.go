package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// try runs a command in a data folder.
func try(t *testing.T, data string, args ...string) (string, error) {
	t.Helper()
	root := command()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetIn(strings.NewReader("correct horse\n"))
	root.SetArgs(append(args, "--data", data))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestSchool_whatAProviderNeeds(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "lider.backup")
	for _, step := range []struct {
		args  string
		want  string // in the output or the error
		fails bool
		usage bool
	}{
		{"school list", "holds no installation of several schools", true, false},
		{"account list --school lider", "holds no several schools", true, true},
		{"school create Lider", "is no name for a school", true, true},
		{"school create www", "needs for itself", true, true},
		{"school create lider --database postgres://x", "of its own", true, true},
		{"school create lider --title Лидер --host phone.lider.ru", "one-time code for its first administrator: ", false, false},
		{"school create lider", "another school has it", true, false},
		{"school create start --host phone.lider.ru", "another school has it", true, false},
		{"school create start", "school start created", false, false},
		{"school list", "lider  active  ", false, false},
		{"account list", "say by --school which one is meant", true, true},
		{"account list --school nobody", "there is no school \"nobody\"", true, false},
		{"account list --school ../lider", "is no name for a school", true, true},
		{"serve --school lider", "take --school out", true, true},
		{"account add --school lider --login gromov --name Громов --role admin --password-stdin", "created", false, false},
		{"account list --school lider", "gromov", false, false},
		{"account code --school start", "-", false, false},
		{"backup FILE --school lider", "", false, false},
		{"migrate-to postgres://x --school lider", "is for a single school", true, true},
		{"serve --database postgres://x", "of its own", true, true},
		{"school suspend lider", "is suspended", false, false},
		{"school suspend lider", "is suspended", false, false},
		{"restore FILE --school lider", "dozvon-server school resume lider", false, false},
		{"school list", "lider  suspended", false, false},
		{"school resume lider", "is served again", false, false},
		{"school suspend nobody", "there is no school \"nobody\"", true, false},
		{"school export nobody COPY", "there is no school \"nobody\"", true, false},
		{"school export lider COPY", "sealing key: included", false, false},
		{"school create copy --from NOWHERE", "there is no file", true, false},
		{"school create lider --from COPY", "another school has it", true, false},
		{"school create copy --from COPY --host phone.copy.ru", "restored what was backed up", false, false},
		{"account list --school copy", "gromov", false, false},
		{"school list", "copy   active", false, false},
		{"school delete lider", "--confirm lider is needed", true, true},
		{"school delete lider --confirm start", "--confirm lider is needed", true, true},
		{"school delete lider --confirm lider", "is deleted", false, false},
		{"school delete lider --confirm lider", "there is no school \"lider\"", true, false},
		{"school list --json", `"name":"start"`, false, false},
	} {
		out, err := try(t, data, strings.Fields(strings.NewReplacer("FILE", file, "COPY", file+".2", "NOWHERE", file+".3").Replace(step.args))...)
		if err != nil {
			out = err.Error()
		}
		if (err != nil) != step.fails || !strings.Contains(out, step.want) {
			t.Errorf("%s: %q, want %q, failing %v", step.args, out, step.want, step.fails)
		}
		if errors.Is(err, errUsage) != step.usage {
			t.Errorf("%s: told as wrong usage is %v", step.args, !step.usage)
		}
	}
	if left, err := filepath.Glob(filepath.Join(data, "*")); err != nil || strings.Contains(strings.Join(left, " "), "dozvon.db") {
		t.Errorf("the installation's folder holds %v, %v", left, err)
	}
}

// TestSchool_leavesASingleSchoolAlone: the folder of one is made to no installation of several, and the other way round.
func TestSchool_leavesASingleSchoolAlone(t *testing.T) {
	data := t.TempDir()
	if _, err := try(t, data, "account", "add", "--login", "gromov", "--name", "Громов", "--role", "admin", "--password-stdin"); err != nil {
		t.Fatal(err)
	}
	if _, err := try(t, data, "school", "create", "lider"); err == nil || !strings.Contains(err.Error(), "holds a single school") {
		t.Errorf("making several of a single school: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "schools.db")); !os.IsNotExist(err) {
		t.Errorf("it left a registry: %v", err)
	}
	if out, err := try(t, data, "account", "list"); err != nil || !strings.Contains(out, "gromov") {
		t.Errorf("the single school: %q, %v", out, err)
	}
	// One whose database lies elsewhere has its key in the folder.
	if err := os.Remove(filepath.Join(data, "dozvon.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := try(t, data, "school", "create", "lider"); err == nil || !strings.Contains(err.Error(), "holds a single school (seal.key)") {
		t.Errorf("making several of a single school whose database is elsewhere: %v", err)
	}
}
