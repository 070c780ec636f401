package calls_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/call"
	"dozvon/app/server/calls"
	"dozvon/app/server/directory"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/presence"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// plain is a PBX that tells its events in our own words.
type plain struct{}

func (plain) Decode(r pbx.Request) (pbx.Delivery, error) {
	d := pbx.Delivery{Payload: r.Body}
	err := json.Unmarshal(r.Body, &d.Events)
	return d, err
}

func (plain) Explain(int) bilingual.Text { return bilingual.Text{RU: "отказ", EN: "refused"} }

// observer hears of every change of a call, and may refuse it.
type observer struct {
	refuses error
	heard   []string // the call's states
}

func (o *observer) CallSettled(_ *store.Tx, _ client.Call, after store.CallRecord) error {
	o.heard = append(o.heard, string(after.View.State))
	return o.refuses
}

func (*observer) CallsMerged(*store.Tx, store.CallRecord, []phone.Number) error { return nil }
func (*observer) OwnerChanged(*store.Tx, phone.Number) error                    { return nil }

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// school is a school with one PBX and what a call's way needs.
type school struct {
	db    *store.Store
	dir   *directory.Directory
	calls *calls.Service
	pbx   string // the integration's id
	now   func() time.Time
	newID func() string
}

// open makes a school at noon whose PBX is provider.
func open(t *testing.T, provider pbx.Provider) *school {
	t.Helper()
	folder := t.TempDir()
	var n atomic.Int64
	s := &school{now: func() time.Time { return noon }, newID: func() string { return fmt.Sprintf("id-%03d", n.Add(1)) }}
	var err error
	if s.db, err = store.Open(t.Context(), "sqlite://"+filepath.Join(folder, "dozvon.db"), s.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	sealer, err := access.NewSealer(filepath.Join(folder, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := []pbx.Kind{{Name: "plain", Title: "Plain", Credentials: []pbx.Credential{{Name: pbx.KeyField}}, New: func(pbx.Account) pbx.Provider { return provider }}}
	log := &audit.Log{Store: s.db, Now: s.now, NewID: s.newID}
	s.dir, err = directory.New(t.Context(), directory.Config{
		Store: s.db, Audit: log, Sealer: sealer, Kinds: kinds, PublicURL: "http://127.0.0.1:8420",
		Outbound: outbound.Policy{Loopback: true}, Now: s.now, NewID: s.newID, Node: "node",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.dir.Close() })
	board := presence.New(s.db, s.now, "node")
	t.Cleanup(func() { board.Leave() })
	s.calls = calls.New(calls.Config{
		Store: s.db, Audit: log, Undo: undo.New(log), Directory: s.dir, Presence: board, Node: "node", RawKept: time.Hour, Now: s.now, NewID: s.newID,
	})
	on, key, address := true, "key", "http://127.0.0.1:1/"
	i, err := s.dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Active: &on, APIKey: &key, APIURL: &address})
	if err != nil {
		t.Fatal(err)
	}
	s.pbx = i.ID
	return s
}

// deliver brings events in one request of the PBX.
func (s *school) deliver(t *testing.T, events ...call.Event) error {
	t.Helper()
	body, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.calls.DeliverTo(t.Context(), s.pbx, pbx.Request{Method: "POST", Body: body})
	return err
}

// kept is what the database has of calls.
type kept struct{ calls, entries, journal, raw int }

func (s *school) kept(t *testing.T) kept {
	t.Helper()
	all, err := s.db.Calls(t.Context(), store.Start, 100)
	if err != nil {
		t.Fatal(err)
	}
	entries, _, err := s.db.Feed(t.Context(), store.FeedFilter{}, store.Start, 100)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.db.JournalAfter(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	k := kept{calls: len(all), entries: len(entries)}
	for _, row := range rows {
		if row.Type != "integration" { // when it was seen last is noted apart
			k.journal++
		}
	}
	if k.raw, err = s.db.CountRawEvents(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

// missed are the events of a call that nobody answered.
func missed() []call.Event {
	rings := call.Event{
		Kind: call.KindLeg, Key: "call-1", Leg: "leg-1", Seq: 1, At: noon.Add(-2 * time.Second), State: call.LegRinging, Place: call.PlaceEmployee,
		From: call.Party{Number: "+79990000101"}, To: call.Party{Extension: "101"}, Line: "+74951234567",
	}
	ends := rings
	ends.Seq, ends.At, ends.State, ends.End = 2, noon.Add(-time.Second), call.LegEnded, call.EndByCaller
	return []call.Event{rings, ends, {Kind: call.KindSummary, Key: "call-1", Direction: call.In, Began: rings.At, At: ends.At, From: rings.From}}
}

func TestDeliver_writesACallItsEntryAndTheJournalTogetherOrNothing(t *testing.T) {
	t.Parallel()
	s := open(t, plain{})
	o := &observer{refuses: errors.New("no")}
	s.calls.Observe(o)
	before := s.kept(t)
	if err := s.deliver(t, missed()...); !errors.Is(err, o.refuses) {
		t.Fatalf("the observer refused, and the PBX was told %v", err)
	}
	if after := s.kept(t); after != before {
		t.Fatalf("%+v was kept of a request that failed, before it %+v", after, before)
	}
	o.refuses, o.heard = nil, nil
	if err := s.deliver(t, missed()...); err != nil {
		t.Fatal(err)
	}
	after := s.kept(t)
	if after.calls != 1 || after.entries != 1 || after.raw != 1 || after.journal <= before.journal {
		t.Errorf("kept %+v", after)
	}
	all, err := s.db.Calls(t.Context(), store.Start, 1)
	if err != nil {
		t.Fatal(err)
	}
	if v := all[0].View; v.State != client.StateEnded || v.Result != client.Missed || v.Phone != "+79990000101" {
		t.Errorf("the call is %s, %s, of %s", v.State, v.Result, v.Phone)
	}
	if len(o.heard) == 0 || o.heard[len(o.heard)-1] != string(client.StateEnded) {
		t.Errorf("the observer heard %v", o.heard)
	}
}

func TestDeliver_aRepeatAndAnotherOrderChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t, plain{})
	o := &observer{}
	s.calls.Observe(o)
	events := missed()
	if err := s.deliver(t, events...); err != nil {
		t.Fatal(err)
	}
	once, heard := s.kept(t), len(o.heard)
	for _, again := range [][]call.Event{events, {events[2], events[0], events[1]}, {events[1]}} {
		if err := s.deliver(t, again...); err != nil {
			t.Fatal(err)
		}
	}
	once.raw += 3 // the requests themselves are kept
	if after := s.kept(t); after != once || len(o.heard) != heard {
		t.Errorf("kept %+v, want %+v; observers heard %d more", after, once, len(o.heard)-heard)
	}
}

func TestDeliverTo_refusesWhatIsUnknownOrSwitchedOff(t *testing.T) {
	t.Parallel()
	s := open(t, plain{})
	if _, err := s.calls.DeliverTo(t.Context(), "nobody's", pbx.Request{}); !errors.Is(err, directory.ErrUnknownKey) {
		t.Errorf("an unknown integration: %v", err)
	}
	off := false
	if _, err := s.dir.SaveIntegration(t.Context(), client.Employee{}, s.pbx, client.IntegrationInput{Active: &off}); err != nil {
		t.Fatal(err)
	}
	if err := s.deliver(t, missed()...); !errors.Is(err, directory.ErrInactive) {
		t.Errorf("one that is switched off: %v", err)
	}
	if k := s.kept(t); k.calls != 0 || k.raw != 0 {
		t.Errorf("kept %+v", k)
	}
}
