package dialling_test

import (
	"errors"
	"testing"
	"time"

	"dozvon/app/desktop/dialling"
)

func TestGate_aSecondClickMakesNoSecondCall(t *testing.T) {
	t.Parallel()
	var g dialling.Gate
	noon := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	const number = "+79145550261"
	refused := errors.New("refused")
	told := 0
	done := func(err error) {
		if errors.Is(err, refused) {
			told++
		}
	}
	command, began := g.Begin(number, noon, done)
	if !began || command == "" {
		t.Fatalf("the first click calls nobody: %q, %v", command, began)
	}
	if _, twice := g.Begin(number, noon.Add(100*time.Millisecond), done); twice {
		t.Error("a second click while the first is on its way calls again")
	}
	free := 0
	if !g.Waits(number, func() { free++ }) || g.Waits("+79145550262", func() { free++ }) {
		t.Error("the button of the number must wait, that of another must not")
	}
	wait := g.Answered(number, noon.Add(500*time.Millisecond), refused)
	if wait != 1500*time.Millisecond || told != 2 {
		t.Errorf("waits %v, told %d times; want 1.5 s, both clicks told", wait, told)
	}
	if _, twice := g.Begin(number, noon.Add(time.Second), done); twice || told != 3 {
		t.Errorf("a click within %v calls again, or is told nothing (%d)", dialling.Apart, told)
	}
	g.Release(number)
	next, began := g.Begin(number, noon.Add(3*time.Second), done)
	if !began || next == command || free != 1 {
		t.Errorf("after the wait: began %v with the id of the first %v, buttons freed %d times", began, next == command, free)
	}
	if wait := g.Answered(number, noon.Add(20*time.Second), nil); wait != 0 {
		t.Errorf("an answer that took 17 s makes a button wait %v more", wait)
	}
}
