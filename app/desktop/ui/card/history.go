package card

import (
	"context"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// whenWide holds «вчера, 18:04».
	whenWide float32 = 116
	// changeMost are lines of one changed field: notes are long.
	changeMost = 4
)

// historySheet shows who changed what in a card.
type historySheet struct {
	sheet
	ref    client.SubjectRef
	name   string
	rows   []client.Change
	cursor string
	asked  bool // the list was answered
	asking bool
	why    string // it could not be read
}

// History opens the history of the card shown.
func (p *Panel) History() {
	if over := p.over(); over != nil {
		OpenHistory(p.host, over, p.ref, p.record.fields.Name)
	}
}

// OpenHistory shows who changed what in a card, which may be a deleted one.
func OpenHistory(host ui.Base, canvas fyne.Canvas, ref client.SubjectRef, name string) {
	s := &historySheet{ref: ref, name: name}
	s.sheet = newSheet(host, canvas, s.Close)
	s.pop.Show()
	s.layout() // after it is shown, as only then it can have the keyboard
	s.more()
}

// more reads the next page.
func (s *historySheet) more() {
	if s.asking {
		return
	}
	s.asking, s.why = true, ""
	var page client.Page[client.Change]
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		page, err = api.CardHistory(ctx, s.ref, s.cursor)
		return err
	}, func(err error) {
		s.asking, s.asked = false, true
		if err != nil {
			s.why = ui.Explain(err, s.host.Text())
		} else {
			s.rows, s.cursor = append(s.rows, page.Items...), page.NextCursor
		}
		s.layout()
	})
}

func (s *historySheet) layout() {
	text := s.host.Text()
	close := s.button("act.close", widgets.Quiet, s.Close)
	s.set(s.title(text.T("crd.history"), s.name), s.list(), widgets.SheetFoot(close))
	s.canvas.Focus(close)
}

func (s *historySheet) list() fyne.CanvasObject {
	text := s.host.Text()
	switch {
	case len(s.rows) == 0 && s.why != "":
		return framed(widgets.Broken(text.T("crd.history_broken"), s.why, text.T("act.repeat"), s.more))
	case len(s.rows) == 0 && !s.asked:
		return framed(widgets.Skeleton(6))
	case len(s.rows) == 0:
		return framed(widgets.Empty(text.T("crd.history_empty"), text.T("crd.history_empty_hint")))
	}
	var rows []fyne.CanvasObject
	for n, change := range s.rows {
		if n > 0 {
			rows = append(rows, widgets.Rule())
		}
		rows = append(rows, s.row(present.HistoryRow(s.ref.Kind, change, text, s.host.Now())))
	}
	switch {
	case s.why != "":
		rows = append(rows, widgets.Pad(theme.Gap, 12, 0, 12, widgets.NewParagraph(s.why, theme.Body, sheetInner-24, 3, widgets.ToneInk(theme.ToneMiss))))
		fallthrough
	case s.cursor != "":
		rows = append(rows, widgets.Pad(theme.Gap, 12, theme.Gap, 12, widgets.Row(0, nil, s.button("crd.earlier", widgets.Plain, s.more))))
	}
	return framed(scrolling.New(widgets.Column(0, rows...)))
}

func (s *historySheet) row(r present.ChangeRow) fyne.CanvasObject {
	wide := sheetInner - 24 - whenWide - 12
	lines := []fyne.CanvasObject{widgets.Row(theme.Gap, []float32{0, widgets.Wide}, widgets.NewBold(r.What, theme.Body, widgets.InkNormal).Fixed(),
		widgets.NewLabel(r.Who, theme.Body, widgets.InkMuted))}
	for _, f := range r.Fields {
		if long(f) {
			lines = append(lines, widgets.NewParagraph(f.Field+": "+f.To, theme.Body, wide, changeMost, widgets.InkNormal),
				widgets.NewParagraph(s.host.Text().T("crd.was", "words", f.From), theme.Body, wide, changeMost, widgets.InkMuted))
			continue
		}
		lines = append(lines, widgets.NewParagraph(changeWords(f), theme.Body, wide, changeMost, widgets.InkNormal))
	}
	return widgets.Pad(10, 12, 10, 12, widgets.TopRow(12, []float32{whenWide, widgets.Wide},
		widgets.NewLabel(r.When, theme.Body, widgets.InkMuted), widgets.Column(2, lines...)))
}

// long tells whether a change does not fit a line or two, as notes do: then what is there now comes
// first, and what was there under it.
func long(f present.ChangeLine) bool {
	return f.From != "" && f.To != "" && utf8.RuneCountInString(f.From)+utf8.RuneCountInString(f.To) > longChange
}

// longChange is how many characters of both texts together stand in one paragraph.
const longChange = 80

// changeWords is what became of a field in a line: «Статус: Новый → Думает».
func changeWords(f present.ChangeLine) string {
	switch {
	case f.Bare:
		return f.Field
	case f.From == "":
		return f.Field + ": " + f.To
	case f.To == "":
		return f.Field + ": " + f.From + " → —"
	}
	return f.Field + ": " + f.From + " → " + f.To
}
