// Package timeline draws a call's course: its lanes, what the PBX sent, and its recording under one axis. What the
// course says is present's; the sound is the player's.
package timeline

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/present/course"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/timelines"
)

// Host is what a course asks of the program.
type Host interface {
	ui.Base
	Tell(sentence string)
	Copy(words string)
	OpenSubject(kind client.SubjectKind, id string)
	// After runs do on Fyne's goroutine when wait has passed.
	After(wait time.Duration, do func())
}

const (
	wide, high float32 = 1100, 628
	rightWide  float32 = 320
	waveHigh   float32 = 124
	eventHigh  float32 = 44
	// again is how often a call that goes on is read anew; every second its axis grows.
	again = 2
)

// Sheet is the course of one call over a window.
type Sheet struct {
	host   Host
	canvas fyne.Canvas
	callID string
	course course.Course
	told   timelines.Timeline
	wave   *player.Wave // nil: nothing to hear
	marked int          // the event of the playhead's moment
	wide   float32

	pop    *widget.PopUp
	body   *fyne.Container
	axis   *axis
	lanes  *lanes
	heard  *widgets.Paragraph
	place  *fyne.Container // of the waveform
	foot   *widgets.Label
	events *fyne.Container
	column *container.Scroll
	// lanesAt and eventsAt are how far the columns are scrolled.
	lanesAt, eventsAt float32
	beats             int
	turn              int // of the beats: what waits of a former one does nothing
	closed            bool
	presses           map[string]*widgets.Button
	// Closed is told when the sheet has gone; nil: nobody asks.
	Closed func()
}

// Open shows the course of a call. Of one with a recording, entry is its row and play the player; else play is nil.
func Open(host Host, over fyne.Canvas, play *player.Player, entry client.FeedEntry) *Sheet {
	s := &Sheet{host: host, canvas: over, callID: entry.CallID, marked: -1, presses: map[string]*widgets.Button{}}
	size := over.Size()
	s.wide = min(wide, size.Width-40)
	s.body = widgets.Stack(widgets.Space(s.wide, min(high, size.Height-40)))
	s.pop = widgets.NewOver(over, widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusCard), s.body), s.Close)
	if play != nil && len(present.Parts(entry)) > 0 {
		s.wave = player.NewWave(play, entry, s.moved)
	}
	s.show(widgets.Middle(widgets.Skeleton(5)))
	s.pop.Show()
	s.read()
	return s
}

// Close takes the sheet away; what plays plays on in its row.
func (s *Sheet) Close() {
	if s.closed {
		return
	}
	s.closed = true
	if s.wave != nil {
		s.wave.Close()
	}
	s.pop.Hide()
	if s.Closed != nil {
		s.Closed()
	}
}

// Shown is the call whose course is shown; empty: the sheet has gone.
func (s *Sheet) Shown() string {
	if s == nil || s.closed {
		return ""
	}
	return s.callID
}

func (s *Sheet) show(object fyne.CanvasObject) {
	s.body.Objects = []fyne.CanvasObject{s.body.Objects[0], object}
	s.body.Refresh()
}

// read asks for the course.
func (s *Sheet) read() {
	var told timelines.Timeline
	s.host.Work(func(ctx context.Context, api *client.API) (err error) {
		told, err = timelines.Read(ctx, api, s.callID)
		return err
	}, func(err error) {
		text := s.host.Text()
		switch {
		case s.closed:
		case err != nil && s.lanes != nil: // what is shown stays
		case err != nil:
			s.show(widgets.Fill(widgets.Pad(16, theme.Side, 16, theme.Side, s.closing()),
				widgets.Broken(text.T("course.broken"), ui.Explain(err, text), text.T("act.repeat"), s.read), nil))
		default:
			s.told = told
			s.draw()
		}
		s.grow()
	})
}

// grow follows a call that goes on.
func (s *Sheet) grow() {
	if s.closed || !s.course.Running {
		return
	}
	s.turn++
	turn := s.turn
	s.host.After(time.Second, func() {
		if s.closed || turn != s.turn {
			return
		}
		if s.beats++; s.beats%again == 0 {
			s.read()
			return
		}
		s.course = course.Of(s.told, s.host.Text(), s.host.Now())
		s.axis.Refresh()
		s.lanes.Refresh()
		s.grow()
	})
}

