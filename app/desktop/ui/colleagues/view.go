// Package colleagues draws who of the school is free, busy or away, since when and with whom, and what can be done with
// them: call, hand the own talk over, ask to call somebody back. Who waits for a call stands beside them, to be dropped
// on whoever shall call.
package colleagues

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/arrival"
	"dozvon/app/desktop/ui/courselink"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	Tell(sentence string)
	OpenSubject(kind client.SubjectKind, id string)
}

// State is what outlasts the page's widgets: where it stands, and which row is open.
type State struct {
	Scroll, Side float32
	Open         string
}

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	arrival.Rows
	host    Host
	state   *State
	rows    []present.ColleagueRow
	waiting []present.WaitingRow
	talk    present.OwnTalk
	talks   bool
	told    string // why the PBX did not hand the talk over
	calling bool   // the server is asked to call somebody
	drawn   bool
	list    *widgets.List
	hover   *hovercard.Rows
	waits   *hovercard.Rows             // of those who wait
	does    map[string]*courselink.Link // what moves on by itself, by colleague
	today   map[string]string           // what they have done today, by colleague; for who may know
	asked   time.Time                   // when that was asked last
	timer   *widgets.Label              // of the own talk
	body    *fyne.Container
	ghost   *ghost
	// Course opens the course of a call; nil: it cannot be shown.
	Course func(entry client.FeedEntry)
}

// New is an empty page.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, body: container.NewStack(), does: map[string]*courselink.Link{}}
	v.ExtendBaseWidget(v)
	v.list = widgets.NewList(func() int { return len(v.rows) }, v.height, func() fyne.CanvasObject { return widgets.NewSlot() }, v.fill)
	v.list.Kept = &state.Scroll
	v.list.Key = func(n int) string { return v.rows[n].ID }
	v.list.Main = func(n int) (top, height float32) { return v.height(n) - v.inner(n), v.inner(n) }
	v.list.OnEnter = func(n int) { v.open(v.rows[n].ID) }
	v.list.OnMenu = func(n int) { v.menu(v.list, v.list.Under(), v.rows[n]) }
	v.hover, v.waits = hovercard.List(v.list), hovercard.NewRows()
	v.ghost = newGhost(v)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// List is what the arrow keys go through.
func (v *View) List() fyne.Focusable {
	if len(v.rows) == 0 {
		return nil
	}
	return v.list
}

// Resize is Fyne's; in a narrow window there is no room for those who wait.
func (v *View) Resize(size fyne.Size) {
	was := v.roomy()
	v.BaseWidget.Resize(size)
	if v.drawn && was != v.roomy() {
		v.draw()
	}
}

const (
	// sideWide is the width of those who wait, roomiest from which width on they stand beside the colleagues.
	sideWide, roomiest float32 = 300, 820
	rowHigh            float32 = 64
	actsHigh           float32 = 48
	barHigh            float32 = 40
)

// todayEvery is how often it is asked what the colleagues have done today, while somebody looks.
const todayEvery = 5 * time.Minute

// Shown asks what the colleagues have done today, and draws them.
func (v *View) Shown() {
	v.asked = time.Time{}
	v.Sync()
	v.Tick()
}

// Tick moves on what does by itself, while the page is in front.
func (v *View) Tick() {
	v.Sync()
	now := v.host.Now()
	if !model.MayReport(v.host.Model().Me().Role) || now.Sub(v.asked) < todayEvery {
		return
	}
	v.asked = now
	begins := model.Midnight(now)
	var report client.Report
	v.host.Work(func(ctx context.Context, api *client.API) (err error) {
		report, err = api.CallReport(ctx, client.ReportQuery{From: begins, To: begins.AddDate(0, 0, 1), Group: client.ByEmployee})
		return err
	}, func(err error) {
		if err != nil {
			slog.Warn("what colleagues have done today is not known", "error", err)
			return
		}
		v.today = present.Today(report, v.host.Text())
		v.draw()
	})
}

func (v *View) roomy() bool { return v.Size().Width >= roomiest }

