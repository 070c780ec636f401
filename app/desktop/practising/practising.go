// Package practising begins and ends the practice of whoever is signed in, and says what became of it. What a
// practice is, the session knows; how one looks, the windows do.
package practising

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
)

// Program is what a practice asks of the program. All methods belong on Fyne's goroutine.
type Program interface {
	Text() *i18n.Text
	Show()
	Tell(sentence string)
	Go(page string) bool
}

// Session is who is signed in.
type Session interface {
	Practise(ctx context.Context, ended func(session.PracticeEnd)) error
	EndPractice()
}

// Practice is that of one program. All methods belong on Fyne's goroutine.
type Practice struct {
	Program Program
	Session Session
	Context context.Context // of the program's life
	// On tells whether somebody practises, Cards are what stands at the corner of the screen.
	On    bool
	Cards []present.Card
	// Covered: a sheet lies over the window, in which something may be half done.
	Covered bool
	// Wake lets the program look at what was put on Fyne's queue.
	Wake func()
}

// Toggle begins a practice or ends it.
func (p Practice) Toggle() {
	if p.On {
		p.End()
		return
	}
	p.Begin()
}

// Begin begins one, unless a call is on or a sheet is open: that comes first.
func (p Practice) Begin() {
	p.Program.Show()
	if p.Covered {
		p.Program.Tell(p.Program.Text().T("practice.sheet"))
		return
	}
	for _, card := range p.Cards {
		switch card.State {
		case model.CardRinging, model.CardDialling, model.CardTalking, model.CardHeld:
			p.Program.Tell(p.Program.Text().T("practice.not_now"))
			return
		}
	}
	p.Program.Tell(p.Program.Text().T("practice.begins"))
	go func() {
		err := p.Session.Practise(p.Context, func(why session.PracticeEnd) {
			fyne.Do(func() { p.Program.Tell(p.Program.Text().T("practice.ended_" + string(why))) })
			p.Wake()
		})
		fyne.Do(func() { p.began(err) })
	}()
}

func (p Practice) began(err error) {
	switch {
	case errors.Is(err, session.ErrPractising): // another press was quicker
	case err != nil:
		p.Program.Tell(ui.Explain(err, p.Program.Text()))
	default:
		p.Program.Go("feed")
	}
}

// End goes back to the real school.
func (p Practice) End() { go p.Session.EndPractice() }

// Refuses tells whether nothing from outside is called now, and says so: it would be called in the practice alone.
func (p Practice) Refuses() bool {
	if p.On {
		p.Program.Show()
		p.Program.Tell(p.Program.Text().T("practice.no_links"))
	}
	return p.On
}

// Order does what a script asks for.
func (p Practice) Order(what string) error {
	switch {
	case what == "begin" && !p.On:
		p.Begin()
	case what == "end" && p.On:
		p.End()
	default:
		return fmt.Errorf("a practice cannot %q now", what)
	}
	return nil
}
