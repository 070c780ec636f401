package card

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// typingRests is how long a person stops typing before the list is searched.
const typingRests = 250 * time.Millisecond

// wanted is what a finder looks for: cards of a kind, without one; while nothing is typed, those
// that have one of the numbers.
type wanted struct {
	kind   client.SubjectKind
	but    client.SubjectRef
	phones []string
}

// finder is a search with its list, in a sheet: one of the cards found is chosen.
type finder struct {
	host   ui.Base
	want   wanted
	chosen func(record)

	search     *widgets.Entry
	list       *fyne.Container
	places     *widgets.Bar // the rows of found, for the keyboard
	found      []record
	shown      string // what the list was searched for
	hinted     bool   // found are those with the same number, that nobody has searched for
	generation int
	typing     ui.Delay
}

func newFinder(host ui.Base, want wanted, escape func(), chosen func(record)) *finder {
	f := &finder{host: host, want: want, chosen: chosen, list: container.NewStack()}
	f.search = widgets.NewEntry(host.Text().T("reg.search_" + string(want.kind) + "s"))
	f.search.OnEscape = escape
	f.search.OnKey = searchfield.DownTo(func() fyne.Focusable {
		if len(f.found) == 0 || f.places == nil {
			return nil
		}
		return f.places
	})
	f.search.OnChanged = func(string) {
		f.typing.After(typingRests, f.Search)
	}
	f.search.OnSubmitted = func(string) {
		if strings.TrimSpace(f.search.Text) != f.shown {
			f.Search() // what stands there was found for other words
		} else if len(f.found) > 0 {
			f.chosen(f.found[0])
		}
	}
	return f
}

// Search looks for cards.
func (f *finder) Search() {
	f.generation++
	generation, text := f.generation, f.host.Text()
	q := strings.TrimSpace(f.search.Text)
	f.hinted = q == ""
	var found []record
	f.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if q == "" {
			found, err = sameNumber(ctx, api, f.want, text)
		} else {
			found, err = findCards(ctx, api, f.want, q, text)
		}
		return err
	}, func(err error) {
		if generation == f.generation {
			f.shown = q
			f.show(found, ui.Explain(err, text))
		}
	})
}

// sameNumber finds the cards that have one of the numbers: those are looked for most often.
func sameNumber(ctx context.Context, api *client.API, want wanted, text *i18n.Text) ([]record, error) {
	var out []record
	seen := map[string]bool{want.but.ID: true}
	for _, number := range want.phones {
		matches, err := api.Lookup(ctx, number)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			if m.Kind != want.kind || seen[m.ID] {
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

// findCards searches cards by words.
func findCards(ctx context.Context, api *client.API, want wanted, q string, text *i18n.Text) ([]record, error) {
	var all []record
	var err error
	if want.kind == client.KindClient {
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
	return slices.DeleteFunc(all, func(r record) bool { return r.ref == want.but }), err
}

// show draws what was found; why is set when the search failed.
func (f *finder) show(found []record, why string) {
	text := f.host.Text()
	f.found = found
	var face fyne.CanvasObject
	switch {
	case why != "":
		face = widgets.Broken(text.T("reg.broken"), why, text.T("act.repeat"), f.Search)
	case len(found) == 0 && f.hinted:
		face = widgets.Middle(widgets.NewLabel(text.T("crd.merge_hint"), theme.Body, widgets.InkMuted).Fixed())
	case len(found) == 0:
		face = widgets.Empty(text.T("feed.nothing"), text.T("crd.merge_nothing"))
	default:
		face = f.results()
	}
	hovercard.Leave(f.list)
	f.list.Objects = []fyne.CanvasObject{face}
	f.list.Refresh()
}

func (f *finder) results() fyne.CanvasObject {
	text := f.host.Text()
	var rows []fyne.CanvasObject
	var picks []*widgets.Pick
	if f.hinted {
		rows = append(rows, widgets.Pad(12, 12, 4, 12, widgets.NewLabel(text.T("crd.merge_same"), theme.Caption, widgets.InkMuted)))
	}
	for _, r := range f.found {
		number := ""
		if len(r.phones) > 0 {
			number = present.PrettyPhone(r.phones[0], text)
		}
		line := widgets.Row(12, []float32{32, widgets.Wide, 150}, widgets.NewAvatar(present.Initials(r.fields.Name), theme.ToneAccent, 32),
			widgets.Column(0, widgets.NewBold(r.fields.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(r.about, theme.Caption, widgets.InkMuted)),
			widgets.NewLabel(number, theme.Body, widgets.InkNormal))
		pick := widgets.NewPick(func() { f.chosen(r) })
		rows, picks = append(rows, widgets.Stack(widgets.Sized(widgets.Pad(0, 12, 0, 12, line), 0, theme.Row), pick, hovercard.Pick(line, pick))), append(picks, pick)
	}
	f.places = widgets.NewPicks(widgets.Column(0, rows...), picks...)
	return scrolling.New(f.places)
}
