package uitest

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Said is what a card reported.
type Said struct {
	Acts []string
	// Later is what shall be done when a while has passed.
	Later []func()
	// Hears stands in for who hears numbers in notes; nil: nobody does.
	Hears popup.Ear
	// Unsent are notes that the server does not have yet.
	Unsent []popup.UnderWay
}

func (s *Said) UnderWay(string) []popup.UnderWay { return s.Unsent }

// Ear is Hears.
func (s *Said) Ear() popup.Ear { return s.Hears }

// After is popup.Intents'.
func (s *Said) After(_ time.Duration, do func()) { s.Later = append(s.Later, do) }

// Passes does all that waits.
func (s *Said) Passes() {
	due := s.Later
	s.Later = nil
	for _, do := range due {
		do()
	}
}

func (s *Said) Add(act string) { s.Acts = append(s.Acts, act) }

func (s *Said) Open(c present.Card) { s.Add("open " + c.ID) }

func (s *Said) NewLead(c present.Card) { s.Add("lead " + c.Phone) }

func (s *Said) Choose(_ present.Card, b client.Subject) { s.Add("choose " + b.Name) }

func (s *Said) Note(id, words string) { s.Add("note " + id + " " + words) }

func (s *Said) Command(id string, act present.Act) { s.Add(string(act) + " " + id) }

func (s *Said) Transfer(id, extension string, consult bool) {
	if consult {
		s.Add("ask " + id + " " + extension)
		return
	}
	s.Add("transfer " + id + " " + extension)
}

func (s *Said) Hangup(id string) { s.Add("hangup " + id) }

func (s *Said) CallBack(c present.Card) { s.Add("back " + c.Phone) }

func (s *Said) Take(c present.Card) { s.Add("take " + c.Phone) }

func (s *Said) Dismiss(c present.Card) { s.Add("dismiss " + c.ID) }

func (s *Said) SMS(c present.Card) { s.Add("sms " + c.Phone) }

func (s *Said) Chat(c present.Card) { s.Add("chat " + c.Phone) }

func (s *Said) Copy(words string) { s.Add("copy " + words) }

func (s *Said) Typing(string) {}

func (s *Said) Task(c present.Card) { s.Add("task " + c.Phone) }

func (s *Said) Done(c present.Card) { s.Add("done " + c.ID) }

func (s *Said) Listen(c present.Card) { s.Add("listen " + c.About) }

func (s *Said) Outcome(c present.Card, outcome, words string, at *time.Time) {
	s.Add(strings.TrimSpace(fmt.Sprint("outcome ", c.ID, " ", outcome, " ", words, " ", at != nil)))
}

func (s *Said) Snooze(c present.Card, until time.Time) {
	s.Add("snooze " + c.ID + " " + time.Until(until).Round(time.Minute).String())
}

func (s *Said) Course(c present.Card) { s.Add("course " + c.ID) }

func (s *Said) ShowMissed() { s.Add("show missed") }

func (s *Said) Help() { s.Add("help") }

func (s *Said) EndPractice() { s.Add("end practice") }

func (s *Said) ShowFeed() { s.Add("show feed") }

func (s *Said) FocusNote(string) {}

func (s *Said) BrokenOff() { s.Add("broken off") }

func (s *Said) ReleaseNote(string) {}

func (s *Said) Colleagues() []client.Employee { return []client.Employee{Borisov} }

// Buttons finds the buttons under an object by their words.
func Buttons(object fyne.CanvasObject, found map[string]*widgets.Button) map[string]*widgets.Button {
	switch o := object.(type) {
	case *widgets.Button:
		found[o.Label] = o
	case *fyne.Container:
		for _, child := range o.Objects {
			Buttons(child, found)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			Buttons(child, found)
		}
	}
	return found
}
