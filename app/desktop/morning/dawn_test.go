package morning_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/morning"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/mornings"
)

// program is a desk at which somebody sits, or not.
type program struct {
	*uitest.Host
	cfg          config.Config
	whose        string
	busy         bool
	page         string
	cover        fyne.CanvasObject
	shown, quiet int
}

func (p *program) Config() config.Config       { return p.cfg }
func (p *program) SetConfig(cfg config.Config) { p.cfg = cfg }
func (p *program) Whose() string               { return p.whose }
func (p *program) Idle(string) bool            { return !p.busy && p.page == "feed" }
func (p *program) Cover(page fyne.CanvasObject) {
	p.shown++
	p.page, p.cover = morning.Page, page
}
func (p *program) Covered() bool       { return p.page == morning.Page }
func (p *program) Calm(string, string) { p.quiet++ }
func (p *program) Go(page string) bool { p.page = page; return true }
func (p *program) Telephony(string)    { p.page = "settings" }

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{Host: uitest.NewHost(t, i18n.Russian), cfg: config.Config{Morning: true}, whose: "school kireeva", page: "feed"}
	p.Clock = time.Date(2026, 11, 27, 8, 30, 0, 0, time.Local)
	p.School.Answers["/morning"] = mornings.Morning{Extensions: []mornings.MorningExtension{{Extension: "214", Calls: 4}}}
	return p
}

func (p *program) begins(t *testing.T, when string, times int) {
	t.Helper()
	p.page = "feed"
	if p.shown != times {
		t.Errorf("%s the morning was shown %d times, want %d", when, p.shown, times)
	}
}

func TestDawn_comesOnceADayForEachPerson(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	path := filepath.Join(t.TempDir(), "mornings.json")
	d := morning.New(p, path)
	d.Gone("feed") // somebody signs in
	d.Look()
	p.begins(t, "before anything was read", 0)
	d.Read()
	p.begins(t, "at the first sign-in", 1)
	d.Come()
	d.Read()
	p.begins(t, "brought to the front once more", 1)

	d = morning.New(p, path) // started again
	d.Gone("feed")
	d.Read()
	p.begins(t, "after a restart on the same day", 1)

	p.whose = "school schetova"
	d.Gone("feed")
	d.Look()
	p.begins(t, "before the lists of another person were read", 1)
	d.Read()
	p.begins(t, "for another person", 2)

	p.Clock = time.Date(2026, 11, 28, 4, 50, 0, 0, time.Local)
	d.Come()
	p.begins(t, "before five in the morning", 2)
	p.Clock = p.Clock.Add(20 * time.Minute)
	d.Look()
	p.begins(t, "after five", 3)
	p.Clock = p.Clock.AddDate(0, 0, 1)
	d.Look()
	p.begins(t, "to whom sits there since yesterday and has not come anew", 3)
	d.Come()
	p.begins(t, "brought to the front on the next day", 4)
}

func TestDawn_leavesThePageWhenSomebodyCalls(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	d := morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	d.Again()
	if !p.Covered() {
		t.Fatal("the person's name does not lead to the page")
	}
	d.Follow([]present.Card{{State: model.CardMissed}})
	if !p.Covered() {
		t.Error("a missed call's card takes the page away")
	}
	d.Follow([]present.Card{{State: model.CardMissed}, {State: model.CardRinging}})
	if p.page != "feed" {
		t.Errorf("while somebody calls it shows %q", p.page)
	}
	d.Again()
	if !p.Covered() {
		t.Error("it does not come back")
	}
	d.Rebuilt(false)
	p.page = "feed"
	d.Rebuilt(true)
	if !p.Covered() {
		t.Error("in another language it is gone")
	}
}

func TestDawn_isNeverOverWhatThePersonIsAt(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	d := morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	d.Gone("feed")
	p.busy = true
	d.Read()
	p.begins(t, "while a call goes on", 0)
	p.busy = false
	d.Look()
	p.begins(t, "after it", 1)

	p = newProgram(t)
	p.cfg.Morning = false
	d = morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	d.Gone("feed")
	d.Read()
	p.begins(t, "switched off", 0)
}

func TestDawn_saysOneLineAfterAQuietNight(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	p.School.Answers["/morning"] = mornings.Morning{}
	p.Clock = p.Clock.AddDate(1, 0, 0) // what the school missed was long ago
	d := morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	d.Gone("feed")
	d.Read()
	if p.shown != 0 || p.quiet != 1 {
		t.Errorf("shown %d times, quiet %d times", p.shown, p.quiet)
	}
}

