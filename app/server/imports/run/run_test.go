package run_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/store"
	"dozvon/client"
)

// put writes one change of an import, as a program would.
func (p *program) put(work func(*store.Tx) error) {
	p.t.Helper()
	if err := p.Store.Write(p.t.Context(), work); err != nil {
		p.t.Fatal(err)
	}
}

// leftBehind is an import that came to nothing, and of which a row is still put aside.
func (p *program) leftBehind(word string) client.Import {
	p.t.Helper()
	im := p.add(contracts(word, rows))
	was := p.row(im.ID)
	running := was
	running.State, running.Claim = client.ImportRunning, "left behind"
	p.put(func(tx *store.Tx) error { return tx.SetImport(was, running) })
	stray := crm.Card{Kind: client.KindContract, ID: "stray", Number: word + "-stray", Name: "Чужая строка", Version: 1, CreatedAt: p.site.now(), UpdatedAt: p.site.now()}
	p.put(func(tx *store.Tx) error {
		return tx.StageCards(running, []store.StagedCard{{Line: 5000, Fresh: true, Card: stray}})
	})
	failed := running
	failed.State = client.ImportFailed
	p.put(func(tx *store.Tx) error { return tx.SetImport(running, failed) })
	return im
}

// What an earlier run could not drop is not published by a later one.
func TestRun_dropsWhatAnEarlierRunLeftPutAside(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, s *site) {
		p := s.program(t)
		im := p.leftBehind("Д")
		p.again(im)
		p.work()
		p.wantWhole("after a run that left a row", im.ID, "Д")
		if found, err := p.Store.CardsKnownBy(t.Context(), client.KindContract, "number", []string{"Д-stray"}); err != nil || len(found) != 0 {
			t.Errorf("the row was published: %+v, %v", found, err)
		}
	})
}

// Nothing of an import is kept when it is forgotten.
func TestDrop_forgetsAlsoWhatIsPutAside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.program(t)
	im := p.leftBehind("Д")
	if err := p.Drop(t.Context(), client.Employee{}, im.ID); err != nil {
		t.Fatal(err)
	}
	if p.staged(im.ID) {
		t.Error("a row is still put aside")
	}
	if left, err := os.ReadDir(s.dir); err != nil || len(left) != 0 {
		t.Errorf("%d folders are left, %v", len(left), err)
	}
	if _, err := p.Store.Import(t.Context(), im.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is still known: %v", err)
	}
}

// Each write of a job asks whether the import is still its own.
func TestStore_refusesWhoseClaimWasTakenOver(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, s *site) {
		p := s.program(t)
		im := p.add(contracts("Д", 3))
		ready := p.row(im.ID)
		mine := ready
		mine.State, mine.Claim = client.ImportRunning, "mine"
		p.put(func(tx *store.Tx) error { return tx.SetImport(ready, mine) })
		card := crm.Card{Kind: client.KindContract, ID: "c", Number: "Д-0", Name: "Иванов", Version: 1, CreatedAt: s.now(), UpdatedAt: s.now()}
		staged := []store.StagedCard{{Line: 2, Fresh: true, Card: card}}
		p.put(func(tx *store.Tx) error { return tx.StageCards(mine, staged) })
		s.later(time.Minute)
		p.put(func(tx *store.Tx) error { return tx.SeizeImport(mine, "theirs", s.now()) })
		by := client.Employee{}
		for name, write := range map[string]func(*store.Tx) error{
			"the state":  func(tx *store.Tx) error { return tx.SetImport(mine, mine) },
			"a beat":     func(tx *store.Tx) error { return tx.BeatImport(mine) },
			"a takeover": func(tx *store.Tx) error { return tx.SeizeImport(mine, "again", s.now().Add(time.Hour)) },
			"rows":       func(tx *store.Tx) error { return tx.StageCards(mine, staged) },
			"dropping":   func(tx *store.Tx) error { _, err := tx.DropStaged(mine, 10); return err },
			"publishing": func(tx *store.Tx) error { _, err := tx.PublishImport(mine, client.KindContract, true); return err },
			"following": func(tx *store.Tx) error {
				return tx.FollowImport(mine, client.KindContract, 0, 9, by, "imported", s.now())
			},
			"forgetting":  func(tx *store.Tx) error { return tx.DeleteImport(mine) },
			"a new start": func(tx *store.Tx) error { return tx.SetImport(ready, mine) },
		} {
			if err := p.Store.Write(t.Context(), write); !errors.Is(err, store.ErrLostClaim) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if row := p.row(im.ID); row.Claim != "theirs" || !p.staged(im.ID) {
			t.Errorf("it is %s's, staged %v", row.Claim, p.staged(im.ID))
		}
	})
}