// Sync draws the colleagues as they are now; what only moved on by itself is put into its place.
func (v *View) Sync() {
	m, text, now := v.host.Model(), v.host.Text(), v.host.Now()
	rows, waiting := present.Colleagues(m, text, now), present.Waiting(m, text, now)
	talk, talks := present.MyTalk(m, text)
	if talk.CallID != v.talk.CallID {
		v.told = ""
	}
	same := v.drawn && talks == v.talks && sameTalk(talk, v.talk) && slices.EqualFunc(rows, v.rows, sameRow) && slices.EqualFunc(waiting, v.waiting, sameWaiting)
	v.rows, v.waiting, v.talk, v.talks = rows, waiting, talk, talks
	if !same {
		v.draw()
		return
	}
	for _, row := range rows {
		if does := v.does[row.ID]; does != nil {
			does.Set(row.Does, row.CallID != "")
		}
	}
	if v.timer != nil && talks {
		v.timer.Set(text.Timer(now.Sub(talk.Since)))
	}
}

// sameRow tells whether two rows look the same, but for what moves on by itself.
func sameRow(a, b present.ColleagueRow) bool {
	a.Does, b.Does = "", ""
	return a == b
}

func sameWaiting(a, b present.WaitingRow) bool {
	a.Subject, b.Subject = nil, nil
	return a == b
}

func sameTalk(a, b present.OwnTalk) bool {
	a.Subject, b.Subject = nil, nil
	return a == b
}

func (v *View) draw() {
	v.drawn = true
	text := v.host.Text()
	var body fyne.CanvasObject
	if len(v.rows) == 0 {
		body = widgets.Empty(text.T("people.empty"), text.T("people.empty_hint"))
		v.hover.Gone()
	} else {
		if !slices.ContainsFunc(v.rows, func(r present.ColleagueRow) bool { return r.ID == v.state.Open }) {
			v.state.Open = v.rows[0].ID
		}
		v.list.Refresh()
		body = v.list
	}
	left := widgets.Fill(v.bar(), body, nil)
	v.waits.Draw(v, func() {
		if body = left; v.roomy() {
			body = widgets.Columns(0, []float32{widgets.Wide, sideWide}, left, v.side())
		}
		v.body.Objects = []fyne.CanvasObject{body, v.ghost.layer}
		v.body.Refresh()
	})
	v.Drawn()
}

// bar says with whom one talks oneself.
func (v *View) bar() fyne.CanvasObject {
	if v.timer = nil; !v.talks {
		return nil
	}
	text, ink := v.host.Text(), widgets.ToneInk(theme.ToneRing)
	v.timer = widgets.NewBold(text.Timer(v.host.Now().Sub(v.talk.Since)), theme.Body, ink).Fixed()
	parts := []fyne.CanvasObject{
		widgets.NewDot(theme.ToneRing, true), widgets.NewBold(text.T("colleague.you_talk", "name", v.talk.Title), theme.Body, widgets.InkNormal),
		widgets.Stack(v.timer, widgets.NewPick(func() { v.course(v.talk.CallID) })),
	}
	if s := v.talk.Subject; s != nil {
		parts = append(parts, widgets.NewButton(text.T("colleague.to_card"), widgets.Link, func() { v.host.OpenSubject(s.Kind, s.ID) }))
	}
	line := widgets.Sized(widgets.Row(theme.Gap, []float32{0, widgets.Wide, 0, 0}, parts...), 0, barHigh)
	rows := []fyne.CanvasObject{line}
	if v.told != "" {
		rows = append(rows, widgets.Pad(0, 0, 10, 0, widgets.NewLabel(v.told, theme.Caption, widgets.ToneInk(theme.ToneMiss))))
	}
	ground := widgets.NewBox(widgets.ToneSoft(theme.ToneRing), theme.RadiusButton)
	return widgets.Pad(0, theme.Side, 8, theme.Side, widgets.Stack(ground, widgets.Pad(0, 12, 0, 12, widgets.Column(0, rows...))))
}

// course opens the course of a call.
func (v *View) course(callID string) {
	if v.Course != nil && callID != "" {
		v.Course(client.FeedEntry{CallID: callID})
	}
}

// begins tells whether a row is the first of its group, and so stands under its heading.
func (v *View) begins(n int) bool { return n == 0 || v.rows[n].Group != v.rows[n-1].Group }

// inner is the height of a row without the heading over it.
func (v *View) inner(n int) float32 {
	if v.rows[n].ID == v.state.Open {
		return rowHigh + actsHigh + 1
	}
	return rowHigh + 1
}

