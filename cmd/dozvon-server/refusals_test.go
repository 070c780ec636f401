//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// programs are the real ones, built once.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "dozvon-programs")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", dir, "dozvon/cmd/dozvon-server", "dozvon/cmd/dozvon-pbx")
	if out, err := build.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("%w: %s", err, out)
	}
	return dir, os.Chmod(dir, 0o755)
})

func TestMain(m *testing.M) {
	code := pgtest.Main(m)
	if dir, _ := programs(); dir != "" && code >= 0 {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// site is where a program of a test starts.
type site struct {
	t    *testing.T
	dir  string // the working folder
	data string // for --data
	// stranger runs the program as a user who owns nothing here.
	stranger bool
}

func newSite(t *testing.T) *site {
	t.Helper()
	dir, err := os.MkdirTemp("", "dozvon-site")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return &site{t: t, dir: dir, data: filepath.Join(dir, "data")}
}

func (s *site) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.data, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// school fills the data folder with a database that has a sealed secret.
func (s *site) school() {
	s.t.Helper()
	p, err := server.Build(s.t.Context(), server.Config{Listen: "127.0.0.1:0", Data: s.data, Version: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	kind, key, salt, url := "mango", "k", "s", "http://127.0.0.1:1/"
	_, err = p.Directory.SaveIntegration(s.t.Context(), client.Employee{}, "", client.IntegrationInput{Kind: &kind, APIKey: &key, APISalt: &salt, APIURL: &url})
	if err = errors.Join(err, p.Close()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) sql(statements string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.data, "dozvon.db"))
	if err == nil {
		_, err = db.ExecContext(s.t.Context(), statements)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// certificate writes cert.pem and key.pem.
func (s *site) certificate() {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	s.write("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})))
}

// start runs a program to its end: "serve --listen :0" with --data of the site where {data} stands.
func (s *site) start(line string, env ...string) (code int, stderr string) {
	s.t.Helper()
	dir, err := programs()
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	args := strings.Fields(line)
	for i, a := range args {
		args[i] = strings.NewReplacer("{data}", s.data, "{dir}", s.dir).Replace(a)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(dir, args[0]), args[1:]...)
	cmd.Dir, cmd.Stdin = s.dir, strings.NewReader("верная лошадь скрепка\n")
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}, env...)
	if s.stranger && os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out bytes.Buffer
	cmd.Stderr = &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// refusal is a start that must end at once.
type refusal struct {
	what    string
	prepare func(*site)
	line    string
	env     []string
	code    int
	says    []string // the last line, in parts
}

const serveLine = "dozvon-server serve --listen 127.0.0.1:0 --data {data}"

func yaml(text string) func(*site) { return func(s *site) { s.write("server.yaml", text) } }

// refusals of settings.
var ofSettings = []refusal{
	{what: "server.yaml: a misspelt name", prepare: yaml("hook_sources: 81.88.80.132\n"), says: []string{"server.yaml:1: no such setting: hook_sources", "did you mean hook-sources?"}},
	{what: "server.yaml: a name like none", prepare: yaml("listen: 127.0.0.1:1\nbanana: 1\n"), says: []string{"server.yaml:2: no such setting: banana", "--help"}},
	{what: "server.yaml: a word for a number", prepare: yaml("raw-days: ten\n"), says: []string{"raw-days: a whole number expected", `"ten"`}},
	{what: "server.yaml: a fraction for a whole number", prepare: yaml("raw-days: 1.5\n"), says: []string{"raw-days: a whole number expected"}},
	{what: "server.yaml: a number for a text", prepare: yaml("public-url: 5\n"), says: []string{"public-url: a text expected, not a number"}},
	{what: "server.yaml: a list for a text", prepare: yaml("listen: [a, b]\n"), says: []string{"listen: a text expected, not a list"}},
	{what: "server.yaml: a table for a list", prepare: yaml("hook-sources:\n  mango: 81.88.80.132\n"), says: []string{"hook-sources: a list, or a text with commas expected, not a table"}},
	{what: "server.yaml: a list of tables", prepare: yaml("hook-sources:\n  - address: 81.88.80.132\n"), says: []string{"hook-sources: a list of texts expected, not of a table"}},
	{what: "server.yaml: a name without a value", prepare: yaml("hook-sources:\n"), says: []string{"hook-sources has no value"}},
	{what: "server.yaml: an address that is none", prepare: yaml("hook-sources: 81.88.80.132, 81.88.80\n"), says: []string{`hook-sources: "81.88.80"`}},
	{what: "server.yaml: a list of nothing", prepare: yaml("hook-sources: ', ,'\n"), says: []string{"hook-sources: the list names nothing"}},
	{what: "server.yaml: a list of blanks", prepare: yaml("hook-sources: ['', ' ']\n"), says: []string{"hook-sources: the list names nothing"}},
	{what: "environment: a list of nothing", env: []string{"DOZVON_PROXIES=,"}, says: []string{"DOZVON_PROXIES: the list names nothing"}},
	{what: "a list of nothing", line: serveLine + " --hook-sources ,", says: []string{"hook-sources: the list names nothing"}},
	{what: "more days than a duration holds", line: serveLine + " --note-versions-days 213504", says: []string{"213504 days", "note-versions-days", "at most 36500"}},
	{what: "a negative time", line: serveLine + " --body-idle -1s", says: []string{"body-idle -1s: must not be negative"}},
	{what: "server.yaml: the same name twice", prepare: yaml("raw-days: 5\nlisten: 127.0.0.1:1\nRaw-Days: 6\n"), says: []string{"server.yaml:3: Raw-Days stands in line 1 already"}},
	{what: "server.yaml: indented with a tab", prepare: yaml("hook-sources:\n\t- 81.88.80.132\n"), says: []string{"is not YAML", "a tab?"}},
	{what: "server.yaml: no YAML", prepare: yaml("listen 127.0.0.1:1\n"), says: []string{"server.yaml:1: «name: value» expected"}},
	{what: "server.yaml: a list", prepare: yaml("- listen\n"), says: []string{"server.yaml:1: «name: value» expected"}},
	{what: "server.yaml: two documents", prepare: yaml("raw-days: 5\n---\nraw-days: 6\n"), says: []string{"more than one document"}},
	{what: "server.yaml: a folder", prepare: func(s *site) { s.write("server.yaml/x", "") }, says: []string{"reading the settings", "is a directory"}},
	{what: "server.yaml: every fault at once", prepare: yaml("raw-days: ten\nhook_sources: x\n"), says: []string{"raw-days", "hook-sources?"}},
	{what: "environment: a misspelt name", env: []string{"DOZVON_HOOKSOURCES=81.88.80.132"}, says: []string{"DOZVON_HOOKSOURCES: no such setting", "did you mean DOZVON_HOOK_SOURCES?"}},
	{what: "environment: a small letter", env: []string{"DOZVON_listen=127.0.0.1:1"}, says: []string{"DOZVON_listen: no such setting", "did you mean DOZVON_LISTEN?"}},
	{what: "environment: a word for a number", env: []string{"DOZVON_RECORDINGS_MB=all"}, says: []string{"DOZVON_RECORDINGS_MB: a whole number expected", `"all"`}},
	{what: "environment: a wrong number although a flag wins", line: serveLine + " --raw-days 5", env: []string{"DOZVON_RAW_DAYS=ten"}, says: []string{"DOZVON_RAW_DAYS: a whole number expected"}},
	{what: "an unknown level of the log", line: serveLine + " --log-level loud", says: []string{`log-level "loud"`, "debug, info, warn or error expected"}},
	{what: "an address without a port", line: "dozvon-server serve --data {data} --listen nowhere", says: []string{`listen "nowhere": host:port expected`}},
	{what: "a port beyond 65535", line: "dozvon-server serve --data {data} --listen 127.0.0.1:99999", says: []string{"host:port expected"}},
	{what: "metrics on the main address", line: "dozvon-server serve --data {data} --listen 127.0.0.1:1 --metrics-listen 127.0.0.1:1", says: []string{"metrics-listen", "other than listen"}},
	{what: "a certificate without its key", line: serveLine + " --tls-cert x.pem", says: []string{"tls-cert and tls-key: give both or neither"}},
	{what: "a public address that is none", line: serveLine + " --public-url phone.example.ru", says: []string{`public-url "phone.example.ru"`, "https://"}},
	{what: "no data folder", line: "dozvon-server serve --data=", says: []string{"data: a folder expected"}},
	{what: "an unknown flag", line: serveLine + " --nonsense", code: 2, says: []string{"unknown flag: --nonsense"}},
	{what: "a word for a number on the command line", line: serveLine + " --raw-days ten", code: 2, says: []string{"--raw-days"}},
	{what: "an unknown command", line: "dozvon-server dance", code: 2, says: []string{`dozvon-server: unknown command "dance"`, "see dozvon-server --help"}},
	{what: "an unknown command of accounts", line: "dozvon-server account dance", code: 2, says: []string{`dozvon-server: unknown command "dance"`, "see dozvon-server --help"}},
	{what: "a login without its flag", line: "dozvon-server account sign-out kireeva", code: 2, says: []string{`dozvon-server: unknown command "kireeva"`, "see dozvon-server --help"}},
	{what: "dozvon-pbx: a misspelt variable", line: "dozvon-pbx serve --key k --salt s --target http://127.0.0.1:1", env: []string{"DOZVON_PBX_LISTN=127.0.0.1:1"}, says: []string{"did you mean DOZVON_PBX_LISTEN?"}},
	{what: "dozvon-pbx: a word for a time", line: "dozvon-pbx serve --key k --salt s --target http://127.0.0.1:1", env: []string{"DOZVON_PBX_RING=soon"}, says: []string{"DOZVON_PBX_RING: a time like 90s or 5m expected"}},
	{what: "dozvon-pbx: a misspelt variable beside a call", line: "dozvon-pbx call --from 79000000101", env: []string{"DOZVON_PBX_PXB=x"}, says: []string{"did you mean DOZVON_PBX_PBX?"}},
	{what: "dozvon-pbx: no target", line: "dozvon-pbx serve --key k --salt s", code: 2, says: []string{"--target is required"}},
	{what: "account add: a misspelt name in server.yaml", line: "dozvon-server account add --data {data} --login a --name b --password-stdin", prepare: yaml("hook_sources: x\n"), says: []string{"did you mean hook-sources?"}},
	{what: "import: a misspelt name in server.yaml", line: "dozvon-server import clients x.csv --data {data}", prepare: yaml("hook_sources: x\n"), says: []string{"did you mean hook-sources?"}},
	{what: "demo: a misspelt name in server.yaml", line: "dozvon-server demo --password-stdin --data {data}", prepare: yaml("hook_sources: x\n"), says: []string{"did you mean hook-sources?"}},
	{what: "forget-secrets: a misspelt name in server.yaml", line: "dozvon-server forget-secrets --data {data}", prepare: yaml("hook_sources: x\n"), says: []string{"did you mean hook-sources?"}},
}

func without(name string) func(*site) {
	return func(s *site) {
		s.school()
		if err := os.Remove(filepath.Join(s.data, name)); err != nil {
			s.t.Fatal(err)
		}
	}
}

func changed(statements string) func(*site) {
	return func(s *site) { s.school(); s.sql(statements) }
}

// refusals of files and databases.
var ofFiles = []refusal{
	{what: "the sealing key is lost", prepare: without("seal.key"), says: []string{"seal.key is not there, but the database has secrets", "put the key back from the backup", "forget-secrets"}},
	{what: "the sealing key is lost: account add", prepare: without("seal.key"), line: "dozvon-server account add --data {data} --login a --name b --password-stdin", says: []string{"seal.key is not there"}},
	{what: "the sealing key is another's", prepare: func(s *site) { s.school(); s.write("seal.key", strings.Repeat("x", 32)) }, says: []string{"is not the one of this database", "--seal-key"}},
	{what: "the sealing key of a 0.4 database is another's", prepare: func(s *site) {
		s.school()
		s.sql("DELETE FROM school WHERE name = 'seal_fingerprint'")
		s.write("seal.key", strings.Repeat("x", 32))
	}, says: []string{"is not the one of this database"}},
	{what: "the sealing key is cut", prepare: func(s *site) { s.school(); s.write("seal.key", "short") }, says: []string{"has 5 bytes, 32 expected"}},
	{what: "the sealing key is a link to nowhere", prepare: func(s *site) {
		without("seal.key")(s)
		if err := os.Symlink("/nowhere/seal.key", filepath.Join(s.data, "seal.key")); err != nil {
			s.t.Fatal(err)
		}
	}, says: []string{"is a link to /nowhere/seal.key, where nothing is"}},
	{what: "--seal-key names no file, the database has secrets", prepare: (*site).school, line: serveLine + " --seal-key {dir}/other.key", says: []string{"other.key is not there, but the database has secrets"}},
	{what: "--seal-key in a folder that is not there", line: serveLine + " --seal-key {dir}/nowhere/seal.key", says: []string{"making the sealing key", "no such file or directory"}},
	{what: "a database of a newer version", prepare: changed("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"), says: []string{"written by a newer version of Dozvon (schema 999", "install the newer program"}},
	{what: "a database that lost its tables", prepare: changed("DROP TABLE feed; DROP TABLE calls"), says: []string{"lost its tables (calls, feed)", "restore it from a backup"}},
	{what: "a database that lost its version", prepare: changed("DELETE FROM goose_db_version"), says: []string{"goose_db_version is empty", "restore it from a backup"}},
	{what: "a database of 0 bytes beside its key", prepare: func(s *site) {
		without("dozvon.db")(s)
		s.write("dozvon.db", "")
	}, says: []string{"empty although it was in use", "restore it from a backup"}},
	{what: "a database of another program", prepare: func(s *site) { s.write("x", ""); s.sql("CREATE TABLE recipes (id INT)") }, says: []string{"tables of another program (recipes)"}},
	{what: "a file that is no database", prepare: func(s *site) { s.write("dozvon.db", strings.Repeat("hello ", 1000)) }, says: []string{"dozvon.db is no SQLite database"}},
	{what: "a damaged database", prepare: func(s *site) {
		s.school()
		raw, err := os.ReadFile(filepath.Join(s.data, "dozvon.db"))
		if err != nil {
			s.t.Fatal(err)
		}
		s.write("dozvon.db", string(raw[:100])+strings.Repeat("x", len(raw)-100))
	}, says: []string{"dozvon.db", "restore it from a backup"}},
	{what: "a folder where the database should be", prepare: func(s *site) { s.write("dozvon.db/x", "") }, says: []string{"dozvon.db is not a file"}},
	{what: "a database in a folder that is not there", line: serveLine + " --database sqlite://{dir}/nowhere/x.db", says: []string{"make the folder", "nowhere first"}},
	{what: "a database of another kind", line: serveLine + " --database mysql://u:secret@h/x", says: []string{"neither sqlite:///abs/path.db nor postgres://"}},
	{what: "PostgreSQL does not run", line: serveLine + " --database postgres://u:secret@127.0.0.1:1/x", says: []string{"does PostgreSQL run there"}},
	{what: "a file where the data folder should be", prepare: func(s *site) { s.data = s.write("file", "") }, says: []string{"making the data folder", "give --data a folder"}},
	{what: "a data folder that cannot be made", line: "dozvon-server serve --listen 127.0.0.1:0 --data /proc/nowhere/data", says: []string{"making the data folder"}},
	{what: "a data folder that cannot be written", prepare: func(s *site) {
		s.write("x", "")
		s.readOnly()
	}, says: []string{"locking the data folder", "correct owner and mode"}},
	{what: "a data folder that cannot be written: account add", prepare: func(s *site) {
		s.write("x", "")
		s.readOnly()
	}, line: "dozvon-server account add --data {data} --login a --name b --password-stdin", says: []string{"must be able to write the file and its folder"}},
	{what: "the port is taken", prepare: func(s *site) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { l.Close() })
		s.write("server.yaml", "listen: "+l.Addr().String()+"\n")
	}, line: "dozvon-server serve --data {data}", says: []string{"address already in use", "another program has it"}},
	{what: "the port of the metrics is taken", prepare: func(s *site) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { l.Close() })
		s.write("server.yaml", "metrics-listen: "+l.Addr().String()+"\n")
	}, says: []string{"metrics: listening", "another program has it"}},
	{what: "an address of another machine", line: "dozvon-server serve --data {data} --listen 192.0.2.1:8420", says: []string{"this machine has no such address"}},
	{what: "a certificate that is not there", line: serveLine + " --tls-cert {dir}/a.pem --tls-key {dir}/b.pem", says: []string{"a.pem", "no such file", "correct --tls-cert and --tls-key"}},
	{what: "a certificate that is none", prepare: func(s *site) { s.certificate(); s.write("cert.pem", "hello") }, line: serveLine + " --tls-cert {data}/cert.pem --tls-key {data}/key.pem", says: []string{"cannot be used", "PEM"}},
	{what: "the key of another certificate", prepare: func(s *site) {
		s.certificate()
		raw, err := os.ReadFile(filepath.Join(s.data, "cert.pem"))
		if err != nil {
			s.t.Fatal(err)
		}
		s.certificate()
		s.write("cert.pem", string(raw))
	}, line: serveLine + " --tls-cert {data}/cert.pem --tls-key {data}/key.pem", says: []string{"does not match", "belong together"}},
	{what: "two servers on one data folder", prepare: (*site).serving, says: []string{"another server runs on the data folder", "a --data of its own"}},
	{what: "forget-secrets beside a server", prepare: (*site).serving, line: "dozvon-server forget-secrets --data {data}", says: []string{"another server runs on the data folder"}},
}

// readOnly leaves the data folder to be read alone.
func (s *site) readOnly() {
	s.stranger = true
	for path, mode := range map[string]os.FileMode{s.dir: 0o755, s.data: 0o555} {
		if err := os.Chmod(path, mode); err != nil {
			s.t.Fatal(err)
		}
	}
}

// freeAddress is one that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

// serving holds a server on the site until the test's end.
func (s *site) serving() {
	s.t.Helper()
	s.servingOn(server.Config{Listen: freeAddress(s.t), Data: s.data, Version: "test"})
}

// servingOn holds a server with these settings until the test's end.
func (s *site) servingOn(cfg server.Config) {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, cfg) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	})
	for deadline := time.Now().Add(time.Minute); ; {
		// The listener is there from the start; an answer comes when all is done.
		resp, err := http.Get("http://" + cfg.Listen + "/healthz")
		if err == nil {
			resp.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("the server does not start: ", err)
		}
	}
}