// A server beside a command may be quicker to take the command's import: the command tells its end all the same.
func TestRunOne_waitsForWhoWasQuicker(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, s *site) {
		command, server := s.program(t), s.program(t)
		im := command.add(contracts("Д", rows))
		command.again(im)
		wake := server.working(im.ID, inTheMiddle)
		type end struct {
			im  client.Import
			err error
		}
		told := make(chan end, 1)
		looked := make(chan struct{})
		held, release := command.gate.arm(func(point string) bool { return point == "now" }) // it looks whether the server is silent
		go func() { defer close(looked); <-held; release() }()
		go func() {
			got, err := command.RunOne(t.Context(), im.ID)
			told <- end{got, err}
		}()
		<-looked
		wake(false)
		select {
		case got := <-told:
			if got.err != nil || got.im.State != client.ImportDone || got.im.Counts.Added != rows {
				t.Errorf("told %s, %+v, %v", got.im.State, got.im.Counts, got.err)
			}
		case <-time.After(time.Minute):
			t.Fatal("nothing was told")
		}
	})
}

// However long it takes to look through a file's dates, a job that is at work is not taken for dead.
func TestRun_showsThatItIsAtWorkWhileNothingIsPutAside(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.program(t), s.program(t)
	im, err := a.Add(t.Context(), client.Employee{}, "contracts", "файл.csv",
		strings.NewReader("№ договора;ФИО;Дата договора\n"+strings.Repeat("Д-0;Иванов Иван;24.11.2026\n", 200)))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.begin(im, "skip", false); err != nil {
		t.Fatal(err)
	}
	looks := 0
	a.gate.arm(func(point string) bool {
		if point == "now" && looks < 300 { // while the dates are looked through
			s.later(time.Second) // a slow machine
			if looks++; looks%10 == 0 {
				b.work()
			}
		}
		return false
	})
	a.work()
	if row := a.row(im.ID); row.State != client.ImportDone || row.Counts.Added != 1 || looks != 300 {
		t.Errorf("%s after %d looks at the clock, %+v, %v", row.State, looks, row.Counts, row.Problem)
	}
}

// The report of a version that had one name for all of them is still fetched.
func TestReportPath_ofAFormerVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.program(t)
	im := p.add(contracts("Д", 3))
	if err := os.WriteFile(filepath.Join(s.dir, im.ID, "report.csv"), []byte("former"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.report(im.ID); got != "former" {
		t.Errorf("got %q", got)
	}
	p.again(im)
	p.work()
	if got := p.report(im.ID); !strings.Contains(got, "Без номера") {
		t.Errorf("after a run: %q", got)
	}
	files, err := os.ReadDir(filepath.Join(s.dir, im.ID))
	if err != nil || len(files) != 2 {
		t.Errorf("%d files besides each other, %v", len(files), err)
	}
	if _, err := p.ReportPath(t.Context(), "nobody's"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
}

// A trial tells what would be, and leaves nothing; what is not started by the rules does not begin.
func TestStart_refusesWhatCannotBegin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.program(t)
	im := p.add(contracts("Д", rows))
	var bad *run.BadInput
	if err := p.begin(im, "as you like", false); !errors.As(err, &bad) || bad.In("ru") == bad.In("en") {
		t.Errorf("an unknown rule: %v", err)
	}
	if err := p.begin(im, "skip", true); err != nil {
		t.Fatal(err)
	}
	if err := p.begin(im, "skip", false); !errors.Is(err, run.ErrBusy) {
		t.Errorf("started twice: %v", err)
	}
	if err := p.Drop(t.Context(), client.Employee{}, im.ID); !errors.Is(err, run.ErrBusy) {
		t.Errorf("forgotten while it waits: %v", err)
	}
	p.work()
	row := p.row(im.ID)
	if cards, _ := p.brought("Д", rows); cards != 0 || p.staged(im.ID) || row.State != client.ImportChecked || row.Counts.Added != rows {
		t.Errorf("the trial: %d contracts, %s, %+v", cards, row.State, row.Counts)
	}
	p.again(im)
	p.work()
	p.wantWhole("after a trial", im.ID, "Д")
	if err := p.begin(im, "skip", false); !errors.Is(err, run.ErrBusy) {
		t.Errorf("started after its end: %v", err)
	}
}
