// Package queue draws the missed callers whom nobody has talked with: one row each, with who
// will call back and for how long they have waited. Who stands in it is the server's to say.
package queue

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/arrival"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/courselink"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	numbermenu.Host
	callbutton.Host
	OpenSubject(kind client.SubjectKind, id string)
	Tell(sentence string)
}

// State is what outlasts the page's widgets: where it stands.
type State struct{ Scroll float32 }

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	arrival.Rows
	host  Host
	state *State
	body  *fyne.Container
	rows  []present.CallbackRow
	drawn bool
	slim  bool // there is no room for all buttons: some stand in the menu
	list  *widgets.List
	hover *hovercard.Rows
	// Course opens the course of a call; nil: it cannot be shown.
	Course func(entry client.FeedEntry)
}

// New is the page of missed callers.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.list = widgets.NewList(func() int { return len(v.rows) }, func(int) float32 { return theme.Row + 1 },
		func() fyne.CanvasObject { return widgets.NewSlot() }, v.fill)
	v.list.Kept = &state.Scroll
	v.listen()
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// roomy is from which width on a row has room for all its buttons beside a name.
const roomy float32 = 820

// Resize is Fyne's; in a narrow window the rows have fewer buttons.
func (v *View) Resize(size fyne.Size) {
	v.BaseWidget.Resize(size)
	if slim := size.Width < roomy; slim != v.slim {
		v.slim = slim
		if v.drawn {
			v.drawn = false
			v.Sync()
		}
	}
}

// Sync draws the queue as it stands now, if it is another than what is drawn.
func (v *View) Sync() {
	rows := present.CallbackList(v.host.Model(), v.host.Text(), v.host.Now())
	if v.drawn && slices.EqualFunc(rows, v.rows, same) {
		return
	}
	v.rows, v.drawn = rows, true
	text := v.host.Text()
	if len(rows) == 0 {
		v.set(widgets.Empty(text.T("feed.no_missed"), text.T("feed.no_missed_hint")))
		return
	}
	v.list.Refresh()
	v.set(v.list)
}

// listen says what the keyboard does with a row.
func (v *View) listen() {
	v.hover = hovercard.List(v.list)
	v.list.Key = func(n int) string { return v.rows[n].Phone }
	v.list.OnEnter = func(n int) { v.open(v.rows[n]) }
	v.list.OnOpen = v.list.OnEnter
	v.list.OnMenu = func(n int) {
		row := v.rows[n]
		numbermenu.Show(v.list, v.list.Under(), numbermenu.Items(v.host, row.Phone, row.Subject, v.extras(row)...))
	}
	v.list.OnCopy = func(n int) { v.host.Copy(v.rows[n].Phone) }
}

// List is what the arrow keys go through.
func (v *View) List() fyne.Focusable {
	if len(v.rows) == 0 {
		return nil
	}
	return v.list
}

// open opens the card of a caller, if there is one.
func (v *View) open(row present.CallbackRow) {
	if row.Subject != nil {
		v.host.OpenSubject(row.Subject.Kind, row.Subject.ID)
	}
}

// fill puts a caller into the place of a row.
func (v *View) fill(n int, slot fyne.CanvasObject) {
	if n < len(v.rows) {
		row, controls := v.row(v.rows[n])
		slot.(*widgets.Slot).Fill(widgets.Fill(nil, row, widgets.Rule()), controls...)
	}
}

// same tells whether two rows look the same.
func same(a, b present.CallbackRow) bool {
	a.Subject, b.Subject = nil, nil
	return a == b
}

func (v *View) set(object fyne.CanvasObject) {
	if object != fyne.CanvasObject(v.list) {
		v.hover.Gone()
	}
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
	v.Drawn()
}

const (
	// whenColumn holds «3 попытки · 34 минуты назад · долго».
	whenColumn float32 = 216
	// takeColumn holds the longer of its two words, so that the columns of all rows stand in line.
	takeColumn float32 = 150
)

