// Package card draws the card of a contract or client at the right of the main window, the form
// that makes or changes one, and what else can be done with it: its history, merging, deleting.
// It reads and writes through the host; whose number it is and what binds to it is the server's
// to say.
package card

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// side is the panel's free edge, and inner the width of its text.
	side  float32 = 18
	inner         = theme.Panel - 2*side
	// recent is how many feed entries the card shows.
	recent = 8
)

// Host is what the panel asks of the program.
type Host interface {
	ui.Base
	numbermenu.Host
	callbutton.Host
	// OpenSubject shows the register with the row highlighted and the card beside it.
	OpenSubject(kind client.SubjectKind, id string)
	// OpenFeed shows the whole feed of a contract or client; name says whose it is.
	OpenFeed(ref client.SubjectRef, name string)
	// Tell shows a sentence at the bottom of the main window for a while.
	Tell(sentence string)
}

// Panel shows one record. All methods belong on Fyne's goroutine.
type Panel struct {
	widget.BaseWidget
	host   Host
	closed func()
	box    *fyne.Container
	record record
	ref    client.SubjectRef
	recent []client.FeedEntry
	note   *widgets.Entry
	scroll *container.Scroll
	drawn  time.Time
	form   *form
	asking bool // whether the card shall be deleted is being asked
	failed bool // the record could not be read, and may be later
	state  *State
	// Course opens the course of one of its calls; nil: nothing does.
	Course func(entry client.FeedEntry)
}

// New is an empty panel; closed is called when the person puts it away.
func New(host Host, state *State, closed func()) *Panel {
	if state.drafts == nil {
		state.drafts, state.notes = map[client.SubjectRef]draft{}, map[client.SubjectRef]typedNote{}
	}
	p := &Panel{host: host, closed: closed, box: container.NewStack(), state: state}
	state.panel = p
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.box) }

// Open reads and shows a record. What was being typed into another one is kept for when it is
// opened again.
func (p *Panel) Open(kind client.SubjectKind, id string) {
	ref := client.SubjectRef{Kind: kind, ID: id}
	if p.ref != ref {
		p.keepDraft()
		p.tellOfNote()
		p.ref, p.form, p.note, p.scroll, p.asking = ref, nil, nil, nil, false
		p.state.show(ref)
		p.set(widgets.Middle(widgets.NewLabel(p.host.Text().T("subj.loading"), theme.Body, widgets.InkMuted).Fixed()))
	}
	var found record
	var page client.Page[client.FeedEntry]
	text := p.host.Text()
	p.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if found, err = read(ctx, api, ref, text); err != nil {
			return err
		}
		page, err = api.Feed(ctx, client.FeedQuery{Subject: string(kind) + ":" + id, Limit: recent})
		return err
	}, func(err error) {
		if p.ref == ref {
			p.applyRead(found, page.Items, err)
		}
	})
}

// applyRead shows what was read of the record.
func (p *Panel) applyRead(found record, entries []client.FeedEntry, err error) {
	p.failed = err != nil && !gone(err)
	if err != nil {
		if p.form == nil { // what is being typed outlives a lost connection
			p.record = record{}
			p.set(p.broken(err))
		}
		return
	}
	p.record, p.recent = found, entries
	switch {
	case p.form != nil:
		p.form.follow(found)
	case p.openDraft():
	default:
		p.draw()
	}
}

func (p *Panel) broken(err error) fyne.CanvasObject {
	text, ref := p.host.Text(), p.ref
	title, why := text.T("subj.broken"), ui.Explain(err, text)
	again := widgets.Row(0, nil, widgets.NewButton(text.T("act.repeat"), widgets.Primary, func() { p.Open(ref.Kind, ref.ID) }))
	if gone(err) {
		title, why = text.T("crd.gone"), text.T("crd.gone_hint")
		again.Hide() // it would be gone again
	}
	return widgets.Stack(widgets.Middle(widgets.Column(theme.Gap,
		widgets.NewBold(title, theme.Heading, widgets.ToneInk(theme.ToneMiss)).Fixed(),
		widgets.NewParagraph(why, theme.Body, inner, 4, widgets.InkMuted), again)), drawing{p}.corner())
}

// Recover reads the record again if that failed.
func (p *Panel) Recover() {
	if p.ref.ID != "" && p.failed {
		p.Open(p.ref.Kind, p.ref.ID)
	}
}

// Follow reads the record anew when it, or its feed, changed.
func (p *Panel) Follow(kind client.SubjectKind, id string) {
	if id != "" && p.ref == (client.SubjectRef{Kind: kind, ID: id}) {
		p.Open(kind, id)
	}
}

// FollowContract reads a client's card anew when a contract that it lists, or shall list, changed
// or is gone; clientID is empty when nobody knows whose it was.
func (p *Panel) FollowContract(id, clientID string) {
	if p.ref.Kind != client.KindClient || p.ref.ID == "" {
		return
	}
	listed := clientID == p.ref.ID
	for _, c := range p.record.contracts {
		listed = listed || c.ID == id
	}
	if listed {
		p.Open(p.ref.Kind, p.ref.ID)
	}
}

// Tick draws the card anew when the clock in it has moved on: the time where the caller is.
func (p *Panel) Tick() {
	now := p.host.Now()
	if p.record.ref.ID == "" || p.record.ref != p.ref || p.form != nil || now.Truncate(time.Minute).Equal(p.drawn.Truncate(time.Minute)) {
		return
	}
	p.draw()
}

// Opened tells which record is shown.
func (p *Panel) Opened() (client.SubjectKind, string) { return p.ref.Kind, p.ref.ID }

// Read reports whether the record that is open has been read, and shows.
func (p *Panel) Read() bool { return p.ref.ID != "" && p.record.ref == p.ref }

func (p *Panel) set(object fyne.CanvasObject) {
	p.box.Objects = []fyne.CanvasObject{object}
	p.box.Refresh()
}

// Close puts the panel away.
func (p *Panel) Close() {
	p.keepDraft()
	p.ref, p.form, p.note, p.scroll, p.asking = client.SubjectRef{}, nil, nil, nil, false
	p.closed()
}

// Gone closes a card that somebody has deleted. One that was erased for good takes along what was typed into it, and
// that is told.
func (p *Panel) Gone(record client.Deleted) {
	if record.Erased {
		p.form = nil
		delete(p.state.drafts, p.ref)
	}
	p.Close()
	if record.Erased {
		p.host.Tell(p.host.Text().T("crd.erased"))
	}
}

// over is the canvas that sheets lie over; nil when the panel is not shown.
func (p *Panel) over() fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(p) }
