package colleagues

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	cardHigh  float32 = 56
	ghostWide float32 = 248
	ghostHigh float32 = 44
)

// side lists who waits for a call, each to be dropped on a colleague.
func (v *View) side() fyne.CanvasObject {
	text := v.host.Text()
	count := widgets.NewChip(strconv.Itoa(len(v.waiting)), theme.ToneMiss)
	head := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.NewBold(text.T("colleague.waiting"), theme.Heading, widgets.InkNormal), count)
	hint := "colleague.drag"
	if len(v.waiting) == 0 {
		hint = "colleague.nobody_waits"
		count.Hide()
	}
	const inner = sideWide - 1 - 2*theme.Inset
	top := widgets.Column(4, head, widgets.NewParagraph(text.T(hint), theme.Caption, inner, 3, widgets.InkMuted))
	var cards []fyne.CanvasObject
	for n, row := range v.waiting {
		cards = append(cards, newCard(v, n, row))
	}
	if len(v.waiting) > 0 {
		cards = append(cards, widgets.NewParagraph(text.T("colleague.undo"), theme.Caption, inner, 2, widgets.InkMuted))
	}
	edge := widgets.Columns(0, []float32{1, widgets.Wide}, widgets.NewBox(widgets.Line, 0), widgets.Space(0, 0))
	body := widgets.NewScroll(widgets.Pad(0, theme.Inset, theme.Inset, theme.Inset+1, widgets.Column(8, cards...)), &v.state.Side)
	return widgets.Stack(widgets.NewBox(widgets.Surface, 0), edge, widgets.Fill(widgets.Pad(theme.Inset, theme.Inset, 12, theme.Inset+1, top), body, nil))
}

func mark(row present.WaitingRow) fyne.CanvasObject {
	sign, tone := "◷", theme.ToneAccent
	if row.Missed {
		sign, tone = "↙", theme.ToneMiss
	}
	a := widgets.NewAvatar(sign, tone, 28)
	a.Sign = true
	return a
}

// face is what a card and its ghost show.
func face(row present.WaitingRow) fyne.CanvasObject {
	words := widgets.Column(0, widgets.NewBold(row.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(row.Hint, theme.Caption, widgets.InkMuted))
	return widgets.Pad(0, 12, 0, 12, widgets.Row(12, []float32{28, widgets.Wide}, mark(row), words))
}

// newCard draws one; while it is dragged its place stays, and is grey.
func newCard(v *View, n int, row present.WaitingRow) fyne.CanvasObject {
	if v.ghost.row.Key == row.Key {
		return widgets.Sized(widgets.NewBox(widgets.Hover, theme.RadiusButton), 0, cardHigh)
	}
	d := newDraggable(v, row)
	ground := widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line)
	words := face(row)
	return widgets.Stack(ground, widgets.Sized(words, 0, cardHigh), d, v.waits.Pick(strconv.Itoa(n)+" "+row.Key, words, d.pick))
}

// draggable lies over a card: it is dragged to a colleague, and pressed it offers them in a menu.
type draggable struct {
	widget.BaseWidget
	v    *View
	row  present.WaitingRow
	pick *widgets.Pick
}

func newDraggable(v *View, row present.WaitingRow) *draggable {
	d := &draggable{v: v, row: row}
	d.pick = widgets.NewPick(func() { v.who(d, row) })
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer is Fyne's.
func (d *draggable) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.pick) }

// Dragged is Fyne's.
func (d *draggable) Dragged(e *fyne.DragEvent) { d.v.ghost.follow(d.row, e.AbsolutePosition) }

// DragEnd is Fyne's.
func (d *draggable) DragEnd() { d.v.ghost.drop() }

// who offers the colleagues who can call somebody.
func (v *View) who(beside fyne.CanvasObject, row present.WaitingRow) {
	var items []numbermenu.Item
	for _, c := range v.rows {
		items = append(items, numbermenu.Item{Words: v.host.Text().T("colleague.ask_of", "name", present.ShortName(c.Name)), Do: func() { v.ask(c, row) }})
	}
	numbermenu.Show(beside, fyne.NewPos(0, beside.Size().Height+theme.Grid), items)
}

