package card

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// mergeSheet joins two cards of one kind: first the other one is searched, then both are shown
// beside each other, with which of them stays.
type mergeSheet struct {
	sheet
	find       *finder
	opened     record // whose card the sheet was opened from
	into, from record // from is empty while it is being searched

	open func(ref client.SubjectRef) // shows the card that stays
	told *widgets.Paragraph
	join *widgets.Button
	busy bool
}

// Merge lets the person join another card into the one shown.
func (p *Panel) Merge() {
	over := p.over()
	if over == nil {
		return
	}
	r := p.record
	s := &mergeSheet{opened: r, into: r}
	s.sheet = newSheet(p.host, over, s.Close)
	s.open = func(ref client.SubjectRef) { p.host.OpenSubject(ref.Kind, ref.ID) }
	s.find = newFinder(p.host, wanted{r.ref.Kind, r.ref, r.phones}, s.Close, s.choose)
	s.told = widgets.NewParagraph("", theme.Small, sheetInner, 3, widgets.ToneInk(theme.ToneMiss))
	s.pick()
	s.pop.Show()
	over.Focus(s.find.search)
	s.find.Search()
}

// pick is the first face: the other card is searched.
func (s *mergeSheet) pick() {
	s.into, s.from = s.opened, record{}
	text := s.host.Text()
	s.set(s.title(text.T("crd.merge_title"), text.T("crd.merge_with", "name", s.into.fields.Name)),
		widgets.GroundField(s.find.search), framed(s.find.list), widgets.SheetFoot(s.button("act.cancel", widgets.Quiet, s.Close)))
}

// choose takes one of the cards found.
func (s *mergeSheet) choose(other record) {
	s.from = other
	s.told.Set("")
	s.compare()
}

// swap changes which of the two stays.
func (s *mergeSheet) swap() {
	s.into, s.from = s.from, s.into
	s.compare()
}

// compare is the second face: which one stays, what it takes over, and the last word.
func (s *mergeSheet) compare() {
	text := s.host.Text()
	half := (sheetInner - theme.Gap) / 2
	s.join = s.button("crd.merge_do", widgets.Primary, s.Join)
	s.join.SetEnabled(!s.busy)
	parts := []fyne.CanvasObject{
		s.title(text.T("crd.merge_title"), text.T("crd.merge_which")),
		widgets.Columns(theme.Gap, []float32{half, half}, s.side("crd.merge_stays", s.into, half, true), s.side("crd.merge_goes", s.from, half, false)),
		widgets.Row(0, nil, s.button("crd.merge_swap", widgets.Quiet, s.swap)),
		widgets.NewParagraph(text.T("crd.merge_what"), theme.Body, sheetInner, 4, widgets.InkMuted),
	}
	if s.told.Text != "" {
		parts = append(parts, s.told)
	}
	back := s.button("act.back", widgets.Quiet, s.back)
	s.set(append(parts, widgets.SheetFoot(back, s.join))...)
	s.canvas.Focus(back) // an Enter held down in the search must not merge
}

func (s *mergeSheet) back() {
	s.pick()
	s.canvas.Focus(s.find.search)
}

// side is one of the two cards; the one that stays is outlined.
func (s *mergeSheet) side(key string, r record, width float32, stays bool) fyne.CanvasObject {
	text, wide := s.host.Text(), width-2*12
	line, ink := widgets.Line, widgets.InkMuted
	if stays {
		line, ink = widgets.InkAccent, widgets.InkAccent
	}
	parts := []fyne.CanvasObject{
		widgets.NewBold(text.T(key), theme.Caption, ink), bold(r.fields.Name, wide),
		widgets.NewParagraph(r.about, theme.Caption, wide, 2, widgets.InkMuted),
	}
	for n, phone := range r.fields.Phones {
		if n == sidePhones {
			parts = append(parts, widgets.NewLabel("…", theme.Body, widgets.InkMuted))
			break
		}
		words := present.PhoneWords(phone, text)
		if phone.Label != "" {
			words += " · " + phone.Label
		}
		parts = append(parts, widgets.NewLabel(words, theme.Body, widgets.InkNormal))
	}
	if len(r.fields.Tags) > 0 {
		parts = append(parts, widgets.NewParagraph(strings.Join(r.fields.Tags, ", "), theme.Caption, wide, 2, widgets.InkMuted))
	}
	if r.fields.Note != "" {
		parts = append(parts, widgets.NewParagraph(r.fields.Note, theme.Body, wide, 3, widgets.InkNormal))
	}
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(line), widgets.Pad(12, 12, 12, 12, widgets.Column(4, parts...)))
}

// sidePhones are how many numbers of a card the comparison shows.
const sidePhones = 5

// Join merges the cards and opens the one that stays; the server offers to take it back.
func (s *mergeSheet) Join() {
	if s.busy || s.from.ref.ID == "" {
		return
	}
	s.busy = true
	s.join.SetEnabled(false)
	into, from := s.into.ref, s.from.ref.ID
	s.host.Work(func(ctx context.Context, api *client.API) error { return api.MergeCards(ctx, into, from) }, func(err error) {
		s.busy = false
		if err != nil {
			s.told.Set(ui.Explain(err, s.host.Text()))
			s.compare()
			return
		}
		s.Close()
		s.open(into)
	})
}
