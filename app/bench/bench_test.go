//go:build linux

package bench

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/client"
)

var (
	benchOut      = flag.String("bench-out", "", "measure, and write the table to this file")
	benchScale    = flag.String("bench-scale", "", "where the large databases are kept; scale/ beside the table unless told")
	benchCards    = flag.Int("bench-cards", 1_000_000, "cards of the large databases")
	benchEntries  = flag.Int("bench-entries", 10_000_000, "entries of the large SQLite file; 0: none")
	benchSchools  = flag.Int("bench-schools", 1_000, "schools of the installation of several; 0: none")
	benchPostgres = flag.Int("bench-postgres", 1_000_000, "entries of the large PostgreSQL database; 0: none")

	benchSchoolsSpeed = flag.Int("bench-schools-speed", 60, "how many times as fast as real a day of their calls passes")
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if spec := os.Getenv(readerSpec); spec != "" {
		os.Exit(runAsReader(spec))
	}
	os.Exit(m.Run())
}

// TestBench runs the measures one after another, so that none disturbs another.
func TestBench(t *testing.T) {
	if *benchOut == "" {
		t.Log("nothing measured: run make bench, or give -args -bench-out FILE")
		return
	}
	b := &bench{dir: dirBeside(t, *benchOut)}
	for _, m := range []struct {
		name string
		run  func(*testing.T, *bench)
	}{
		{"acknowledged", acknowledged},
		{"sustained", sustained},
		{"streams", streams},
		{"nodes", acrossNodes},
		{"routed", routed},
		{"asked", answeredInTime},
		{"scale", scaled},
		{"imported", imported},
		{"bound", bound},
		{"schools", schooled},
		{"card", card},
		{"storm", stormed},
		{"rest", atRest},
		{"heard", heard},
	} {
		t.Run(m.name, func(t *testing.T) { m.run(t, b) })
	}
	t.Logf("\n%s", b.table())
	if err := os.WriteFile(*benchOut, []byte(b.table()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// dirBeside makes a folder on the disk of the table: the system's temporary folder may lie in
// memory, where an fdatasync costs nothing.
func dirBeside(t *testing.T, file string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), "bench-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as somebody else
		t.Fatal(err)
	}
	return dir
}

type bench struct {
	dir  string
	rows []row
}

type row struct {
	what, measured, floor, ratio, target string
	met                                  bool
}

func (b *bench) add(t *testing.T, r row) {
	t.Helper()
	b.rows = append(b.rows, r)
	t.Logf("%s: %s; floor: %s; ratio %s; target %s", r.what, r.measured, r.floor, r.ratio, r.target)
}

func (b *bench) table() string {
	var s strings.Builder
	s.WriteString("| what | measured | floor or peer in the same run | ratio | target | met |\n|---|---|---|---|---|---|\n")
	for _, r := range b.rows {
		met := "no"
		if r.met {
			met = "yes"
		}
		fmt.Fprintf(&s, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.measured, r.floor, r.ratio, r.target, met)
	}
	return s.String()
}

// times are samples of one measure.
type times []time.Duration

func (s times) at(share float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.SortedFunc(slices.Values(s), cmp.Compare[time.Duration])
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func (s times) p50() time.Duration { return s.at(0.50) }
func (s times) p99() time.Duration { return s.at(0.99) }

func (s times) String() string { return "p50 " + ms(s.p50()) + ", p99 " + ms(s.p99()) }

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }

func over(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

func factor(x float64) string { return fmt.Sprintf("%.2f×", x) }

// The one PBX account and the one operator of every school that is measured.
const (
	key      = "demo-key"
	salt     = "demo-salt"
	login    = "u101"
	password = "correct horse"
)

// school is a server of this process on a real socket and a real SQLite file.
type school struct {
	parts *server.Parts
	addr  string
	file  string // the database
	me    client.Employee
}

func openSchool(t *testing.T, b *bench, name string) *school {
	t.Helper()
	data := filepath.Join(b.dir, name)
	// No pings: they would be counted as events.
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: data, Version: "bench", PingEvery: time.Hour, StreamsOfSession: streamsCount})
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t)
	srv := &http.Server{Handler: parts.API.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	go srv.Serve(l)
	t.Cleanup(func() {
		parts.API.CloseStreams()
		srv.Close()
		parts.Close()
	})
	s := &school{parts: parts, addr: l.Addr().String(), file: filepath.Join(data, "dozvon.db")}
	s.me = hire(t, parts)
	return s
}

// hire connects the PBX and hires the operator.
func hire(t *testing.T, parts *server.Parts) client.Employee {
	t.Helper()
	_, err := parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: new(true), APIKey: new(key), APISalt: new(salt), APIURL: new("http://127.0.0.1:1/vpbx/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	me, err := parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
		Name: new("Киреева Анна Сергеевна"), Login: new(login), Password: new(password), Role: new(client.RoleOperator), Extension: new("101"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return me
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// signIn returns a token.
func (s *school) signIn(t *testing.T) string {
	t.Helper()
	in, err := client.New("http://"+s.addr, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password, Device: "bench"})
	if err != nil {
		t.Fatal(err)
	}
	return in.Token
}

// closing closes at the test's end and does not care how that goes.
func closing(t *testing.T, c io.Closer) { t.Cleanup(func() { c.Close() }) }
