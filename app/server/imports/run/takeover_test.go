package run_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// rows are more than one batch that is put aside.
const rows = 210

// Moments of a job that reads a file.
var (
	atItsBeginning = moment{"at its beginning", nth("numbers", 1)}
	inTheMiddle    = moment{"in the middle", nth("id", 205)}
	atItsLastRow   = moment{"at its last row", nth("id", rows)}
)

// wakes are when a job wakes that was taken for dead: what the program did that took over, which also runs
// the same import anew.
var wakes = []struct {
	name string
	when func(b *program, im client.Import, wake func())
}{
	{"while its rows are dropped", func(b *program, im client.Import, wake func()) {
		goOn := b.working(im.ID, moment{"before it is given up", takenOver})
		wake()
		goOn(false)
		b.again(im)
		b.work()
	}},
	{"when it was given up", func(b *program, im client.Import, wake func()) {
		b.work()
		wake()
		b.again(im)
		b.work()
	}},
	{"before the new run begins", func(b *program, im client.Import, wake func()) {
		b.work()
		b.again(im)
		wake()
		b.work()
	}},
	{"while the new run begins", func(b *program, im client.Import, wake func()) {
		b.work()
		b.again(im)
		goOn := b.working(im.ID, atItsBeginning)
		wake()
		goOn(false)
	}},
	{"while the new run goes on", func(b *program, im client.Import, wake func()) {
		b.work()
		b.again(im)
		goOn := b.working(im.ID, inTheMiddle)
		wake()
		goOn(false)
	}},
	{"after the new run", func(b *program, im client.Import, wake func()) {
		b.work()
		b.again(im)
		b.work()
		wake()
	}},
}

// again starts an import once more.
func (p *program) again(im client.Import) {
	p.t.Helper()
	if err := p.begin(im, "skip", false); err != nil {
		p.t.Errorf("started again: %v", err)
	}
}

// A job that slept until it was taken for dead, whenever it wakes, changes nothing of what came after it.
func TestRun_whoWasTakenForDeadChangesNothing(t *testing.T) {
	t.Parallel()
	ways := []struct {
		name           string
		trial, stopped bool
	}{{name: "goes on"}, {name: "stops", stopped: true}, {name: "goes on with a trial", trial: true}}
	everywhere(t, func(t *testing.T, s *site) {
		a, b := s.program(t), s.program(t)
		n := 0
		for _, held := range []moment{atItsBeginning, inTheMiddle, atItsLastRow} {
			for _, woken := range wakes {
				for i, way := range ways {
					if i > 0 && held.name != inTheMiddle.name {
						continue // how it goes on matters while there are rows of both
					}
					n++
					name, word := fmt.Sprintf("held %s, woken %s, %s", held.name, woken.name, way.name), fmt.Sprint("Д", n)
					im := a.add(contracts(word, rows))
					if err := a.begin(im, "skip", way.trial); err != nil {
						t.Fatal(err)
					}
					wake := a.working(im.ID, held)
					s.later(time.Minute)
					woken.when(b, im, func() { wake(way.stopped) })
					b.wantWhole(name, im.ID, word)
				}
			}
		}
	})
}

// wantWhole looks whether an import was carried out once and whole.
func (p *program) wantWhole(name, id, word string) {
	p.t.Helper()
	for range 2 { // what is left is taken up when nobody was heard of for a while
		p.site.later(time.Minute)
		p.work()
	}
	row := p.row(id)
	if cards, steps := p.brought(word, rows); cards != rows || steps != 2 {
		p.t.Errorf("%s: %d of %d contracts, and %d steps of two histories", name, cards, rows, steps)
	}
	if row.State != client.ImportDone || row.Problem != nil || row.Counts != (client.ImportCounts{Added: rows, Faulty: 1}) || !row.Report {
		p.t.Errorf("%s: %s, %+v, %v, report %v", name, row.State, row.Counts, row.Problem, row.Report)
	}
	if p.staged(id) {
		p.t.Errorf("%s: rows are still put aside", name)
	}
	if report := p.report(id); strings.Count(report, "\n") != 2 || !strings.Contains(report, "Без номера") {
		p.t.Errorf("%s: the report is\n%.500s", name, report)
	}
}

