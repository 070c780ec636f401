// Package telephony draws the part of the settings about the connected PBXs. What is typed stays here
// until it is saved; what is kept lives at the server, and what others change comes by the stream.
package telephony

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the part asks of the program.
type Host interface {
	ui.Base
	Copy(text string)
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
}

// View is the list of the connected PBXs, and the page of the one that is open.
type View struct {
	host   Host
	page   panel.Surface
	box    *fyne.Container
	pages  []*page // by name, as listed
	draft  *page   // one that is being connected and that the server does not know yet
	open   *page
	adding bool // the choice of kinds is open
	read   bool
	broken error
}

// New is the part before anything was read.
func New(host Host, surface panel.Surface) *View {
	return &View{host: host, page: surface, box: widgets.Column(panel.Gap)}
}

// Load reads the integrations anew; pages that are open stay, with what is being typed.
func (t *View) Load() {
	var found []client.Integration
	t.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		found, err = api.Integrations(ctx)
		return err
	}, func(err error) {
		t.broken = err
		if err == nil {
			t.read = true
			t.replace(found)
		}
		t.page.Draw()
	})
}

func (t *View) replace(found []client.Integration) {
	alive := map[string]bool{}
	for _, it := range found {
		alive[it.ID] = true
		t.put(it)
	}
	for _, p := range slices.Clone(t.pages) {
		if !alive[p.it.ID] {
			t.gone(p.it.ID)
		}
	}
}

// put shows a new or changed integration.
func (t *View) put(it client.Integration) {
	p := t.find(it.ID)
	if p == nil {
		p = newPage(t, it)
		t.pages = append(t.pages, p)
		p.extensions.load()
	} else {
		p.update(it)
	}
	slices.SortStableFunc(t.pages, func(a, b *page) int { return strings.Compare(a.name(), b.name()) })
	if t.open == nil {
		t.open = p
	}
}

// gone takes a deleted integration away.
func (t *View) gone(id string) {
	t.pages = slices.DeleteFunc(t.pages, func(p *page) bool { return p.it.ID == id })
	if t.open != nil && t.open.it.ID == id && t.open != t.draft {
		t.open = nil
		if len(t.pages) > 0 {
			t.open = t.pages[0]
		}
	}
}

func (t *View) find(id string) *page {
	for _, p := range t.pages {
		if p.it.ID == id {
			return p
		}
	}
	return nil
}

// Show opens an integration's page; an unknown one changes nothing.
func (t *View) Show(id string) {
	if p := t.find(id); p != nil {
		t.open = p
	}
}

// fill draws the list and the page that is open.
func (t *View) fill() {
	text := t.host.Text()
	switch {
	case t.broken != nil && !t.read:
		t.box.Objects = []fyne.CanvasObject{widgets.Broken(text.T("set.broken"), ui.Explain(t.broken, text), text.T("act.repeat"), t.Load)}
	case !t.read:
		t.box.Objects = []fyne.CanvasObject{panel.Ground(widgets.NewLabel(text.T("set.loading"), theme.Body, widgets.InkMuted))}
	case len(t.pages) == 0 && t.draft == nil:
		t.box.Objects = []fyne.CanvasObject{t.nothing()}
	default:
		t.box.Objects = t.filled()
	}
}

func (t *View) filled() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	if len(t.pages) > 1 || t.draft != nil && len(t.pages) > 0 {
		out = append(out, t.list())
	}
	if t.adding {
		out = append(out, panel.Ground(t.chooser()))
	}
	if t.open != nil {
		t.open.fill()
		out = append(out, t.open.box)
	}
	return out
}

// PeopleChanged shows who is on the phone now.
func (t *View) PeopleChanged() {
	for _, p := range t.pages {
		p.extensions.fill()
	}
	t.page.Settle()
}

// CallsChanged looks whether the call of a connectivity test has come.
func (t *View) CallsChanged() {
	for _, p := range t.pages {
		p.check.bell.heard()
	}
}

// Tick moves «two minutes ago» on.
func (t *View) Tick() {
	if t.open != nil {
		t.open.check.tick()
	}
}

// Apply shows what the stream tells of an integration: *client.Integration or *client.Deleted.
// What is being typed stays.
func (t *View) Apply(data any) {
	switch it := data.(type) {
	case *client.Integration:
		t.put(*it)
	case *client.Deleted:
		t.gone(it.ID)
	}
}

// Objects is the part as it stands now.
func (t *View) Objects() []fyne.CanvasObject {
	t.fill()
	return []fyne.CanvasObject{t.box}
}
