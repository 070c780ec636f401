// Package telephony draws the part of the settings about the connected PBXs: their list, and the page of
// the one that is open. What a PBX is called, which data it takes and what it can do is what the server
// tells of its kind; no kind is known here. What is typed lives in a state until it is saved, what is
// kept lives at the server, and what others change comes by the stream.
package telephony

import (
	"cmp"
	"context"
	"errors"
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
	host    Host
	surface panel.Surface
	state   *State
	box     *fyne.Container
	pages   []*page // by name, as listed
	fresh   *page   // one that is being connected and that the server does not know yet
	open    *page
	rows    map[*page]*listRow
	places  *widgets.Bar // the rows of the list, for the keyboard
	// list and choice are the list of what is connected and of what can be, as last drawn.
	list, choice fyne.CanvasObject
	turned       bool // another page was opened: it is to be scrolled to once it is drawn
	broken       error
	unkinds      error // why the kinds are not known
	readAt       time.Time
}

// readEvery is how old the list may become while it is looked at: no event of the stream tells that a
// PBX was heard.
const readEvery = time.Minute

// New is the part as it was left.
func New(host Host, surface panel.Surface, state *State) *View {
	v := &View{host: host, surface: surface, state: state, box: widgets.Column(panel.Gap)}
	if state.fresh != nil {
		v.fresh = newPage(v, state.fresh.it, state.fresh)
		v.open = v.fresh
	}
	for _, it := range state.known {
		v.put(it)
	}
	return v
}

// Load reads kinds and integrations anew; pages that are open stay, with what is being typed.
func (v *View) Load() {
	var found []client.Integration
	var kinds []client.PBXKind
	var unkinds error
	v.readAt = v.host.Now()
	v.host.Work(func(ctx context.Context, api *client.API) error {
		kinds, unkinds = api.PBXKinds(ctx)
		var err error
		found, err = api.Integrations(ctx)
		return err
	}, func(err error) {
		v.broken, v.unkinds = err, errors.Join(unkinds, err)
		if unkinds == nil && err == nil {
			v.state.kinds, v.state.told = kinds, true
		}
		if err == nil {
			v.state.read = true
			v.replace(found)
		}
		v.draw()
	})
}

func (v *View) replace(found []client.Integration) {
	alive := map[string]bool{}
	for _, it := range found {
		alive[it.ID] = true
		v.put(it)
	}
	for _, p := range slices.Clone(v.pages) {
		if !alive[p.it.ID] {
			v.lost(p)
		}
	}
}

// Apply shows what the stream tells of an integration: *client.Integration or *client.Deleted.
// What is being typed stays.
func (v *View) Apply(data any) {
	switch it := data.(type) {
	case *client.Integration:
		v.put(*it)
	case *client.Deleted:
		if p := v.find(it.ID); p != nil {
			v.lost(p)
		}
	}
	v.draw()
}

// draw draws the part, and turns to the page that was opened meanwhile.
func (v *View) draw() {
	v.surface.Draw()
	if v.turned {
		v.turned = false
		v.Reveal()
	}
}

// Reveal scrolls to the open page and its row in the list.
func (v *View) Reveal() {
	if row := v.rows[v.open]; row != nil && v.open != nil {
		v.surface.Reveal(row.box, v.open.box)
	}
}

// put shows a new or changed integration.
func (v *View) put(it client.Integration) {
	p := v.find(it.ID)
	if p == nil {
		p = newPage(v, it, v.state.page(it.ID))
		v.pages = append(v.pages, p)
		p.extensions.load()
	} else {
		p.update(it)
	}
	slices.SortStableFunc(v.pages, func(a, b *page) int {
		return cmp.Or(strings.Compare(a.name(), b.name()), strings.Compare(a.it.ID, b.it.ID))
	})
	if v.open == nil || v.open.it.ID != v.state.open && it.ID == v.state.open && v.fresh == nil {
		v.open = p
	}
	v.remember()
}

// gone takes a deleted integration away.
func (v *View) gone(id string) {
	v.pages = slices.DeleteFunc(v.pages, func(p *page) bool { return p.it.ID == id })
	delete(v.state.pages, id)
	if v.open != nil && v.open.it.ID == id && v.open != v.fresh {
		v.openFirst()
	}
	v.remember()
}

