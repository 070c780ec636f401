package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	// stageRows is how many rows are put aside in one transaction: some 20 ms, so that a webhook
	// between two of them hardly waits.
	stageRows = 200
	// publishEvery is how often progress is published.
	publishEvery = 300 * time.Millisecond
	// beatEvery is how often it is said that the job is at work while nothing is put aside.
	beatEvery = time.Second
)

// job is one import while its rows are being read. It belongs to one goroutine.
type job struct {
	runner      *Runner
	row         store.ImportRow
	kind        client.SubjectKind
	rule        imports.Rule
	reader      imports.Reader
	staff       map[string]client.Person // by folded name
	people      people                   // nil before a row needs it
	report      reportFile
	seen        seenKeys
	lines       map[string]int           // which line of the file changes a card of ours
	staged      map[int]store.StagedCard // of the batch at hand
	publishedAt time.Time
	beatAt      time.Time
}

// run reads the file, puts every card aside, and publishes all of them at once. Whatever
// fails before that leaves no trace but the reason. Who loses the import to another changes nothing more.
func (r *Runner) run(ctx context.Context, waiting store.ImportRow) error {
	row := waiting
	row.State, row.Claim = client.ImportRunning, r.NewID()
	row.ReportFile = reportPrefix + "-" + row.Claim + ".csv"
	err := r.publishState(ctx, waiting, row)
	if err != nil {
		return lostClaimIsFine(err) // another server was quicker
	}
	j := &job{
		runner: r, row: row, kind: kinds[row.Kind], rule: imports.Rule(row.Rule),
		reader: imports.Reader{Kind: kinds[row.Kind], Fields: mapping(row.Mapping), Numbers: r.Directory.Numbers()},
		seen:   newSeenKeys(), lines: map[string]int{}, publishedAt: r.Now(), beatAt: r.Now(),
	}
	defer j.report.close()
	err = r.dropStaged(ctx, row) // of a run that could not drop it itself
	if err == nil {
		err = j.read(ctx)
	}
	if err == nil {
		err = j.finish(ctx)
	}
	if err == nil {
		return nil
	}
	// The reason is written down also when the server is stopping.
	last := context.WithoutCancel(ctx)
	if ctx.Err() != nil {
		err = errInterrupted
	}
	if !errors.Is(err, store.ErrLostClaim) {
		err = r.giveUp(last, j.row, err)
	}
	if errors.Is(err, store.ErrLostClaim) {
		slog.WarnContext(ctx, "import was taken over by another run", "import", row.ID)
	}
	return lostClaimIsFine(err)
}

