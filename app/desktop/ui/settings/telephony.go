package settings

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// telephony is the part of the page about the connected PBXs: their list, and the page of
// the one that is open.
type telephony struct {
	view   *View
	box    *fyne.Container
	pages  []*page // by name, as listed
	draft  *page   // one that is being connected and that the server does not know yet
	open   *page
	adding bool // the choice of kinds is open
	read   bool
	broken error
}

func newTelephony(view *View) *telephony {
	return &telephony{view: view, box: widgets.Column(panelGap)}
}

// load reads the integrations anew; pages that are open stay, with what is being typed.
func (t *telephony) load() {
	var found []client.Integration
	t.view.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		found, err = api.Integrations(ctx)
		return err
	}, func(err error) {
		t.broken = err
		if err == nil {
			t.read = true
			t.replace(found)
		}
		t.view.draw()
	})
}

func (t *telephony) replace(found []client.Integration) {
	alive := map[string]bool{}
	for _, it := range found {
		alive[it.ID] = true
		t.take(it)
	}
	for _, p := range slices.Clone(t.pages) {
		if !alive[p.it.ID] {
			t.gone(p.it.ID)
		}
	}
}

// take takes in a new or changed integration.
func (t *telephony) take(it client.Integration) {
	p := t.find(it.ID)
	if p == nil {
		p = newPage(t, it)
		t.pages = append(t.pages, p)
		p.extensions.load()
	} else {
		p.take(it)
	}
	slices.SortStableFunc(t.pages, func(a, b *page) int { return strings.Compare(a.name(), b.name()) })
	if t.open == nil {
		t.open = p
	}
}

// gone takes a deleted integration away.
func (t *telephony) gone(id string) {
	t.pages = slices.DeleteFunc(t.pages, func(p *page) bool { return p.it.ID == id })
	if t.open != nil && t.open.it.ID == id && t.open != t.draft {
		t.open = nil
		if len(t.pages) > 0 {
			t.open = t.pages[0]
		}
	}
}

func (t *telephony) find(id string) *page {
	for _, p := range t.pages {
		if p.it.ID == id {
			return p
		}
	}
	return nil
}

// show opens an integration's page; an unknown one changes nothing.
func (t *telephony) show(id string) {
	if p := t.find(id); p != nil {
		t.open = p
	}
}

// fill draws the list and the page that is open.
func (t *telephony) fill() {
	text := t.view.host.Text()
	switch {
	case t.broken != nil && !t.read:
		t.box.Objects = []fyne.CanvasObject{widgets.Broken(text.T("set.broken"), ui.Explain(t.broken, text), text.T("act.repeat"), t.load)}
	case !t.read:
		t.box.Objects = []fyne.CanvasObject{panel(widgets.NewLabel(text.T("set.loading"), theme.Body, widgets.InkMuted))}
	case len(t.pages) == 0 && t.draft == nil:
		t.box.Objects = []fyne.CanvasObject{t.nothing()}
	default:
		t.box.Objects = t.filled()
	}
}

func (t *telephony) filled() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if len(t.pages) > 1 || t.draft != nil && len(t.pages) > 0 {
		out = append(out, t.list())
	}
	if t.adding {
		out = append(out, panel(t.chooser()))
	}
	if t.open != nil {
		t.open.fill()
		out = append(out, t.open.box)
	}
	return out
}

func (t *telephony) peopleChanged() {
	for _, p := range t.pages {
		p.extensions.fill()
	}
	t.view.settle()
}

func (t *telephony) heard() {
	for _, p := range t.pages {
		p.check.bell.heard()
	}
}

func (t *telephony) tick() {
	if t.open != nil {
		t.open.check.tick()
	}
}
