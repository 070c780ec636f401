// Package calllink draws the question whether a number that came from outside shall be called: from a link,
// or from the clipboard. A web page can open such a link by itself, so nothing is dialled before the person has seen the number and said
// so. It remembers nothing; calling is the host's.
package calllink

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width float32 = 380
	inner         = width - 2*theme.Inset
)

// seen is how long a number must have stood there before it can be called: the second click of a
// double click on the link, or one meant for the number before, must not call it.
const seen = 700 * time.Millisecond

// Origin is where a number came from; its name begins the words' keys.
type Origin string

// The origins.
const (
	Link      Origin = "link"
	Clipboard Origin = "clip"
)

// Host is what the question asks of the program.
type Host interface {
	Text() *i18n.Text
	Work(work func(ctx context.Context, api *client.API) error, done func(error))
	// Dial calls a number; the extension of a link is told as soon as it rings.
	Dial(phone string, subject *client.Subject)
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
}

// Sheet is the question over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host       Host
	canvas     fyne.Canvas
	pop        *widget.PopUp
	body       *fyne.Container
	call       *widgets.Button
	no         *widgets.Button
	generation int
	to         phone.Entry
	from       Origin
	subject    *client.Subject
}

// Open asks about a number on canvas.
func Open(host Host, canvas fyne.Canvas, to phone.Entry, from Origin) *Sheet {
	s := &Sheet{host: host, canvas: canvas, body: widgets.Column(12)}
	s.call = widgets.NewButton(host.Text().T("act.call"), widgets.Call, s.Call)
	s.no = widgets.NewButton(host.Text().T("link.no"), widgets.Quiet, s.Close)
	s.call.OnEscape, s.no.OnEscape = s.Close, s.Close
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.Ask(to, from)
	return s
}

// Asking tells whether the question stands there.
func (s *Sheet) Asking() bool { return s.pop.Visible() }

// Phone is the number that is asked about.
func (s *Sheet) Phone() string { return string(s.to.Number) }

// Ask asks about another number instead of the one before.
func (s *Sheet) Ask(to phone.Entry, from Origin) {
	s.generation++
	generation := s.generation
	s.to, s.from, s.subject = to, from, nil
	s.call.SetEnabled(false)
	s.host.After(seen, func() {
		if generation == s.generation { // this number still stands there
			s.call.SetEnabled(true)
		}
	})
	s.draw()
	s.pop.Show()
	s.canvas.Focus(s.no) // a key that was meant for something else must not call
	var found []client.Subject
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		found, err = api.Lookup(ctx, string(to.Number))
		return err
	}, func(err error) {
		if generation == s.generation && err == nil && len(found) > 0 { // without a name the number must do
			s.subject = &found[0]
			s.draw()
		}
	})
}

func (s *Sheet) draw() {
	text := s.host.Text()
	number := present.PrettyPhone(s.Phone(), text)
	initials, title, about := "?", number, text.T("card.unknown")
	if s.subject != nil {
		initials, title, about = present.Initials(s.subject.Name), s.subject.Name, number
	}
	who := widgets.Row(theme.Gap, []float32{40, widgets.Wide}, widgets.NewAvatar(initials, theme.ToneAccent, 40),
		widgets.Column(0, widgets.NewParagraph(title, theme.Heading, inner-40-theme.Gap, 3, widgets.InkNormal),
			widgets.NewLabel(about, theme.Body, widgets.InkMuted)))
	s.body.Objects = []fyne.CanvasObject{widgets.NewBold(text.T(string(s.from)+".title"), theme.Heading, widgets.InkNormal), who}
	if s.to.Ext != "" {
		s.body.Add(widgets.NewParagraph(text.T("dial.ext", "ext", s.to.Ext), theme.Body, inner, 3, widgets.InkNormal))
	}
	s.body.Add(widgets.NewParagraph(text.T(string(s.from)+".why"), theme.Small, inner, 3, widgets.InkMuted))
	s.body.Add(widgets.SheetFoot(s.no, s.call))
	s.body.Refresh()
	s.pop.Refresh()
}

// Call calls the number.
func (s *Sheet) Call() {
	if !s.Asking() || !s.call.Enabled() {
		return
	}
	s.Close()
	s.host.Dial(s.to.Link(), s.subject)
}

// Close puts the question away; nothing is called.
func (s *Sheet) Close() {
	s.generation++
	s.pop.Hide()
}
