package shell

import (
	"testing"
	"time"

	"dozvon/app/desktop/cardstatus"
	"dozvon/app/desktop/help"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/tray"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/client"
	"dozvon/client/sandbox"
)

// TestPractice_marksAllThatIsShown: also cards that are of no call, such as a reminder that was set in it.
func TestPractice_marksAllThatIsShown(t *testing.T) {
	t.Parallel()
	me := client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна"}
	a := &App{text: i18n.New(i18n.Russian)}
	a.dirty.Store(true) // nothing is drawn here
	m := a.newModel(me)
	m.Apply(client.StreamEvent{Type: "call", Data: &client.Call{
		ID: "c1", Direction: client.In, State: client.StateRinging, Phone: "+79000000001", Ringing: []string{"e1"}, StartedAt: time.Now(),
	}})
	due := time.Now().Add(-time.Minute)
	m.Apply(client.StreamEvent{Type: "task", Data: &client.Task{ID: "t1", Kind: "reminder", State: "open", Assignee: &client.Person{ID: "e1"}, DueAt: &due, Phone: "+79000000003"}})
	m.Tick()
	for _, practising := range []bool{false, true} {
		a.state = session.State{Connection: session.Live, Me: me}
		want := tray.Ringing
		if practising {
			a.state.Practice, want = sandbox.Known, tray.Practice
		}
		cards := cardsOf(a)
		if len(cards) == 0 {
			t.Fatal("no cards")
		}
		for _, card := range cards {
			if card.Practice != practising {
				t.Errorf("practising %v: the card %s says practice %v", practising, cardstatus.Name(card), card.Practice)
			}
		}
		if got := tray.Face(cards, trayNow(a)); got != want {
			t.Errorf("practising %v: the icon is %q, want %q", practising, got, want)
		}
	}
}

func TestGuide_opensWhereOneIs(t *testing.T) {
	t.Parallel()
	a := &App{text: i18n.New(i18n.Russian)}
	if got := guideOf(a).place(); got != help.Start {
		t.Errorf("before anybody is signed in the help of %q opens", got)
	}
	a.frame, a.state.Practice = &mainwin.Frame{}, sandbox.Missed
	if got := guideOf(a).place(); got != help.Practice {
		t.Errorf("in a practice the help of %q opens", got)
	}
}