// TestStart_refusals starts the real programs on what they must refuse: at once, with the sentence
// on one line and the contract's exit code. -v prints the table.
func TestStart_refusals(t *testing.T) {
	t.Parallel()
	all := append(append([]refusal{}, ofSettings...), ofFiles...)
	rows := make([]string, len(all))
	t.Run("each", func(t *testing.T) {
		for i, r := range all {
			t.Run(r.what, func(t *testing.T) {
				t.Parallel()
				s := newSite(t)
				if r.prepare != nil {
					r.prepare(s)
				}
				line, code := r.line, r.code
				if line == "" {
					line = serveLine
				}
				if code == 0 {
					code = 1
				}
				got, stderr := s.start(line, r.env...)
				lines := strings.Split(strings.TrimSpace(stderr), "\n")
				last := lines[len(lines)-1]
				if got != code {
					t.Errorf("exit code %d, want %d", got, code)
				}
				for _, want := range r.says {
					if !strings.Contains(last, want) {
						t.Errorf("it does not say %q", want)
					}
				}
				if strings.Contains(stderr, "secret@") || t.Failed() {
					t.Errorf("standard error:\n%s", stderr)
				}
				last = strings.NewReplacer(s.data, "DATA", s.dir, "DIR").Replace(last)
				rows[i] = fmt.Sprintf("| %s | %s | %d |", r.what, last, got)
			})
		}
	})
	t.Log("\n| start | sentence | exit code |\n|---|---|---|\n" + strings.Join(rows, "\n"))
}

