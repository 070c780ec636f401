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
	"dozvon/app/desktop/ui/callbutton"
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
	host  Host
	state *State
	body  *fyne.Container
	rows  []present.TaskRow
	drawn bool
	err   error // why the tasks could not be read
}

// New is the page of tasks.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, body: container.NewStack()}
	v.ExtendBaseWidget(v)
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
	var objects []fyne.CanvasObject
	group := model.TaskGroup("")
	for _, row := range rows {
		if row.Group != group {
			group = row.Group
			objects = append(objects, v.heading(group))
		}
		objects = append(objects, v.row(row), widgets.Rule())
	}
	v.set(widgets.NewScroll(widgets.Column(0, objects...), &v.state.Scroll))
}

// same tells whether two rows look the same.
func same(a, b present.TaskRow) bool {
	a.Subject, b.Subject = nil, nil
	return a == b
}

func (v *View) set(object fyne.CanvasObject) {
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
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

func (v *View) row(row present.TaskRow) fyne.CanvasObject {
	text := v.host.Text()
	sign, ink := widgets.NewAvatar("✓", theme.ToneAccent, 32), widgets.InkNormal
	if row.Group == model.TasksLate {
		sign, ink = widgets.NewAvatar("!", theme.ToneMiss, 32), widgets.ToneInk(theme.ToneMiss)
	}
	sign.Sign = true
	name := two(widgets.NewBold(row.Name, theme.Body, widgets.InkNormal), row.About)
	open := name
	if row.Subject != nil {
		open = widgets.Stack(name, widgets.NewArea(func() { v.host.OpenSubject(row.Subject.Kind, row.Subject.ID) }))
	}
	call := fyne.CanvasObject(widgets.Space(0, 0))
	if row.Phone != "" {
		kind := widgets.Quiet
		if row.Group == model.TasksLate || row.Group == model.TasksAnytime {
			kind = widgets.Call
		}
		call = callbutton.New(v.host, text.T("act.call"), kind, row.Phone, row.Subject)
	}
	line := widgets.Row(theme.Gap, []float32{32, nameShare, widgets.Wide, whenColumn},
		sign, open, two(widgets.NewLabel(row.Note, theme.Body, widgets.InkNormal), row.Who),
		widgets.NewLabel(row.When, theme.Body, ink), v.more(row), v.done(row), call)
	return widgets.Stack(widgets.NewBox(widgets.Surface, 0), widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, line), 0, theme.Row))
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
func (v *View) more(row present.TaskRow) fyne.CanvasObject {
	text := v.host.Text()
	return numbermenu.New(func() []numbermenu.Item {
		var extra []numbermenu.Item
		if row.Playable {
			extra = append(extra, numbermenu.Item{Words: text.T("task.listen"), Do: func() { v.host.Listen(row.CallID, row.Phone) }})
		}
		for _, m := range present.Putoffs(text, v.host.Now()) {
			extra = append(extra, numbermenu.Item{Words: text.T("task.put_off", "when", m.Words), Do: func() { v.PutOff(row.ID, m.At) }})
		}
		return numbermenu.Items(v.host, row.Phone, row.Subject, extra...)
	})
}

func (v *View) done(row present.TaskRow) fyne.CanvasObject {
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
