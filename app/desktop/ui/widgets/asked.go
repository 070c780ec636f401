package widgets

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
)

// askedHeight is that of a field on a page that asks for few things.
const askedHeight float32 = 40

// Asked is a field under its label, with room for a sentence about it below: what is wrong with it, in
// red with its frame, or what is right.
type Asked struct {
	*Entry
	Object fyne.CanvasObject
	box    *Box
	mark   *Label
	said   *Paragraph
}

// NewAsked asks for an entry's text in a width.
func NewAsked(label string, entry *Entry, width float32) *Asked {
	a := &Asked{
		Entry: entry, box: NewBox(Ground, theme.RadiusButton).Outlined(Line),
		mark: NewBold("✓", theme.Body, ToneInk(theme.ToneRing)).Fixed(), said: NewParagraph("", theme.Small, width, 6, InkMuted),
	}
	a.mark.Hide()
	a.said.Hide()
	line := Stack(a.box, Sized(Unbarred(entry), 0, askedHeight), Pad(0, 12, 0, 0, Row(0, []float32{Wide, 0}, Space(0, 0), a.mark)))
	a.Object = Column(4, NewLabel(label, theme.Caption, InkMuted), line, a.said)
	return a
}

// Say puts a sentence below; an empty one takes it away. The page around it is to be laid out again.
func (a *Asked) Say(tone theme.Tone, words string) {
	a.box.Line, a.said.Ink = Line, ToneInk(tone)
	if words != "" && tone == theme.ToneMiss {
		a.box.Line = ToneInk(tone)
	}
	a.box.Refresh()
	a.said.Set(words)
	show(a.said, words != "")
	show(a.mark, words != "" && tone == theme.ToneRing)
}

// Said is the sentence below.
func (a *Asked) Said() string { return a.said.Text }

func show(object fyne.CanvasObject, on bool) {
	if on {
		object.Show()
	} else {
		object.Hide()
	}
}
