package mango

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// startWith answers every request in one way and counts them.
func startWith(t *testing.T, answer http.HandlerFunc) (*Provider, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		answer(w, r)
	}))
	t.Cleanup(srv.Close)
	return New(Config{Key: "k", Salt: "s", URL: srv.URL}), &n
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// commands are everything that a person waits for; those that ring, write or move may not be sent twice.
var commands = []struct {
	name string
	once bool
	send func(context.Context, *Provider) error
}{
	{"dial", true, func(ctx context.Context, p *Provider) error {
		_, err := p.Dial(ctx, pbx.DialOrder{Command: "c", Extension: "101", Number: "+79000000101"})
		return err
	}},
	{"sms", true, func(ctx context.Context, p *Provider) error {
		return p.Text(ctx, pbx.TextOrder{Command: "c", Extension: "101", Text: "x", Number: "+79000000101"})
	}},
	{"transfer", true, func(ctx context.Context, p *Provider) error {
		return p.Transfer(ctx, pbx.TransferOrder{Command: "c", Leg: "l", From: "101", To: "102"})
	}},
	{"connect", true, func(ctx context.Context, p *Provider) error {
		return p.Connect(ctx, "c", call.Consultation{HeldLeg: "a", Leg: "b", Device: "d"})
	}},
	{"hang-up", false, func(ctx context.Context, p *Provider) error { return p.Hangup(ctx, "l", "c") }},
	{"hold", false, func(ctx context.Context, p *Provider) error {
		return p.Hold(ctx, pbx.LegOrder{Command: "c", Leg: "l", Extension: "101"})
	}},
	{"record", false, func(ctx context.Context, p *Provider) error {
		return p.StartRecording(ctx, pbx.LegOrder{Command: "c", Leg: "l", Extension: "101"})
	}},
	{"lines", false, func(ctx context.Context, p *Provider) error { _, err := p.Lines(ctx); return err }},
	{"users", false, func(ctx context.Context, p *Provider) error { _, err := p.Extensions(ctx); return err }},
}

// TestCommands_anAnswerThatIsNoneIsNoSuccess: whatever stands under 200.
func TestCommands_anAnswerThatIsNoneIsNoSuccess(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"nothing": "", "null": "null", "a page": "<html><body>Sign in</body></html>", "garbage": "\x00\xff\x01", "a list": "[]",
		"a number": "1000", "a word": `"ok"`, "half": `{"result":10`, "a wrong type": `{"result":{"a":1},"lines":7,"users":"x"}`, "another object": `{"error":"x"}`,
	}
	for name, body := range bodies {
		for _, c := range commands {
			if !c.once && name != "a wrong type" {
				continue // these are sent again, with pauses: a few of them show it
			}
			t.Run(c.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				p, n := startWith(t, saying(200, body))
				err := c.send(t.Context(), p)
				if !errors.Is(err, pbx.ErrUnreachable) || errors.Is(err, pbx.ErrUncertain) != c.once {
					t.Errorf("got %v", err)
				}
				if c.once && n.Load() != 1 {
					t.Errorf("sent %d times", n.Load())
				}
			})
		}
	}
}

