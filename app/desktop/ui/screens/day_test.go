package screens

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/morning"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/mornings"
)

// listening offers each number at once, and adds it.
type listening struct {
	h     *uitest.Host
	owner *client.Subject
}

func (l listening) Hear(_ present.Card, note string, show func(*present.HeardOffer)) {
	offer := present.Heard(model.Numbers(note)[0], l.owner, 2, l.h.Words)
	show(&offer)
}

func (l listening) Add(_ present.Card, offer present.HeardOffer, told func(*present.HeardDone, string)) {
	done := present.HeardAdded(offer.Heard, 2, "u1", l.h.Words)
	told(&done, "")
}

func (listening) Refuse(present.Card, present.HeardOffer)        {}
func (listening) TakeBack(present.HeardDone, func(string, bool)) {}

// heardView is the bar of a talk in whose note a number was typed; offered is what one does with the offer then.
func heardView(h *uitest.Host, owner *client.Subject, offered func(*widgets.Pick)) fyne.CanvasObject {
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	call := uitest.Cards()["7-able"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(h.Words, &uitest.Said{Hears: listening{h, owner}}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	note := uitest.All[*widgets.Entry](view)[0]
	note.SetText("жена 8-914-555-01-33")
	note.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if offered != nil {
		offered(uitest.All[*widgets.Pick](view)[1]) // the duration is the first
	}
	view.Tick(uitest.Now)
	return view
}

func outageView(h *uitest.Host, o model.Outage) fyne.CanvasObject {
	m := model.New(model.Config{Me: uitest.Kireeva, Now: h.Now})
	model.Returned(m, &o)
	view := popup.NewView(h.Words, &uitest.Said{}, nil)
	view.Draw(present.Cards(m, h.Words, uitest.Now)[0], h.Words, uitest.Now)
	return view
}

// dawn is a desk at the beginning of a day.
type dawn struct{ *uitest.Host }

func (dawn) Config() config.Config   { return config.Config{Morning: true} }
func (dawn) SetConfig(config.Config) {}
func (d dawn) LastDay() time.Time    { return present.LastDay(time.Time{}, d.Clock) }
func (dawn) Leave()                  {}
func (dawn) Open(string)             {}
func (dawn) CallQueue()              {}
func (dawn) Telephony(string)        {}

// morningFaces are the faces of the page with which a day begins.
func morningFaces(t *testing.T, l look) map[string]func() fyne.CanvasObject {
	h := uitest.NewHostFor(t, l.lang, uitest.Schetova)
	found := &mornings.Morning{
		Recordings: []mornings.MorningRecording{{CallID: "c7", At: uitest.Ago(14 * time.Hour), Phone: "+79145550103", Subject: &client.Subject{Name: "Константинопольская-Покровская Дарья Дмитриевна"}, Why: "АТС не отдала её, попыток: 3", WhyEN: "the PBX did not give it, tries: 3"}},
		Extensions: []mornings.MorningExtension{{Extension: "214", Calls: 4}},
	}
	due := uitest.Now.Add(time.Hour)
	h.Facts.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
		ID: "t", Kind: client.TaskReminder, State: client.TaskOpen, DueAt: &due, Assignee: uitest.Person(uitest.Schetova), Subject: &uitest.Zaitseva,
	}})
	blocked := client.Integration{ID: "b", Name: "Билайн", Active: true, Health: client.Health{State: client.HealthBlocked, Text: "АТС не принимает ключ", TextEN: "the PBX refuses the key"}}
	h.Facts.Apply(client.StreamEvent{Type: "integration", Data: &blocked})
	var pages []mainwin.Page
	for _, name := range []string{"feed", "missed", "tasks", "clients", "contracts", "colleagues", "reports", "settings"} {
		pages = append(pages, mainwin.Page{Name: name, Object: widgets.Space(0, 0)})
	}
	frame := func(shown fyne.CanvasObject) fyne.CanvasObject {
		f := mainwin.New(h.Words, pages, func() {})
		f.SetState(session.State{Connection: session.Live, Me: uitest.Schetova})
		if shown == nil {
			f.Calm(h.Words.T("morning.quiet"), h.Words.T("morning.quiet_hint"))
			return f
		}
		f.Cover("morning", shown)
		return f
	}
	return map[string]func() fyne.CanvasObject{
		"all":        func() fyne.CanvasObject { return frame(morning.New(dawn{h}, found)) },
		"quiet":      func() fyne.CanvasObject { return frame(nil) },
		"colleagues": func() fyne.CanvasObject { return colleaguesPage(t, l, pages, h.Words) },
		"broken": func() fyne.CanvasObject {
			h.School.Answers["/morning"] = &client.Problem{Status: 500, Code: "internal", Detail: h.Words.T("err.no_server")}
			return frame(morning.New(dawn{h}, nil))
		},
	}
}

