package popup

import (
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// The heights of what stands in the stack beside cards.
const (
	lineHeight float32 = 40
	foldHeight float32 = 116
)

// lineView is the line of calls that ring beside those that stand whole.
type lineView struct {
	widget.BaseWidget
	body  *fyne.Container
	timer *widgets.Label
	text  *i18n.Text
	shown present.AlsoRinging
}

func newLineView() *lineView {
	l := &lineView{body: container.NewStack(), timer: widgets.NewLabel("", theme.Caption, widgets.InkMuted).Fixed()}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer is Fyne's.
func (l *lineView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.body) }

func (l *lineView) clickable() []spot { return nil }

func (l *lineView) draw(ring present.AlsoRinging, text *i18n.Text, now time.Time) {
	if l.text == text && reflect.DeepEqual(l.shown, ring) {
		return
	}
	l.text, l.shown = text, ring
	l.tick(now)
	words := widgets.Row(6, []float32{0, 0, widgets.Wide, 0}, widgets.NewDot(theme.ToneRing, true),
		widgets.NewBold(ring.Heading, theme.Caption, widgets.ToneInk(theme.ToneRing)).Fixed(),
		widgets.NewLabel(ring.Names, theme.Caption, widgets.InkMuted), l.timer)
	l.body.Objects = []fyne.CanvasObject{groundOf(ring.First.Practice), widgets.Sized(widgets.Pad(0, theme.Inset, 0, theme.Inset-4, words), theme.Card, lineHeight)}
	l.body.Refresh()
}

func (l *lineView) tick(now time.Time) {
	if l.text != nil {
		l.timer.Set(l.text.Timer(now.Sub(l.shown.First.Since)))
	}
}

// foldView is one card for missed calls that have no room for cards of their own.
type foldView struct {
	widget.BaseWidget
	intents Intents
	body    *fyne.Container
	text    *i18n.Text
	shown   present.Folded
	rings   bool
	spots   []spot
}

func newFoldView(intents Intents) *foldView {
	f := &foldView{intents: intents, body: container.NewStack()}
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer is Fyne's.
func (f *foldView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

func (f *foldView) clickable() []spot { return f.spots }

// draw draws the fold. While something rings, that has the only filled button.
func (f *foldView) draw(fold present.Folded, rings bool, text *i18n.Text) {
	if f.text == text && f.rings == rings && reflect.DeepEqual(f.shown, fold) {
		return
	}
	f.text, f.shown, f.rings, f.spots = text, fold, rings, nil
	ink := widgets.ToneInk(theme.ToneMiss)
	top := widgets.Row(theme.Gap-2, []float32{0, 0, widgets.Wide, 0},
		widgets.NewBold("↙", theme.Caption, ink).Fixed(), widgets.NewBold(fold.Heading, theme.Caption, ink).Fixed(),
		widgets.NewLabel(fold.Aside, theme.Caption, widgets.InkMuted).Aligned(fyne.TextAlignTrailing), widgets.Space(crossWide, crossHigh))
	wide := func(words string) float32 { return fyne.MeasureText(words, theme.Body, fyne.TextStyle{}).Width + 1 }
	who, more := fold.Names, fold.More
	if fold.First != "" && wide(who)+4+wide(more) > innerWidth { // half a number says nothing
		who, more = fold.First, fold.Others
	}
	names := widgets.Row(4, []float32{min(innerWidth-wide(more)-4, wide(who)), widgets.Wide},
		widgets.NewLabel(who, theme.Body, widgets.InkNormal), widgets.NewLabel(more, theme.Body, widgets.InkMuted))
	f.body.Objects = []fyne.CanvasObject{
		groundOf(fold.Practice), widgets.NewArea(f.intents.ShowMissed),
		widgets.Sized(widgets.Column(0, widgets.Pad(10, 12, 0, theme.Inset-4, top), widgets.Pad(8, theme.Inset, 12, theme.Inset, names),
			inside(14, f.buttons())), theme.Card, foldHeight),
		atCorner(f.spot("close", cross(f.close))),
	}
	f.body.Refresh()
}

func (f *foldView) buttons() fyne.CanvasObject {
	show := f.spot("show", widgets.NewButton(f.text.T("act.show"), widgets.Quiet, f.intents.ShowMissed))
	if f.shown.Last == nil {
		return widgets.Row(theme.Gap, []float32{widgets.Wide}, show)
	}
	kind := widgets.Call
	if f.rings {
		kind = widgets.SoftCall
	}
	word := "act.call_last"
	if f.shown.Single {
		word = "act.call_back"
	}
	call := f.spot("call_last", widgets.NewButton(f.text.T(word), kind, f.callLast))
	return widgets.Row(theme.Gap, []float32{0, widgets.Wide}, show, call)
}

func (f *foldView) spot(name string, object fyne.CanvasObject) fyne.CanvasObject {
	f.spots = append(f.spots, spot{name, object})
	return object
}

// callLast calls the last caller back; all their missed calls leave the fold.
func (f *foldView) callLast() {
	last := *f.shown.Last
	f.intents.CallBack(last)
	for _, card := range f.shown.Cards {
		if card.Phone == last.Phone && card.ID != last.ID {
			f.intents.Dismiss(card)
		}
	}
}

func (f *foldView) close() {
	for _, card := range f.shown.Cards {
		f.intents.Dismiss(card)
	}
}

// groundOf is what a card lies on that has no room for a band.
func groundOf(practice bool) fyne.CanvasObject {
	if practice {
		return widgets.NewBox(widgets.ToneSoft(theme.ToneHold), theme.RadiusCard).Outlined(widgets.Line)
	}
	return ground()
}

// ground is what every card lies on.
func ground() fyne.CanvasObject {
	return widgets.NewBox(widgets.Raised, theme.RadiusCard).Outlined(widgets.Line)
}

// The size of the sign that closes a card.
const crossWide, crossHigh float32 = 24, 24

// cross is that sign.
func cross(tap func()) fyne.CanvasObject {
	sign := widgets.NewLabel("×", 17, widgets.InkMuted).Fixed().Aligned(fyne.TextAlignCenter)
	return widgets.Stack(widgets.Sized(sign, crossWide, crossHigh), widgets.NewPick(tap))
}

// atCorner puts the cross into the upper right corner of a card. It lies over all else, as Tab comes to it last.
func atCorner(cross fyne.CanvasObject) fyne.CanvasObject {
	line := widgets.Row(0, []float32{widgets.Wide, 0}, widgets.Space(0, 0), cross)
	return container.NewBorder(widgets.Pad(10, 12, 0, 0, line), nil, nil, nil)
}