func TestDawn_comesAnotherTimeWhereTheServerDoesNotAnswer(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	d := morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	answer := p.School.Answers["/morning"]
	p.School.Answers["/morning"] = &client.Problem{Status: 500, Code: "internal"}
	d.Gone("feed")
	d.Read()
	for range 10 {
		d.Look() // each event does
	}
	p.begins(t, "without an answer", 0)
	p.School.Answers["/morning"] = answer
	d.Come()
	p.begins(t, "when the person comes again", 1)
}

// TestDawn_callsNobodyWhomAColleagueWillCall: it dialled whoever had called last, whoever had taken them.
func TestDawn_callsNobodyWhomAColleagueWillCall(t *testing.T) {
	uitest.LightApp(t)
	p := newProgram(t)
	missed := func(phone string, state client.MissedState, by *client.Person, hour int) {
		at := time.Date(2026, 11, 27, hour, 10, 0, 0, time.Local)
		p.Facts.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: phone, State: state, TakenBy: by, FirstAt: at, LastAt: at}})
	}
	missed("+79140001008", client.MissedTaken, uitest.Person(uitest.Orlov), 8)
	missed("+79140001007", client.MissedWaiting, nil, 7)
	missed("+79140001006", client.MissedTaken, uitest.Person(uitest.Kireeva), 6)
	d := morning.New(p, filepath.Join(t.TempDir(), "mornings.json"))
	queue := func() {
		for _, b := range uitest.All[*widgets.Button](p.cover) {
			if b.Label == "Перезвонить по очереди" {
				b.Tapped(nil)
				return
			}
		}
		t.Fatalf("nobody waits:\n%s", uitest.Readable(p.cover))
	}
	d.Again()
	if words := uitest.Readable(p.cover); !strings.Contains(words, "Ночью пропущено 2") || strings.Contains(words, "000-10-08") {
		t.Errorf("the page says\n%s", words)
	}
	queue()
	if got := strings.Join(p.Dialed, ", "); got != "+79140001007" || p.page != "missed" {
		t.Errorf("it dialled %q, and shows %s", got, p.page)
	}
	d.Again()
	missed("+79140001007", client.MissedTaken, uitest.Person(uitest.Orlov), 7)
	missed("+79140001006", client.MissedSettled, nil, 6)
	queue() // before the page has followed
	if len(p.Dialed) != 1 || p.page != "missed" {
		t.Errorf("with nobody left it dialled %q, and shows %s", p.Dialed, p.page)
	}
}

// TestDawn_looksBackToOnesLastDay: on a Monday it told of the night alone.
func TestDawn_looksBackToOnesLastDay(t *testing.T) {
	uitest.LightApp(t)
	path := filepath.Join(t.TempDir(), "mornings.json")
	// As a former version kept it.
	if err := os.WriteFile(path, []byte(`{"school kireeva":"2026-11-26"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProgram(t)
	var since []string
	answer := p.School.Answers["/morning"]
	p.School.Answers["/morning"] = func(q url.Values) any { since = append(since, q.Get("since")); return answer }
	begins := func(day, hour int) {
		t.Helper()
		p.Clock = time.Date(2026, 11, day, hour, 30, 0, 0, time.Local)
		p.page = "feed"
		d := morning.New(p, path) // started anew
		d.Gone("feed")
		d.Read()
		d.Come() // and brought to the front again
		d.Again()
	}
	want := func(day int) {
		t.Helper()
		at := time.Date(2026, 11, day, 0, 0, 0, 0, time.Local)
		for _, got := range since {
			if asked, err := time.Parse(time.RFC3339, got); err != nil || !asked.Equal(at) {
				t.Errorf("it asks for what was since %q, want %s", since, at)
			}
		}
		if len(since) == 0 {
			t.Error("it asks for nothing")
		}
		since = nil
	}
	p.busy = true // in a practice
	begins(27, 7)
	since = nil
	if kept, err := os.ReadFile(path); err != nil || string(kept) != `{"school kireeva":"2026-11-26"}` {
		t.Errorf("a practice leaves %s, %v", kept, err)
	}
	p.busy = false
	begins(27, 8)
	want(26)
	at := time.Date(2026, 11, 28, 12, 10, 0, 0, time.Local)
	p.Facts.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: "+79140001001", State: client.MissedWaiting, FirstAt: at, LastAt: at}})
	p.Clock = time.Date(2026, 11, 30, 8, 0, 0, 0, time.Local)
	begins(30, 8)
	want(27)
	if words := uitest.Readable(p.cover); !strings.Contains(words, "С пятницы пропущен") {
		t.Errorf("on Monday the page says\n%s", words)
	}
	begins(30, 15) // the same day
	want(27)
}