// draw shows what is told.
func (s *Sheet) draw() {
	first := s.lanes == nil
	s.course = course.Of(s.told, s.host.Text(), s.host.Now())
	if first {
		s.axis, s.lanes = newAxis(s), newLanes(s)
	}
	s.marked = -1
	s.show(widgets.Fill(s.top(), widgets.Columns(0, []float32{widgets.Wide, 1, rightWide}, s.left(), widgets.NewBox(widgets.Line, 0), s.right()), nil))
	if first {
		s.canvas.Focus(s.lanes)
	}
	s.moved()
}

func (s *Sheet) closing() fyne.CanvasObject {
	return widgets.Row(theme.Gap, []float32{widgets.Wide}, widgets.Space(0, 0), s.press("×", widgets.Bare, s.Close))
}

// press is a button of the sheet, the same one whenever the sheet is drawn anew: who has gone to it keeps the keyboard.
// Escape on it closes the sheet.
func (s *Sheet) press(words string, kind widgets.Kind, tap func()) *widgets.Button {
	b := s.presses[words]
	if b == nil {
		b = widgets.NewButton(words, kind, nil)
		b.OnEscape = s.Close
		s.presses[words] = b
	}
	b.OnTap = tap
	return b
}

// top is whose call it was, and what can be done.
func (s *Sheet) top() fyne.CanvasObject {
	text, c := s.host.Text(), s.course
	icon := widgets.NewAvatar("", theme.ToneRing, 36)
	icon.Sign = true
	icon.Set(c.Symbol, tones[c.Tone])
	objects := []fyne.CanvasObject{icon, hovercard.Over(widgets.Column(0,
		widgets.NewBold(c.Title, theme.Heading, widgets.InkNormal), widgets.NewLabel(c.About, theme.Caption, widgets.InkMuted)))}
	if subject := c.Call.Subject; subject != nil {
		objects = append(objects, s.press(text.T("act.card"), widgets.Quiet, func() {
			s.Close()
			s.host.OpenSubject(subject.Kind, subject.ID)
		}))
	}
	objects = append(objects, s.press(text.T("course.copy"), widgets.Quiet, func() {
		s.host.Copy(s.course.Plain(s.host.Text()))
		s.foot.Set(s.host.Text().T("course.copied"))
	}), s.press("×", widgets.Bare, s.Close))
	return widgets.Column(0, widgets.Pad(16, theme.Side, 16, theme.Side, widgets.Row(12, []float32{36, widgets.Wide}, objects...)), widgets.Rule())
}

// tones of a call's sign.
var tones = map[string]theme.Tone{"ring": theme.ToneRing, "miss": theme.ToneMiss, "hold": theme.ToneHold, "accent": theme.ToneAccent}

// left is the axis, the lanes, the waveform and what the colours mean.
func (s *Sheet) left() fyne.CanvasObject {
	text := s.host.Text()
	if s.foot == nil { // what it says outlasts a call's growing
		s.foot = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
		s.hint("")
	}
	story := s.course.Story
	switch {
	case s.course.Whole != "":
		story = s.course.Whole
	case len(s.course.Lanes) == 0:
		story = text.T("course.empty")
	}
	below := []fyne.CanvasObject{widgets.Rule()}
	if s.wave != nil {
		below = append(below, s.recording(), widgets.Rule())
	}
	below = append(below, widgets.Pad(12, theme.Side, 12, theme.Side, widgets.Column(theme.Gap, s.legend(),
		widgets.NewParagraph(story, theme.Body, s.wide-rightWide-2*theme.Side, 2, widgets.InkNormal), s.foot)))
	return widgets.Fill(s.axis, widgets.NewScroll(s.lanes, &s.lanesAt), widgets.Column(0, below...))
}

// legend says what the bars mean.
func (s *Sheet) legend() fyne.CanvasObject {
	var objects []fyne.CanvasObject
	var widths []float32
	for _, one := range []struct {
		kind course.BarKind
		key  string
	}{{course.BarRings, "rings"}, {course.BarMissed, "missed"}, {course.BarTalks, "talks"}, {course.BarHeld, "held"}} {
		ground, frame := inkOf(one.kind, 0), inkOf(one.kind, 1)
		objects = append(objects, widgets.Sized(widgets.NewBox(ground, 4).Outlined(frame), 16, 12),
			widgets.NewLabel(s.host.Text().T("course.legend_"+one.key), theme.Caption, widgets.InkMuted).Fixed(), widgets.Space(8, 0))
		widths = append(widths, 16, 0, 8)
	}
	return widgets.Row(6, widths, objects...)
}

