// Package run carries imports out: a file is taken in and looked through, its rows are put aside as
// cards, and all of them are published at once, after which their history, the index and the calls of
// their numbers follow. It survives a crash at any moment, and two servers that work on one database.
// How a row is understood, and what it may change, are the rules of imports.
package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/chores"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Runner takes imports in and runs them. The exported fields are required. Safe for concurrent use;
// Run and RunWaiting belong to one goroutine.
type Runner struct {
	Store *store.Store
	Audit *audit.Log
	// Dir is where uploaded files and their reports lie.
	Dir string
	// Kept is how long they are kept; 0: a week.
	Kept      time.Duration
	Directory Directory
	Calls     Calls
	Now       func() time.Time
	NewID     func() string

	swept time.Time // when old imports were deleted last; of one goroutine
}

// Directory is who works here.
type Directory interface {
	// EmployeeName is empty for nobody.
	EmployeeName(id string) string
	// Numbers reads telephones as people of this school write them.
	Numbers() phone.Reader
}

// Calls gives the calls of numbers to whom the numbers belong now.
type Calls interface {
	// RebindQuietly publishes only the calls that go on: a reset follows.
	RebindQuietly(tx *store.Tx, numbers []string) error
}

const (
	// previewRows are shown before an import, besides the heading.
	previewRows = 20
	// previewCell bounds a cell of the preview, in characters.
	previewCell = 200
	// kept is how long files and reports of imports are kept unless told otherwise.
	kept = 7 * 24 * time.Hour
	// uploadAtMost is how long a file may take to come in before it counts as left behind.
	uploadAtMost = 24 * time.Hour
	// lookEvery is how often it is looked whether an import waits.
	lookEvery = 300 * time.Millisecond
	// silence is after how long without a sign of life an import counts as left behind by a
	// crash. Signs come every second; only a large workbook is opened in one piece, for some seconds.
	silence = 30 * time.Second
)

// ErrBusy says that an import goes on and cannot be started or deleted now.
var ErrBusy = errors.New("the import goes on")

// BadInput says what is wrong with how an import was asked for.
type BadInput struct{ Faults []texts.Message }

func (b *BadInput) Error() string { return b.In("en") }

// In is what is wrong in "ru" or "en".
func (b *BadInput) In(language string) string {
	text := ""
	for i, f := range b.Faults {
		if i > 0 {
			text += " "
		}
		text += f.In(language)
	}
	return text
}

var kinds = map[string]client.SubjectKind{"clients": client.KindClient, "contracts": client.KindContract}

func (r *Runner) file(id, name string) string {
	return filepath.Join(r.Dir, id, name)
}

// Names of the files of an import.
const (
	uploadName = "upload"
	// formerReport is that of a run of 0.5.0 or before; a later one's is named by the run.
	reportPrefix = "report"
	formerReport = reportPrefix + ".csv"
)

// ReportPath is where the report of an import's last run lies, if that run has one.
func (r *Runner) ReportPath(ctx context.Context, id string) (string, error) {
	row, err := r.Store.Import(ctx, id)
	return r.file(id, cmp.Or(row.ReportFile, formerReport)), err
}

// Start lets an import, or a trial of it, begin; Imports does it.
func (r *Runner) Start(ctx context.Context, by client.Employee, id, language string, in client.ImportRun) (client.Import, error) {
	row, err := r.Store.Import(ctx, id)
	if err != nil {
		return client.Import{}, err
	}
	was := row
	if row.State != client.ImportReady && row.State != client.ImportChecked && row.State != client.ImportFailed {
		return client.Import{}, ErrBusy
	}
	if bad := checkRun(row.Import, in); len(bad) > 0 {
		return client.Import{}, &BadInput{Faults: bad}
	}
	row.State, row.Mapping, row.Rule, row.DryRun, row.Language = client.ImportQueued, in.Mapping, in.Rule, in.DryRun, language
	row.Done, row.Counts, row.Notes, row.Problem, row.Report, row.FinishedAt, row.EmployeeID = 0, client.ImportCounts{}, nil, nil, false, nil, by.ID
	row.Claim, row.Settled = r.NewID(), 0
	err = r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetImport(was, row); err != nil {
			return err
		}
		action := access.ActionImportRun
		if in.DryRun {
			action = access.ActionImportTry
		}
		return r.Audit.Write(ctx, tx, by, action, "import:"+id, map[string]string{"kind": row.Kind, "file": truncated(row.File), "rule": in.Rule})
	})
	if errors.Is(err, store.ErrLostClaim) {
		err = ErrBusy
	}
	return row.Import, err
}

