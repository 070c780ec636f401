package switchboard

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

const (
	// importBatch is how many rows are put aside in one transaction: some 20 ms, so that a webhook
	// between two of them hardly waits.
	importBatch = 200
	// importTellEvery is how often progress is told.
	importTellEvery = 300 * time.Millisecond
)

// importRun is one import while its rows are being read. It belongs to one goroutine.
type importRun struct {
	s      *Switchboard
	row    store.ImportRow
	kind   client.SubjectKind
	rule   imports.Rule
	fields imports.Mapping
	people map[string]client.Person // by folded name
	report importReport
	seed   maphash.Seed
	// seen is in which line of this file a key stood first. Keys are kept as hashes: a million
	// rows have three million of them, and two alike by chance come once in a million such files.
	seen map[uint64]int
	// lines tells which line of the file changes a card of ours.
	lines  map[string]int
	staged map[int]store.StagedCard // of the batch at hand
	told   time.Time
}

// runImport reads the file, puts every card aside, and publishes all of them at once. Whatever
// fails before that leaves no trace but the reason.
func (s *Switchboard) runImport(ctx context.Context, row store.ImportRow) error {
	row.State = client.ImportRunning
	err := s.tellImport(ctx, client.ImportQueued, row)
	if err != nil {
		return notMineIsFine(err) // another server was quicker
	}
	r := &importRun{
		s: s, row: row, kind: importKinds[row.Kind], rule: imports.Rule(row.Rule), fields: mapping(row.Mapping),
		seed: maphash.MakeSeed(), seen: map[uint64]int{}, lines: map[string]int{}, told: s.Now(),
	}
	defer r.report.close()
	err = r.read(ctx)
	if err == nil {
		err = r.finish(ctx)
	}
	if err == nil || errors.Is(err, store.ErrNotMine) {
		return err
	}
	// The reason is written down also when the server is stopping.
	last := context.WithoutCancel(ctx)
	if ctx.Err() != nil {
		err = errInterrupted
	}
	return errors.Join(s.dropStaged(last, row.ID), s.importFailed(last, r.row, err))
}

