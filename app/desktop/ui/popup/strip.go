package popup

import (
	"math"
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Sizes of the strip, as designed: it stands at the right edge of the screen, above the lower one.
const (
	stripWidth  float32 = 264
	stripHeight float32 = 40
	stripAbove  float32 = 32
	// stripAgain is how long the pointer is away before the cards are a strip again.
	stripAgain = 2 * time.Second
)

// stripView is what shows of calls that stand aside: of all of them while another program has the whole screen, of those
// that ring during a talk.
type stripView struct {
	widget.BaseWidget
	body  *fyne.Container
	timer *widgets.Label
	text  *i18n.Text
	shown present.Strip
	open  func()
}

var _ desktop.Hoverable = (*stripView)(nil)

func newStripView(open func()) *stripView {
	s := &stripView{body: container.NewStack(), timer: widgets.NewLabel("", theme.Body, widgets.InkMuted).Fixed(), open: open}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *stripView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }

// MouseIn opens the cards.
func (s *stripView) MouseIn(*desktop.MouseEvent) { s.open() }

// MouseMoved is nothing.
func (s *stripView) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is nothing: the cards stand there by then.
func (s *stripView) MouseOut() {}

// Tapped opens the cards, for who has no pointer that hovers.
func (s *stripView) Tapped(*fyne.PointEvent) { s.open() }

func (s *stripView) clickable() []spot { return []spot{{"open", s}} }

func (s *stripView) draw(shown present.Strip, text *i18n.Text, now time.Time) {
	if s.text == text && reflect.DeepEqual(s.shown, shown) {
		return
	}
	s.text, s.shown = text, shown
	card := shown.First
	ink := widgets.ToneInk(tone(card))
	if card.Practice {
		ink = widgets.ToneInk(theme.ToneHold)
	}
	mark := fyne.CanvasObject(widgets.NewBold("↙", theme.Body, ink).Fixed())
	if card.State != model.CardRinging {
		mark = widgets.NewSign('✆', theme.Body, ink)
	}
	s.timer.Bold, s.timer.Ink = card.State != model.CardRinging, widgets.InkMuted
	if s.timer.Bold {
		s.timer.Ink = widgets.InkNormal
	}
	s.tick(now)
	words := widgets.Row(10, []float32{4, 16, widgets.Wide, 0, 0},
		widgets.Pad(10, 0, 10, 0, widgets.Sized(widgets.NewBox(ink, 2), 4, 20)), mark, widgets.NewBold(shown.Name, theme.Body, widgets.InkNormal))
	if shown.More != "" {
		words.Add(widgets.NewLabel(shown.More, theme.Caption, widgets.InkMuted).Fixed())
	}
	words.Add(s.timer)
	// Its right end is beyond the screen.
	s.body.Objects = []fyne.CanvasObject{groundOf(card.Practice), widgets.Pad(0, 12+theme.RadiusCard, 0, 10, words)}
	s.body.Refresh()
}

func (s *stripView) tick(now time.Time) {
	if s.text != nil && !s.shown.First.Since.IsZero() {
		s.timer.Set(s.text.Timer(now.Sub(s.shown.First.Since)))
	}
}

// Quiet lets a strip stand for the cards, or not any more, from the next Update on.
func (s *Stack) Quiet(on bool) {
	if s.quiet != on {
		s.quiet, s.opened = on, false
	}
}

// Aside lets a strip stand for what rings during a talk, or the cards again, from the next Update on.
func (s *Stack) Aside(on bool) {
	if s.aside != on {
		s.aside, s.opened = on, false
	}
}

// tucked tells whether there are cards that show whole only once somebody comes to them.
func (s *Stack) tucked() bool { return (s.quiet || s.aside) && !s.opened }

// open shows the cards instead of the strip, while the pointer is on them, or the keyboard.
func (s *Stack) open() {
	s.opened, s.left = true, time.Time{}
	s.arrange(time.Now(), false)
}

// pointedAt tells whether the pointer is on the n-th card from the lower edge.
func pointedAt(s *Stack, n int) bool {
	x, y := s.screen.Pointer()
	r := s.frame.onScreen(n)
	return x >= r.X && x < r.X+r.Width && y >= r.Y && y < r.Y+r.Height
}

// look makes a strip of the cards again once the pointer has been away for a while.
func (s *Stack) look(now time.Time) {
	for n := range s.standing {
		if pointedAt(s, n) {
			s.left = time.Time{}
			return
		}
	}
	switch {
	case s.left.IsZero():
		s.left = now
	case now.Sub(s.left) >= stripAgain && !s.writing() && !s.hasKeys():
		s.opened = false
		s.arrange(now, false)
	}
}

// standStrip lets the strip stand for the call that comes first; what does not go on just now waits until the
// screen is the person's again.
func (s *Stack) standStrip(now time.Time) {
	cards := s.wanting()
	order := stacking.Arrange(cards, stacking.Room{Height: math.MaxFloat32}, func(int) float32 { return 0 })
	first := order[0].Cards[0]
	s.stand(nil, now)
	if cards[first].Kind > stacking.Own {
		s.root.Objects = nil
		s.frame.hide()
		return
	}
	one := standing{form: stacking.Strip, object: s.strip}
	going := 0
	for _, p := range order {
		one.cards = append(one.cards, s.cards[p.Cards[0]])
		if cards[p.Cards[0]].Kind <= stacking.Own {
			going++ // the order has these first
		}
	}
	s.strip.draw(present.Tuck(one.cards[:going], s.text), s.text, now)
	s.standing = append(s.standing, one)
	s.frame.showStrip(s.root, s.strip)
}

// showStrip shows the strip alone, at the edge of the screen.
func (f *frame) showStrip(root *fyne.Container, strip fyne.CanvasObject) {
	f.scale = f.window.Canvas().Scale()
	f.resize(fyne.NewSize(theme.Card, max(f.size.Height, stripHeight)))
	at := place{fyne.NewPos(theme.Card-stripWidth, f.size.Height-stripHeight), fyne.NewSize(stripWidth+theme.RadiusCard, stripHeight)}
	f.column.at = map[fyne.CanvasObject]place{strip: at}
	top := pixels(at.at.Y, f.scale)
	f.cutTo(root, []fyne.CanvasObject{strip}, []platform.Rect{{
		X: pixels(at.at.X, f.scale), Y: top, Width: pixels(at.size.Width, f.scale), Height: pixels(f.size.Height, f.scale) - top,
	}}, corner{0, stripAbove})
}
