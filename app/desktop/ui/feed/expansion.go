package feed

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/bind"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/notes"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/timeline"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// expansion is what opens under a row: the recording and what can be done.
func (v *View) expansion(row present.Row) fyne.CanvasObject {
	text, entry := v.host.Text(), row.Entry
	var parts, buttons []fyne.CanvasObject
	if row.CanPlay || row.Preparing || row.Gone || row.NotRecorded {
		parts = append(parts, v.player.Object(entry))
	}
	add := func(key string, kind widgets.Kind, tap func()) {
		buttons = append(buttons, widgets.NewButton(text.T(key), kind, tap))
	}
	if row.Unsettled && entry.Type == client.EntryCallMissed || entry.Subject == nil && entry.Phone != "" {
		buttons = append(buttons, callbutton.New(v.host, text.T("act.call_back"), widgets.Call, entry.Phone, entry.Subject))
	}
	switch {
	case entry.Subject == nil && entry.Phone != "":
		add("act.new_lead", widgets.Quiet, func() { v.host.NewLead(entry.Phone) })
	case entry.Subject != nil && entry.Subject.Kind == client.KindContract:
		add("act.to_contract", widgets.Quiet, func() { v.host.OpenSubject(entry.Subject.Kind, entry.Subject.ID) })
	case entry.Subject != nil:
		add("act.card", widgets.Quiet, func() { v.host.OpenSubject(entry.Subject.Kind, entry.Subject.ID) })
	}
	if row.CanPlay {
		add("act.download", widgets.Quiet, func() { v.player.Download(entry) })
	}
	if !row.Unsettled && entry.Subject != nil && entry.Phone != "" {
		buttons = append(buttons, callbutton.New(v.host, text.T("act.call_back"), widgets.Quiet, entry.Phone, entry.Subject))
	}
	if entry.Subject == nil && entry.CallID != "" {
		add("num.bind", widgets.Link, func() { v.bind(entry) })
	}
	if extra := v.extras(entry); entry.Phone != "" || len(extra) > 0 {
		buttons = append(buttons, numbermenu.Beside(ofCall{v.host, entry.CallID}, entry.Phone, entry.Subject, extra...))
	}
	parts = append(parts, widgets.Row(theme.Gap, make([]float32, len(buttons)), buttons...))
	if (entry.Type == client.EntryNote || entry.Type == client.EntrySMS) && entry.Description != "" {
		parts = append([]fyne.CanvasObject{widgets.NewParagraph(row.Entry.Description, theme.Body, 560, 0, widgets.InkNormal)}, parts...)
	}
	why := row.Why
	if why == "" && entry.Restored {
		why = text.T("feed.restored") // else the server's sentence says it too
	}
	if entry.ByHand {
		why = text.T("feed.by_hand")
	}
	if row.Source != "" {
		why = strings.TrimPrefix(why+" · "+text.T("feed.source", "name", row.Source), " · ")
	}
	if why != "" {
		parts = append(parts, widgets.NewParagraph(why, theme.Caption, 560, 0, widgets.InkMuted))
	}
	return widgets.Pad(2, theme.Side, 12, theme.Side+iconColumn+12, widgets.Column(10, parts...))
}

// extras are what the menu of an entry offers beside what it offers for the number.
func (v *View) extras(entry client.FeedEntry) []numbermenu.Item {
	text := v.host.Text()
	over := fyne.CurrentApp().Driver().CanvasForObject(v)
	if over == nil {
		return nil
	}
	switch entry.Type {
	case client.EntryNote:
		return []numbermenu.Item{{Words: text.T("num.note"), Do: func() { notes.Edit(v.host, over, entry) }}}
	case client.EntryCallIn, client.EntryCallMissed, client.EntryCallOut:
		items := []numbermenu.Item{{Words: text.T("course.title"), Do: func() { v.course(entry) }}}
		if entry.Subject != nil { // for a call of nobody's, a button stands in the row
			items = append(items, numbermenu.Item{Words: text.T("num.bind"), Do: func() { v.bind(entry) }})
		}
		return items
	}
	return nil
}

// course opens the course of a call: its row too, whose player plays it.
func (v *View) course(entry client.FeedEntry) {
	over := fyne.CurrentApp().Driver().CanvasForObject(v)
	if over == nil || entry.CallID == "" {
		return
	}
	if v.state.open != entry.ID {
		v.expand(entry)
		v.Sync()
	}
	play, _ := v.player.(*player.Player)
	v.sheet = timeline.Open(v.host, over, play, entry)
}

// CourseShown is the call whose course is shown; empty: none is.
func (v *View) CourseShown() string { return v.sheet.Shown() }

// Course opens the course of a call over a window, from a place other than its row. Of a call that the list has, no more
// than its id need be known. What plays ends with it, unless its row stands open here.
func (v *View) Course(over fyne.Canvas, entry client.FeedEntry) {
	if entry.CallID == "" || v.sheet.Shown() == entry.CallID {
		return
	}
	for _, it := range v.rows {
		if known := it.row.Entry; entry.ID == "" && known.CallID == entry.CallID && known.Type != client.EntryNote {
			entry = known
		}
	}
	play, _ := v.player.(*player.Player)
	v.sheet = timeline.Open(v.host, over, play, entry)
	v.sheet.Closed = func() {
		if play != nil && (entry.ID == "" || v.state.open != entry.ID) {
			play.Stop()
		}
	}
}

// bind asks whose a call is.
func (v *View) bind(entry client.FeedEntry) {
	if over := fyne.CurrentApp().Driver().CanvasForObject(v); over != nil {
		bind.Open(v.host, over, entry)
	}
}

// ofCall ties a task from the number's menu to the entry's call, so that whoever is asked to call back
// hears the recording.
type ofCall struct {
	numbermenu.Host
	callID string
}

// Task adds the call.
func (h ofCall) Task(about model.TaskAbout) {
	about.CallID = h.callID
	h.Host.Task(about)
}
