package screens

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Pages are made anew when the language or the colours change. What stands in their states goes on.

// TestFeed_goesOnInAnotherLanguage with its filter, its place and its open entry, without asking again.
func TestFeed_goesOnInAnotherLanguage(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	asked := 0
	h.school.answers["/feed"] = func(q url.Values) any {
		asked++
		var all []client.FeedEntry
		for n := range 60 {
			e := entries()[2]
			e.ID, e.CallID, e.At = fmt.Sprint("f", n), fmt.Sprint("c", n), ago(time.Duration(n)*time.Minute)
			all = append(all, e)
		}
		return client.Page[client.FeedEntry]{Items: all}
	}
	state := &feed.State{}
	made := func() *feed.View {
		v := feed.New(h, func() *client.API { return h.api }, player.New(h, t.TempDir()), state)
		windowOf(t, v, fyne.NewSize(900, 600))
		return v
	}
	v := made()
	v.OpenQuery(client.FeedQuery{Type: string(client.EntryCallMissed)})
	all[*widgets.Entry](v)[0].SetText("914")
	v.Reload()
	v.Expand("c40")
	scrolled := all[*widget.List](v)[0].GetScrollOffset()
	if scrolled == 0 {
		t.Fatal("the list did not scroll to the entry")
	}
	v.Close()
	before := asked
	h.text = i18n.New(i18n.English)
	v = made()
	v.Resume()
	if asked != before {
		t.Error("the list was read anew")
	}
	if got, want := v.Query(), (client.FeedQuery{Type: string(client.EntryCallMissed), Q: "914"}); got != want {
		t.Errorf("asks for %+v, want %+v", got, want)
	}
	if got := all[*widget.List](v)[0].GetScrollOffset(); got != scrolled {
		t.Errorf("stands at %v, want %v", got, scrolled)
	}
	if words := readable(v); !strings.Contains(words, h.text.T("act.call_back")) {
		t.Errorf("the entry is closed; the page says\n%s", words)
	}
	state.Forget() // the role is another now
	v = made()
	v.Resume()
	if asked == before {
		t.Error("after Forget the list was not read")
	}
}

func TestRegister_goesOnInOtherColours(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	asked := 0
	h.school.answers["/clients"] = func(q url.Values) any {
		asked++
		var all []client.Client
		for n := range 80 {
			all = append(all, client.Client{ID: fmt.Sprint("l", n), Kind: "lead", Name: fmt.Sprint("Зайцева ", n)})
		}
		return client.Page[client.Client]{Items: all}
	}
	state := &register.State{}
	made := func() *register.View {
		v := register.New(h, client.KindClient, state, func(string) {})
		windowOf(t, v, fyne.NewSize(900, 600))
		v.Shown()
		return v
	}
	v := made()
	v.Filter(1)
	v.Select("l70")
	scrolled := all[*widget.List](v)[0].GetScrollOffset()
	v.Close()
	before := asked
	v = made()
	if got := all[*widget.List](v)[0].GetScrollOffset(); got != scrolled || scrolled == 0 {
		t.Errorf("stands at %v, want %v", got, scrolled)
	}
	if asked != before || v.Query().Get("kind") != "lead" {
		t.Errorf("asked %d times more, with %v", asked-before, v.Query())
	}
}

// TestForm_goesOnInAnotherLanguage: what an operator has just typed stays, of a new card and of an old one.
func TestForm_goesOnInAnotherLanguage(t *testing.T) {
	lightApp(t)
	h := cardHost(t, i18n.Russian)
	state := &card.State{}
	made := func() *card.Panel {
		p := card.New(h, state, func() {})
		windowOf(t, p, fyne.NewSize(300, 900))
		return p
	}
	p := made()
	p.NewLead("+79145550148")
	all[*widgets.Entry](p)[0].SetText("Константинопольская Але")
	p.Leave()
	h.text = i18n.New(i18n.English)
	p = made()
	if !p.Resume() {
		t.Fatal("the form of the new card is gone")
	}
	if got := all[*widgets.Entry](p)[0].Text; got != "Константинопольская Але" {
		t.Errorf("the name is now %q", got)
	}
	if words := readable(p); !strings.Contains(words, h.text.T("form.new")) {
		t.Errorf("the form is not in the new language:\n%s", words)
	}
	p.Open(client.KindClient, "c9")
	p.Edit()
	all[*widgets.Entry](p)[0].SetText("Другое имя")
	p.Leave()
	p = made()
	if !p.Resume() || all[*widgets.Entry](p)[0].Text != "Другое имя" {
		t.Errorf("what was typed is gone:\n%s", readable(p))
	}
	if p.Resume() {
		t.Error("a form is opened twice")
	}
}

// TestTasks_stayWhereTheyStand: a colleague's presence, or other colours, must not throw a reader to the top.
func TestTasks_stayWhereTheyStand(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	for n := range 40 {
		due := now.Add(time.Duration(n) * time.Minute)
		h.model.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
			ID: fmt.Sprint(n), Kind: client.TaskReminder, State: client.TaskOpen, At: now, DueAt: &due, Note: fmt.Sprint("Позвонить ", n), Assignee: person(kireeva),
		}})
	}
	state := &tasks.State{}
	v := tasks.New(h, state)
	windowOf(t, v, fyne.NewSize(900, 400))
	v.Sync()
	scroll := func() fyne.Position { return all[*container.Scroll](v)[0].Offset }
	all[*container.Scroll](v)[0].Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -300}})
	want := scroll()
	if want.Y == 0 {
		t.Fatal("it does not scroll")
	}
	done := client.Task{ID: "39", State: client.TaskDone}
	h.model.Apply(client.StreamEvent{Type: "task", Data: &done})
	v.Sync()
	if got := scroll(); got != want {
		t.Errorf("after a change it stands at %v, want %v", got, want)
	}
	v = tasks.New(h, state)
	windowOf(t, v, fyne.NewSize(900, 400))
	v.Sync()
	if got := scroll(); got != want {
		t.Errorf("made anew it stands at %v, want %v", got, want)
	}
}