// lost takes an integration away that somebody else has deleted. Whoever looks at its page is told, and
// what was typed there stands in a new connection.
func (v *View) lost(p *page) {
	if v.open != p || p.remove.asked {
		v.gone(p.it.ID)
		return
	}
	v.state.lost = &lost{name: p.name()}
	if p.typed() && v.fresh == nil {
		v.state.lost.kept = true
		v.state.fresh = p.draft()
		v.fresh = newPage(v, v.state.fresh.it, v.state.fresh)
	}
	v.gone(p.it.ID)
	if v.state.lost.kept {
		v.show(v.fresh)
	}
}

// remember keeps what was read for when the part is made anew.
func (v *View) remember() {
	v.state.known = v.state.known[:0]
	for _, p := range v.pages {
		v.state.known = append(v.state.known, p.it)
	}
}

func (v *View) find(id string) *page {
	for _, p := range v.pages {
		if p.it.ID == id {
			return p
		}
	}
	return nil
}

// Show opens an integration's page; an unknown one changes nothing.
func (v *View) Show(id string) {
	if p := v.find(id); p != nil {
		v.show(p)
	}
}

func (v *View) show(p *page) {
	v.turned = v.turned || v.open != p
	v.open = p
	if p != v.fresh {
		v.state.open = p.it.ID
	}
}

// openFirst opens the first page there is, else the connection that is being made.
func (v *View) openFirst() {
	v.open, v.state.open, v.turned = v.fresh, "", true
	if len(v.pages) > 0 {
		v.open = v.pages[0]
	}
}

// Objects is the part as it stands now.
func (v *View) Objects() []fyne.CanvasObject {
	text := v.host.Text()
	switch {
	case v.broken != nil && !v.state.read:
		v.box.Objects = []fyne.CanvasObject{widgets.Broken(text.T("set.broken"), ui.Explain(v.broken, text), text.T("act.repeat"), v.Load)}
	case !v.state.read:
		v.box.Objects = []fyne.CanvasObject{panel.Ground(widgets.NewLabel(text.T("set.loading"), theme.Body, widgets.InkMuted))}
	case len(v.pages) == 0 && v.fresh == nil:
		v.box.Objects = append(lostRow(v, v.surface.Inner()), nothing(v))
	default:
		v.box.Objects = v.filled()
	}
	return []fyne.CanvasObject{v.box}
}

// filled is the list beside the page; in a narrow window it is over the page.
func (v *View) filled() []fyne.CanvasObject {
	side := []fyne.CanvasObject{v.drawList()}
	if v.state.choosing {
		side = append(side, v.chooser())
	}
	right := lostRow(v, v.inner())
	if v.open != nil {
		v.open.fill()
		right = append(right, v.open.box)
	}
	page := widgets.Column(panel.Gap, right...)
	if v.stacked() {
		return append(side, page)
	}
	return []fyne.CanvasObject{widgets.TopRow(v.gap(), []float32{listWidth, widgets.Wide}, widgets.Column(panel.Gap, side...), page)}
}

// Widths of the part, as designed.
const (
	listWidth float32 = 272
	wideGap   float32 = 40
	closeGap  float32 = 20
	// pageLeast is how narrow the page beside the list may be.
	pageLeast float32 = 520
	// gapRoom is the width from which list and page stand well apart.
	gapRoom float32 = 900
)

// width is the part's own.
func (v *View) width() float32 { return v.surface.Inner() + 2*panel.Padding }

// stacked tells that there is no room for the list beside the page.
func (v *View) stacked() bool { return v.width() < listWidth+closeGap+pageLeast }

func (v *View) gap() float32 {
	if v.width() < gapRoom {
		return closeGap
	}
	return wideGap
}

// inner is the width inside a panel of the page.
func (v *View) inner() float32 {
	if v.stacked() {
		return v.surface.Inner()
	}
	return v.surface.Inner() - listWidth - v.gap()
}

// PeopleChanged shows who is on the phone now.
func (v *View) PeopleChanged() {
	for _, p := range v.pages {
		p.extensions.fill()
	}
	v.surface.Settle()
}

// CallsChanged looks whether the call of a connectivity test has come.
func (v *View) CallsChanged() {
	for _, p := range v.pages {
		p.check.test.look()
	}
}

// Tick moves «two minutes ago» on.
func (v *View) Tick() {
	if v.state.read && v.host.Now().Sub(v.readAt) >= readEvery {
		v.Load()
	}
	v.tickList()
	if v.open != nil {
		v.open.check.tick()
		v.open.subscription.tick()
	}
}