// colleaguesPage is the page of colleagues during an own talk.
func colleaguesPage(t *testing.T, l look, pages []mainwin.Page, text *i18n.Text) fyne.CanvasObject {
	h := uitest.NewHost(t, l.lang)
	h.School.Answers["/reports/calls"] = client.Report{Items: []client.ReportRow{{Key: uitest.Borisov.ID, CallFigures: client.CallFigures{Calls: 18, TalkSeconds: 4320}}}}
	callable := uitest.Borisov // the others, the PBX does not call
	callable.Callable = true
	h.School.Answers["GET /employees"] = client.Page[client.Employee]{Items: []client.Employee{uitest.Kireeva, callable, uitest.Schetova, uitest.Orlov}}
	if err := h.Facts.ReloadLists(t.Context(), h.API); err != nil {
		t.Fatal(err)
	}
	does := func(id string, state client.PresenceState, past time.Duration) {
		since := uitest.Ago(past)
		h.Facts.Apply(client.StreamEvent{Type: "presence", Data: &client.Presence{EmployeeID: id, State: state, Since: &since}})
	}
	does(uitest.Borisov.ID, client.PresenceFree, 12*time.Minute)
	does(uitest.Orlov.ID, client.PresenceTalking, 252*time.Second)
	does(uitest.Schetova.ID, client.PresenceOffline, 72*time.Minute)
	call := uitest.Cards()["7-able"]
	h.Facts.Apply(client.StreamEvent{Type: "call", Data: &call})
	v := colleagues.New(h, &colleagues.State{})
	v.Shown()
	of := slices.IndexFunc(pages, func(p mainwin.Page) bool { return p.Name == "colleagues" })
	pages[of].Object, pages[of].Filled = v, true
	f := mainwin.New(text, pages, func() {})
	f.SetState(session.State{Connection: session.Live, Me: uitest.Kireeva})
	f.Go("colleagues")
	return f
}

// drawDay draws what an operator's day has beside calls.
func drawDay(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	away := model.Outage{From: uitest.Ago(52 * time.Minute), To: uitest.Now, Counted: true, Calls: 9, Missed: 3, Waiting: 2}
	quiet, unknown := away, model.Outage{From: uitest.Ago(30 * time.Hour), To: uitest.Now}
	quiet.Missed = 0
	surfaces := map[string]func() fyne.CanvasObject{
		"heard":           func() fyne.CanvasObject { return heardView(h, nil, nil) },
		"heard-armed":     func() fyne.CanvasObject { return heardView(h, nil, (*widgets.Pick).FocusGained) },
		"heard-added":     func() fyne.CanvasObject { return heardView(h, nil, func(p *widgets.Pick) { p.Tapped(nil) }) },
		"heard-elsewhere": func() fyne.CanvasObject { return heardView(h, &uitest.Kuznetsov, nil) },
		"outage":          func() fyne.CanvasObject { return outageView(h, away) },
		"outage-quiet":    func() fyne.CanvasObject { return outageView(h, quiet) },
		"outage-unknown":  func() fyne.CanvasObject { return outageView(h, unknown) },
	}
	for name, surface := range morningFaces(t, l) {
		for _, scale := range scales() {
			drawn(t, fmt.Sprintf("day-morning-%s%s-%gx", name, l.suffix(), scale), scale, fyne.NewSize(1180, 760), func(*testing.T) fyne.CanvasObject { return surface() })
		}
	}
	for _, scale := range scales() {
		for name, surface := range surfaces {
			drawn(t, fmt.Sprintf("day-%s%s-%gx", name, l.suffix(), scale), scale, fyne.Size{}, func(*testing.T) fyne.CanvasObject {
				return widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, surface()))
			})
		}
	}
}