// recording is the line of the waveform.
func (s *Sheet) recording() fyne.CanvasObject {
	text := s.host.Text()
	const beside = theme.Side + 48 + 10 + 8
	s.heard = widgets.NewParagraph("", theme.Caption, labelWide-beside, 2, widgets.InkMuted)
	label := widgets.Row(10, []float32{48, widgets.Wide}, s.wave.Button(), widgets.Column(0, widgets.NewBold(text.T("course.recording"), theme.Body, widgets.InkNormal), s.heard))
	s.place = &fyne.Container{Layout: underAxis{s}, Objects: []fyne.CanvasObject{label, s.wave.Object()}}
	return s.place
}

// underAxis puts the waveform where its talk stands.
type underAxis struct{ s *Sheet }

// MinSize is Fyne's.
func (underAxis) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(labelWide+200, waveHigh)
}

// Layout is Fyne's.
func (u underAxis) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	label, wave := objects[0], objects[1]
	label.Move(fyne.NewPos(theme.Side, (waveHigh-48)/2))
	label.Resize(fyne.NewSize(labelWide-theme.Side-8, 48))
	from, to := u.s.heardSpan()
	scale := scale{u.s.course.Length, size.Width}
	left := scale.x(from)
	wave.Move(fyne.NewPos(left, waveHigh/2-player.WaveMiddle()))
	wave.Resize(fyne.NewSize(max(8, scale.x(to)-left), wave.MinSize().Height))
}

// heardSpan is where the chosen recording lies in the call.
func (s *Sheet) heardSpan() (from, to time.Duration) {
	_, _, length := s.wave.Status()
	for _, r := range s.course.Recordings {
		if r.Part == s.wave.Part() {
			from = time.Duration(r.FromMS) * time.Millisecond
		}
	}
	return from, from + length
}

// head is the moment that is heard; false: nothing is.
func (s *Sheet) head() (time.Duration, bool) {
	if s.wave == nil {
		return 0, false
	}
	state, at, _ := s.wave.Status()
	if state != player.Playing && state != player.Paused {
		return 0, false
	}
	from, _ := s.heardSpan()
	return from + at, true
}

// play plays from a moment of the call, of the recording that lies there.
func (s *Sheet) play(moment time.Duration) {
	if s.wave == nil {
		s.hint(s.host.Text().T("course.no_recording"))
		return
	}
	part, from := s.wave.Part(), time.Duration(0)
	for _, r := range s.course.Recordings {
		if at := time.Duration(r.FromMS) * time.Millisecond; r.Part == 1 || at <= moment {
			part, from = r.Part, at
		}
	}
	s.wave.PlayAt(part, max(0, moment-from))
}

// moved shows where the recording is.
func (s *Sheet) moved() {
	if s.closed || s.lanes == nil {
		return
	}
	if s.wave != nil && s.heard != nil {
		text := s.host.Text()
		_, at, length := s.wave.Status()
		words := text.Timer(at) + " / " + text.Timer(length)
		if s.wave.Parts() > 1 {
			words = strconv.Itoa(s.wave.Part()) + ": " + words
		}
		if trouble := s.wave.Words(); trouble != "" {
			words = trouble
		}
		s.heard.Set(words)
		s.place.Layout.Layout(s.place.Objects, s.place.Size())
	}
	s.axis.Refresh()
	s.lanes.Refresh()
	s.mark()
}

// hint says something at the foot; empty: what can be done here.
func (s *Sheet) hint(words string) {
	if words == "" {
		words = s.host.Text().T("course.hint")
		if s.wave == nil {
			words = s.host.Text().T("course.no_recording")
		}
	}
	s.foot.Set(words)
}

// timeWords is a moment on the axis: seconds in a short call, minutes in a long one.
func (s *Sheet) timeWords(at time.Duration, unit bool) string {
	if s.course.Length > 3*time.Minute {
		return s.host.Text().Timer(at)
	}
	if unit {
		return s.host.Text().T("length.s", "s", int(at/time.Second))
	}
	return strconv.Itoa(int(at / time.Second))
}

func (s *Sheet) span(from, to time.Duration) string {
	return s.host.Text().Timer(from) + "–" + s.host.Text().Timer(to)
}
