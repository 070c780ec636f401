package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// Erased is the receipt of an erasure. It holds nothing about the person.
type Erased struct {
	Person string `json:"person"` // client:ID, contract:ID or number
	// DryRun: nothing was done. Again: it had been done before, and this is what it came to then.
	DryRun bool `json:"dry_run,omitempty"`
	Again  bool `json:"again,omitempty"`
	// Erased counts by kind: cards, changes (of cards), calls, notes, messages, entries (others of the feed), versions
	// (former texts of notes), flags, tasks, waiting (list of missed callers), requests (of the PBX, as they came),
	// undos, commands, journal, imports (files), staged and runs (what imports remember), recordings (files of this
	// node), words and numbers (of the index). Of calls the row stays for the school's figures, without whom it was with.
	Erased store.ErasedCounts `json:"erased"`
	// SharedNumbers stand in other cards, too: they and their calls stay with those.
	SharedNumbers int `json:"shared_numbers"`
	// Remains is in how many places the person was still found in the files of the database and the data folder, looked
	// through after the erasure.
	Remains int `json:"remains"`
	// Outside is what was not erased here, by code: see the README.
	Outside []Outside `json:"outside"`
}

// Outside is something that this server cannot erase, or not yet.
type Outside struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

var (
	// ErrLive says that a call of the person goes on.
	ErrLive = errors.New("a call of this person goes on: erase again when it is over; nothing was changed")
	// ErrImporting says that a file is being imported.
	ErrImporting = errors.New("a file is being imported, which may hold this person: erase again when it is in; nothing was changed")
)

// ErrErasing says that another erasure goes on.
var ErrErasing = errors.New("another command erases on this database: try again when it has ended")

// erasure is one that goes on.
type erasure struct {
	*Service
	row     store.Erasure
	plan    plan
	receipt Erased
}

// Erase takes all that is kept about a person out for good; what was broken off is ended first. What stays of calls
// does not tell whom they were with. ErrLive, ErrImporting, *Several, ErrUnknown; store.ErrNotFound for a card that is
// not there and was not erased either.
func (s *Service) Erase(ctx context.Context, word string, dryRun bool) (Erased, error) {
	print := s.Sealer.Print(printOfPerson, s.named(word))
	if dryRun {
		return s.try(ctx, word, print)
	}
	lease, err := s.turn(ctx)
	if err != nil {
		return Erased{}, err
	}
	defer func() { _ = lease.Release(0) }() // it ends by itself
	ctx = lease.Context()
	if err := s.Store.EraseDeleted(ctx, true); err != nil {
		return Erased{}, err
	}
	defer s.relax(ctx)
	open, err := s.Store.OpenErasures(ctx)
	if err != nil {
		return Erased{}, err
	}
	var resumed *Erased
	for _, row := range open {
		receipt, err := s.resume(ctx, row)
		if err != nil {
			return Erased{}, err
		}
		if row.Print == print || row.Person == word {
			resumed = &receipt
		}
	}
	if resumed != nil {
		return *resumed, nil
	}
	e, err := s.begin(ctx, word, print)
	if errors.Is(err, store.ErrNotFound) {
		return s.before(ctx, word, print, err)
	}
	if err != nil {
		return Erased{}, err
	}
	return e.finish(ctx)
}

// turnWait is how long another command is waited for: longer than one that was killed still counts as at work.
const turnWait = store.LeaseTerm + 15*time.Second

