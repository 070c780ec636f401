// Package callbutton draws the button that calls a number. A call costs money and rings two
// telephones, so from the click on the button waits until the number may be called again. It
// remembers nothing; calling, and for how long, is the host's.
package callbutton

import (
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host calls numbers. All methods belong on Fyne's goroutine.
type Host interface {
	// Dial asks for a click-to-call; a number that is being called already is not called twice.
	Dial(phone string, subject *client.Subject)
	// Dialling tells whether a number is being called by us just now; then again is called once, when
	// it may be called again.
	Dialling(phone string, again func()) bool
}

// New is a button that calls phone.
func New(host Host, label string, kind widgets.Kind, phone string, subject *client.Subject) *widgets.Button {
	b := widgets.NewButton(label, kind, nil)
	wait := func() {
		if host.Dialling(phone, func() { b.SetEnabled(true) }) {
			b.SetEnabled(false)
		}
	}
	b.OnTap = func() {
		host.Dial(phone, subject)
		wait()
	}
	wait() // a row that is drawn anew while its number is being called
	return b
}
