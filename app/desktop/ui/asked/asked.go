// Package asked draws the fields of a page that asks for few things, such as the sign-in.
package asked

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// height is that of a field on such a page.
const height float32 = 40

// Field is a field under its label, with room for a sentence about it below: what is wrong with it, in
// red with its frame, or what is right.
type Field struct {
	*widgets.Entry
	Object fyne.CanvasObject
	box    *widgets.Box
	mark   *widgets.Label
	said   *widgets.Paragraph
}

// New asks for an entry's text in a width.
func New(label string, entry *widgets.Entry, width float32) *Field {
	f := &Field{
		Entry: entry, box: widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		mark: widgets.NewBold("✓", theme.Body, widgets.ToneInk(theme.ToneRing)).Fixed(),
		said: widgets.NewParagraph("", theme.Small, width, 6, widgets.InkMuted),
	}
	f.mark.Hide()
	f.said.Hide()
	end := widgets.Pad(0, 12, 0, 0, widgets.Row(0, []float32{widgets.Wide, 0}, widgets.Space(0, 0), f.mark))
	line := widgets.Stack(f.box, widgets.Sized(widgets.Unbarred(entry), 0, height), end)
	f.Object = widgets.Column(4, widgets.NewLabel(label, theme.Caption, widgets.InkMuted), line, f.said)
	return f
}

// Say puts a sentence below; an empty one takes it away. The page around it is to be laid out again.
func (f *Field) Say(tone theme.Tone, words string) {
	f.box.Line, f.said.Ink = widgets.Line, widgets.ToneInk(tone)
	if words != "" && tone == theme.ToneMiss {
		f.box.Line = widgets.ToneInk(tone)
	}
	f.box.Refresh()
	f.said.Set(words)
	show(f.said, words != "")
	show(f.mark, words != "" && tone == theme.ToneRing)
}

// Said is the sentence below.
func (f *Field) Said() string { return f.said.Text }

func show(object fyne.CanvasObject, on bool) {
	if on {
		object.Show()
	} else {
		object.Hide()
	}
}
