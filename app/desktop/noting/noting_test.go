package noting_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/noting"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// desk is a program whose server can be away. What it sends, it sends at once, unless slow.
type desk struct {
	*uitest.Host
	t     *testing.T
	box   *noting.Box
	kept  []noting.Note // on the disk
	told  []string
	field string // what stands in the note field of the call's card
	gone  bool   // the card is
	slow  bool   // answers come when answer is called
	due   []func()

	mu    sync.Mutex
	fails int            // the status of all answers; 0: none
	lost  bool           // the server takes notes, but its answers are lost
	old   bool           // the server is of before 0.7.0
	notes map[string]int // that it has, by id, and how often each was asked for
	texts []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Host: uitest.NewHost(t, i18n.Russian), t: t, notes: map[string]int{}}
	d.Clock = uitest.Now
	server := httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(server.Close)
	d.API = client.New(server.URL, "token")
	d.box = noting.New(d, nil)
	return d
}

// serve is the API's POST /calls/{id}/note, which writes one id once.
func (d *desk) serve(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var in client.CallNote
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/api/v1/calls/c1/note" {
		d.t.Errorf("asked for %s with %+v, %v", r.URL.Path, in, err)
	}
	if d.old && in.NoteID != "" {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(client.Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Detail: "validation failed", Fields: []string{"unexpected property (body.note_id)"}})
		return
	}
	if d.fails != 0 {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(d.fails)
		_ = json.NewEncoder(w).Encode(client.Problem{Status: d.fails, Code: "some", Detail: "Так нельзя."})
		return
	}
	if d.notes[in.NoteID]++; d.notes[in.NoteID] == 1 {
		d.texts = append(d.texts, strings.Trim(in.Outcome+" "+in.Text, " "))
	}
	if d.lost {
		panic(http.ErrAbortHandler)
	}
	_ = json.NewEncoder(w).Encode(client.FeedEntry{ID: in.NoteID})
}

func (d *desk) Work(work func(context.Context, *client.API) error, done func(error)) {
	if !d.slow {
		d.Host.Work(work, done)
		return
	}
	d.due = append(d.due, func() { d.Host.Work(work, done) })
}

func (d *desk) Keep() func() {
	kept := d.box.Pending()
	return func() { d.kept = kept }
}

func (d *desk) TellOn(_, words string, _ theme.Tone) { d.told = append(d.told, words) }

func (d *desk) GiveBack(_, words string) bool {
	if d.gone {
		return false
	}
	d.field = words
	return true
}

// away lets nobody answer at the address.
func (d *desk) away() (back func()) {
	d.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatal(err)
	}
	l.Close()
	there := d.API
	d.API = client.New("http://"+l.Addr().String(), "token")
	return func() { d.API = there }
}

func (d *desk) has(when string, want ...string) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.texts, want) {
		d.t.Errorf("%s the server has %q, want %q", when, d.texts, want)
	}
}

func (d *desk) shows(when string, want ...popup.UnderWay) {
	d.t.Helper()
	if got := d.box.UnderWay("c1"); !slices.Equal(got, want) {
		d.t.Errorf("%s the card shows %+v, want %+v", when, got, want)
	}
}

// TestBox_isTakenByAServerOfBefore: an app is newer than its server for a while, and notes go all the same.
func TestBox_isTakenByAServerOfBefore(t *testing.T) {
	d := newDesk(t)
	d.old = true
	d.box.Send(noting.Note{Call: "c1", Text: "просит утром", Outcome: "thinking"})
	d.has("of a former version", "thinking просит утром")
	d.shows("when it is taken")
	if d.field != "" {
		t.Errorf("%q was given back", d.field)
	}
}

func TestBox_sendsWhenTheServerIsBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		note noting.Note
		want string
		show string
	}{
		{"a note", noting.Note{Call: "c1", Text: "просит утром"}, "просит утром", "просит утром"},
		{"an outcome with words", noting.Note{Call: "c1", Text: "на осень", Outcome: "enrolled"}, "enrolled на осень", "Записался: на осень"},
		{"an outcome", noting.Note{Call: "c1", Outcome: "enrolled"}, "enrolled", "Записался"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			back := d.away()
			d.box.Send(tt.note)
			d.shows("without a server", popup.UnderWay{Words: tt.show, Waits: true})
			if len(d.told) != 1 || !strings.HasPrefix(d.told[0], "Сервер не отвечает. Заметка не пропадёт") {
				t.Errorf("told %q", d.told)
			}
			if len(d.kept) != 1 || d.kept[0].Text != tt.note.Text || d.kept[0].Outcome != tt.note.Outcome {
				t.Errorf("on the disk stands %+v", d.kept)
			}
			d.Clock = d.Clock.Add(time.Minute)
			d.box.Tick()
			if len(d.told) != 1 {
				t.Errorf("after another try told %q", d.told)
			}
			back()
			d.box.Tick() // too soon after the last try
			d.has("before its turn")
			d.box.Connected()
			d.has("as the server is back", tt.want)
			d.shows("then")
		})
	}
}

