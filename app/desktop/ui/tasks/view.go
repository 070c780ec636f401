// Package tasks draws the promised call-backs: one's own reminders, what colleagues asked for, and
// what was handed to others; and the sheet that makes one. When a task is due, a card at the corner
// of the screen tells, which is the popup's.
package tasks

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/arrival"
	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the page asks of the program.
type Host interface {
	Messenger
	numbermenu.Host
	callbutton.Host
	OpenSubject(kind client.SubjectKind, id string)
	// Listen plays the recording of a call in the feed.
	Listen(callID, phone string)
}

// Messenger is what the sheet asks, and whoever changes a task from elsewhere: words, the server, and a
// place for a sentence.
type Messenger interface {
	ui.Base
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
	rows  []present.TaskRow
	drawn bool
	err   error // why the tasks could not be read
	list  *widgets.List
	hover *hovercard.Rows
}

// New is the page of tasks.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.list = widgets.NewList(func() int { return len(v.rows) }, v.height, func() fyne.CanvasObject { return widgets.NewSlot() }, v.fill)
	v.list.Kept = &state.Scroll
	v.listen()
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Shown reads the tasks anew and draws them.
func (v *View) Shown() {
	if !v.drawn {
		v.set(widgets.Skeleton(5))
	}
	v.host.Work(func(ctx context.Context, api *client.API) error {
		return v.host.Model().ReloadTasks(ctx, api)
	}, func(err error) {
		text := v.host.Text()
		if v.err = err; err != nil {
			v.drawn = false
			v.set(widgets.Broken(text.T("task.broken"), ui.Explain(err, text), text.T("act.repeat"), v.Shown))
			return
		}
		v.Sync()
	})
}

// Sync draws the tasks as they stand now, if they are others than what is drawn.
func (v *View) Sync() {
	rows := present.Tasks(v.host.Model(), v.host.Text(), v.host.Now())
	if v.err != nil || v.drawn && slices.EqualFunc(rows, v.rows, same) {
		return
	}
	v.rows, v.drawn = rows, true
	text := v.host.Text()
	if len(rows) == 0 {
		v.set(widgets.Empty(text.T("task.none"), text.T("task.none_hint")))
		return
	}
	v.list.Refresh()
	v.set(v.list)
}

// begins tells whether a row is the first of its group, and so stands under its heading.
func (v *View) begins(n int) bool { return n == 0 || v.rows[n].Group != v.rows[n-1].Group }

// height is that of a row with its hairline, and perhaps the heading of its group.
func (v *View) height(n int) float32 {
	if v.begins(n) {
		return theme.DayRow + theme.Row + 1
	}
	return theme.Row + 1
}

// listen says what the keyboard does with a row.
func (v *View) listen() {
	v.hover = hovercard.List(v.list)
	v.list.Key = func(n int) string { return v.rows[n].ID }
	v.list.Main = func(n int) (top, height float32) { return v.height(n) - theme.Row - 1, theme.Row + 1 }
	v.list.OnEnter = func(n int) { v.open(v.rows[n]) }
	v.list.OnOpen = v.list.OnEnter
	v.list.OnMenu = func(n int) { numbermenu.Show(v.list, v.list.Under(), v.items(v.rows[n])) }
	v.list.OnCopy = func(n int) { v.host.Copy(v.rows[n].Phone) }
}

// List is what the arrow keys go through.
func (v *View) List() fyne.Focusable {
	if !v.drawn || len(v.rows) == 0 {
		return nil
	}
	return v.list
}

// open opens the card that a task is about, if there is one.
func (v *View) open(row present.TaskRow) {
	if row.Subject != nil {
		v.host.OpenSubject(row.Subject.Kind, row.Subject.ID)
	}
}

// fill puts a task into the place of a row.
func (v *View) fill(n int, slot fyne.CanvasObject) {
	if n >= len(v.rows) {
		return
	}
	row, controls := v.row(v.rows[n])
	var heading fyne.CanvasObject
	if v.begins(n) {
		heading = v.heading(v.rows[n].Group)
	}
	slot.(*widgets.Slot).Fill(widgets.Fill(heading, row, widgets.Rule()), controls...)
}