func checkRun(im client.Import, in client.ImportRun) []texts.Message {
	if len(in.Mapping) != len(im.Columns) {
		return []texts.Message{texts.Of("import.wrong_columns", texts.Args{"have": len(im.Columns), "mapped": len(in.Mapping)})}
	}
	if !slices.Contains(imports.Rules, imports.Rule(in.Rule)) {
		return []texts.Message{texts.Of("import.wrong_rule")}
	}
	return mapping(in.Mapping).Check(kinds[im.Kind])
}

func mapping(fields []string) imports.Mapping {
	m := make(imports.Mapping, len(fields))
	for i, f := range fields {
		m[i] = imports.Field(f)
	}
	return m
}

// Drop forgets a file and its report. One that goes on is not dropped.
func (r *Runner) Drop(ctx context.Context, by client.Employee, id string) error {
	return r.drop(ctx, id, func(tx *store.Tx, row store.ImportRow) error {
		return r.Audit.Write(ctx, tx, by, access.ActionImportDelete, "import:"+id, map[string]string{"kind": row.Kind, "file": truncated(row.File)})
	})
}

func (r *Runner) drop(ctx context.Context, id string, note func(*store.Tx, store.ImportRow) error) error {
	row, err := r.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	if goesOn(row) {
		return ErrBusy
	}
	err = r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteImport(row); err != nil {
			return err
		}
		return note(tx, row)
	})
	if errors.Is(err, store.ErrLostClaim) {
		return ErrBusy
	}
	if err != nil {
		return err // the import is still there, and so must its files be
	}
	if err := os.RemoveAll(r.file(id, "")); err != nil {
		return fmt.Errorf("deleting the files of an import: %w", err)
	}
	return nil
}

