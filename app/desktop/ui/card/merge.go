package card

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// typingRests is how long a person stops typing before the list is searched.
const typingRests = 250 * time.Millisecond

// mergeSheet joins two cards of one kind: first the other one is searched, then both are shown
// beside each other, with which of them stays.
type mergeSheet struct {
	sheet
	opened     record // whose card the sheet was opened from
	into, from record // from is empty while it is being searched

	search *widgets.Entry
	shown  string // what the list was searched for
	list   *fyne.Container
	found  []record
	hinted bool // found are those with the same number, that nobody has searched for
	round  int
	typing *time.Timer

	told *widgets.Paragraph
	join *widgets.Button
	busy bool
}

// Merge lets the person join another card into the one shown.
func (p *Panel) Merge() {
	if over := p.over(); over != nil {
		openMerge(p.host, over, p.record)
	}
}

func openMerge(host ui.Host, canvas fyne.Canvas, into record) *mergeSheet {
	s := &mergeSheet{sheet: newSheet(host, canvas), opened: into, into: into, list: container.NewStack()}
	s.search = widgets.NewEntry(host.Text().T("reg.search_" + string(into.ref.Kind) + "s"))
	s.search.OnEscape = s.Close
	s.search.OnChanged = func(string) {
		if s.typing != nil {
			s.typing.Stop()
		}
		s.typing = time.AfterFunc(typingRests, func() { fyne.Do(s.Search) })
	}
	s.search.OnSubmitted = func(string) {
		if strings.TrimSpace(s.search.Text) != s.shown {
			s.Search() // what stands there was found for other words
		} else if len(s.found) > 0 {
			s.Choose(0)
		}
	}
	s.told = widgets.NewParagraph("", theme.Small, sheetInner, 3, widgets.ToneInk(theme.ToneMiss))
	s.pick()
	s.pop.Show()
	canvas.Focus(s.search)
	s.Search()
	return s
}

// pick is the first face: the other card is searched.
func (s *mergeSheet) pick() {
	s.into, s.from = s.opened, record{}
	text := s.host.Text()
	s.set(s.title(text.T("crd.merge_title"), text.T("crd.merge_with", "name", s.into.fields.Name)),
		widgets.GroundField(s.search), framed(s.list), foot(s.button("act.cancel", widgets.Quiet, s.Close)))
}

// Search looks for the other card: while nothing is typed, among those with the same number.
func (s *mergeSheet) Search() {
	s.round++
	round, text, into := s.round, s.host.Text(), s.into
	q := strings.TrimSpace(s.search.Text)
	s.hinted = q == ""
	var found []record
	s.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if q == "" {
			found, err = sameNumber(ctx, api, into, text)
		} else {
			found, err = findCards(ctx, api, into.ref, q, text)
		}
		return err
	}, func(err error) {
		if round == s.round {
			s.shown = q
			s.show(found, ui.Explain(err, text))
		}
	})
}

// sameNumber finds the cards of one kind that share a number with one: those are merged most often.
func sameNumber(ctx context.Context, api *client.API, but record, text *i18n.Text) ([]record, error) {
	var out []record
	seen := map[string]bool{but.ref.ID: true}
	for _, number := range but.phones {
		matches, err := api.Lookup(ctx, number)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			if m.Kind != but.ref.Kind || seen[m.ID] {
				continue
			}
			seen[m.ID] = true
			r, err := one(ctx, api, client.SubjectRef{Kind: m.Kind, ID: m.ID}, text)
			if gone(err) {
				continue // deleted between the two questions
			}
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// findCards searches cards of the kind of one, without that one.
func findCards(ctx context.Context, api *client.API, but client.SubjectRef, q string, text *i18n.Text) ([]record, error) {
	var all []record
	var err error
	if but.Kind == client.KindClient {
		var page client.Page[client.Client]
		page, err = api.FindClients(ctx, client.CardQuery{Q: q})
		for _, c := range page.Items {
			all = append(all, ofClient(c, text))
		}
	} else {
		var page client.Page[client.Contract]
		page, err = api.FindContracts(ctx, client.CardQuery{Q: q})
		for _, c := range page.Items {
			all = append(all, ofContract(c, text))
		}
	}
	return slices.DeleteFunc(all, func(r record) bool { return r.ref == but }), err
}

// show draws what was found; why is set when the search failed.
func (s *mergeSheet) show(found []record, why string) {
	text := s.host.Text()
	s.found = found
	var face fyne.CanvasObject
	switch {
	case why != "":
		face = widgets.Broken(text.T("reg.broken"), why, text.T("act.repeat"), s.Search)
	case len(found) == 0 && s.hinted:
		face = widgets.Middle(widgets.NewLabel(text.T("crd.merge_hint"), theme.Body, widgets.InkMuted).Fixed())
	case len(found) == 0:
		face = widgets.Empty(text.T("feed.nothing"), text.T("crd.merge_nothing"))
	default:
		face = s.results()
	}
	s.list.Objects = []fyne.CanvasObject{face}
	s.list.Refresh()
}

func (s *mergeSheet) results() fyne.CanvasObject {
	text := s.host.Text()
	var rows []fyne.CanvasObject
	if s.hinted {
		rows = append(rows, widgets.Pad(12, 12, 4, 12, widgets.NewLabel(text.T("crd.merge_same"), theme.Caption, widgets.InkMuted)))
	}
	for n, r := range s.found {
		number := ""
		if len(r.phones) > 0 {
			number = model.PrettyPhone(r.phones[0], text)
		}
		line := widgets.Row(12, []float32{32, widgets.Wide, 150}, widgets.NewAvatar(model.Initials(r.fields.Name), theme.ToneAccent, 32),
			widgets.Column(0, widgets.NewBold(r.fields.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(r.about, theme.Caption, widgets.InkMuted)),
			widgets.NewLabel(number, theme.Body, widgets.InkNormal))
		rows = append(rows, widgets.Stack(widgets.Sized(widgets.Pad(0, 12, 0, 12, line), 0, theme.Row), widgets.NewPick(func() { s.Choose(n) })))
	}
	return container.NewVScroll(widgets.Column(0, rows...))
}

// Choose takes one of the cards found.
func (s *mergeSheet) Choose(n int) {
	s.from = s.found[n]
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
	s.set(append(parts, foot(back, s.join))...)
	s.canvas.Focus(back) // an Enter held down in the search must not merge
}

func (s *mergeSheet) back() {
	s.pick()
	s.canvas.Focus(s.search)
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
		words := model.PhoneWords(phone, text)
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
		s.host.OpenSubject(into.Kind, into.ID)
	})
}
