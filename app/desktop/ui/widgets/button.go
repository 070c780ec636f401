package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/ui/theme"
)

// Kind is how much a button asks for attention; one filled button per surface.
type Kind int

// The kinds of buttons.
const (
	Quiet Kind = iota
	Primary
	Call
	Danger
	Link
	Plain    // quiet, on the window's ground, where Quiet would not be seen
	Soft     // chosen among several
	SoftCall // a call, beside something that asks for more attention
	Bare     // a sign without a ground, such as ×
)

// Button is 32 high with a radius of 8.
type Button struct {
	touched
	Label    string
	Kind     Kind
	OnTap    func()
	OnEscape func()
}

// NewButton reports clicks, Enter and Space to tap.
func NewButton(label string, kind Kind, tap func()) *Button {
	b := &Button{Label: label, Kind: kind, OnTap: tap}
	b.ExtendBaseWidget(b)
	return b
}

// SetLabel changes the word.
func (b *Button) SetLabel(label string) { b.Label = label; b.Refresh() }

// SetEnabled lets it be pressed or not.
func (b *Button) SetEnabled(on bool) { b.disabled = !on; b.Refresh() }

// Enabled tells whether it can be pressed.
func (b *Button) Enabled() bool { return !b.disabled }

// SetKind changes how much it asks for attention.
func (b *Button) SetKind(kind Kind) {
	if b.Kind != kind {
		b.Kind = kind
		b.Refresh()
	}
}

// Tapped is Fyne's.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.disabled && b.OnTap != nil {
		b.OnTap()
	}
}

// TypedKey presses on Enter and Space, and reports Escape.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && b.OnEscape != nil {
		b.OnEscape()
		return
	}
	if !presses(key) {
		b.leave(b, key)
		return
	}
	b.typed()
	b.Tapped(nil)
}

func (b *Button) colors(p theme.Palette) (ground, ink color.NRGBA) {
	switch b.Kind {
	case Primary:
		ground, ink = p.Primary, p.OnAccent
	case Call:
		ground, ink = p.Call, p.OnCall
	case Danger:
		ground, ink = p.MissSoft, p.Miss
	case Link:
		ground, ink = color.NRGBA{}, p.Accent
	case Plain:
		ground, ink = p.Surface, p.Ink
	case Soft:
		ground, ink = p.AccentSoft, p.Accent
	case SoftCall:
		ground, ink = p.RingSoft, p.Ring
	case Bare:
		ground, ink = color.NRGBA{}, p.Muted
	default:
		ground, ink = p.Hover, p.Ink
	}
	if b.disabled && b.Kind != Bare {
		return p.Hover, p.Muted
	}
	return ground, ink
}

// CreateRenderer is Fyne's.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		button: b, rect: canvas.NewRectangle(color.Transparent),
		shade: canvas.NewRectangle(color.Transparent), line: newLine(), outline: newOutline(),
	}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	button      *Button
	rect, shade *canvas.Rectangle
	outline     *canvas.Rectangle
	line        *line
}

// buttonStyle is semibold: Inter Medium is not embedded and Regular reads as plain text.
var buttonStyle = fyne.TextStyle{Bold: true}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.rect.Resize(size)
	r.shade.Resize(size)
	outlineAround(r.outline, fyne.Position{}, size, theme.RadiusButton)
	r.line.layout(fyne.Position{}, size, size.Width-8)
}

func (r *buttonRenderer) MinSize() fyne.Size {
	pad := float32(24)
	if r.button.Kind == Link || r.button.Kind == Bare {
		pad = 12
	}
	return fyne.NewSize(lineWidth(r.button.Label, theme.Small, buttonStyle)+pad, theme.Button)
}

func (r *buttonRenderer) Refresh() {
	p := theme.Colors()
	ground, ink := r.button.colors(p)
	r.rect.FillColor, r.rect.CornerRadius = ground, theme.RadiusButton
	r.rect.StrokeWidth = 0
	if r.button.Kind == Plain {
		r.rect.StrokeColor, r.rect.StrokeWidth = p.Line, 1
	}
	r.shade.CornerRadius, r.shade.FillColor = theme.RadiusButton, color.Transparent
	if r.button.hovered && !r.button.disabled {
		r.shade.FillColor = theme.Alpha(p.Ink, 0x10)
	}
	r.line.set(r.button.Label, theme.Small, buttonStyle, ink)
	r.Layout(r.button.Size())
	r.rect.Refresh()
	r.shade.Refresh()
	showOutline(r.outline, r.button.outlined())
	r.line.refresh()
}

// Objects are Fyne's. The shade lies over the words too: with a darker ground alone under them, red on pale red
// cannot be read any more.
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{r.rect}, r.line.objects()...), r.shade, r.outline)
}
func (r *buttonRenderer) Destroy() {}
