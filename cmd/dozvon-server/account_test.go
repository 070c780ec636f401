package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"

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

// TestServe_tellsTheCodeBesideTheLog: the code of the first account goes to standard output alone, `account
// code` tells the same one beside the running server, and where somebody has an account neither tells any.
func TestServe_tellsTheCodeBesideTheLog(t *testing.T) {
	data := t.TempDir()
	shape := regexp.MustCompile(`\d{4}-\d{4}-\d{4}`)
	out, log := serveOnce(t, data)
	code := shape.FindString(out)
	if code == "" || shape.MatchString(log) {
		t.Fatalf("output %q, log %q", out, log)
	}
	again, _ := serveOnce(t, data)
	asked, err := runAccount(t, data, "", "code")
	if err != nil || asked != code+"\n" || shape.FindString(again) != code {
		t.Errorf("account code: %q, %v; after a restart %q; first %q", asked, err, again, code)
	}
	if _, err := runAccount(t, data, "correct horse", "add", "--login", "gromov", "--name", "Громов", "--role", "admin", "--password-stdin"); err != nil {
		t.Fatal(err)
	}
	if out, _ := serveOnce(t, data); out != "" {
		t.Errorf("with an account it tells %q", out)
	}
	if out, err := runAccount(t, data, "", "code"); err == nil || out != "" {
		t.Errorf("account code with an account: %q, %v", out, err)
	}
}

// serveOnce runs the server until it is ready, and returns its output and its log.
func serveOnce(t *testing.T, data string) (out, log string) {
	t.Helper()
	var to bytes.Buffer
	log = serveTo(t, data, &to)
	return to.String(), log
}

// serveTo runs it with a place for its output.
func serveTo(t *testing.T, data string, to io.Writer) (log string) {
	t.Helper()
	logged, had := &lines{until: "server started", found: make(chan struct{})}, slog.Default()
	defer slog.SetDefault(had)
	root := command()
	// The settings make the log anew, to standard error; this one comes after them.
	prepare := root.PersistentPreRunE
	root.PersistentPreRunE = func(c *cobra.Command, args []string) error {
		err := prepare(c, args)
		slog.SetDefault(slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
		return err
	}
	root.SetOut(to)
	root.SetArgs([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- root.ExecuteContext(ctx) }()
	select {
	case <-logged.found:
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	case err := <-ended:
		t.Fatal("it ended: ", err)
	case <-time.After(time.Minute):
		t.Fatal("it does not start")
	}
	return logged.String()
}

// TestServe_keepsTheCodeOutOfAJournal: what a service prints is kept and sent on like any log.
func TestServe_keepsTheCodeOutOfAJournal(t *testing.T) {
	data := t.TempDir()
	journal, err := os.Create(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	log := serveTo(t, data, journal)
	out, err := os.ReadFile(journal.Name())
	if err != nil {
		t.Fatal(err)
	}
	if shape := regexp.MustCompile(`\d{4}-\d{4}-\d{4}`); shape.Match(out) || shape.MatchString(log) || !strings.Contains(string(out), "dozvon-server account code --data "+data) {
		t.Errorf("output %q, log %q", out, log)
	}
}

// TestServe_startsWithoutAKeyThatSealedNothing: it said that the database had secrets which it had not, and asked for a
// backup of a key that nobody needs. An admin command does not make one: a server may run with the old one.
func TestServe_startsWithoutAKeyThatSealedNothing(t *testing.T) {
	data := t.TempDir()
	serveOnce(t, data)
	if err := os.Remove(filepath.Join(data, "seal.key")); err != nil {
		t.Fatal(err)
	}
	if out, err := runAccount(t, data, "", "code"); err == nil || !strings.Contains(err.Error(), "nothing is sealed with it yet") {
		t.Errorf("account code without the key: %q, %v", out, err)
	}
	if _, log := serveOnce(t, data); !strings.Contains(log, "nothing was sealed with the former") {
		t.Errorf("the log says nothing of a new key: %s", log)
	}
	if _, log := serveOnce(t, data); strings.Contains(log, "nothing was sealed with the former") {
		t.Error("the new key is not known the next time")
	}
}

// TestServe_startsWhenTheNewKeyWasMadeAndNotNoted: killed between the two, it found its own key and called it another's.
func TestServe_startsWhenTheNewKeyWasMadeAndNotNoted(t *testing.T) {
	data := t.TempDir()
	serveOnce(t, data)
	made := []byte(strings.Repeat("k", 32))
	if err := os.WriteFile(filepath.Join(data, "seal.key"), made, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := runAccount(t, data, "", "code"); err == nil || !strings.Contains(err.Error(), "not the one of this database") {
		t.Errorf("account code, beside which a server may run: %q, %v", out, err)
	}
	if _, log := serveOnce(t, data); !strings.Contains(log, "nothing was sealed with the former") {
		t.Errorf("the log says nothing of another key: %s", log)
	}
	if _, log := serveOnce(t, data); strings.Contains(log, "nothing was sealed with the former") {
		t.Error("the key is not known the next time")
	}
	if is, err := os.ReadFile(filepath.Join(data, "seal.key")); err != nil || !bytes.Equal(is, made) {
		t.Errorf("the key is %q, %v", is, err)
	}
	if out, err := runAccount(t, data, "", "code"); err != nil {
		t.Errorf("account code afterwards: %q, %v", out, err)
	}
}

// lines keeps what is logged, and tells when a text came.
type lines struct {
	mu    sync.Mutex
	all   bytes.Buffer
	until string
	once  sync.Once
	found chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Write(p)
	if bytes.Contains(p, []byte(l.until)) {
		l.once.Do(func() { close(l.found) })
	}
	return len(p), nil
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
