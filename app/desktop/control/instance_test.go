package control

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/client"
)

// endsHangs is a limit that only ends what hangs.
const endsHangs = time.Minute

// program is a running program that keeps what it was asked.
type program struct {
	mu    sync.Mutex
	asked []any
	err   error
}

func (p *program) keep(what any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, what)
	return p.err
}

func (p *program) Status(context.Context) (Status, error) {
	return Status{
		Connection: "live", Employee: client.Employee{Name: "Киреева А. С."}, Tray: Tray{"missed", 3},
		Cards: []Card{{CallID: "c1", Title: "Егоров «и» сын", Place: Place{1, 2, 3, 4}}}, Version: "1",
	}, p.keep("status")
}
func (p *program) Start(_ context.Context, s Start) error   { return p.keep(s) }
func (p *program) Dial(_ context.Context, d Dial) error     { return p.keep(d) }
func (p *program) SignIn(_ context.Context, s SignIn) error { return p.keep(s) }
func (p *program) Restore(context.Context) error            { return p.keep("restore") }
func (p *program) Do(_ context.Context, a Action) error     { return p.keep(a) }
func (p *program) Quit(context.Context) error               { return p.keep("quit") }

// run makes an instance that answers, and its client. Who sends nothing for longer than patience is cut off.
func run(t *testing.T, commands Commands, patience time.Duration) Client {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dozvon")
	i, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	i.server.ReadHeaderTimeout, i.server.ReadTimeout = patience, patience
	served := make(chan struct{})
	go func() { i.Serve(commands); close(served) }()
	t.Cleanup(func() {
		_ = i.Close()
		<-served
	})
	return NewClient(dir)
}

func TestInstance_answersWhatIsAskedAsItWasMeant(t *testing.T) {
	t.Parallel()
	p := &program{}
	c := run(t, p, endsHangs)
	ctx := t.Context()
	in := SignIn{"https://phone.example.ru", "kireeva", "two\nlines \x1f and \"quotes\""}
	do := Action{"new-lead", []string{"c1", "имя с пробелом", "две\nстроки", ""}}
	for _, err := range []error{
		c.Start(ctx, Start{Call: "tel:+7 914 000-00-00"}), c.Start(ctx, Start{}), c.Dial(ctx, Dial{"8 914"}), c.SignIn(ctx, in),
		c.Restore(ctx), c.Do(ctx, do), c.Quit(ctx),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	status, err := c.Status(ctx)
	if want, _ := (&program{}).Status(ctx); err != nil || !reflect.DeepEqual(status, want) {
		t.Errorf("status %+v, %v, want %+v", status, err, want)
	}
	want := []any{Start{Call: "tel:+7 914 000-00-00"}, Start{}, Dial{"8 914"}, in, "restore", do, "quit", "status"}
	if !reflect.DeepEqual(p.asked, want) {
		t.Errorf("asked %q,\nwant %q", p.asked, want)
	}
}

func TestInstance_saysWhyItCannot(t *testing.T) {
	t.Parallel()
	c := run(t, &program{err: errors.New("не получилось: «+7 914»")}, endsHangs)
	if err := c.Dial(t.Context(), Dial{"1"}); err == nil || err.Error() != "не получилось: «+7 914»" {
		t.Errorf("refusal %v", err)
	}
	if _, err := c.Status(t.Context()); err == nil || err.Error() != "не получилось: «+7 914»" {
		t.Errorf("refusal %v", err)
	}
}

// A second program of another version may ask what this one does not know.
func TestInstance_tellsAnotherVersionThatItIsOne(t *testing.T) {
	t.Parallel()
	p := &program{}
	c := run(t, p, endsHangs)
	if err := c.ask(t.Context(), "fly", struct{}{}, nil); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("an unknown command: %v", err)
	}
	if err := c.ask(t.Context(), "dial", map[string]string{"number": "1", "line": "2"}, nil); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("an unknown wish: %v", err)
	}
	if len(p.asked) > 0 {
		t.Errorf("carried out: %v", p.asked)
	}
}

