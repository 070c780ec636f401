package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// plain is a PBX of tests that tells its events in our own words, so that what the call's way makes of
// them can be tested without any real PBX's form. What it answers, the test says.
type plain struct {
	mu   sync.Mutex // guards what follows
	dial func(pbx.DialOrder) (string, error)
}

func (p *plain) Decode(r pbx.Request) (pbx.Delivery, error) {
	var d pbx.Delivery
	if err := json.Unmarshal(r.Body, &d); err != nil {
		return d, pbx.ErrUnreadable
	}
	d.Payload = r.Body
	return d, nil
}

func (p *plain) Explain(int) bilingual.Text { return bilingual.Text{RU: "отказ", EN: "refused"} }

func (p *plain) Dial(_ context.Context, o pbx.DialOrder) (string, error) {
	p.mu.Lock()
	dial := p.dial
	p.mu.Unlock()
	return dial(o)
}

func (p *plain) onDial(dial func(pbx.DialOrder) (string, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dial = dial
}

// matching is plain whose orders are found by extension and number.
type matching struct{ *plain }

func (matching) MatchSeconds() int { return 30 }

// plainKind is a kind whose accounts all are one provider.
func plainKind(p pbx.Provider, change func(*pbx.Kind)) pbx.Kind {
	k := pbx.Kind{
		Name: "plain", Title: "Plain", DefaultURL: "http://127.0.0.1:1/",
		Credentials: []pbx.Credential{{Name: pbx.KeyField}},
		Shared: &pbx.SharedPath{Path: "/plain", Key: func(r pbx.Request) (string, bool, error) {
			return r.Query.Get("key"), false, nil
		}},
		New: func(pbx.Account) pbx.Provider { return p },
	}
	if change != nil {
		change(&k)
	}
	return k
}

// openPlain is a school whose PBX is a plain one, with an employee at 101 and at 102.
func openPlain(t testing.TB, database string, kind pbx.Kind) *school {
	t.Helper()
	return openPlainAt(t, server.Config{Database: database}, kind)
}

// openPlainAt is openPlain with other settings of the server.
func openPlainAt(t testing.TB, cfg server.Config, kinds ...pbx.Kind) *school {
	t.Helper()
	cfg.Data, cfg.Kinds = t.TempDir(), kinds
	s := startSchool(t, cfg)
	var err error
	s.pbx, err = s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: ptr(true), APIKey: ptr(key),
	})
	if err != nil {
		t.Fatal(err)
	}
	for ext, role := range map[string]client.Role{"101": client.RoleOperator, "102": client.RoleAdmin} {
		s.staff[ext], err = s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: ptr("Сотрудник " + ext), Login: ptr("u" + ext), Password: ptr(password), Role: &role, Extension: ptr(ext),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// tell delivers what the PBX would, and fails unless it is taken.
func (s *school) tell(d pbx.Delivery) {
	s.t.Helper()
	body, err := json.Marshal(d)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.Post(s.http.URL+"/plain?key="+key, "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("the webhook was answered %d", resp.StatusCode)
	}
}

func (s *school) tellEvents(events ...call.Event) { s.t.Helper(); s.tell(pbx.Delivery{Events: events}) }

// line makes events of one leg, a second apart.
type line struct {
	key, leg string
	from, to call.Party
	at       time.Time
}

func (l line) event(state call.LegState, after time.Duration, end call.End) call.Event {
	return call.Event{
		Kind: call.KindLeg, Key: l.key, Leg: l.leg, State: state, At: l.at.Add(after), Place: call.PlaceEmployee,
		From: l.from, To: l.to, End: end,
	}
}

func inbound(key, ext, number string, at time.Time) line {
	return line{key: key, leg: key + "-" + ext, from: call.Party{Number: phone.Number(number)}, to: call.Party{Extension: ext}, at: at}
}

func outgoing(key, ext, number string, at time.Time) line {
	return line{key: key, leg: key + "-" + ext, from: call.Party{Extension: ext}, to: call.Party{Number: phone.Number(number)}, at: at}
}

// answered are the events of a leg on which somebody talks for two seconds.
func (l line) answered(end call.End) []call.Event {
	return []call.Event{l.event(call.LegRinging, 0, ""), l.event(call.LegTalking, time.Second, ""), l.event(call.LegEnded, 3*time.Second, end)}
}

// onlyCall is the one call of a number, in the list and in the feed, where it has one entry at most.
func (s *school) onlyCall(t testing.TB, number string) client.Call {
	t.Helper()
	page, err := s.parts.Store.Calls(t.Context(), storeStart, 500)
	if err != nil {
		t.Fatal(err)
	}
	var found []client.Call
	for _, rec := range page {
		if rec.View.Phone == number {
			found = append(found, rec.View)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d calls of %s, want one: %+v", len(found), number, found)
	}
	feed, err := s.api("102").Feed(t.Context(), client.FeedQuery{Phone: number})
	if err != nil {
		t.Fatal(err)
	}
	own := slices.DeleteFunc(feed.Items, func(e client.FeedEntry) bool { return e.Type == client.EntryNote })
	if len(own) > 1 || len(own) == 1 && own[0].ID != found[0].ID || len(own) == 0 && found[0].State == client.StateEnded {
		t.Errorf("the feed has %+v of call %s", own, found[0].ID)
	}
	return found[0]
}
