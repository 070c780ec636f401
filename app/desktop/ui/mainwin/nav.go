package mainwin

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// navItem is one place of the rail.
type navItem struct {
	widget.BaseWidget
	tap     func()
	on      bool
	ground  *widgets.Box
	mark    *sign
	word    *widgets.Label
	count   *widgets.Chip
	content fyne.CanvasObject
}

func newNav(name, word string, tap func()) *navItem {
	n := &navItem{tap: tap}
	n.ExtendBaseWidget(n)
	n.ground = widgets.NewBox(widgets.Nothing, theme.RadiusButton)
	n.mark = newSign(name)
	n.word = widgets.NewBold(word, theme.Body, widgets.InkMuted)
	n.count = widgets.NewChip("", theme.ToneMiss)
	n.count.Hide()
	area := widgets.NewArea(func() { n.tap() })
	area.OnHover = func(in bool) {
		if n.on {
			return
		}
		n.ground.Fill = widgets.Nothing
		if in {
			n.ground.Fill = widgets.Hover
		}
		n.ground.Refresh()
	}
	row := widgets.Row(10, []float32{18, widgets.Wide, 0}, widgets.Sized(n.mark, 18, 18), n.word, n.count)
	n.content = widgets.Stack(n.ground, widgets.Sized(widgets.Pad(0, 6, 0, 10, row), 0, 36), area)
	return n
}

// Tapped is what the keyboard does too.
func (n *navItem) Tapped(*fyne.PointEvent) { n.tap() }

// CreateRenderer is Fyne's.
func (n *navItem) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(n.content) }

func (n *navItem) setOn(on bool) {
	n.on = on
	n.ground.Fill, n.word.Ink, n.mark.ink = widgets.Nothing, widgets.InkMuted, widgets.InkMuted
	if on {
		n.ground.Fill = widgets.ToneSoft(theme.ToneAccent)
		n.word.Ink, n.mark.ink = widgets.InkAccent, widgets.InkAccent
	}
	n.ground.Refresh()
	n.mark.Refresh()
	n.word.Refresh()
}

func (n *navItem) setCount(count int) {
	if count == 0 {
		n.count.Hide()
	} else {
		n.count.Set(strconv.Itoa(count), theme.ToneMiss)
		n.count.Show()
	}
	n.content.Refresh()
}
