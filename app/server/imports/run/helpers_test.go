package run_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/audit"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/client"
)

func TestMain(m *testing.M) {
	slog.SetLogLoggerLevel(slog.LevelError + 1) // imports that come to nothing do so on purpose
	os.Exit(pgtest.Main(m))
}

// site is a database and a folder of files on which several programs work: a server and a command, or a
// server that is taken for dead and the one that was started in its place.
type site struct {
	url, dir string
	ahead    atomic.Int64 // of noon
	ids      atomic.Int64
}

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func (s *site) now() time.Time        { return noon.Add(time.Duration(s.ahead.Load())) }
func (s *site) later(d time.Duration) { s.ahead.Add(int64(d)) }

// everywhere runs a test on both databases.
func everywhere(t *testing.T, test func(*testing.T, *site)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newSite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, &site{url: pgtest.URL(t), dir: t.TempDir()})
	})
}

func newSite(t *testing.T) *site {
	return &site{url: "sqlite://" + filepath.Join(t.TempDir(), "dozvon.db"), dir: t.TempDir()}
}

// program is one process of those that work on a site.
type program struct {
	*run.Runner
	t    *testing.T
	site *site
	gate gate
	// rebinds counts the pieces whose calls were bound, also of transactions that failed.
	rebinds atomic.Int64
}

func (s *site) program(t *testing.T) *program {
	t.Helper()
	st, err := store.Open(t.Context(), s.url, s.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	newID := func() string { return fmt.Sprintf("id-%06d", s.ids.Add(1)) }
	p := &program{t: t, site: s}
	p.Runner = &run.Runner{
		Store: st, Audit: &audit.Log{Store: st, Now: s.now, NewID: newID}, Dir: s.dir, Directory: p, Calls: p,
		Now:   func() time.Time { p.gate.pass("now"); return s.now() },
		NewID: func() string { p.gate.pass("id"); return newID() },
	}
	return p
}

func (p *program) EmployeeName(string) string { p.gate.pass("name"); return "" }
func (p *program) Numbers() phone.Reader      { p.gate.pass("numbers"); return phone.Reader{} }

func (p *program) RebindQuietly(*store.Tx, []string) error {
	p.rebinds.Add(1)
	return nil
}

// gate holds a program at a moment of its work, as a slow disk or a frozen process does.
type gate struct {
	mu   sync.Mutex
	when func(point string) bool // nil: it holds nobody
	held chan struct{}
	open chan struct{}
}

// arm lets the gate hold at the first call of something outside for which when is true. held is closed
// when it does; release lets the program go on.
func (g *gate) arm(when func(point string) bool) (held <-chan struct{}, release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.when, g.held, g.open = when, make(chan struct{}), make(chan struct{})
	open := g.open
	return g.held, func() { close(open) }
}

func (g *gate) pass(point string) {
	g.mu.Lock()
	if g.when == nil || !g.when(point) {
		g.mu.Unlock()
		return
	}
	g.when = nil
	close(g.held)
	open := g.open
	g.mu.Unlock()
	<-open
}

// moment makes what a gate waits for, in the work of a program on an import.
type moment struct {
	name string
	when func(p *program, id string) func(point string) bool
}

// nth is the nth call of one point.
func nth(point string, n int) func(*program, string) func(string) bool {
	return func(*program, string) func(string) bool {
		left := n
		return func(at string) bool {
			if at == point {
				left--
			}
			return at == point && left == 0
		}
	}
}

// takenOver is a look at the clock by who has just taken an import over and dropped what was put aside.
func takenOver(p *program, id string) func(point string) bool {
	return func(point string) bool {
		if point != "now" {
			return false
		}
		row := p.row(id)
		return row.State == client.ImportRunning && row.BeatAt.Equal(p.site.now()) && !p.staged(id)
	}
}

func (p *program) row(id string) store.ImportRow {
	p.t.Helper()
	row, err := p.Store.Import(context.WithoutCancel(p.t.Context()), id)
	if err != nil {
		p.t.Error(err)
	}
	return row
}

func (p *program) staged(id string) bool {
	p.t.Helper()
	line, err := p.Store.NextStaged(context.WithoutCancel(p.t.Context()), id, 0, 1)
	if err != nil {
		p.t.Error(err)
	}
	return line != 0
}

// contracts is a file of contracts whose numbers begin with a word; after the last follows one without a number.
func contracts(word string, rows int) string {
	var b strings.Builder
	b.WriteString("№ договора;ФИО;Телефон\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s-%d;Иванов Иван %d;+7914%07d\n", word, i, i, i)
	}
	b.WriteString(";Без номера;\n")
	return b.String()
}

func (p *program) add(file string) client.Import {
	p.t.Helper()
	im, err := p.Add(p.t.Context(), client.Employee{}, "contracts", "файл.csv", strings.NewReader(file))
	if err != nil {
		p.t.Fatal(err)
	}
	return im
}

func (p *program) begin(im client.Import, rule string, dry bool) error {
	_, err := p.Start(p.t.Context(), client.Employee{}, im.ID, "ru", client.ImportRun{Mapping: im.Mapping, Rule: rule, DryRun: dry})
	return err
}

// work does what waits, and fails the test when that is refused.
func (p *program) work() {
	p.t.Helper()
	if err := p.RunWaiting(p.t.Context()); err != nil {
		p.t.Error(err)
	}
}

// working does what waits beside the test, until it is held; the rest runs when wake is called, which waits for its end.
// A stopped program finds its context over when it wakes.
func (p *program) working(id string, m moment) (wake func(stopped bool)) {
	p.t.Helper()
	held, release := p.gate.arm(m.when(p, id))
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan error, 1)
	go func() { done <- p.RunWaiting(ctx) }()
	select {
	case <-held:
	case err := <-done:
		cancel()
		p.t.Fatalf("it did not come to the moment %q: %v", m.name, err)
	case <-time.After(time.Minute):
		cancel()
		p.t.Fatalf("the moment %q did not come", m.name)
	}
	return func(stopped bool) {
		p.t.Helper()
		if stopped {
			cancel()
		}
		release()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			p.t.Errorf("who was held at %q ended with %v", m.name, err)
		}
		cancel()
	}
}

// brought are the contracts of a file by contracts, and all steps of the histories of its first and last one.
func (p *program) brought(word string, rows int) (cards, steps int) {
	p.t.Helper()
	numbers := make([]string, rows)
	for i := range rows {
		numbers[i] = fmt.Sprintf("%s-%d", word, i)
	}
	found, err := p.Store.CardsKnownBy(p.t.Context(), client.KindContract, "number", numbers)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, card := range found {
		if card.Number != numbers[0] && card.Number != numbers[rows-1] {
			continue
		}
		history, _, err := p.Store.History(p.t.Context(), card.Ref(), store.Start, 10)
		if err != nil {
			p.t.Fatal(err)
		}
		steps += len(history)
	}
	return len(found), steps
}

// report is the report of an import, as it is fetched.
func (p *program) report(id string) string {
	p.t.Helper()
	path, err := p.ReportPath(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		p.t.Error(err)
	}
	return string(raw)
}