// row draws a caller, and names what can be pressed there.
func (v *View) row(row present.CallbackRow) (fyne.CanvasObject, []widgets.Control) {
	text := v.host.Text()
	sign := widgets.NewAvatar("↙", theme.ToneMiss, 32)
	sign.Sign = true
	words, ink := text.T("feed.nobody_called"), widgets.InkNormal
	switch {
	case row.Mine:
		words, ink = text.T("queue.mine"), widgets.ToneInk(theme.ToneAccent)
	case row.TakenBy != "":
		words, ink = text.T("queue.taken", "name", row.TakenBy), widgets.ToneInk(theme.ToneAccent)
	}
	waits := widgets.NewLabel(row.Tries+" · "+row.Waits, theme.Caption, widgets.InkMuted)
	if row.Red {
		// The word says what the colour does.
		waits = widgets.NewLabel(row.Tries+" · "+row.Waits+" · "+text.T("queue.red"), theme.Caption, widgets.ToneInk(theme.ToneMiss))
	}
	name := widgets.Column(0, widgets.NewBold(row.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(row.About, theme.Caption, widgets.InkMuted))
	open := v.hover.Over(row.Phone, name)
	if row.Subject != nil {
		area := widgets.NewArea(func() { v.list.Point(row.Phone); v.open(row) })
		v.hover.Watch(row.Phone, area, name)
		open = widgets.Stack(name, area)
	}
	last := courselink.Over(waits, func() { v.course(row.Phone) }, nil)
	parts := []fyne.CanvasObject{sign, open, widgets.Column(0, widgets.NewLabel(words, theme.Body, ink), last.Words)}
	buttons := []*widgets.Button{numbermenu.Beside(v.host, row.Phone, row.Subject, v.courses(row)), v.claimButton(row), v.dismiss(row)}
	if v.slim {
		buttons = []*widgets.Button{numbermenu.Beside(v.host, row.Phone, row.Subject, v.extras(row)...)}
	}
	buttons = append(buttons, callbutton.New(v.host, text.T("act.call_back"), widgets.Call, row.Phone, row.Subject))
	controls := make([]widgets.Control, 0, len(buttons))
	for _, button := range buttons {
		parts, controls = append(parts, button), append(controls, button)
	}
	widths := []float32{32, widgets.Wide, whenColumn, 0, takeColumn}
	if v.slim {
		widths = widths[:4]
	}
	line := widgets.Row(theme.Gap, widths, parts...)
	return widgets.Stack(widgets.NewBox(widgets.Surface, 0), widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, line), 0, theme.Row)), controls
}

// holder is what can be done about who will call back: its key, and the act.
func holder(row present.CallbackRow) (string, func(*client.API, context.Context, string) (client.MissedCaller, error)) {
	if row.TakenBy != "" {
		return "act.release", (*client.API).ReleaseMissed
	}
	return "act.take", (*client.API).TakeMissed
}

func (v *View) claimButton(row present.CallbackRow) *widgets.Button {
	key, act := holder(row)
	return widgets.NewButton(v.host.Text().T(key), widgets.Quiet, func() { v.doWith(act, row.Phone) })
}

// courses opens the course of a caller's last missed call, by the menu.
func (v *View) courses(row present.CallbackRow) numbermenu.Item {
	return numbermenu.Item{Words: v.host.Text().T("course.title"), Do: func() { v.course(row.Phone) }}
}

// course opens the course of a caller's last missed call.
func (v *View) course(phone string) {
	if v.Course == nil {
		return
	}
	var last client.Page[client.FeedEntry]
	v.host.Work(func(ctx context.Context, api *client.API) (err error) {
		last, err = api.Feed(ctx, client.FeedQuery{Phone: phone, Type: string(client.EntryCallMissed), Limit: 1})
		return err
	}, func(err error) {
		switch {
		case err != nil:
			v.host.Tell(ui.Explain(err, v.host.Text()))
		case len(last.Items) == 0:
			v.host.Tell(v.host.Text().T("feed.call_not_found"))
		default:
			v.Course(last.Items[0])
		}
	})
}

// extras are the acts that a narrow row has no room for.
func (v *View) extras(row present.CallbackRow) []numbermenu.Item {
	text := v.host.Text()
	key, act := holder(row)
	out := []numbermenu.Item{v.courses(row), {Words: text.T(key), Do: func() { v.doWith(act, row.Phone) }}}
	for _, why := range whys {
		reason := text.T(why)
		out = append(out, numbermenu.Item{Words: text.T("act.no_need") + ": " + reason, Do: func() { v.Dismiss(row.Phone, reason) }})
	}
	return out
}

// whys are the reasons for which a caller needs no call-back.
var whys = []string{"queue.why_solved", "queue.why_spam", "queue.why_wrong", "queue.why_none"}

// Claim says that oneself will call a missed caller back.
func (v *View) Claim(phone string) { v.doWith((*client.API).TakeMissed, phone) }

func (v *View) doWith(act func(*client.API, context.Context, string) (client.MissedCaller, error), phone string) {
	v.do(func(ctx context.Context, api *client.API) error {
		_, err := act(api, ctx, phone)
		return err
	})
}

// dismiss asks for the reason in a menu: a dialog would stand in the way of the next call.
func (v *View) dismiss(row present.CallbackRow) *widgets.Button {
	text := v.host.Text()
	button := widgets.NewButton(text.T("act.no_need"), widgets.Quiet, nil)
	button.OnTap = func() {
		over := fyne.CurrentApp().Driver().CanvasForObject(button)
		if over == nil {
			return
		}
		var items []*fyne.MenuItem
		for _, key := range whys {
			reason := text.T(key)
			items = append(items, fyne.NewMenuItem(reason, func() { v.Dismiss(row.Phone, reason) }))
		}
		widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), over, fyne.NewPos(0, button.Size().Height+theme.Grid), button)
	}
	return button
}

// Dismiss says that a caller needs no call-back, and why.
func (v *View) Dismiss(phone, reason string) {
	v.do(func(ctx context.Context, api *client.API) error {
		_, err := api.DismissMissed(ctx, phone, reason)
		return err
	})
}

// do runs an act; what it did comes back by the stream.
func (v *View) do(work func(ctx context.Context, api *client.API) error) {
	v.host.Work(work, func(err error) {
		if err != nil {
			v.host.Tell(ui.Explain(err, v.host.Text()))
		}
	})
}
