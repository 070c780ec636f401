package itoolabs

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

// memory is what nodes share.
type memory struct {
	mu   sync.Mutex // guards what follows
	kept map[string][]byte
	err  error
	read int
}

func (m *memory) Read(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read++
	return m.kept[name], m.err
}

func (m *memory) Change(_ context.Context, name string, change func([]byte) []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	if m.kept == nil {
		m.kept = map[string][]byte{}
	}
	m.kept[name] = change(m.kept[name])
	return nil
}

func TestStaff_isKnownToEveryNodeFromTheFirstEvent(t *testing.T) {
	t.Parallel()
	shared := &memory{}
	at := arrival
	now := func() time.Time { return at }
	node := func() *Provider {
		return New(Config{Key: key, Token: token, URL: "https://demo.example/", Shared: shared, Now: now})
	}
	early, asks := node(), []string{"cmd", "event", "type", "INCOMING", "callid", "c", "user", "boris@demo.example", "phone", "79000000401"}
	if d := mustDecode(t, early, asks...); !d.Stranger || d.Events[0].To.Extension != "boris" {
		t.Errorf("before the list was read: %+v", d)
	}
	if err := node().staff.keep(t.Context(), colleagues(t)); err != nil {
		t.Fatal(err)
	}
	if d := mustDecode(t, node(), asks...); d.Stranger || d.Events[0].To.Extension != "702" {
		t.Errorf("a node that has just begun: %+v", d)
	}
	reads := shared.read
	for range 5 {
		mustDecode(t, early, asks...)
	}
	if shared.read != reads {
		t.Errorf("somebody unknown lets us look %d times at once", shared.read-reads)
	}
	at = at.Add(lookEvery)
	if d := mustDecode(t, early, asks...); d.Stranger || d.Events[0].To.Extension != "702" {
		t.Errorf("a node that had looked before: %+v", d)
	}
}

func TestStaff_aSharedListThatCannotBeReadIsNoFailure(t *testing.T) {
	t.Parallel()
	p := New(Config{Key: key, Token: token, URL: "https://demo.example/", Shared: &memory{err: errors.New("away")}})
	d := mustDecode(t, p, "cmd", "event", "type", "INCOMING", "callid", "c", "user", "boris", "ext", "702", "phone", "79000000401")
	if d.Stranger || d.Events[0].To.Extension != "702" {
		t.Errorf("%+v", d)
	}
	p = New(Config{Key: key, Token: token, URL: "https://demo.example/", Shared: &memory{kept: map[string][]byte{staffName: []byte("{broken")}}})
	if d := mustDecode(t, p, "cmd", "event", "type", "INCOMING", "callid", "c", "user", "boris", "phone", "79000000401"); !d.Stranger {
		t.Errorf("%+v", d)
	}
}

// TestStaff_oneEmployeeIsOneLeg, by login with the tenant and without, and by extension alone.
func TestStaff_oneEmployeeIsOneLeg(t *testing.T) {
	t.Parallel()
	p := started(t)
	legs := map[string]bool{}
	for _, who := range [][]string{{"user", "Boris@demo.example"}, {"user", "boris"}, {"user", "boris", "ext", "702"}, {"ext", "702"}} {
		d := mustDecode(t, p, append([]string{"cmd", "event", "type", "INCOMING", "callid", "c", "phone", "79000000401"}, who...)...)
		legs[d.Events[0].Leg+" "+d.Events[0].To.Extension] = true
	}
	if len(legs) != 1 {
		t.Errorf("legs %v", legs)
	}
}

func TestAnswer_isTheNameAndTheLogin(t *testing.T) {
	t.Parallel()
	p := started(t)
	d := mustDecode(t, p, "cmd", "contact", "phone", "79000000401", "callid", "c", "diversion", "74950000030")
	if d.Question == nil || *d.Question != (pbx.Question{Key: "c", Number: "+79000000401", Line: "+74950000030"}) || len(d.Events) > 0 {
		t.Fatalf("asked %+v", d.Question)
	}
	for name, tt := range map[string]struct {
		reply pbx.Reply
		want  string
	}{
		"both":              {pbx.Reply{Name: "Клиентова Мария", Extension: "701"}, `{"contact_name":"Клиентова Мария","responsible":"anna"}`},
		"the name alone":    {pbx.Reply{Name: "О'Нил & Co"}, `{"contact_name":"О'Нил & Co"}`},
		"nothing":           {pbx.Reply{}, `{}`},
		"nobody's":          {pbx.Reply{Extension: "799"}, `{}`},
		"markup":            {pbx.Reply{Name: `<b>"М"</b>`}, `{"contact_name":"\"М\""}`},
		"longer than shown": {pbx.Reply{Name: strings.Repeat("я", 70)}, `{"contact_name":"` + strings.Repeat("я", 64) + `"}`},
	} {
		a := p.Answer(*d.Question, tt.reply)
		if string(a.Body) != tt.want || a.Status != http.StatusOK || a.ContentType != "application/json" {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	for _, phone := range []string{"anonymous", "", "701"} {
		if d := mustDecode(t, p, "cmd", "contact", "phone", phone, "callid", "c"); d.Question != nil || string(d.Answer.Body) != "{}" {
			t.Errorf("%q: asked %+v", phone, d.Question)
		}
	}
}