func TestCommands_whatMayHaveHappenedIsToldApart(t *testing.T) {
	t.Parallel()
	broken := func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			c.Close()
		}
	}
	for name, tt := range map[string]struct {
		answer    http.HandlerFunc
		uncertain bool
	}{"broken off": {broken, true}, "a bad gateway": {saying(502, "<html>"), true}, "a rate limit under 200": {saying(200, `{"code":0,"status":429}`), false}} {
		p, n := startWith(t, tt.answer)
		ctx, cancel := context.WithCancel(t.Context())
		err := commands[0].send(ctx, p)
		cancel()
		if err == nil || errors.Is(err, pbx.ErrUncertain) != tt.uncertain || tt.uncertain && n.Load() != 1 {
			t.Errorf("%s: %v, sent %d times", name, err, n.Load())
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens there any more
	p := New(Config{Key: "k", Salt: "s", URL: "http://" + l.Addr().String()})
	if err := commands[0].send(t.Context(), p); !errors.Is(err, pbx.ErrUnreachable) || errors.Is(err, pbx.ErrUncertain) {
		t.Errorf("nobody there: %v", err)
	}
}

// TestCommands_areNotSentOnElsewhere: a redirect that would have the signed form sent again.
func TestCommands_areNotSentOnElsewhere(t *testing.T) {
	t.Parallel()
	var came atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came.Add(1)
		io.WriteString(w, `{"result":1000}`)
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		p, _ := startWith(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		if err := commands[0].send(t.Context(), p); !errors.Is(err, outbound.ErrForbidden) {
			t.Errorf("%d: %v", status, err)
		}
		if _, err := p.Recording(t.Context(), "r", 0); !errors.Is(err, outbound.ErrForbidden) {
			t.Errorf("a recording after %d: %v", status, err)
		}
	}
	if came.Load() != 0 {
		t.Errorf("%d requests went on", came.Load())
	}
}

// TestRecording_whatNobodyWaitsForIsNoPersons: three recordings that lag make one automatic request
// in the PBX's two minutes, and a person still gets through.
func TestRecording_whatNobodyWaitsForIsNoPersons(t *testing.T) {
	t.Parallel()
	p, n := startWith(t, saying(420, `{"code":3320}`))
	done := make(chan error, 3)
	for _, id := range []string{"r1", "r2", "r3"} {
		go func() { _, err := p.Recording(pbx.Unattended(t.Context()), id, 0); done <- err }()
	}
	blocked := 0
	for range 3 {
		var b *pbx.Blocked
		if errors.As(<-done, &b) {
			blocked++
		}
	}
	if n.Load() > 1 || blocked < 2 {
		t.Errorf("%d requests went out, %d were held back", n.Load(), blocked)
	}
	before := n.Load()
	if _, err := p.Recording(t.Context(), "r4", 0); !errors.Is(err, pbx.ErrNoRecording) || n.Load() != before+1 {
		t.Errorf("a person: %v, %d requests", err, n.Load()-before)
	}
}

func TestRecording_foreignBodies(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind, body string
		want       error
	}{
		"a page called audio":         {"audio/mpeg", " <!DOCTYPE html>", pbx.ErrUnclear},
		"an error called audio":       {"audio/mpeg", `{"result":3320}`, pbx.ErrNoRecording},
		"an error that is none":       {"application/json", `{"x":1}`, pbx.ErrUnclear},
		"an error without a type":     {"", `{"result":3320}`, pbx.ErrNoRecording},
		"success instead of a sound":  {"application/json", `{"result":1000}`, pbx.ErrUnclear},
		"a page that says it is none": {"text/html; charset=utf-8", "", pbx.ErrUnclear},
	} {
		p, _ := startWith(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", tt.kind)
			io.WriteString(w, tt.body)
		})
		if _, err := p.Recording(t.Context(), "r", 0); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	p, _ := startWith(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		io.WriteString(w, "\xff\xfb"+strings.Repeat("x", 100))
	})
	s, err := p.Recording(t.Context(), "r", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Body.Close()
	if raw, err := io.ReadAll(s.Body); err != nil || len(raw) != 102 {
		t.Errorf("of a sound %d bytes came, %v", len(raw), err)
	}
}

// TestRefused_aWrongRequestIsNotMadeAgainSoon: the PBX counts wrong requests, and what runs by itself
// would use up what people's commands need.
func TestRefused_aWrongRequestIsNotMadeAgainSoon(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]time.Duration{
		`{"result":3100}`: time.Hour, `{"result":3102}`: time.Hour, `{"result":4001}`: time.Minute, `{"result":5008}`: time.Minute,
	} {
		p, _ := startWith(t, saying(http.StatusOK, body))
		_, err := p.Extensions(t.Context())
		if got := pbx.PauseAfter(err, time.Minute); got != want {
			t.Errorf("after %s: %s, want %s (%v)", body, got, want, err)
		}
	}
}