// turn lets one erasure go on at a time, on all nodes.
func (s *Service) turn(ctx context.Context) (*store.Lease, error) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(turnWait); ; {
		lease, err := s.Store.Hold(ctx, "erase", s.NewID(), store.LeaseTerm, true)
		if err != nil || lease != nil {
			return lease, err
		}
		if time.Now().After(end) {
			return nil, ErrErasing
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// relax has SQLite spare itself again; one that cannot goes on as carefully as before.
func (s *Service) relax(ctx context.Context) {
	_ = s.Store.EraseDeleted(context.WithoutCancel(ctx), false)
}

// named is how a person is named, in one spelling.
func (s *Service) named(word string) string {
	if n, err := s.Directory.Numbers().Parse(word); err == nil {
		return string(n)
	}
	return word
}

// before is the receipt of a person who was erased before; missing is what to say otherwise.
func (s *Service) before(ctx context.Context, word, print string, missing error) (Erased, error) {
	row, err := s.Store.LastErasure(ctx, word, print)
	if errors.Is(err, store.ErrNotFound) {
		return Erased{}, missing
	}
	if err != nil {
		return Erased{}, err
	}
	receipt, err := receiptOf(row)
	receipt.Again = true
	return receipt, err
}

func receiptOf(row store.Erasure) (out Erased, err error) {
	if err = json.Unmarshal([]byte(row.Receipt), &out); err != nil {
		err = fmt.Errorf("reading the receipt of an erasure: %w", err)
	}
	return out, err
}

// try counts what an erasure would take, and changes nothing.
func (s *Service) try(ctx context.Context, word, print string) (Erased, error) {
	p, err := s.Find(ctx, word)
	if errors.Is(err, store.ErrNotFound) {
		return s.before(ctx, word, print, err)
	}
	if err != nil {
		return Erased{}, err
	}
	doc, err := s.gather(ctx, p)
	if err != nil {
		return Erased{}, err
	}
	n := doc.receipt()
	out := Erased{Person: p.Asked, DryRun: true, SharedNumbers: len(p.Shared), Erased: store.ErasedCounts{
		"cards": int64(n.Cards), "changes": int64(n.Changes), "calls": int64(n.Calls), "notes": int64(n.Notes), "messages": int64(n.Messages), "flags": int64(n.Flags),
		"tasks": int64(n.Tasks), "waiting": int64(n.Waiting), "recordings": int64(n.Recordings), "requests": int64(n.Requests),
	}}
	out.Outside, err = s.outside(ctx)
	return out, err
}

// begin takes the cards out, and notes all that is left to do; nothing of it can be seen under the name any more.
func (s *Service) begin(ctx context.Context, word, print string) (*erasure, error) {
	var e *erasure
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		p, err := find(tx.Person(), word, s.Directory.Numbers())
		if err != nil {
			return err
		}
		if err := s.mayErase(tx, p); err != nil {
			return err
		}
		now := s.Now().UTC()
		e = &erasure{Service: s, row: store.Erasure{ID: s.NewID(), Person: p.Asked, Print: print, At: now}}
		if e.plan, err = planOf(tx.Person(), s.Directory.Numbers(), p, now); err != nil {
			return err
		}
		e.receipt = Erased{Person: p.Asked, Erased: store.ErasedCounts{}, SharedNumbers: len(p.Shared)}
		var prints []string
		for _, n := range p.Numbers {
			prints = append(prints, s.Sealer.Print(printOfNumber, string(n)))
		}
		if err := tx.AddErasedPrints(prints); err != nil {
			return err
		}
		return e.eraseCards(tx, p.Cards)
	})
	return e, err
}

// mayErase refuses while something goes on that would bring the person back.
func (s *Service) mayErase(tx *store.Tx, p Person) error {
	h := p.Holding()
	h.Numbers = slices.Concat(p.Numbers, p.Shared) // of whom a call of such a number is, nobody knows yet
	live, err := tx.Person().LiveCalls(h)
	if err != nil {
		return err
	}
	if live > 0 {
		return ErrLive
	}
	imports, err := tx.AllImports()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(imports, func(r store.ImportRow) bool {
		return slices.Contains([]string{client.ImportQueued, client.ImportRunning, client.ImportBinding}, r.State)
	}) {
		return ErrImporting
	}
	return nil
}

// eraseCards takes the cards out and tells the screens; the calls of numbers that others have, too, go to those.
func (e *erasure) eraseCards(tx *store.Tx, cards []crm.Card) error {
	for _, c := range cards {
		counts, err := tx.EraseCard(c.Ref())
		if err != nil {
			return err
		}
		e.count(counts)
		if err := tx.Journal(string(c.Kind), stream.All, client.Deleted{ID: c.ID, Deleted: true, Erased: true}); err != nil {
			return err
		}
	}
	shared := make([]string, len(e.plan.Shared))
	for i, n := range e.plan.Shared {
		shared[i] = string(n)
	}
	if err := e.Calls.RebindQuietly(tx, shared); err != nil {
		return err
	}
	return e.save(tx)
}