// RunOne runs one started import to its end and returns what became of it: what a command does, which has
// no chores. A server beside it may be quicker, or take the import over: then its end is waited for.
func (r *Runner) RunOne(ctx context.Context, id string) (client.Import, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		row, err := r.Store.Import(ctx, id)
		if err != nil || !goesOn(row) {
			return row.Import, err
		}
		if err := r.goOn(ctx, row); err != nil {
			return client.Import{}, err
		}
		if row, err = r.Store.Import(ctx, id); err != nil || !goesOn(row) {
			return row.Import, err
		}
		select {
		case <-ctx.Done():
			return row.Import, fmt.Errorf("waiting for the import's end: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// goesOn reports whether an import is started and not at its end.
func goesOn(row store.ImportRow) bool {
	return row.State == client.ImportQueued || row.State == client.ImportRunning || row.State == client.ImportBinding
}

// Run does what waits, until ctx ends.
func (r *Runner) Run(ctx context.Context) {
	chores.RepeatLong(ctx, "imports", lookEvery, func() error {
		err := r.RunWaiting(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "imports not done", "err", err)
		}
		return err
	})
}

// RunWaiting does what waits: runs started imports, ends those that a crash left behind, forgets old
// ones.
func (r *Runner) RunWaiting(ctx context.Context) error {
	var failed error
	for _, state := range []string{client.ImportQueued, client.ImportRunning, client.ImportBinding} {
		rows, err := r.Store.Imports(ctx, state)
		for _, row := range rows {
			err = errors.Join(err, r.goOn(ctx, row))
		}
		failed = errors.Join(failed, err)
	}
	return errors.Join(failed, r.followUndone(ctx), r.dropOld(ctx))
}

// goOn does what is to be done of an import here and now.
func (r *Runner) goOn(ctx context.Context, row store.ImportRow) error {
	switch {
	case row.State == client.ImportQueued && r.here(row.ID):
		return r.run(ctx, row)
	case row.State == client.ImportRunning && r.silent(row):
		return r.abandon(ctx, row)
	case row.State == client.ImportBinding && r.silent(row):
		return r.resume(ctx, row)
	}
	return nil
}

func (r *Runner) silent(row store.ImportRow) bool {
	return r.Now().Sub(row.BeatAt) > silence
}

// here tells whether the file is on this machine: several servers may share a database.
func (r *Runner) here(id string) bool {
	_, err := os.Stat(r.file(id, uploadName))
	return err == nil
}

// dropOld deletes files and reports whose time is over.
func (r *Runner) dropOld(ctx context.Context) error {
	if r.Now().Sub(r.swept) < time.Hour {
		return nil
	}
	r.swept = r.Now()
	for _, state := range []string{client.ImportReady, client.ImportChecked, client.ImportDone, client.ImportFailed} {
		rows, err := r.Store.Imports(ctx, state)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if r.Now().Sub(row.CreatedAt) < cmp.Or(r.Kept, kept) {
				break
			}
			if err := r.drop(ctx, row.ID, func(*store.Tx, store.ImportRow) error { return nil }); err != nil && !errors.Is(err, ErrBusy) && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return errors.Join(r.dropOldRuns(ctx), r.sweep(ctx))
}

// sweep deletes files that lie here of imports that another node forgot, or that a crash left
// before their import was known. One that is still coming in is not known either, but young.
func (r *Runner) sweep(ctx context.Context) error {
	dirs, err := os.ReadDir(r.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil // nothing was ever brought in here
	}
	if err != nil {
		return fmt.Errorf("looking through the files of imports: %w", err)
	}
	var failed error
	for _, dir := range dirs {
		info, err := dir.Info()
		if err != nil || r.Now().Sub(info.ModTime()) < uploadAtMost {
			continue
		}
		_, err = r.Store.Import(ctx, dir.Name())
		if errors.Is(err, store.ErrNotFound) {
			err = os.RemoveAll(r.file(dir.Name(), ""))
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("sweeping the files of an import: %w", err))
		}
	}
	return failed
}

// publishState writes how far an import is and publishes it to whoever runs it. The former state and claim
// guard against two who work on the same one.
func (r *Runner) publishState(ctx context.Context, was, row store.ImportRow) error {
	return r.Store.Write(ctx, func(tx *store.Tx) error { return r.saveState(tx, was, row) })
}

func (r *Runner) saveState(tx *store.Tx, was, row store.ImportRow) error {
	if err := tx.SetImport(was, row); err != nil {
		return err
	}
	if row.EmployeeID == "" {
		return nil
	}
	// The preview stays behind: it is what is large, and whoever runs the import has it.
	shown := row.Import
	shown.Preview, shown.Columns, shown.Fields, shown.Doubts = [][]string{}, []client.ImportColumn{}, []string{}, nil
	if row.State == client.ImportRunning {
		shown.Notes = nil // they come with the end
	}
	return tx.Journal("import", stream.Employee(row.EmployeeID), shown)
}

// fail writes down why an import came to nothing.
func (r *Runner) fail(ctx context.Context, row store.ImportRow, cause error) error {
	code, text := "internal", texts.Of("import.internal")
	var fault *table.Fault
	if errors.As(cause, &fault) {
		code, text = string(fault.Code), imports.Told(fault)
	}
	if errors.Is(cause, errInterrupted) {
		code, text = "interrupted", texts.Of("import.interrupted")
	}
	told := text.Both()
	word := &client.ImportWord{Code: code, RU: told.RU, EN: told.EN}
	now := r.Now().UTC()
	failed := row
	failed.State, failed.Problem, failed.FinishedAt = client.ImportFailed, word, &now
	failed.Counts, failed.Notes, failed.Report = client.ImportCounts{}, nil, false // they tell of rows that were taken
	err := r.publishState(ctx, row, failed)
	if !errors.Is(err, store.ErrLostClaim) {
		slog.ErrorContext(ctx, "import came to nothing", "import", row.ID, "code", word.Code, "err", cause)
	}
	return err
}

var errInterrupted = errors.New("the server stopped in the middle of the import")
