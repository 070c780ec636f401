package switchboard

import (
	"context"
	"errors"
	"fmt"
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
	s        *Switchboard
	row      store.ImportRow
	kind     client.SubjectKind
	rule     imports.Rule
	reader   imports.Reader
	staff    map[string]client.Person // by folded name
	people   people                   // nil before a row needs it
	report   importReport
	seen     seenKeys
	lines    map[string]int           // which line of the file changes a card of ours
	staged   map[int]store.StagedCard // of the batch at hand
	toldLast time.Time
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
		s: s, row: row, kind: importKinds[row.Kind], rule: imports.Rule(row.Rule),
		reader: imports.Reader{Kind: importKinds[row.Kind], Fields: mapping(row.Mapping), Numbers: s.Numbers()},
		seen:   newSeenKeys(), lines: map[string]int{}, toldLast: s.Now(),
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
	if r.staff, err = r.s.peopleByName(ctx); err != nil {
		return err
	}
	if err := r.seeDates(ctx); err != nil {
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
	r.reader.Dates.From1904 = file.Format.Date1904
	data := r.dataRows()
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
			if data(row) {
				batch = append(batch, row)
			}
		}
		if err := r.take(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// dataRows tells rows of data from titles, headings, and headings that a printout repeats on each page.
func (r *importRun) dataRows() func(table.Row) bool {
	first, names := true, []string{}
	for _, c := range r.row.Columns {
		names = append(names, c.Name)
	}
	return func(row table.Row) bool {
		was := first
		first = false
		if !r.row.Heading {
			return true
		}
		// Imports that 0.4.0 took in know only that the first row is the heading.
		if row.Line <= r.row.HeadingLine || was && r.row.HeadingLine == 0 {
			return false
		}
		return !slices.Equal(row.Cells, names)
	}
}

// seeDates looks through the dates of the whole file first: only a later one may show that months stand
// first.
func (r *importRun) seeDates(ctx context.Context) error {
	column := slices.Index(r.reader.Fields, imports.SignedOn)
	if column < 0 {
		return nil
	}
	file, err := table.Open(r.s.importFile(r.row.ID, uploadName))
	if err != nil {
		return err
	}
	defer file.Close()
	for ctx.Err() == nil {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if column < len(row.Cells) {
			r.reader.Dates.See(row.Cells[column])
		}
	}
	return ctx.Err()
}

// take turns rows into cards and puts those aside.
func (r *importRun) take(ctx context.Context, batch []table.Row) error {
	drafts := make([]imports.Draft, len(batch))
	for i, row := range batch {
		drafts[i] = r.reader.Draft(row)
	}
	known, err := r.s.knownCards(ctx, r.kind, drafts)
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
	m, err := r.match(ctx, d, known)
	if err != nil {
		return err
	}
	switch {
	case m.verdict == asks:
		r.row.Counts.Questions++
		return r.tell(r.report.asked, d.Line, cells, m.words)
	case m.verdict == skips, m.verdict == finds && r.rule == imports.Skip:
		r.row.Counts.Doubles++
		return r.tell(r.report.skipped, d.Line, cells, m.words)
	case m.verdict != finds && len(d.Missing) > 0:
		return r.faulty(d, cells, d.Missing)
	}
	responsible, remarks := r.responsible(d)
	remarks = append(remarks, d.Remarks...)
	var before *crm.Card
	if m.verdict == finds {
		before = &m.found.card
	} else {
		remarks = append(remarks, m.words...)
	}
	card, err := d.Card(before, r.s.NewID(), responsible, r.s.Now().UTC())
	if words, ok := imports.Faults(err); ok {
		return r.faulty(d, cells, words)
	}
	if err != nil {
		return err
	}
	if before == nil || !slices.Equal(before.PhoneList(), card.PhoneList()) {
		remarks = append(remarks, d.PhoneRemarks...)
	}
	r.stage(d, card, before, m.found)
	if len(remarks) > 0 {
		r.row.Counts.Remarks++
		return r.tell(r.report.remarked, d.Line, cells, remarks)
	}
	return nil
}

// notesMost is how many lines of the report the sheet itself shows.
const notesMost = 50

// tell writes a line of the report, and shows the first of them at once.
func (r *importRun) tell(write func(int, []string, []imports.Words) (imports.Words, error), line int, cells []string, why []imports.Words) error {
	result, err := write(line, cells, why)
	if len(r.row.Notes) < notesMost {
		note := client.ImportNote{Line: line, RU: result.RU, EN: result.EN}
		for i, w := range why {
			sign := "; "
			if i == 0 {
				sign = ": "
			}
			note.RU, note.EN = note.RU+sign+w.RU, note.EN+sign+w.EN
		}
		r.row.Notes = append(r.row.Notes, note)
	}
	return err
}

func (r *importRun) faulty(d imports.Draft, cells []string, words []imports.Words) error {
	r.row.Counts.Faulty++
	return r.tell(r.report.skipped, d.Line, cells, words)
}

// stage notes a card to be put aside, and what it is known by.
func (r *importRun) stage(d imports.Draft, card crm.Card, before *crm.Card, double candidate) {
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
	for _, k := range imports.CardKeys(card) {
		r.seen.add(k, line)
	}
}

func (r *importRun) responsible(d imports.Draft) (*client.Person, []imports.Words) {
	if d.Responsible == "" {
		return nil, nil
	}
	if p, ok := r.staff[crm.Fold(d.Responsible)]; ok {
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
	tell := r.s.Now().Sub(r.toldLast) >= importTellEvery
	if tell {
		r.toldLast = r.s.Now()
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