// whom offers those who wait for a call, for a colleague to call.
func (v *View) whom(beside fyne.CanvasObject, at fyne.Position, row present.ColleagueRow) {
	items := v.callers(row)
	if len(items) == 0 {
		v.host.Tell(v.host.Text().T("colleague.nobody_waits"))
		return
	}
	numbermenu.Show(beside, at, items)
}

func (v *View) callers(row present.ColleagueRow) (items []numbermenu.Item) {
	for _, w := range v.waiting {
		items = append(items, numbermenu.Item{Words: w.Name + " · " + w.Hint, Do: func() { v.ask(row, w) }})
	}
	return items
}

// menu offers all that can be done with a colleague, for the keyboard.
func (v *View) menu(beside fyne.CanvasObject, at fyne.Position, row present.ColleagueRow) {
	text := v.host.Text()
	var items []numbermenu.Item
	if v.transfers(row) {
		items = append(items, numbermenu.Item{Words: text.T("colleague.transfer"), Do: func() { v.transfer(row, !v.talk.Blind) }})
	}
	if row.Calls {
		items = append(items, numbermenu.Item{Words: text.T("colleague.call"), Do: func() { v.call(row) }})
	}
	if row.CallID != "" {
		items = append(items, numbermenu.Item{Words: text.T("course.title"), Do: func() { v.course(row.CallID) }})
	}
	for _, c := range v.callers(row) {
		items = append(items, numbermenu.Item{Words: text.T("colleague.ask_about", "name", c.Words), Do: c.Do})
	}
	numbermenu.Show(beside, at, items)
}

// ask makes a colleague's task of a call that somebody waits for; a promise of one's own is over with it, a missed caller
// is the colleague's. All of it is taken back at once.
func (v *View) ask(to present.ColleagueRow, row present.WaitingRow) {
	due := present.EndOfDay(v.host.Now())
	in := client.NewTask{Phone: row.Phone, CallID: row.CallID, AssigneeID: to.ID, DueAt: &due}
	if !row.Missed {
		in.InsteadOf = row.Key
	}
	if row.Subject != nil {
		in.Subject = &client.SubjectRef{Kind: row.Subject.Kind, ID: row.Subject.ID}
	}
	v.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.AddTask(ctx, in)
		return err
	}, func(err error) {
		if err != nil {
			v.host.Tell(ui.Explain(err, v.host.Text()))
		}
	})
}

// ghost is what is dragged.
type ghost struct {
	v     *View
	row   present.WaitingRow // without a key: nothing is dragged
	over  string             // the colleague under it
	layer *fyne.Container
}

func newGhost(v *View) *ghost { return &ghost{v: v, layer: container.NewWithoutLayout()} }

// follow moves it with the pointer.
func (g *ghost) follow(row present.WaitingRow, at fyne.Position) {
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(g.v)
	place := at.Subtract(origin)
	over := g.under(place)
	begun := g.row.Key == ""
	if begun {
		g.row = row
		box := widgets.NewBox(widgets.Raised, theme.RadiusButton).Outlined(widgets.Line)
		shown := widgets.Stack(box, face(row))
		shown.Resize(fyne.NewSize(ghostWide, ghostHigh))
		g.layer.Objects = []fyne.CanvasObject{shown}
		g.v.draw()
	}
	g.layer.Objects[0].Move(place.AddXY(12, 8))
	if over != g.over {
		g.over = over
		g.v.list.Refresh()
	}
	g.layer.Refresh()
}

// under is the colleague at a place of the page; empty: none.
func (g *ghost) under(place fyne.Position) string {
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(g.v)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(g.v.list).Subtract(origin)
	size := g.v.list.Size()
	if place.X < at.X || place.X > at.X+size.Width || place.Y < at.Y || place.Y > at.Y+size.Height {
		return ""
	}
	top := at.Y - g.v.list.ScrollOffset()
	for n, row := range g.v.rows {
		bottom := top + g.v.height(n)
		if place.Y >= bottom-g.v.inner(n) && place.Y < bottom {
			return row.ID
		}
		top = bottom
	}
	return ""
}

// drop asks the colleague under it, or puts it back.
func (g *ghost) drop() {
	row, over := g.row, g.over
	g.row, g.over, g.layer.Objects = present.WaitingRow{}, "", nil
	g.layer.Refresh()
	g.v.draw()
	for _, c := range g.v.rows {
		if c.ID == over && row.Key != "" {
			g.v.ask(c, row)
		}
	}
}