func (j *job) read(ctx context.Context) error {
	var err error
	if j.staff, err = j.runner.peopleByName(ctx); err != nil {
		return err
	}
	if err := j.seeDates(ctx); err != nil {
		return err
	}
	file, err := table.Open(j.runner.file(j.row.ID, uploadName))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := j.report.begin(j.runner.file(j.row.ID, j.row.ReportFile), j.row); err != nil {
		return err
	}
	j.reader.Dates.From1904 = file.Format.Date1904
	data := j.dataRows()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var batch []table.Row
		for len(batch) < stageRows {
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
		if err := j.stageBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// dataRows tells rows of data from titles, headings, and headings that a printout repeats on each page.
func (j *job) dataRows() func(table.Row) bool {
	first, names := true, []string{}
	for _, c := range j.row.Columns {
		names = append(names, c.Name)
	}
	return func(row table.Row) bool {
		was := first
		first = false
		if !j.row.Heading {
			return true
		}
		// Imports that 0.4.0 took in know only that the first row is the heading.
		if row.Line <= j.row.HeadingLine || was && j.row.HeadingLine == 0 {
			return false
		}
		return !slices.Equal(row.Cells, names)
	}
}

// seeDates looks through the dates of the whole file first: only a later one may show that months stand
// first.
func (j *job) seeDates(ctx context.Context) error {
	columns := j.reader.Fields.Dates(j.kind)
	if len(columns) == 0 {
		return nil
	}
	file, err := table.Open(j.runner.file(j.row.ID, uploadName))
	if err != nil {
		return err
	}
	defer file.Close()
	for ctx.Err() == nil {
		if err := j.beat(ctx); err != nil {
			return err
		}
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, column := range columns {
			if column < len(row.Cells) {
				j.reader.Dates.See(row.Cells[column])
			}
		}
	}
	return ctx.Err()
}

// beat says now and then that the job is at work, where nothing is put aside for long.
func (j *job) beat(ctx context.Context) error {
	if j.runner.Now().Sub(j.beatAt) < beatEvery {
		return nil
	}
	j.beatAt = j.runner.Now()
	return j.runner.Store.Write(ctx, func(tx *store.Tx) error { return tx.BeatImport(j.row) })
}

// stageBatch turns rows into cards and puts those aside.
func (j *job) stageBatch(ctx context.Context, batch []table.Row) error {
	drafts := make([]imports.Draft, len(batch))
	for i, row := range batch {
		drafts[i] = j.reader.Draft(row)
	}
	known, err := j.runner.knownCards(ctx, j.kind, drafts)
	if err != nil {
		return err
	}
	j.staged = map[int]store.StagedCard{}
	for i, d := range drafts {
		if err := j.stageRow(ctx, d, known, batch[i].Cells); err != nil {
			return fmt.Errorf("line %d: %w", d.Line, err)
		}
	}
	j.row.Done += len(batch)
	return j.put(ctx)
}

func (j *job) stageRow(ctx context.Context, d imports.Draft, known knownCards, cells []string) error {
	if len(d.Faults) > 0 {
		return j.faulty(d, cells, append(d.Faults, d.Missing...))
	}
	m, err := j.match(ctx, d, known)
	if err != nil {
		return err
	}
	switch {
	case m.verdict == asks:
		j.row.Counts.Questions++
		return j.reportLine(j.report.asked, d.Line, cells, m.words)
	case m.verdict == skips, m.verdict == finds && j.rule == imports.Skip:
		j.row.Counts.Doubles++
		return j.reportLine(j.report.skipped, d.Line, cells, m.words)
	case m.verdict != finds && len(d.Missing) > 0:
		return j.faulty(d, cells, d.Missing)
	}
	responsible, remarks := j.responsible(d)
	remarks = append(remarks, d.Remarks...)
	var before *crm.Card
	if m.verdict == finds {
		before = &m.found.card
	} else {
		remarks = append(remarks, m.words...)
	}
	card, err := d.Card(before, j.runner.NewID(), responsible, j.runner.Now().UTC())
	if words, ok := imports.Faults(err); ok {
		return j.faulty(d, cells, words)
	}
	if err != nil {
		return err
	}
	if before == nil || !slices.Equal(before.PhoneList, card.PhoneList) {
		remarks = append(remarks, d.PhoneRemarks...)
	}
	j.stage(d, card, before, m.found)
	if len(remarks) > 0 {
		j.row.Counts.Remarks++
		return j.reportLine(j.report.remarked, d.Line, cells, remarks)
	}
	return nil
}

// notesMost is how many lines of the report the sheet itself shows.
const notesMost = 50

// reportLine writes a line of the report, and shows the first of them at once.
func (j *job) reportLine(write func(int, []string, []texts.Message) (texts.Message, error), line int, cells []string, why []texts.Message) error {
	result, err := write(line, cells, why)
	note(&j.row, line, result, why)
	return err
}

// note shows a line of the report on the sheet itself, if it is one of the first.
func note(row *store.ImportRow, line int, result texts.Message, why []texts.Message) {
	if len(row.Notes) >= notesMost {
		return
	}
	told := result.Both()
	n := client.ImportNote{Line: line, RU: told.RU, EN: told.EN}
	for i, w := range why {
		sign := "; "
		if i == 0 {
			sign = ": "
		}
		reason := w.Both()
		n.RU, n.EN = n.RU+sign+reason.RU, n.EN+sign+reason.EN
	}
	row.Notes = append(row.Notes, n)
}

func (j *job) faulty(d imports.Draft, cells []string, words []texts.Message) error {
	j.row.Counts.Faulty++
	return j.reportLine(j.report.skipped, d.Line, cells, words)
}

// stage notes a card to be put aside, and what it is known by.
func (j *job) stage(d imports.Draft, card crm.Card, before *crm.Card, duplicate candidate) {
	changes := crm.Deltas(before, card)
	line := d.Line
	switch {
	case before == nil:
		j.row.Counts.Added++
		j.staged[line] = store.StagedCard{Line: line, Fresh: true, Card: card, Changes: changes}
	case len(changes) == 0:
		j.row.Counts.Unchanged++
		if line = duplicate.line; line == 0 {
			line = d.Line // a card of ours that stays as it is; no line of the file has it
		}
	case duplicate.line != 0:
		j.row.Counts.Changed++
		line = duplicate.line
		card.Version = before.Version
		j.staged[line] = store.StagedCard{Line: line, Fresh: duplicate.fresh, Card: card, Changes: append(duplicate.changes, changes...)}
	default:
		j.row.Counts.Changed++
		j.lines[card.Ref().ID] = line
		j.staged[line] = store.StagedCard{Line: line, Card: card, Changes: changes}
	}
	if len(changes) == 0 && duplicate.line == 0 {
		return
	}
	for _, k := range imports.CardKeys(card) {
		j.seen.add(k, line)
	}
}

func (j *job) responsible(d imports.Draft) (*client.Person, []texts.Message) {
	if d.Responsible == "" {
		return nil, nil
	}
	if p, ok := j.staff[crm.Fold(d.Responsible)]; ok {
		return &p, nil
	}
	return nil, []texts.Message{texts.Of("import.no_employee", texts.Args{"name": d.Responsible})}
}

// put writes the batch, and now and then publishes how far it is.
func (j *job) put(ctx context.Context) error {
	cards := make([]store.StagedCard, 0, len(j.staged))
	for _, c := range j.staged {
		cards = append(cards, c)
	}
	slices.SortFunc(cards, func(a, b store.StagedCard) int { return a.Line - b.Line })
	publish := j.runner.Now().Sub(j.publishedAt) >= publishEvery
	if publish {
		j.publishedAt = j.runner.Now()
	}
	return j.runner.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.StageCards(j.row, cards); err != nil {
			return err
		}
		if publish {
			return j.runner.saveState(tx, j.row, j.row)
		}
		return tx.SetImport(j.row, j.row)
	})
}