// TestBox_overARestart: what was on its way as the program was killed is written once, whether the server had it or not.
func TestBox_overARestart(t *testing.T) {
	for _, arrived := range []bool{true, false} {
		d := newDesk(t)
		back := func() {}
		if d.lost = arrived; !arrived {
			back = d.away()
		}
		d.box.Send(noting.Note{Call: "c1", Text: "просит утром"})
		d.box.Send(noting.Note{Call: "c1", Text: "и вечером"})
		d.box.Close()
		raw, err := json.Marshal(d.box.Pending())
		if err != nil {
			t.Fatal(err)
		}
		var left []noting.Note
		if err := json.Unmarshal(raw, &left); err != nil {
			t.Fatal(err)
		}
		d.mu.Lock()
		d.lost = false
		d.mu.Unlock()
		back()
		d.box = noting.New(d, left)
		d.box.Tick()
		d.has("after the restart", "просит утром", "и вечером")
		d.shows("after the restart")
	}
}

func TestBox_unfinishedNotesAreWrittenOnce(t *testing.T) {
	d := newDesk(t)
	typed := map[string]string{"c1": "недописа"}
	for range 2 { // killed before it was noted that the server has it
		d.box = noting.New(d, noting.Unfinished(typed))
		d.box.Tick()
	}
	d.has("after two starts", "недописа")
	long := noting.Unfinished(map[string]string{"c1": strings.Repeat("я", 4100)})
	if len(long) != 2 || len([]rune(long[0].Text)) != 4000 || len([]rune(long[1].Text)) != 100 {
		t.Errorf("of 4,100 signs were made %d notes", len(long))
	}
}

// TestBox_whatIsRefusedStandsInTheField, with the reason; what the server cannot take now, waits.
func TestBox_whatIsRefusedStandsInTheField(t *testing.T) {
	for status, waits := range map[int]bool{403: false, 404: false, 422: false, 401: true, 429: true, 500: true, 503: true, 507: true} {
		d := newDesk(t)
		d.fails = status
		d.box.Send(noting.Note{Call: "c1", Text: "просит утром"})
		if waits {
			d.shows("refused for now", popup.UnderWay{Words: "просит утром", Waits: true})
		} else {
			d.shows("refused")
		}
		if (d.field == "просит утром") == waits {
			t.Errorf("%d: in the field stands %q", status, d.field)
		}
		if len(d.told) != 1 || !strings.Contains(d.told[0], "Так нельзя.") {
			t.Errorf("%d: told %q", status, d.told)
		}
	}
	d := newDesk(t)
	d.fails, d.gone = 404, true
	d.box.Send(noting.Note{Call: "c1", Text: "просит утром"})
	if len(d.told) != 1 || !strings.Contains(d.told[0], "«просит утром»") {
		t.Errorf("without a card told %q", d.told)
	}
}

func TestBox_sendsOneAfterTheOther(t *testing.T) {
	d := newDesk(t)
	d.slow = true
	d.box.Send(noting.Note{Call: "c1", Text: "первая"})
	d.box.Send(noting.Note{Call: "c1", Text: "вторая"})
	d.box.Tick()
	d.box.Connected()
	if len(d.due) != 1 {
		t.Fatalf("%d are on their way at once", len(d.due))
	}
	d.shows("on their way", popup.UnderWay{Words: "первая"}, popup.UnderWay{Words: "вторая"})
	d.due[0]()
	d.shows("after the first", popup.UnderWay{Words: "вторая"})
	d.box.Close() // signed out while it is on its way: the next start has it
	d.due[1]()
	if len(d.told) != 1 || len(d.box.Pending()) != 1 {
		t.Errorf("told %q; kept %+v", d.told, d.box.Pending())
	}
	d.has("in the end", "первая", "вторая")
}