func TestInstance_isOneAtATime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dozvon")
	c := NewClient(dir)
	if _, err := c.Status(t.Context()); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("asking nobody: %v, want ErrNotRunning", err)
	}
	for range 3 {
		first, err := Acquire(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Acquire(dir); !errors.Is(err, ErrRunning) {
			t.Errorf("a second start got %v, want ErrRunning", err)
		}
		served := make(chan struct{})
		go func() { first.Serve(&program{}); close(served) }()
		if _, err := c.Status(t.Context()); err != nil {
			t.Error(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		<-served
	}
	if _, err := c.Status(t.Context()); !errors.Is(err, ErrNotRunning) {
		t.Errorf("asking after the end: %v, want ErrNotRunning", err)
	}
}

// A caller that is silent, sends garbage or more than anybody asks for, goes half-way, or never reads
// what it is told, keeps nobody else from being answered, and is cut off.
func TestInstance_isHarmedByNoCaller(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		callers int
		send    func() string
		leaves  bool // before it is answered
	}{
		{name: "silent", callers: 100, send: func() string { return "" }},
		{name: "silent and gone", callers: 100, send: func() string { return "" }, leaves: true},
		{name: "half a request", callers: 100, send: func() string { return "POST /status HTTP/1.1\r\nHost: doz" }},
		{name: "half a body", callers: 100, send: func() string { return "POST /dial HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\n{\"num" }},
		{name: "half a body and gone", callers: 100, send: func() string { return "POST /dial HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\n{\"num" }, leaves: true},
		{name: "garbage", callers: 10, send: func() string { return strings.Repeat("\x00\xff\x1f\n", 1000) }},
		{name: "the words of an older version", callers: 10, send: func() string { return "sign-in\x1fserver\x1flogin\x1fpassword\n" }},
		{name: "ten megabytes of garbage", callers: 3, send: func() string { return strings.Repeat("x", 10<<20) }},
		{name: "ten megabytes of a body", callers: 3, send: func() string {
			return "POST /dial HTTP/1.1\r\nHost: d\r\nContent-Length: 10485760\r\n\r\n{\"number\":\"" + strings.Repeat("1", 10<<20)
		}},
		{name: "deep JSON", callers: 3, send: func() string {
			return "POST /dial HTTP/1.1\r\nHost: d\r\nContent-Length: 60000\r\n\r\n" + strings.Repeat("[", 60000)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := &program{}
			c := run(t, p, time.Second)
			gone := make(chan error, tt.callers)
			for range tt.callers {
				conn, err := c.dialPatiently(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { conn.Close() })
				_ = conn.SetDeadline(time.Now().Add(endsHangs))
				go func() {
					_, werr := conn.Write([]byte(tt.send()))
					if tt.leaves {
						conn.Close()
						gone <- nil
						return
					}
					var rerr error
					for b := make([]byte, 4096); rerr == nil; { // to the end of the connection
						_, rerr = conn.Read(b)
					}
					if errors.Is(rerr, os.ErrDeadlineExceeded) || errors.Is(werr, os.ErrDeadlineExceeded) {
						gone <- errors.New("it was not cut off")
						return
					}
					gone <- nil
				}()
			}
			for range 5 {
				if s, err := c.Status(t.Context()); err != nil || s.Connection != "live" {
					t.Fatalf("others are answered %+v, %v", s, err)
				}
			}
			for range tt.callers {
				if err := <-gone; err != nil {
					t.Fatal(err)
				}
			}
			if _, err := c.Status(t.Context()); err != nil {
				t.Errorf("afterwards: %v", err)
			}
			for _, what := range p.asked {
				if what != "status" {
					t.Errorf("carried out: %v", what)
				}
			}
		})
	}
}

func TestInstance_answersManyAtOnce(t *testing.T) {
	t.Parallel()
	p := &program{}
	c := run(t, p, endsHangs)
	errs := make(chan error)
	const many = 300 // more than are heard at once
	for range many {
		go func() { errs <- c.Dial(t.Context(), Dial{"8 914"}) }()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if len(p.asked) != many {
		t.Errorf("%d were carried out, want %d", len(p.asked), many)
	}
}