// Who slept while an import was followed up leaves the rest to who has taken that over.
func TestFollowUp_whoWasTakenForDeadLeavesItToTheOther(t *testing.T) {
	t.Parallel()
	const rows = 310 // more than are followed up at once
	atItsEnd := moment{"before its end", func(p *program, id string) func(string) bool {
		return func(at string) bool {
			row := p.row(id)
			return at == "now" && row.State == client.ImportBinding && row.Settled == rows+1 && row.BeatAt.Equal(p.site.now())
		}
	}}
	helds := []moment{{"before the first piece", nth("name", 1)}, atItsEnd}
	everywhere(t, func(t *testing.T, s *site) {
		a, b := s.program(t), s.program(t)
		for i, held := range helds {
			for _, after := range []bool{false, true} {
				name, word := fmt.Sprintf("held %s, woken after the other: %v", held.name, after), fmt.Sprint("Д", i, after)
				im := a.add(contracts(word, rows))
				if err := a.begin(im, "skip", false); err != nil {
					t.Fatal(err)
				}
				wake := a.working(im.ID, held)
				had, from := a.rebinds.Load(), a.lastRow()
				s.later(time.Minute)
				if after {
					b.work()
					wake(false)
				} else {
					goOn := b.working(im.ID, atItsEnd)
					wake(false)
					if state := b.row(im.ID).State; state != client.ImportBinding {
						t.Errorf("%s: who slept made it %s", name, state)
					}
					goOn(false)
				}
				if n := a.rebinds.Load() - had; n != 0 {
					t.Errorf("%s: it bound the calls of %d pieces", name, n)
				}
				if n := b.resets(from); n != 1 {
					t.Errorf("%s: the screens were reset %d times", name, n)
				}
				if cards, steps := b.brought(word, rows); cards != rows || steps != 2 || b.row(im.ID).State != client.ImportDone || b.staged(im.ID) {
					t.Errorf("%s: %d contracts, %d steps, %s", name, cards, steps, b.row(im.ID).State)
				}
			}
		}
	})
}

func (p *program) lastRow() int64 {
	p.t.Helper()
	n, err := p.Store.LastSequence(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// resets counts how often the screens were asked to load everything anew.
func (p *program) resets(after int64) (n int) {
	p.t.Helper()
	journal, err := p.Store.JournalAfter(p.t.Context(), after, 1000)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, row := range journal {
		if row.Type == "reset" {
			n++
		}
	}
	return n
}

// A program that has listed what waits, and was busy with the first of it for long, does not take up the
// second as it was then.
func TestRun_whatWasStartedAnewMeanwhileRunsAsItWasStartedLast(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, s *site) {
		a, b := s.program(t), s.program(t)
		first, second := a.add(contracts("А", rows)), a.add(contracts("Б", rows))
		for _, im := range []client.Import{first, second} {
			if err := a.begin(im, "skip", true); err != nil {
				t.Fatal(err)
			}
		}
		wake := a.working(first.ID, inTheMiddle)
		b.work() // the second one; the first goes on
		if state := b.row(second.ID).State; state != client.ImportChecked {
			t.Fatalf("the trial is %s", state)
		}
		b.again(second)
		wake(false)
		b.wantWhole("started again", second.ID, "Б")
	})
}

// What somebody changed while the file was read is counted and told, also when the job ends right after
// the publishing.
func TestRun_conflictsAreCountedThoughTheJobEnds(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, s *site) {
		a, b := s.program(t), s.program(t)
		im, same := a.add(contracts("Д", rows)), a.add(contracts("Д", 3))
		if err := a.begin(im, "skip", false); err != nil {
			t.Fatal(err)
		}
		wake := a.working(im.ID, inTheMiddle)
		if err := b.begin(same, "skip", false); err != nil {
			t.Fatal(err)
		}
		b.work()
		held, release := a.gate.arm(nth("name", 1)(a, im.ID))
		ended := make(chan struct{})
		go func() { defer close(ended); wake(false) }()
		<-held
		s.later(time.Minute)
		b.work()
		release()
		<-ended
		row := b.row(im.ID)
		if row.State != client.ImportDone || row.Counts != (client.ImportCounts{Added: rows - 3, Doubles: 3, Faulty: 1}) || len(row.Notes) != 4 {
			t.Errorf("%s, %+v, noted %v", row.State, row.Counts, row.Notes)
		}
		if cards, _ := b.brought("Д", rows); cards != rows {
			t.Errorf("%d contracts", cards)
		}
	})
}