func (v *View) height(n int) float32 {
	if v.begins(n) {
		return theme.DayRow + v.inner(n)
	}
	return v.inner(n)
}

// open opens a row; only one is.
func (v *View) open(id string) {
	v.state.Open = id
	v.list.Refresh()
}

// fill puts a colleague into the place of a row.
func (v *View) fill(n int, slot fyne.CanvasObject) {
	if n >= len(v.rows) {
		return
	}
	row := v.rows[n]
	object, controls := v.row(row)
	var heading fyne.CanvasObject
	if v.begins(n) {
		count := 0
		for _, other := range v.rows {
			if other.Group == row.Group {
				count++
			}
		}
		words := widgets.NewBold(v.host.Text().T("colleague.group_"+string(row.Group), "n", count), theme.Caption, widgets.InkMuted)
		heading = widgets.Sized(widgets.Pad(14, theme.Side, 6, theme.Side, words), 0, theme.DayRow)
	}
	slot.(*widgets.Slot).Fill(widgets.Fill(heading, object, widgets.Rule()), controls...)
}

var tones = map[client.PresenceState]theme.Tone{
	client.PresenceFree: theme.ToneRing, client.PresenceRinging: theme.ToneHold, client.PresenceTalking: theme.ToneHold, client.PresenceOffline: theme.ToneMuted,
}

const (
	faceWide  float32 = 40
	lineGap   float32 = 12
	nameShare float32 = 1.3 / 2.3 // of the room that name and what they do have beside a button
)

// columns lays face, name, what they do and perhaps a button of a width beside each other. In all rows they begin at the
// same places: what they do has the button's room too where there is none.
type columns struct{ button float32 }

// MinSize is Fyne's.
func (columns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := fyne.NewSize(faceWide+2*lineGap, 0)
	for _, o := range objects {
		least.Height = max(least.Height, o.MinSize().Height)
	}
	return least
}

// Layout is Fyne's.
func (c columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := max(0, size.Width-faceWide-3*lineGap-c.button)
	name := room * nameShare
	widths := []float32{faceWide, name, room - name, c.button}
	if len(objects) < len(widths) {
		widths[2] += lineGap + c.button
	}
	x := float32(0)
	for n, o := range objects {
		high := min(size.Height, o.MinSize().Height)
		o.Move(fyne.NewPos(x, (size.Height-high)/2))
		o.Resize(fyne.NewSize(widths[n], high))
		x += widths[n] + lineGap
	}
}

// row draws a colleague, and names what can be pressed there.
func (v *View) row(row present.ColleagueRow) (fyne.CanvasObject, []widgets.Control) {
	text, tone, opened := v.host.Text(), tones[row.State], row.ID == v.state.Open
	name := widgets.Column(0, widgets.NewBold(row.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(row.About, theme.Caption, widgets.InkMuted))
	pick := widgets.NewArea(func() { v.list.Point(row.ID); v.open(row.ID) })
	does := courselink.Over(widgets.NewLabel(row.Does, theme.Body, widgets.ToneInk(tone)), func() { v.course(row.CallID) }, nil)
	does.Set(row.Does, row.CallID != "")
	v.does[row.ID] = does
	doing := widgets.Column(0, does.Words)
	if about := cmp.Or(row.With, v.today[row.ID]); about != "" {
		doing.Add(widgets.NewLabel(about, theme.Caption, widgets.InkMuted))
	}
	ground := widgets.NewBox(widgets.Surface, 0)
	if v.ghost.over == row.ID {
		ground = widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton).Outlined(widgets.InkAccent)
		accent := widgets.ToneInk(theme.ToneAccent)
		doing = widgets.Column(0, widgets.NewBold(text.T("colleague.drop", "name", present.ShortName(row.Name)), theme.Body, accent),
			widgets.NewLabel(text.T("colleague.drop_hint"), theme.Caption, widgets.InkMuted))
	}
	face := widgets.Stack(widgets.NewAvatar(present.Initials(row.Name), theme.ToneAccent, faceWide), container.New(corner{}, widgets.NewDot(tone, false)))
	ask := v.asks(row)
	line := container.New(columns{ask.MinSize().Width}, face, name, doing)
	asked := !opened && row.Group != present.ColleaguesFree && v.ghost.over != row.ID
	if asked {
		line.Add(ask)
	}
	v.hover.Watch(row.ID, pick, line)
	top := widgets.Stack(pick, widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, line), 0, rowHigh))
	switch {
	case !opened && asked:
		return widgets.Stack(ground, top), []widgets.Control{ask}
	case !opened:
		return widgets.Stack(ground, top), nil
	}
	acts, controls := v.acts(row)
	mark := widgets.Columns(0, []float32{3, widgets.Wide}, widgets.NewBox(widgets.InkAccent, 0), widgets.Space(0, 0))
	under := widgets.Sized(widgets.Pad(0, theme.Side, 16, theme.Side+faceWide+12, acts), 0, actsHigh)
	return widgets.Stack(ground, mark, widgets.Column(0, top, under)), controls
}