// TestStart_takesWhatIsRight starts on what looks like a fault and is none.
func TestStart_takesWhatIsRight(t *testing.T) {
	t.Parallel()
	tests := []struct {
		what    string
		prepare func(*site)
		env     []string
		flags   string
	}{
		{what: "server.yaml as a Windows editor saves it", prepare: yaml("\xef\xbb\xbflisten: 127.0.0.1:0\r\nhook-sources: 81.88.80.132, 81.88.80.133\r\n\r\n# a remark\r\nrecordings-days: \"30\"\r\n")},
		{what: "server.yaml: a list in lines, a list in brackets", prepare: yaml("hook-sources:\n- 81.88.80.132\n- 81.88.80.0/24\nproxies: [127.0.0.1, \"::1\"]\n")},
		{what: "server.yaml: empty", prepare: yaml("")},
		{what: "server.yaml: lists of nothing on purpose", prepare: yaml("hook-sources: []\nproxies: ''\n")},
		{what: "server.yaml: nothing but remarks", prepare: yaml("# listen: x\n")},
		{what: "server.yaml: an address named once, used twice", prepare: yaml("hook-sources: &home [127.0.0.1]\nproxies: *home\n")},
		{what: "server.yaml for the demo too", prepare: yaml("key: k\nsalt: s\npbx: http://127.0.0.1:1/\n")},
		{what: "environment: lists with commas and with blanks", env: []string{"DOZVON_HOOK_SOURCES=81.88.80.132, 81.88.80.133 81.88.82.0/24", "DOZVON_PROXIES=127.0.0.1"}},
		{what: "environment: empty variables are none", env: []string{"DOZVON_LISTEN=", "DOZVON_RAW_DAYS=", "DOZVON_HOOK_SOURCES="}},
		{what: "environment: of the other programs and of containers", env: []string{"DOZVON_PBX_KEY=k", "DOZVON_LANGUAGE=ru", "DOZVON_SERVICE_HOST=10.0.0.1", "DOZVON_PORT=tcp://10.0.0.1:8420", "DOZVON_PORT_8420_TCP_ADDR=10.0.0.1", "DOZVONITY=1"}},
		{what: "a flag twice: the last wins, a list grows", flags: " --raw-days 5 --raw-days 6 --hook-sources 127.0.0.1 --hook-sources ::1,10.0.0.0/8"},
		{what: "a database of 0 bytes without a key", prepare: func(s *site) { s.write("dozvon.db", "") }},
		{what: "a key with a new line at its end", prepare: func(s *site) {
			s.school()
			raw, err := os.ReadFile(filepath.Join(s.data, "seal.key"))
			if err != nil {
				s.t.Fatal(err)
			}
			s.write("seal.key", string(raw)+"\n")
		}},
		{what: "a key behind a link", prepare: func(s *site) {
			s.school()
			err := os.Rename(filepath.Join(s.data, "seal.key"), filepath.Join(s.dir, "elsewhere"))
			if err == nil {
				err = os.Symlink("../elsewhere", filepath.Join(s.data, "seal.key"))
			}
			if err != nil {
				s.t.Fatal(err)
			}
		}},
		{what: "a database of version 0.4 with its key", prepare: changed("DELETE FROM school WHERE name = 'seal_fingerprint'")},
		{what: "a key given by hand before the first start", prepare: func(s *site) { s.write("seal.key", strings.Repeat("k", 32)) }},
		{what: "after forget-secrets", prepare: func(s *site) {
			without("seal.key")(s)
			if code, stderr := s.start("dozvon-server forget-secrets --data {data}"); code != 0 {
				s.t.Fatal(code, stderr)
			}
		}},
		{what: "a certificate", prepare: (*site).certificate, flags: " --tls-cert {data}/cert.pem --tls-key {data}/key.pem"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			if tt.prepare != nil {
				tt.prepare(s)
			}
			dir, err := programs()
			if err != nil {
				t.Fatal(err)
			}
			args := strings.Fields(strings.NewReplacer("{data}", s.data).Replace(strings.TrimPrefix(serveLine, "dozvon-server ") + tt.flags))
			cmd := exec.Command(filepath.Join(dir, "dozvon-server"), args...)
			cmd.Dir, cmd.Env = s.dir, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir}, tt.env...)
			pipe, err := cmd.StderrPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			cut := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
			defer cut.Stop()
			var told strings.Builder
			lines := bufio.NewScanner(pipe)
			for lines.Scan() {
				told.WriteString(lines.Text() + "\n")
				if strings.Contains(lines.Text(), "server started") {
					cmd.Process.Signal(os.Interrupt)
				}
			}
			if err := cmd.Wait(); err != nil || !strings.Contains(told.String(), "server started") {
				t.Errorf("%v:\n%s", err, told.String())
			}
		})
	}
}

