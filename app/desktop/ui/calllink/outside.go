package calllink

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/phone"
)

// Desk is the program that numbers from outside come to.
type Desk interface {
	Host
	Now() time.Time
	Model() *model.Model
	// Show brings the main window to the front.
	Show()
	// Said shows a sentence about a number until another is called or asked about; an empty one takes it away.
	Said(sentence string)
}

// linkPause is how long after a link that was dialled without asking the next one is asked about all the
// same: a page that opens links by itself must not ring one number after another.
const linkPause = 10 * time.Second

// clipboardLimit bounds the text of the clipboard that is looked at for a number, in bytes.
const clipboardLimit = 200

// Outside takes the numbers that nobody has typed here. What comes takes the place of what came before, the
// words about it included. All methods belong on Fyne's goroutine.
type Outside struct {
	desk   Desk
	canvas fyne.Canvas
	sheet  *Sheet    // the one opened last, nil when none was
	linked time.Time // when a link was dialled without asking last
}

// NewOutside asks over canvas.
func NewOutside(desk Desk, canvas fyne.Canvas) *Outside { return &Outside{desk: desk, canvas: canvas} }

// Asking is the number that is asked about, empty while none is.
func (o *Outside) Asking() string {
	if o.sheet == nil || !o.sheet.Asking() {
		return ""
	}
	return o.sheet.Phone()
}

// Close puts the question away; the next one is drawn anew.
func (o *Outside) Close() {
	if o.sheet != nil {
		o.sheet.Close()
		o.sheet = nil
	}
}

// Link calls the number of a link, or asks first unless the person has said "always". A link that is no
// telephone is refused in words.
func (o *Outside) Link(link string, always bool) {
	e, err := o.desk.Model().Numbers().Dial(link)
	if err != nil || !always || o.desk.Now().Sub(o.linked) < linkPause {
		o.ask(e, err, link, Link)
		return
	}
	o.linked = o.desk.Now()
	o.desk.Dial(e.Link(), nil)
}

// Clipboard asks about the number of the clipboard's text. Other text there is nobody's business: it is not
// shown.
func (o *Outside) Clipboard(text string) {
	text = strings.TrimSpace(text)
	e, err := phone.Entry{}, phone.ErrNotANumber
	if len(text) <= clipboardLimit {
		e, err = o.desk.Model().Numbers().Dial(text)
	}
	if errors.Is(err, phone.ErrNotANumber) && !errors.Is(err, phone.ErrServiceCode) {
		o.refuse(o.desk.Text().T("clip.none"))
		return
	}
	o.ask(e, err, text, Clipboard)
}

// ask asks whether a number shall be called. One without its city is left to the server: the settings of the
// school may not have come yet.
func (o *Outside) ask(e phone.Entry, err error, typed string, from Origin) {
	if errors.Is(err, phone.ErrCityCodeMissing) {
		e, err = phone.Entry{Number: phone.Number(typed)}, nil
	}
	if err != nil {
		o.refuse(ui.Explain(err, o.desk.Text()))
		return
	}
	o.desk.Show()
	o.desk.Said("")
	if o.sheet != nil && o.sheet.Asking() {
		o.sheet.Ask(e, from)
		return
	}
	o.sheet = Open(o.desk, o.canvas, e, from)
}

func (o *Outside) refuse(words string) {
	o.Close()
	o.desk.Show()
	o.desk.Said(words)
}
