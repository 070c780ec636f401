// Package morning draws the page with which a day begins: at most five lines, each one click from its cure. What has
// been cured stays with a tick, so that one sees what one has done.
package morning

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
	"dozvon/client/mornings"
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	Config() config.Config
	SetConfig(cfg config.Config)
	// LastDay is the beginning of the person's last day at the program, as far back as a morning looks.
	LastDay() time.Time
	// Leave shows the feed; Open another page.
	Leave()
	Open(page string)
	// CallQueue calls the first of those who wait for a call, and shows the others.
	CallQueue()
	// Telephony opens the settings of a PBX; empty: of any.
	Telephony(integrationID string)
}

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host  Host
	found *mornings.Morning // its last answer; nil until the server has answered
	fault error             // why it did not the last time
	loads int               // how often it was asked: only the last answer counts
	lines []present.MorningLine
	cured map[present.MorningKind]string // the lines that are over, and what is said of them
	// asking is what is said of recordings that the PBX is asked for again.
	asking string
	// refusals is why several recordings do not come.
	refusals string
	drawn    []drawn
	scroll   float32
	body     *fyne.Container
}

// drawn is what a line shows, to leave alone what has not changed.
type drawn struct {
	line  present.MorningLine
	cured string
}

// New is the page; found is what the server told already, nil: it is asked.
func New(host Host, found *mornings.Morning) *View {
	v := &View{host: host, found: found, cured: map[present.MorningKind]string{}, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.draw()
	if found == nil {
		v.Load()
	}
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Load asks the server. Until it has answered the page, and its buttons, stay as they are.
func (v *View) Load() {
	v.loads++
	load := v.loads
	v.fault = nil
	Ask(v.host, v.host.LastDay(), func(found *mornings.Morning, err error) {
		if load != v.loads {
			return
		}
		if v.fault = err; err == nil {
			v.found, v.asking, v.refusals = found, "", ""
		}
		v.draw()
	})
}

// Ask asks what a day begins with, since another.
func Ask(host ui.Base, since time.Time, done func(*mornings.Morning, error)) {
	var found mornings.Morning
	host.Work(func(ctx context.Context, api *client.API) (err error) {
		found, err = mornings.Read(ctx, api, since)
		return err
	}, func(err error) {
		if err != nil {
			done(nil, err)
			return
		}
		done(&found, nil)
	})
}

// Sync follows the model: what is over gets its tick, what is new its line.
func (v *View) Sync() {
	if !slices.Equal(v.state(), v.drawn) {
		v.draw()
	}
}

// state is what the lines show now.
func (v *View) state() []drawn {
	v.follow()
	var out []drawn
	for _, line := range v.lines {
		out = append(out, drawn{line, v.cured[line.Kind]})
	}
	return out
}

// follow keeps the lines in their order, and marks those that are over.
func (v *View) follow() {
	now := present.Morning(v.host.Model(), v.found, v.host.Text(), v.host.Now(), v.host.LastDay())
	var lines []present.MorningLine
	for _, kind := range kinds {
		of := func(l present.MorningLine) bool { return l.Kind == kind }
		fresh, former := slices.IndexFunc(now, of), slices.IndexFunc(v.lines, of)
		switch {
		case kind == present.MorningRecordings && v.asking != "" && former >= 0:
			lines = append(lines, v.lines[former])
			v.cured[kind] = v.asking
		case fresh >= 0:
			line := now[fresh]
			if kind == present.MorningRecordings && v.refusals != "" {
				line.Hint = v.refusals
			}
			lines = append(lines, line)
			delete(v.cured, kind)
		case former >= 0:
			lines = append(lines, v.lines[former])
			if v.cured[kind] == "" {
				v.cured[kind] = v.host.Text().T("morning.cured")
			}
		}
	}
	v.lines = lines
}

var kinds = []present.MorningKind{
	present.MorningMissed, present.MorningPromised, present.MorningRecordings, present.MorningExtensions, present.MorningPBX,
}

const (
	// pageWide and rowHigh are the page's measures, aboveTitle is what is free over its title.
	pageWide, rowHigh float32 = 680, 72
	aboveTitle        float32 = 72
	iconWide          float32 = 36
	bigTitle          float32 = 24
)

func (v *View) draw() {
	v.drawn = v.state()
	text, now := v.host.Text(), v.host.Now()
	var rows []fyne.CanvasObject
	add := func(row fyne.CanvasObject) {
		if len(rows) > 0 {
			rows = append(rows, widgets.Rule())
		}
		rows = append(rows, row)
	}
	filled := false // the first line that is not over has the filled button
	for _, line := range v.lines {
		open := v.cured[line.Kind] == ""
		add(v.line(line, open && !filled))
		filled = filled || open
	}
	switch {
	case v.fault != nil:
		add(v.broken(ui.Explain(v.fault, text)))
	case v.found == nil:
		add(widgets.Sized(widgets.Pad(16, theme.Side, 0, theme.Side, widgets.Skeleton(1)), 0, rowHigh))
	case len(rows) == 0:
		add(row(theme.ToneRing, "✓", text.T("morning.quiet"), text.T("morning.quiet_hint"), nil))
	}
	box := widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line), widgets.Column(0, rows...))
	cfg := v.host.Config()
	toggle := widgets.Switch(text.T("morning.toggle"), cfg.Morning, func(on bool) {
		cfg := v.host.Config()
		cfg.Morning = on
		v.host.SetConfig(cfg)
	})
	key := widgets.Stack(widgets.NewBox(widgets.Surface, 6).Outlined(widgets.Line), widgets.Pad(4, 8, 4, 8, widgets.NewBold("Esc", theme.Caption, widgets.InkNormal).Fixed()))
	foot := widgets.Row(12, []float32{0, 0, widgets.Wide, 0}, widgets.NewButton(text.T("morning.to_feed"), widgets.Link, v.host.Leave), key, widgets.Space(0, 0), toggle)
	page := widgets.Column(0,
		widgets.NewLabel(text.Day(now, now), theme.Body, widgets.InkMuted), widgets.Space(0, 4),
		widgets.NewBold(present.Greeting(v.host.Model().Me().Name, text, now), bigTitle, widgets.InkNormal), widgets.Space(0, 20),
		box, widgets.Space(0, 16), foot)
	v.body.Objects = []fyne.CanvasObject{widgets.NewScroll(container.New(centred{pageWide}, widgets.Pad(aboveTitle, 0, 24, 0, page)), &v.scroll)}
	v.body.Refresh()
}