func (r *importRun) read(ctx context.Context) error {
	var err error
	if r.people, err = r.s.peopleByName(ctx); err != nil {
		return err
	}
	file, err := table.Open(r.s.importFile(r.row.ID, uploadName))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := r.report.begin(r.s.ImportReport(r.row.ID), r.row); err != nil {
		return err
	}
	skip := r.row.Heading
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var batch []table.Row
		for len(batch) < importBatch {
			row, err := file.Next()
			if errors.Is(err, io.EOF) {
				more = false
				break
			}
			if err != nil {
				return err
			}
			if skip {
				skip = false
				continue
			}
			batch = append(batch, row)
		}
		if err := r.take(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// take turns rows into cards and puts those aside.
func (r *importRun) take(ctx context.Context, batch []table.Row) error {
	drafts := make([]imports.Draft, len(batch))
	for i, row := range batch {
		drafts[i] = r.fields.DraftOf(r.s.Numbers(), r.kind, row.Line, row.Cells)
	}
	known, err := r.s.knownCards(ctx, r.kind, r.rule, drafts)
	if err != nil {
		return err
	}
	r.staged = map[int]store.StagedCard{}
	for i, d := range drafts {
		if err := r.takeOne(ctx, d, known, batch[i].Cells); err != nil {
			return fmt.Errorf("line %d: %w", d.Line, err)
		}
	}
	r.row.Done += len(batch)
	return r.put(ctx)
}

func (r *importRun) takeOne(ctx context.Context, d imports.Draft, known knownCards, cells []string) error {
	if len(d.Faults) > 0 {
		return r.faulty(d, cells, append(d.Faults, d.Missing...))
	}
	double, err := r.double(ctx, d, known)
	if err != nil {
		return err
	}
	if double.found && r.rule == imports.Skip {
		r.row.Counts.Doubles++
		return r.report.skipped(d.Line, cells, double.words())
	}
	if !double.found && len(d.Missing) > 0 {
		return r.faulty(d, cells, d.Missing)
	}
	responsible, remarks := r.responsible(d)
	remarks = append(remarks, d.Remarks...)
	var before *crm.Card
	if double.found {
		before = &double.card
	}
	card, err := d.Card(before, r.s.NewID(), responsible, r.s.Now().UTC())
	if words, ok := imports.Faults(err); ok {
		return r.faulty(d, cells, words)
	}
	if err != nil {
		return err
	}
	r.stage(d, card, before, double)
	if len(remarks) > 0 {
		r.row.Counts.Remarks++
		return r.report.remarked(d.Line, cells, remarks)
	}
	return nil
}

func (r *importRun) faulty(d imports.Draft, cells []string, words []imports.Words) error {
	r.row.Counts.Faulty++
	return r.report.skipped(d.Line, cells, words)
}

// stage notes a card to be put aside, and what it is known by.
func (r *importRun) stage(d imports.Draft, card crm.Card, before *crm.Card, double double) {
	changes := crm.Deltas(before, card)
	line := d.Line
	switch {
	case before == nil:
		r.row.Counts.Added++
		r.staged[line] = store.StagedCard{Line: line, Fresh: true, Card: card, Changes: changes}
	case len(changes) == 0:
		r.row.Counts.Unchanged++
		if line = double.line; line == 0 {
			line = d.Line // a card of ours that stays as it is; no line of the file has it
		}
	case double.line != 0:
		r.row.Counts.Changed++
		line = double.line
		card.Version = before.Version
		r.staged[line] = store.StagedCard{Line: line, Fresh: double.fresh, Card: card, Changes: append(double.changes, changes...)}
	default:
		r.row.Counts.Changed++
		r.lines[card.Ref().ID] = line
		r.staged[line] = store.StagedCard{Line: line, Card: card, Changes: changes}
	}
	if len(changes) == 0 && double.line == 0 {
		return
	}
	for _, k := range d.Keys() {
		if h := r.hash(k); r.seen[h] == 0 {
			r.seen[h] = line
		}
	}
}

func (r *importRun) hash(k imports.Key) uint64 {
	return maphash.String(r.seed, string(k.What)+"\x00"+k.Value)
}

// double is a card that is there already: of ours, or of an earlier line of this file.
type double struct {
	found   bool
	card    crm.Card
	key     imports.Key
	line    int // of this file; 0: a card of ours
	fresh   bool
	changes []client.FieldDelta
}

func (d double) words() []imports.Words {
	names := map[imports.Field][2]string{
		imports.ExternalID: {"тот же внешний код", "the same external id"},
		imports.Number:     {"тот же номер договора", "the same contract number"},
		imports.Phone:      {"тот же телефон", "the same telephone"},
	}
	name := names[d.key.What]
	if d.line != 0 {
		return []imports.Words{{
			RU: fmt.Sprintf("повтор строки %d: %s", d.line, name[0]),
			EN: fmt.Sprintf("repeats line %d: %s", d.line, name[1]),
		}}
	}
	who := d.card.Subject().Name
	return []imports.Words{{RU: "уже есть: " + who + " (" + name[0] + ")", EN: "is there already: " + who + " (" + name[1] + ")"}}
}

// double finds the card of a row: by the surest key, among the lines before it and then among ours.
func (r *importRun) double(ctx context.Context, d imports.Draft, known knownCards) (double, error) {
	if r.rule == imports.Add {
		return double{}, nil
	}
	for _, k := range d.Keys() {
		if line := r.seen[r.hash(k)]; line != 0 {
			if earlier, err := r.ofLine(ctx, k, line); err != nil || !d.Other(earlier.card) {
				return earlier, err
			}
		}
		for _, card := range known[k] {
			if d.Other(card) {
				continue
			}
			if line := r.lines[card.Ref().ID]; line != 0 {
				return r.ofLine(ctx, k, line)
			}
			return double{found: true, card: card, key: k}, nil
		}
	}
	return double{}, nil
}

// ofLine is the card that an earlier line has put aside.
func (r *importRun) ofLine(ctx context.Context, k imports.Key, line int) (double, error) {
	earlier, ok := r.staged[line]
	if !ok {
		var err error
		if earlier, err = r.s.Store.Staged(ctx, r.row.ID, r.kind, line); err != nil {
			return double{}, err
		}
	}
	return double{true, earlier.Card, k, line, earlier.Fresh, earlier.Changes}, nil
}

func (r *importRun) responsible(d imports.Draft) (*client.Person, []imports.Words) {
	if d.Responsible == "" {
		return nil, nil
	}
	if p, ok := r.people[crm.Fold(d.Responsible)]; ok {
		return &p, nil
	}
	return nil, []imports.Words{{
		RU: "сотрудника «" + d.Responsible + "» нет: ответственный не поставлен",
		EN: "there is no employee “" + d.Responsible + "”: nobody was made responsible",
	}}
}

// put writes the batch, and now and then tells how far it is.
func (r *importRun) put(ctx context.Context) error {
	cards := make([]store.StagedCard, 0, len(r.staged))
	for _, c := range r.staged {
		cards = append(cards, c)
	}
	slices.SortFunc(cards, func(a, b store.StagedCard) int { return a.Line - b.Line })
	tell := r.s.Now().Sub(r.told) >= importTellEvery
	if tell {
		r.told = r.s.Now()
	}
	return r.s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.StageCards(r.row.ID, cards); err != nil {
			return err
		}
		if tell {
			return r.s.noteImport(tx, client.ImportRunning, r.row)
		}
		return tx.SetImport(client.ImportRunning, r.row)
	})
}
