package practising_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/practising"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/client"
)

// program writes down what it is asked for.
type program struct {
	did  chan string
	ends func(session.PracticeEnd)
	err  error // of a beginning
}

func newProgram() *program { return &program{did: make(chan string, 16)} }

func (*program) Text() *i18n.Text      { return i18n.New(i18n.Russian) }
func (p *program) Show()               { p.did <- "show" }
func (p *program) Tell(s string)       { p.did <- "tell " + s }
func (p *program) Go(page string) bool { p.did <- "go " + page; return true }
func (p *program) EndPractice()        { p.did <- "end" }

func (p *program) Practise(_ context.Context, ended func(session.PracticeEnd)) error {
	p.ends = ended
	p.did <- "practise"
	return p.err
}

func (p *program) wants(t *testing.T, all ...string) {
	t.Helper()
	for _, want := range all {
		if got := <-p.did; !strings.HasPrefix(got, want) {
			t.Errorf("it did %q, want %q", got, want)
		}
	}
}

func TestPractice_beginsEndsAndSaysWhy(t *testing.T) {
	test.NewTempApp(t)
	p := newProgram()
	at := func(on bool, cards ...present.Card) practising.Practice {
		return practising.Practice{Program: p, Session: p, Context: t.Context(), On: on, Cards: cards, Wake: func() {}}
	}
	at(false).Toggle()
	p.wants(t, "show", "tell Готовим учёбу", "practise", "go feed")
	for why, words := range map[session.PracticeEnd]string{
		session.PracticeEndedByCall: "tell Вам звонят по-настоящему", session.PracticeEndedByTime: "tell Полчаса", session.PracticeLost: "tell Учёба закончена: прервалась",
	} {
		p.ends(why)
		p.wants(t, words)
	}
	at(true).Toggle()
	p.wants(t, "end")
	if at(false).Refuses() {
		t.Error("a link is refused without a practice")
	}
	if !at(true).Refuses() {
		t.Error("a link is called in a practice")
	}
	p.wants(t, "show", "tell Идёт учёба")
	if at(false).Order("end") == nil || at(true).Order("begin") == nil || at(true).Order("") == nil {
		t.Error("a script's wrong order is taken")
	}
}

// TestPractice_comesAfterACall that is on, but not after one that waits to be called back.
func TestPractice_comesAfterACall(t *testing.T) {
	test.NewTempApp(t)
	for state, wants := range map[model.CardState][]string{
		model.CardRinging: {"show", "tell Сначала закончите"}, model.CardTalking: {"show", "tell Сначала закончите"},
		model.CardDialling: {"show", "tell Сначала закончите"}, model.CardHeld: {"show", "tell Сначала закончите"},
		model.CardMissed: {"show", "tell Готовим", "practise", "go feed"}, model.CardReminder: {"show", "tell Готовим", "practise", "go feed"},
	} {
		p := newProgram()
		practising.Practice{Program: p, Session: p, Context: t.Context(), Cards: []present.Card{{State: state}}, Wake: func() {}}.Begin()
		p.wants(t, wants...)
	}
}

// TestPractice_comesAfterASheet: what was begun in it for the real school would be done in the practice.
func TestPractice_comesAfterASheet(t *testing.T) {
	test.NewTempApp(t)
	p := newProgram()
	practising.Practice{Program: p, Session: p, Context: t.Context(), Covered: true, Wake: func() {}}.Begin()
	p.wants(t, "show", "tell Сначала закройте")
}

func TestPractice_saysWhyItCannotBegin(t *testing.T) {
	test.NewTempApp(t)
	p := newProgram()
	p.err = &client.Problem{Status: 426, Code: "practice_upgrade", Detail: "прокси не пропускает"}
	begin := practising.Practice{Program: p, Session: p, Context: t.Context(), Wake: func() {}}.Begin
	begin()
	p.wants(t, "show", "tell Готовим", "practise", "tell прокси не пропускает")
	p.err = errors.Join(session.ErrPractising)
	begin()
	p.wants(t, "show", "tell Готовим", "practise")
	if len(p.did) != 0 {
		t.Errorf("a second press did %q", <-p.did)
	}
}
