package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// Choice is a field that offers a list; Chosen is an index into Options, or below zero.
type Choice struct {
	touched
	Options []string
	Chosen  int
	Hint    string
	Changed func(int)
}

// NewChoice offers options; hint stands where nothing is chosen.
func NewChoice(hint string, options []string, chosen int, changed func(int)) *Choice {
	c := &Choice{Options: options, Chosen: chosen, Hint: hint, Changed: changed}
	c.ExtendBaseWidget(c)
	return c
}

// Choose is what a click on an option does.
func (c *Choice) Choose(n int) {
	if c.disabled || n < 0 || n >= len(c.Options) {
		return
	}
	c.Chosen = n
	c.Refresh()
	if c.Changed != nil {
		c.Changed(n)
	}
}

// SetEnabled lets it be changed or not.
func (c *Choice) SetEnabled(on bool) { c.disabled = !on; c.Refresh() }

// Enabled tells whether it can be changed.
func (c *Choice) Enabled() bool { return !c.disabled }

// Tapped opens the list under the field.
func (c *Choice) Tapped(*fyne.PointEvent) {
	over := fyne.CurrentApp().Driver().CanvasForObject(c)
	if c.disabled || over == nil || len(c.Options) == 0 {
		return
	}
	items := make([]*fyne.MenuItem, 0, len(c.Options))
	for n, option := range c.Options {
		item := fyne.NewMenuItem(option, func() { c.Choose(n) })
		item.Checked = n == c.Chosen
		items = append(items, item)
	}
	widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), over, fyne.NewPos(0, c.Size().Height+theme.Grid), c)
}

// TypedKey opens the list, or goes through it without opening.
func (c *Choice) TypedKey(key *fyne.KeyEvent) {
	switch {
	case presses(key):
		c.Tapped(nil)
	case key.Name == fyne.KeyDown:
		c.Choose(c.Chosen + 1)
	case key.Name == fyne.KeyUp:
		c.Choose(c.Chosen - 1)
	case key.Name == fyne.KeyHome:
		c.Choose(0)
	case key.Name == fyne.KeyEnd:
		c.Choose(len(c.Options) - 1)
	default:
		c.leave(c, key)
		return
	}
	c.typed()
}

// CreateRenderer is Fyne's.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{
		c: c, rect: canvas.NewRectangle(color.Transparent),
		words: NewLabel("", theme.Body, InkNormal), mark: NewSign('▾', theme.Body, InkMuted),
	}
	r.line = Pad(0, 10, 0, 10, Row(theme.Gap, []float32{Wide, 0}, r.words, r.mark))
	r.Refresh()
	return r
}

type choiceRenderer struct {
	c     *Choice
	rect  *canvas.Rectangle
	words *Label
	mark  *Sign
	line  *fyne.Container
}

// choiceLeast keeps the shortest words readable.
const choiceLeast float32 = 96

func (r *choiceRenderer) Layout(size fyne.Size) {
	r.rect.Resize(size)
	r.line.Resize(size)
}

func (r *choiceRenderer) MinSize() fyne.Size { return fyne.NewSize(choiceLeast, theme.Field) }

func (r *choiceRenderer) Refresh() {
	p := theme.Colors()
	r.rect.FillColor, r.rect.CornerRadius = p.Ground, theme.RadiusButton
	r.rect.StrokeColor, r.rect.StrokeWidth = p.Line, 1
	if r.c.hovered && !r.c.disabled {
		r.rect.FillColor = p.Hover
	}
	if r.c.outlined() {
		r.rect.StrokeColor, r.rect.StrokeWidth = p.Accent, 2
	}
	r.words.Text, r.words.Ink = r.c.Hint, InkMuted
	if r.c.Chosen >= 0 && r.c.Chosen < len(r.c.Options) {
		r.words.Text, r.words.Ink = r.c.Options[r.c.Chosen], InkNormal
	}
	if r.c.disabled {
		r.rect.FillColor, r.rect.StrokeColor = color.Transparent, color.Transparent
		r.mark.Hide()
	}
	r.words.Refresh()
	r.rect.Refresh()
}

func (r *choiceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect, r.line} }
func (r *choiceRenderer) Destroy()                     {}