// TestFiles_areTheServersAlone: whatever the umask and whatever was there, nobody else on the
// machine reads the database, the key, recordings, files that came in, or the settings.
func TestFiles_areTheServersAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, mode := range map[string]os.FileMode{"recordings/2026/a.mp3": 0o644, "imports/1/upload": 0o666, "server.yaml": 0o644, "recordings": 0o755, "recordings/2026": 0o777, "imports/1": 0o755, "mine.txt": 0o644} {
		at := filepath.Join(s.data, path)
		if filepath.Ext(path) == "" && !strings.HasSuffix(path, "upload") {
			if err := os.MkdirAll(at, 0o755); err != nil {
				t.Fatal(err)
			}
		} else if path != "server.yaml" {
			s.write(path, "x")
		} else {
			s.write(path, "raw-days: 5\n")
		}
		if err := os.Chmod(at, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(s.data, 0o755); err != nil {
		t.Fatal(err)
	}
	old := s.write("dozvon.db", "")
	if err := os.Chmod(old, 0o644); err != nil {
		t.Fatal(err)
	}
	s.serving()
	open := map[string]os.FileMode{}
	err := filepath.WalkDir(s.data, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			open[strings.TrimPrefix(path, s.data)] = info.Mode().Perm()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// What is not ours, the folder itself included, keeps what it was given.
	if len(open) != 2 || open["/mine.txt"] != 0o644 || open[""] != 0o755 {
		t.Errorf("open to others: %v", open)
	}
	for _, name := range []string{"dozvon.db", "dozvon.db-wal", "dozvon.db-shm", "seal.key", "server.lock"} {
		if _, err := os.Stat(filepath.Join(s.data, name)); err != nil {
			t.Error(err)
		}
	}
}
