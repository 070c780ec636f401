package card

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/notes"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// last are the newest entries of the card's feed; a click on a note opens its sheet, one on a call its course, or the
// card whose call it is.
func (p drawing) last() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for n, entry := range p.recent {
		ink := widgets.InkMuted
		if n == 0 {
			ink = widgets.InkNormal
		}
		out = append(out, p.entry(entry, ink))
	}
	if len(out) == 0 {
		return append(out, widgets.NewLabel(p.host.Text().T("subj.nothing_yet"), theme.Body, widgets.InkMuted))
	}
	ref, name := p.ref, p.record.fields.Name
	whole := widgets.NewButton(p.host.Text().T("crd.whole_feed"), widgets.Link, func() { p.host.OpenFeed(ref, name) })
	return append(out, widgets.Row(0, nil, outdent(whole)))
}

func (p drawing) entry(entry client.FeedEntry, ink widgets.Ink) fyne.CanvasObject {
	text, now := p.host.Text(), p.host.Now()
	row := present.RowOf(entry, text, now)
	what := row.What
	if entry.Type == client.EntryNote {
		what = text.T("type.note") // when it was changed stands below
	}
	about := row.WhatAbout
	if row.Course && entry.TalkSeconds != nil && *entry.TalkSeconds > 0 {
		about = text.Timer(time.Duration(*entry.TalkSeconds) * time.Second) // one line, where words would break
	}
	words := text.Short(entry.At, now) + " — " + what
	born := entry.Type == client.EntryClientCreated || entry.Type == client.EntryContractCreated
	if about != "" && !born { // whose card was made, the head says
		words += ", " + about
	}
	lines := []fyne.CanvasObject{widgets.NewParagraph(words, theme.Body, inner, entryMost, ink)}
	var tap func()
	switch {
	case entry.Type == client.EntryNote:
		if entry.EditedAt != nil {
			lines = append(lines, widgets.NewLabel(text.T("crd.note_changed", "when", text.Short(*entry.EditedAt, now)), theme.Caption, widgets.InkMuted))
		}
		tap = func() {
			if over := p.over(); over != nil {
				notes.Edit(p.host, over, entry)
			}
		}
	case entry.Shared && entry.Subject != nil:
		// The number is on this card too: it would look as if the school had talked with this person.
		lines = append(lines, widgets.NewParagraph(text.T("crd.shared", "name", entry.Subject.Name), theme.Caption, inner, 2, widgets.ToneInk(theme.ToneHold)))
		tap = func() { p.host.OpenSubject(entry.Subject.Kind, entry.Subject.ID) }
	case row.Course && p.Course != nil:
		tap = func() { p.Course(entry) }
	}
	content := widgets.Pad(2, 0, 2, 0, widgets.Column(0, lines...))
	if tap == nil {
		return content
	}
	return widgets.Stack(content, outdent(widgets.NewPick(tap)))
}

// noteLine is where a note on this card is written.
func (p drawing) noteLine() fyne.CanvasObject {
	if p.note == nil { // the same field while the card is: a redraw must not eat what is being typed
		p.note = widgets.NewEntry(p.host.Text().T("card.note_hint"))
		ref := p.ref
		p.note.SetText(p.state.notes[ref].words)
		p.note.OnChanged = func(words string) { p.state.typed(ref, words) }
		p.note.OnSubmitted = p.addNote
		bounded.Bind(p.note, limits.Of[client.NewNote]("text"), bounded.Told(p.host.Text(), p.host.Tell))
	}
	return widgets.SoftField(p.note)
}

func (p *Panel) addNote(words string) {
	if strings.TrimSpace(words) == "" {
		return
	}
	ref, id := p.ref, p.state.send(p.ref, words)
	p.host.Work(func(ctx context.Context, api *client.API) error {
		in := client.NewNote{Subject: ref, Text: words, NoteID: id}
		_, err := api.AddNote(ctx, in)
		if client.RefusesField(err, "note_id") { // an older server
			in.NoteID = ""
			_, err = api.AddNote(ctx, in)
		}
		return err
	}, func(err error) {
		if err != nil {
			p.host.Tell(ui.Explain(err, p.host.Text()))
			return
		}
		p.state.sent(ref, id)
	})
}

// tellOfNote says that a note was begun on the card that gives way to another one.
func (p *Panel) tellOfNote() {
	if n := p.state.notes[p.ref]; n.words != "" && n.id == "" {
		p.host.Tell(p.host.Text().T("crd.note_kept", "name", p.record.fields.Name))
	}
}
