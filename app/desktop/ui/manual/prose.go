package manual

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// step is a numbered line of a page.
var step = regexp.MustCompile(`^(\d+)\. (.*)$`)

// paragraphs are a page's lines, each its number, which is empty where it has none, and its words.
func paragraphs(body string) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		number := ""
		if m := step.FindStringSubmatch(line); m != nil {
			number, line = m[1], m[2]
		}
		out = append(out, widgets.NewBold(number, theme.Body, widgets.InkAccent), newWords(line))
	}
	return out
}

const (
	// numberWide is the room of a step's number.
	numberWide float32 = 22
	// widest is how long a line may be to be read well.
	widest float32 = 560
	// lineHigh is the height of a line, apart what is free between paragraphs.
	lineHigh, apart float32 = 20, 12
)

// prose lays numbers and words out in pairs under each other, the words wrapped beside their number.
type prose struct{ height float32 }

func (p *prose) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for n := 0; n+1 < len(objects); n += 2 {
		number, words := objects[n], objects[n+1]
		x := float32(0)
		if label := number.(*widgets.Label); label.Text != "" {
			x = numberWide
		}
		words.Move(fyne.NewPos(x, y))
		words.Resize(fyne.NewSize(min(size.Width-theme.Side, widest)-x, lineHigh))
		number.Move(fyne.NewPos(0, y))
		number.Resize(fyne.NewSize(numberWide, lineHigh))
		y += words.MinSize().Height + apart // of the lines that it has in this width
	}
	p.height = y
}

func (p *prose) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, p.height) }

// newWords is a line whose parts between ** are bold, broken between its words into as many as it takes: Fyne's
// own rich text breaks bold words in the middle.
func newWords(line string) *fyne.Container {
	f := &flow{}
	var texts []fyne.CanvasObject
	glued := false // the next piece belongs to the word before
	for n, part := range strings.Split(line, "**") {
		style := fyne.TextStyle{Bold: n%2 == 1}
		if strings.HasPrefix(part, " ") {
			glued = false
		}
		for _, piece := range strings.Fields(part) {
			text := canvas.NewText(piece, theme.Colors().Ink)
			text.TextSize, text.TextStyle = theme.Body, style
			texts = append(texts, text)
			f.glued = append(f.glued, glued)
			glued = false
		}
		glued = part != "" && !strings.HasSuffix(part, " ")
	}
	return container.New(f, texts...)
}

// flow puts pieces of text beside each other and goes on under them where the width ends.
type flow struct {
	glued  []bool // by piece: it stands at the one before without a space
	height float32
}

func (f *flow) Layout(pieces []fyne.CanvasObject, size fyne.Size) {
	space := fyne.MeasureText(" ", theme.Body, fyne.TextStyle{}).Width
	x, y := float32(0), float32(0)
	for n := 0; n < len(pieces); {
		end, wide := n+1, pieces[n].MinSize().Width
		for end < len(pieces) && f.glued[end] {
			wide += pieces[end].MinSize().Width
			end++
		}
		if x > 0 && x+space+wide > size.Width {
			x, y = 0, y+lineHigh
		} else if x > 0 {
			x += space
		}
		for ; n < end; n++ {
			own := pieces[n].MinSize()
			pieces[n].Move(fyne.NewPos(x, y+(lineHigh-own.Height)/2))
			pieces[n].Resize(own)
			x += own.Width
		}
	}
	f.height = y + lineHigh
}

func (f *flow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, f.height) }
