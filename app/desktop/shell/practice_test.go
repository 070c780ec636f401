package shell

import (
	"path/filepath"
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

// TestPractice_leavesThePagesOfTheSchoolAsTheyWere, and nothing of its own behind, however often one practises.
func TestPractice_leavesThePagesOfTheSchoolAsTheyWere(t *testing.T) {
	kept := t.TempDir()
	t.Setenv("XDG_STATE_HOME", kept)
	anna := session.State{Connection: session.Live, Server: "https://x", Me: client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна"}}
	a := &App{text: i18n.New(i18n.Russian), states: newStates()}
	a.state = anna
	pages := rememberingOf(a)
	pages.resume(session.State{Connection: session.SignedOut})
	own := a.states
	for _, id := range []string{"practice-1", "practice-2"} {
		a.page = "missed"
		a.state.Practice, a.state.Me.ID = sandbox.Known, id
		if front := pages.resume(anna); front != "" || a.states == own {
			t.Errorf("the practice begins at %q, with the pages of the school: %v", front, a.states == own)
		}
		a.frame, a.page = &mainwin.Frame{}, "feed"
		pages.write()
		a.frame, a.state = nil, anna
		if front := pages.resume(session.State{Practice: sandbox.Known}); front != "missed" || a.states != own {
			t.Errorf("after the practice %q is in front, the pages are as they were: %v", front, a.states == own)
		}
	}
	a.state.Me.ID = "e2"
	if pages.resume(anna); a.states == own {
		t.Error("somebody else has the pages of who practised")
	}
	found, err := filepath.Glob(filepath.Join(kept, "*", "*"))
	if err != nil || len(found) > 0 {
		t.Errorf("the practices left %q, %v", found, err)
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