// asks is the button that asks a colleague to call somebody back.
func (v *View) asks(row present.ColleagueRow) *widgets.Button {
	button := widgets.NewButton(v.host.Text().T("colleague.ask"), widgets.Quiet, nil)
	button.OnTap = func() { v.whom(button, fyne.NewPos(0, button.Size().Height+theme.Grid), row) }
	return button
}

// acts are the buttons of the open row.
func (v *View) acts(row present.ColleagueRow) (fyne.CanvasObject, []widgets.Control) {
	text := v.host.Text()
	var buttons []*widgets.Button
	transfers := v.transfers(row)
	if transfers {
		buttons = append(buttons, widgets.NewButton(text.T("colleague.transfer"), widgets.Primary, func() { v.transfer(row, !v.talk.Blind) }))
	}
	if row.Calls {
		style := widgets.Primary
		if transfers {
			style = widgets.Quiet
		}
		buttons = append(buttons, widgets.NewButton(text.T("colleague.call"), style, func() { v.call(row) }))
	}
	buttons = append(buttons, v.asks(row))
	if transfers && v.talk.Blind && v.talk.Consult {
		buttons = append(buttons, widgets.NewButton(text.T("colleague.ask_first"), widgets.Quiet, func() { v.transfer(row, true) }))
	}
	var objects []fyne.CanvasObject
	var controls []widgets.Control
	widths := make([]float32, len(buttons))
	for _, b := range buttons {
		objects, controls = append(objects, b), append(controls, b)
	}
	instead := widgets.NewLabel(row.Dialled, theme.Caption, widgets.InkMuted)
	return widgets.Row(theme.Gap, append(widths, widgets.Wide), append(objects, instead)...), controls
}

// call asks the PBX to ring oneself and then a colleague; the call's card is drawn by the answer.
func (v *View) call(row present.ColleagueRow) {
	if v.calling {
		return
	}
	v.calling = true
	m := v.host.Model()
	mark := m.Mark()
	v.host.Work(func(ctx context.Context, api *client.API) error {
		call, err := api.Dial(ctx, client.Dial{EmployeeID: row.ID})
		if err == nil && call.ID != "" {
			m.Answered(call, mark)
		}
		return err
	}, func(err error) {
		if v.calling = false; err != nil {
			v.host.Tell(ui.Explain(err, v.host.Text()))
		}
	})
}

// transfers tells whether the own talk can be handed to a colleague.
func (v *View) transfers(row present.ColleagueRow) bool {
	return v.talks && (v.talk.Blind || v.talk.Consult) && row.Extension != ""
}

// transfer hands the own talk over; where the PBX refuses, it goes on and the bar says why.
func (v *View) transfer(row present.ColleagueRow, consult bool) {
	call := v.talk.CallID
	v.host.Work(func(ctx context.Context, api *client.API) error {
		return api.Transfer(ctx, call, client.Transfer{Extension: row.Extension, EmployeeID: row.ID, Consult: consult})
	}, func(err error) {
		if v.told = ui.Explain(err, v.host.Text()); v.talk.CallID == call {
			v.draw()
		}
	})
}

// corner puts a dot at the lower right of a face.
type corner struct{}

func (corner) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		least := o.MinSize()
		o.Resize(least)
		o.Move(fyne.NewPos(size.Width-least.Width+2, (size.Height+faceWide)/2-least.Height+2))
	}
}

func (corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