// same tells whether two rows look the same.
func same(a, b present.TaskRow) bool {
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

func (v *View) heading(group model.TaskGroup) fyne.CanvasObject {
	ink := widgets.InkMuted
	if group == model.TasksLate {
		ink = widgets.ToneInk(theme.ToneMiss)
	}
	words := widgets.NewBold(v.host.Text().T("task.group_"+string(group)), theme.Caption, ink)
	return widgets.Sized(widgets.Pad(14, theme.Side, 6, theme.Side, words), 0, theme.DayRow)
}

const (
	whenColumn float32 = 118 // «завтра, 10:32»
	nameShare  float32 = -1.4
)

// row draws a task, and names what can be pressed there.
func (v *View) row(row present.TaskRow) (fyne.CanvasObject, []widgets.Control) {
	text := v.host.Text()
	sign, ink := widgets.NewAvatar("✓", theme.ToneAccent, 32), widgets.InkNormal
	if row.Group == model.TasksLate {
		sign, ink = widgets.NewAvatar("!", theme.ToneMiss, 32), widgets.ToneInk(theme.ToneMiss)
	}
	sign.Sign = true
	name := two(widgets.NewBold(row.Name, theme.Body, widgets.InkNormal), row.About)
	open := v.hover.Over(row.ID, name)
	if row.Subject != nil {
		area := widgets.NewArea(func() { v.list.Point(row.ID); v.open(row) })
		v.hover.Watch(row.ID, area, name)
		open = widgets.Stack(name, area)
	}
	more, done := v.more(row), v.done(row)
	controls := []widgets.Control{more, done}
	call := widgets.Space(0, 0)
	if row.Phone != "" {
		kind := widgets.Quiet
		if row.Group == model.TasksLate || row.Group == model.TasksAnytime {
			kind = widgets.Call
		}
		button := callbutton.New(v.host, text.T("act.call"), kind, row.Phone, row.Subject)
		call, controls = button, append(controls, button)
	}
	line := widgets.Row(theme.Gap, []float32{32, nameShare, widgets.Wide, whenColumn},
		sign, open, two(widgets.NewLabel(row.Note, theme.Body, widgets.InkNormal), row.Who),
		widgets.NewLabel(row.When, theme.Body, ink), more, done, call)
	return widgets.Stack(widgets.NewBox(widgets.Surface, 0), widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, line), 0, theme.Row)), controls
}

// two are a line and, where there is one, a second below it; one alone stands in the middle.
func two(first *widgets.Label, second string) fyne.CanvasObject {
	below := widgets.NewLabel(second, theme.Caption, widgets.InkMuted)
	switch {
	case second == "":
		return first
	case first.Text == "":
		return below
	}
	return widgets.Column(0, first, below)
}

// more is the menu of a task: other times, the recording, and what can be done with the number.
func (v *View) more(row present.TaskRow) *widgets.Button {
	return numbermenu.New(func() []numbermenu.Item { return v.items(row) })
}

func (v *View) items(row present.TaskRow) []numbermenu.Item {
	text := v.host.Text()
	var extra []numbermenu.Item
	if row.Playable {
		extra = append(extra, numbermenu.Item{Words: text.T("task.listen"), Do: func() { v.host.Listen(row.CallID, row.Phone) }})
	}
	for _, m := range present.Putoffs(text, v.host.Now()) {
		extra = append(extra, numbermenu.Item{Words: text.T("task.put_off", "when", m.Words), Do: func() { v.PutOff(row.ID, m.At) }})
	}
	return numbermenu.Items(v.host, row.Phone, row.Subject, extra...)
}

func (v *View) done(row present.TaskRow) *widgets.Button {
	return widgets.NewButton(v.host.Text().T("act.done"), widgets.Quiet, func() { Finish(v.host, row.ID) })
}

// PutOff moves a task to another time.
func (v *View) PutOff(id string, to time.Time) { PutOff(v.host, id, to) }

// Finish says that a task is done.
func Finish(host Messenger, id string) {
	done := true
	change(host, id, client.TaskChange{Done: &done})
}

// PutOff moves a task to another time.
func PutOff(host Messenger, id string, to time.Time) { change(host, id, client.TaskChange{DueAt: &to}) }

// change runs a change; what it did comes back by the stream.
func change(host Messenger, id string, in client.TaskChange) {
	host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.ChangeTask(ctx, id, in)
		return err
	}, func(err error) {
		if err != nil {
			host.Tell(ui.Explain(err, host.Text()))
		}
	})
}
