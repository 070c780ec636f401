package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// Avatar is a circle with initials or a sign.
type Avatar struct {
	widget.BaseWidget
	Text     string
	Tone     theme.Tone
	Diameter float32
	Sign     bool // the text is one sign, and larger than initials
}

// NewAvatar is a circle of the given diameter.
func NewAvatar(text string, tone theme.Tone, diameter float32) *Avatar {
	a := &Avatar{Text: text, Tone: tone, Diameter: diameter}
	a.ExtendBaseWidget(a)
	return a
}

// Set changes sign and tone.
func (a *Avatar) Set(text string, tone theme.Tone) {
	if a.Text != text || a.Tone != tone {
		a.Text, a.Tone = text, tone
		a.Refresh()
	}
}

// CreateRenderer is Fyne's.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	r := &avatarRenderer{avatar: a, circle: canvas.NewCircle(color.Transparent), line: newLine()}
	r.Refresh()
	return r
}

type avatarRenderer struct {
	avatar *Avatar
	circle *canvas.Circle
	line   *line
}

func (r *avatarRenderer) Layout(size fyne.Size) {
	d := r.avatar.Diameter
	left, top := (size.Width-d)/2, (size.Height-d)/2
	r.circle.Move(fyne.NewPos(left, top))
	r.circle.Resize(fyne.NewSize(d, d))
	r.line.layout(fyne.NewPos(left, top), fyne.NewSize(d, d), 2*d) // initials are never cut
}

func (r *avatarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.avatar.Diameter, r.avatar.Diameter)
}

func (r *avatarRenderer) Refresh() {
	p := theme.Colors()
	r.circle.FillColor = p.ToneSoft(r.avatar.Tone)
	size := r.avatar.Diameter * 0.375
	if r.avatar.Sign {
		size = r.avatar.Diameter * 0.54
	}
	r.line.set(r.avatar.Text, size, fyne.TextStyle{Bold: true}, p.ToneInk(r.avatar.Tone))
	r.Layout(r.avatar.Size())
	r.circle.Refresh()
	r.line.refresh()
}

func (r *avatarRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.circle}, r.line.objects()...)
}
func (r *avatarRenderer) Destroy() {}

// Dot is a small circle with a halo; a word beside it says the same.
type Dot struct {
	widget.BaseWidget
	Tone theme.Tone
	Halo bool
}

// NewDot is a dot with a halo.
func NewDot(tone theme.Tone, halo bool) *Dot {
	d := &Dot{Tone: tone, Halo: halo}
	d.ExtendBaseWidget(d)
	return d
}

// Set changes the tone.
func (d *Dot) Set(tone theme.Tone) {
	if d.Tone != tone {
		d.Tone = tone
		d.Refresh()
	}
}

// CreateRenderer is Fyne's.
func (d *Dot) CreateRenderer() fyne.WidgetRenderer {
	r := &dotRenderer{dot: d, core: canvas.NewCircle(color.Transparent), halo: canvas.NewCircle(color.Transparent)}
	r.Refresh()
	return r
}

type dotRenderer struct {
	dot        *Dot
	core, halo *canvas.Circle
}

// dotSize and haloSize are the diameters of the design.
const (
	dotSize  float32 = 8
	haloSize float32 = 16
)

func (r *dotRenderer) Layout(size fyne.Size) {
	middle := func(c *canvas.Circle, d float32) {
		c.Move(fyne.NewPos((size.Width-d)/2, (size.Height-d)/2))
		c.Resize(fyne.NewSize(d, d))
	}
	middle(r.core, dotSize)
	middle(r.halo, haloSize)
}

func (r *dotRenderer) MinSize() fyne.Size {
	if r.dot.Halo {
		return fyne.NewSize(haloSize, haloSize)
	}
	return fyne.NewSize(dotSize, haloSize)
}

func (r *dotRenderer) Refresh() {
	ink := theme.Colors().ToneInk(r.dot.Tone)
	r.core.FillColor, r.halo.FillColor = ink, color.Transparent
	if r.dot.Halo {
		r.halo.FillColor = theme.Alpha(ink, 0x33)
	}
	r.core.Refresh()
	r.halo.Refresh()
}
func (r *dotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.halo, r.core} }
func (r *dotRenderer) Destroy()                     {}

// Chip is a small rounded word; with OnTap it is a switch, which the keyboard reaches in a Bar.
type Chip struct {
	widget.BaseWidget
	Label  string
	Tone   theme.Tone
	Height float32
	OnTap  func()
}

// NewChip is a chip of the small height.
func NewChip(label string, tone theme.Tone) *Chip {
	c := &Chip{Label: label, Tone: tone, Height: 22}
	c.ExtendBaseWidget(c)
	return c
}

// NewFilter is a chip of a field's height that reports clicks.
func NewFilter(label string, tap func()) *Chip {
	c := NewChip(label, theme.ToneMuted)
	c.Height, c.OnTap = theme.Field, tap
	return c
}

// Set changes word and tone.
func (c *Chip) Set(label string, tone theme.Tone) {
	if c.Label != label || c.Tone != tone {
		c.Label, c.Tone = label, tone
		c.Refresh()
	}
}

// MouseDown is Fyne's.
func (c *Chip) MouseDown(*desktop.MouseEvent) { point() }

// MouseUp is Fyne's.
func (c *Chip) MouseUp(*desktop.MouseEvent) {}

// Tapped is Fyne's.
func (c *Chip) Tapped(*fyne.PointEvent) {
	if c.OnTap != nil {
		c.OnTap()
	}
}

// CreateRenderer is Fyne's.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{chip: c, rect: canvas.NewRectangle(color.Transparent), line: newLine()}
	r.Refresh()
	return r
}

type chipRenderer struct {
	chip *Chip
	rect *canvas.Rectangle
	line *line
}

func (r *chipRenderer) Layout(size fyne.Size) {
	r.rect.Move(fyne.NewPos(0, (size.Height-r.chip.Height)/2))
	r.rect.Resize(fyne.NewSize(size.Width, r.chip.Height))
	r.line.layout(fyne.Position{}, size, max(size.Width, r.MinSize().Width)) // it is never cut
}

func (r *chipRenderer) MinSize() fyne.Size {
	return fyne.NewSize(lineWidth(r.chip.Label, theme.Caption, buttonStyle)+16, r.chip.Height)
}

func (r *chipRenderer) Refresh() {
	p := theme.Colors()
	r.rect.FillColor = p.ToneSoft(r.chip.Tone)
	r.rect.CornerRadius, r.rect.StrokeWidth = min(r.chip.Height/2, 11), 0
	if r.chip.OnTap != nil {
		if r.chip.Height == theme.Field {
			r.rect.CornerRadius = theme.RadiusButton
		}
		if r.chip.Tone == theme.ToneMuted {
			r.rect.FillColor, r.rect.StrokeColor, r.rect.StrokeWidth = p.Surface, p.Line, 1
		}
	}
	ink := p.ToneInk(r.chip.Tone)
	if r.chip.OnTap != nil && r.chip.Tone == theme.ToneMuted {
		ink = p.Ink
	}
	r.line.set(r.chip.Label, theme.Caption, buttonStyle, ink)
	r.Layout(r.chip.Size())
	r.rect.Refresh()
	r.line.refresh()
}

func (r *chipRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.rect}, r.line.objects()...)
}
func (r *chipRenderer) Destroy() {}