// icons are the signs and tones of the lines.
var icons = map[present.MorningKind]struct {
	sign string
	tone theme.Tone
}{
	present.MorningMissed: {"↙", theme.ToneMiss}, present.MorningPromised: {"◷", theme.ToneAccent}, present.MorningRecordings: {"♪", theme.ToneHold},
	present.MorningExtensions: {"✆", theme.ToneHold}, present.MorningPBX: {"!", theme.ToneMiss},
}

func (v *View) line(line present.MorningLine, filled bool) fyne.CanvasObject {
	if over := v.cured[line.Kind]; over != "" {
		return row(theme.ToneRing, "✓", line.Title, over, nil)
	}
	kind := widgets.Quiet
	if filled {
		kind = widgets.Primary
		if line.Kind == present.MorningMissed {
			kind = widgets.Call
		}
	}
	icon := icons[line.Kind]
	return row(icon.tone, icon.sign, line.Title, line.Hint, widgets.NewButton(line.Do, kind, func() { v.cure(line.Kind) }))
}

func row(tone theme.Tone, sign, title, hint string, act fyne.CanvasObject) fyne.CanvasObject {
	mark := widgets.NewAvatar(sign, tone, iconWide)
	mark.Sign = true
	words := widgets.Column(2, widgets.NewBold(title, theme.Body, widgets.InkNormal), widgets.NewLabel(hint, theme.Caption, widgets.InkMuted))
	parts, widths := []fyne.CanvasObject{mark, words}, []float32{iconWide, widgets.Wide}
	if act != nil {
		parts, widths = append(parts, act), append(widths, 0)
	}
	return widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, widgets.Row(16, widths, parts...)), 0, rowHigh)
}

func (v *View) broken(why string) fyne.CanvasObject {
	text := v.host.Text()
	return row(theme.ToneMiss, "!", text.T("morning.broken"), why, widgets.NewButton(text.T("morning.retry"), widgets.Quiet, func() { v.Load(); v.Sync() }))
}

// cure does what the button of a line says.
func (v *View) cure(kind present.MorningKind) {
	switch kind {
	case present.MorningMissed:
		v.host.CallQueue()
	case present.MorningPromised:
		v.host.Open("tasks")
	case present.MorningRecordings:
		v.retry()
	case present.MorningExtensions:
		v.host.Telephony(v.found.Extensions[0].IntegrationID)
	case present.MorningPBX:
		v.host.Telephony("")
	}
}

// retry lets the PBX be asked for all recordings that have not come. What does not come then stays, each for its reason.
func (v *View) retry() {
	found, text := v.found, v.host.Text()
	v.asking, v.refusals = text.T("morning.retrying"), ""
	v.draw()
	missing := found.Recordings
	refused := missing // where nobody is signed in any more nothing is asked
	v.host.Work(func(ctx context.Context, api *client.API) (err error) {
		refused, err = askAgain(ctx, api, missing, text)
		return err
	}, func(err error) {
		v.asking = text.T("morning.asked")
		if err != nil {
			v.asking, found.Recordings, v.refusals = "", refused, reasons(refused)
		}
		v.draw()
	})
}

// askAgain asks for each, and gives those that do not come, with the last error. Where the server is not to be asked for
// anything, the others are not asked for either.
func askAgain(ctx context.Context, api *client.API, missing []mornings.MorningRecording, text *i18n.Text) (refused []mornings.MorningRecording, last error) {
	for _, r := range missing {
		err := last
		if ofOne(last) {
			_, err = api.RetryRecording(ctx, r.CallID)
		}
		if err != nil {
			last = err
			r.Why, r.WhyEN = ui.Explain(err, text), ui.Explain(err, text)
			refused = append(refused, r)
		}
	}
	return refused, last
}

// ofOne tells that an error, if any, is about one recording alone.
func ofOne(err error) bool {
	var p *client.Problem
	return err == nil || errors.As(err, &p) && p.Status != http.StatusUnauthorized && p.Status != http.StatusTooManyRequests
}

// reasons are why several do not come, each once; one alone has its reason beside it.
func reasons(refused []mornings.MorningRecording) string {
	if len(refused) < 2 {
		return ""
	}
	var out []string
	for _, r := range refused {
		if !slices.Contains(out, r.Why) {
			out = append(out, r.Why)
		}
	}
	return strings.Join(out, " ")
}

// centred puts its object in the middle, as wide as it may be, as far as there is room.
type centred struct{ most float32 }

func (c centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		wide := min(c.most, size.Width-2*theme.Side)
		o.Resize(fyne.NewSize(wide, o.MinSize().Height))
		o.Move(fyne.NewPos((size.Width-wide)/2, 0))
	}
}

func (c centred) MinSize(objects []fyne.CanvasObject) fyne.Size {
	high := float32(0)
	for _, o := range objects {
		high = max(high, o.MinSize().Height)
	}
	return fyne.NewSize(0, high)
}
