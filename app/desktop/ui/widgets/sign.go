package widgets

import (
	"fmt"
	"image/color"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
)

// signs are what the program's font has not, so that other systems would show a box or a question mark:
// paths on a square of 24, and the pen that draws them. Buttons, chips and avatars draw one that their
// words end with.
var signs = map[rune]struct {
	path string
	pen  float32
}{
	'⋯': {"M5 12 L5.1 12 M12 12 L12.1 12 M19 12 L19.1 12", 3.2},
	'▾': {"M6 9.5 L12 15.5 L18 9.5", 2.4},
	'✎': {"M4 20 L5 15.5 L15.5 5 L19 8.5 L8.5 19 Z M13 7.5 L16.5 11", 2},
	'⚑': {"M6 21 V4 H18 L15 8 L18 12 H6", 2.4},
	'⚿': {"M6 11 H18 V20 H6 Z M8.5 11 V8 A3.5 3.5 0 0 1 15.5 8 V11", 2},
	'🔉': {"M4 9.5 H8 L12 6 V18 L8 14.5 H4 Z M15.5 9 A4 4 0 0 1 15.5 15", 2},
	'≡': {"M4 7 H20 M4 12 H20 M4 17 H20", 2.2},
	'◷': {"M12 4 A8.5 8.5 0 1 1 11.9 4 Z M12 8 V12.5 L15 15", 2},
	'♪': {"M12 4 A2.5 2.5 0 0 1 14.5 6.5 V11.5 A2.5 2.5 0 0 1 9.5 11.5 V6.5 A2.5 2.5 0 0 1 12 4 Z M6 11.5 A6 6 0 0 0 18 11.5 M12 17.5 V21", 2},
	'✆': {"M6 4 L9.5 4 L11 8.5 L8.8 10.2 C9.8 12.3 11.7 14.2 13.8 15.2 L15.5 13 L20 14.5 L20 18 C20 19.1 19.1 20 18 20 C10.8 19.5 4.5 13.2 4 6 C4 4.9 4.9 4 6 4 Z", 2},
}

// Drawn tells whether a character is a picture of ours, and asks nothing of a font.
func Drawn(r rune) bool { _, ok := signs[r]; return ok }

// cutSign parts words from the sign at their end; 0 is none.
func cutSign(label string) (words string, sign rune) {
	last, size := utf8.DecodeLastRuneInString(label)
	if !Drawn(last) {
		return label, 0
	}
	return strings.TrimRight(label[:len(label)-size], " "), last
}

// drawing is the picture of a sign in a colour; Fyne keeps what it has drawn by the name.
func drawing(sign rune, ink color.NRGBA) fyne.Resource {
	hex := fmt.Sprintf("#%02x%02x%02x", ink.R, ink.G, ink.B)
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+
		`<path d="%s" fill="none" stroke="%s" stroke-width="%g" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
		signs[sign].path, hex, signs[sign].pen)
	return fyne.NewStaticResource(fmt.Sprintf("sign-%x%s.svg", sign, hex), []byte(svg))
}

// line is one line of words in the middle of its place, and perhaps a sign after them.
type line struct {
	text  *canvas.Text
	image *canvas.Image // nil until there is a sign
	sign  rune
	words string // all of them; what shows may be cut
}

func newLine() *line { return &line{text: canvas.NewText("", color.Black)} }

// signGap stands between words and sign.
const signGap float32 = 4

// signSize is the side of a sign beside words of this size.
func signSize(em float32) float32 { return em + 2 }

// set takes over what shows; layout must follow.
func (l *line) set(label string, em float32, style fyne.TextStyle, ink color.NRGBA) {
	l.words, l.sign = cutSign(label)
	l.text.TextSize, l.text.TextStyle, l.text.Color, l.text.Alignment = em, style, ink, fyne.TextAlignCenter
	switch {
	case l.sign != 0 && l.image == nil:
		l.image = &canvas.Image{FillMode: canvas.ImageFillContain}
	case l.image != nil:
		l.image.Hidden = l.sign == 0
	}
	if l.sign != 0 {
		l.image.Resource = drawing(l.sign, ink)
	}
}

// beside is the room that the sign takes from the words.
func (l *line) beside() float32 {
	switch {
	case l.sign == 0:
		return 0
	case l.words == "":
		return signSize(l.text.TextSize)
	}
	return signSize(l.text.TextSize) + signGap
}

// layout puts the line into the middle of a place; words that do not fit into fits are cut.
func (l *line) layout(at fyne.Position, size fyne.Size, fits float32) {
	beside := l.beside()
	shown := fit.Line(l.words, fits-beside, l.text.TextSize, l.text.TextStyle)
	if shown != l.text.Text {
		l.text.Text = shown
		l.text.Refresh()
	}
	height := l.text.MinSize().Height
	top := at.Y + (size.Height-height)/2
	if l.sign == 0 {
		l.text.Move(fyne.NewPos(at.X, top))
		l.text.Resize(fyne.NewSize(size.Width, height))
		return
	}
	width := float32(0)
	if shown != "" {
		width = l.text.MinSize().Width
	}
	left, side := at.X+(size.Width-width-beside)/2, signSize(l.text.TextSize)
	l.text.Move(fyne.NewPos(left, top))
	l.text.Resize(fyne.NewSize(width, height))
	l.image.Move(fyne.NewPos(left+width+beside-side, at.Y+(size.Height-side)/2))
	l.image.Resize(fyne.NewSize(side, side))
}

// width of the whole line.
func lineWidth(label string, em float32, style fyne.TextStyle) float32 {
	words, sign := cutSign(label)
	width := fyne.MeasureText(words, em, style).Width
	switch {
	case sign == 0:
		return width
	case words == "":
		return signSize(em)
	}
	return width + signGap + signSize(em)
}

func (l *line) refresh() {
	l.text.Refresh()
	if l.image != nil {
		l.image.Refresh()
	}
}

func (l *line) objects() []fyne.CanvasObject {
	if l.image == nil {
		return []fyne.CanvasObject{l.text}
	}
	return []fyne.CanvasObject{l.text, l.image}
}

// Sign is one of the signs by itself.
type Sign struct {
	widget.BaseWidget
	sign rune
	em   float32
	ink  Ink
}

// NewSign is a sign beside words of this size.
func NewSign(sign rune, em float32, ink Ink) *Sign {
	s := &Sign{sign: sign, em: em, ink: ink}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *Sign) CreateRenderer() fyne.WidgetRenderer {
	r := &signRenderer{s, newLine()}
	r.Refresh()
	return r
}

type signRenderer struct {
	s *Sign
	l *line
}

func (r *signRenderer) Layout(size fyne.Size) { r.l.layout(fyne.Position{}, size, size.Width) }
func (r *signRenderer) MinSize() fyne.Size {
	side := signSize(r.s.em)
	return fyne.NewSize(side, side)
}

func (r *signRenderer) Refresh() {
	r.l.set(string(r.s.sign), r.s.em, fyne.TextStyle{}, r.s.ink(theme.Colors()))
	r.Layout(r.s.Size())
	r.l.refresh()
}

func (r *signRenderer) Objects() []fyne.CanvasObject { return r.l.objects() }
func (r *signRenderer) Destroy()                     {}