func (e *erasure) count(more store.ErasedCounts) {
	for kind, n := range more {
		if n > 0 {
			e.receipt.Erased[kind] += n
		}
	}
}

// save notes how far the erasure is.
func (e *erasure) save(tx *store.Tx) error {
	sealed, err := e.plan.seal(e.Sealer)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(e.receipt)
	if err != nil {
		return fmt.Errorf("encoding a receipt: %w", err)
	}
	e.row.Work, e.row.Receipt = sealed, string(raw)
	return tx.SaveErasure(e.row)
}

// resume goes on with one that was broken off.
func (s *Service) resume(ctx context.Context, row store.Erasure) (Erased, error) {
	e := &erasure{Service: s, row: row}
	var err error
	if e.plan, err = unseal(s.Sealer, row.Work); err != nil {
		return Erased{}, err
	}
	if e.receipt, err = receiptOf(row); err != nil {
		return Erased{}, err
	}
	return e.finish(ctx)
}

// finish does all that is left. Each step may be done again: it finds what is still there.
func (e *erasure) finish(ctx context.Context) (Erased, error) {
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"requests", e.requests},
		{"calls", e.calls},
		{"entries", e.entries},
		{"followups", e.followups},
		{"shared", e.shared},
		{"files", e.files},
		{"texts", e.texts},
		{"index", e.index},
		{"room", e.room},
		{"end", e.end},
	} {
		if err := step.do(ctx); err != nil {
			return Erased{}, fmt.Errorf("erasing, %s: %w; run the same command again, it goes on where it stopped", step.name, err)
		}
		if e.Between == nil {
			continue
		}
		if err := e.Between(step.name); err != nil {
			return Erased{}, err
		}
	}
	return e.receipt, nil
}

// again runs a piece of work on the receipt and the plan as they were, for a transaction may be tried again.
func (e *erasure) write(ctx context.Context, work func(tx *store.Tx) error) error {
	was := *e
	was.receipt.Erased = store.ErasedCounts{}
	for kind, n := range e.receipt.Erased {
		was.receipt.Erased[kind] = n
	}
	return e.Store.Write(ctx, func(tx *store.Tx) error {
		e.plan, e.receipt = was.plan, was.receipt
		e.receipt.Erased = store.ErasedCounts{}
		e.count(was.receipt.Erased)
		if err := work(tx); err != nil {
			return err
		}
		return e.save(tx)
	})
}

// end notes that it is done, tells the screens to read anew, and writes the audit; what was kept to do it is blanked.
func (e *erasure) end(ctx context.Context) error {
	outside, err := e.outside(ctx)
	if err != nil {
		return err
	}
	return e.Store.Write(ctx, func(tx *store.Tx) error {
		e.receipt.Outside = outside
		if e.receipt.Remains > 0 {
			e.receipt.Outside = append(slices.Clone(outside), told("remains"))
		}
		raw, err := json.Marshal(e.receipt)
		if err != nil {
			return fmt.Errorf("encoding a receipt: %w", err)
		}
		e.row.Receipt = string(raw)
		if e.receipt.Remains == 0 || e.Alone {
			e.row.Work, e.row.DoneAt = "", e.Now()
		}
		if err := tx.SaveErasure(e.row); err != nil {
			return err
		}
		if err := tx.Journal(store.BlankedRow, store.BlankedAudience, struct{}{}); err != nil {
			return err
		}
		if err := tx.Journal("reset", stream.All, struct{}{}); err != nil {
			return err
		}
		detail := map[string]string{"cards": fmt.Sprint(e.receipt.Erased["cards"]), "calls": fmt.Sprint(e.receipt.Erased["calls"])}
		return e.Audit.Write(ctx, tx, client.Employee{}, access.ActionErase, e.row.Person, detail)
	})
}
