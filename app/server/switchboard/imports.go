package switchboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/table"
	"dozvon/client"
)

const (
	// previewRows are shown before an import, besides the heading.
	previewRows = 20
	// previewCell bounds a cell of the preview, in characters.
	previewCell = 200
	// importsKept is how long files and reports of imports are kept.
	importsKept = 7 * 24 * time.Hour
	// uploadAtMost is how long a file may take to come in before it counts as left behind.
	uploadAtMost = 24 * time.Hour
	// importsEvery is how often it is looked whether an import waits.
	importsEvery = 300 * time.Millisecond
	// importSilence is after how long without a sign of life an import counts as left behind by a
	// crash. Signs come several times a second.
	importSilence = 10 * time.Second
)

// ErrBusy says that an import goes on and cannot be started or deleted now.
var ErrBusy = errors.New("the import goes on")

// BadImport tells what is wrong with how an import was asked for.
type BadImport struct{ Faults []imports.Words }

func (b *BadImport) Error() string { return b.In("en") }

// In is what is wrong in "ru" or "en".
func (b *BadImport) In(language string) string {
	text := ""
	for i, f := range b.Faults {
		if i > 0 {
			text += " "
		}
		text += f.In(language)
	}
	return text
}

var importKinds = map[string]client.SubjectKind{"clients": client.KindClient, "contracts": client.KindContract}

func (s *Switchboard) importFile(id, name string) string {
	return filepath.Join(s.ImportsDir, id, name)
}

// Names of the files of an import.
const (
	uploadName = "upload"
	reportName = "report.csv"
)

// ImportReport is where the report of an import lies.
func (s *Switchboard) ImportReport(id string) string { return s.importFile(id, reportName) }

// AddImport takes a file in, looks through all of it and tells how it was understood. *table.Fault
// says why a file is refused; then nothing is kept.
func (s *Switchboard) AddImport(ctx context.Context, by client.Employee, kind, name string, file io.Reader) (client.Import, error) {
	if _, ok := importKinds[kind]; !ok {
		return client.Import{}, &BadImport{Faults: []imports.Words{{
			RU: "Загружать можно clients (клиентов) или contracts (договоры).", EN: "What can be imported: clients or contracts.",
		}}}
	}
	id := s.NewID()
	im := client.Import{ID: id, Kind: kind, File: filepath.Base(name), State: client.ImportReady, CreatedAt: s.Now().UTC()}
	err := s.keepUpload(id, file)
	if err == nil {
		err = s.inspect(&im)
	}
	if err == nil {
		err = s.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddImport(store.ImportRow{Import: im, EmployeeID: by.ID}); err != nil {
				return err
			}
			return s.Audit.Write(ctx, tx, by, access.ActionImportUpload, "import:"+id, map[string]string{"kind": kind, "file": short(im.File)})
		})
	}
	if err != nil {
		return client.Import{}, errors.Join(err, os.RemoveAll(s.importFile(id, "")))
	}
	return im, nil
}

// keepUpload writes the file down. One byte more than is allowed is read, so that the table's own
// bound tells.
func (s *Switchboard) keepUpload(id string, file io.Reader) error {
	if err := os.MkdirAll(s.importFile(id, ""), 0o700); err != nil {
		return fmt.Errorf("making a folder for an import: %w", err)
	}
	out, err := os.OpenFile(s.importFile(id, uploadName), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keeping an upload: %w", err)
	}
	_, err = io.Copy(out, io.LimitReader(file, table.MaxBytes+1))
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("keeping an upload: %w", err)
	}
	return nil
}

// inspect opens the file and shows what is in it.
func (s *Switchboard) inspect(im *client.Import) error {
	kind := importKinds[im.Kind]
	r, err := table.Open(s.importFile(im.ID, uploadName))
	if err != nil {
		return err
	}
	defer r.Close()
	var rows [][]string
	var lines []int
	widest := 0
	for len(rows) <= previewRows {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		rows, lines = append(rows, row.Cells), append(lines, row.Line)
		widest = max(widest, len(row.Cells))
	}
	if len(rows) == 0 {
		return &table.Fault{Code: table.Empty}
	}
	im.Format, im.Encoding, im.Delimiter, im.Sheet, im.Rows = r.Format.Kind, r.Format.Encoding, r.Format.Delimiter, r.Format.Sheet, r.Rows
	heading := make([]string, widest)
	if names, above := imports.Heading(kind, rows); above > 0 {
		copy(heading, names)
		im.Heading, im.HeadingLine = true, lines[above-1]
		rows, im.Rows = rows[above:], im.Rows-above
	}
	fields, doubts := imports.Guess(kind, heading, rows)
	for i, f := range fields {
		im.Columns = append(im.Columns, client.ImportColumn{Name: short(heading[i]), Guess: string(f)})
		im.Mapping = append(im.Mapping, string(f))
	}
	for _, d := range doubts {
		im.Doubts = append(im.Doubts, client.ImportWord{Code: string(d.Field), RU: d.Words.RU, EN: d.Words.EN})
	}
	for _, f := range imports.Fields(kind) {
		im.Fields = append(im.Fields, string(f))
	}
	im.Preview = [][]string{}
	for _, row := range rows[:min(len(rows), previewRows)] {
		shown := make([]string, len(row))
		for i, c := range row {
			shown[i] = short(c)
		}
		im.Preview = append(im.Preview, shown)
	}
	return nil
}

func short(text string) string {
	if runes := []rune(text); len(runes) > previewCell {
		return string(runes[:previewCell-1]) + "…"
	}
	return text
}

// StartImport lets an import, or a trial of it, begin; Imports does it.
func (s *Switchboard) StartImport(ctx context.Context, by client.Employee, id, language string, in client.ImportRun) (client.Import, error) {
	row, err := s.Store.Import(ctx, id)
	if err != nil {
		return client.Import{}, err
	}
	was := row.State
	if was != client.ImportReady && was != client.ImportChecked && was != client.ImportFailed {
		return client.Import{}, ErrBusy
	}
	if bad := checkRun(row.Import, in); len(bad) > 0 {
		return client.Import{}, &BadImport{Faults: bad}
	}
	row.State, row.Mapping, row.Rule, row.DryRun, row.Language = client.ImportQueued, in.Mapping, in.Rule, in.DryRun, language
	row.Done, row.Counts, row.Notes, row.Problem, row.Report, row.FinishedAt, row.EmployeeID = 0, client.ImportCounts{}, nil, nil, false, nil, by.ID
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetImport(was, row); err != nil {
			return err
		}
		action := access.ActionImportRun
		if in.DryRun {
			action = access.ActionImportTry
		}
		return s.Audit.Write(ctx, tx, by, action, "import:"+id, map[string]string{"kind": row.Kind, "file": short(row.File), "rule": in.Rule})
	})
	if errors.Is(err, store.ErrNotMine) {
		err = ErrBusy
	}
	return row.Import, err
}

func checkRun(im client.Import, in client.ImportRun) []imports.Words {
	if len(in.Mapping) != len(im.Columns) {
		return []imports.Words{{
			RU: fmt.Sprintf("Столбцов в файле %d, а сопоставлено %d.", len(im.Columns), len(in.Mapping)),
			EN: fmt.Sprintf("The file has %d columns, %d were mapped.", len(im.Columns), len(in.Mapping)),
		}}
	}
	if !slices.Contains(imports.Rules, imports.Rule(in.Rule)) {
		return []imports.Words{{RU: "Правило для повторов: skip, update или add.", EN: "The rule for duplicates: skip, update or add."}}
	}
	return mapping(in.Mapping).Check(importKinds[im.Kind])
}

func mapping(fields []string) imports.Mapping {
	m := make(imports.Mapping, len(fields))
	for i, f := range fields {
		m[i] = imports.Field(f)
	}
	return m
}

// DropImport forgets a file and its report. One that goes on is not dropped.
func (s *Switchboard) DropImport(ctx context.Context, by client.Employee, id string) error {
	return s.dropImport(ctx, id, func(tx *store.Tx, row store.ImportRow) error {
		return s.Audit.Write(ctx, tx, by, access.ActionImportDelete, "import:"+id, map[string]string{"kind": row.Kind, "file": short(row.File)})
	})
}

func (s *Switchboard) dropImport(ctx context.Context, id string, note func(*store.Tx, store.ImportRow) error) error {
	row, err := s.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	if row.State == client.ImportQueued || row.State == client.ImportRunning || row.State == client.ImportBinding {
		return ErrBusy
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteImport(id, row.State); err != nil {
			return err
		}
		return note(tx, row)
	})
	if errors.Is(err, store.ErrNotMine) {
		return ErrBusy
	}
	if err != nil {
		return err // the import is still there, and so must its files be
	}
	return wrap("deleting the files of an import", os.RemoveAll(s.importFile(id, "")))
}

// RunImport runs one started import now and tells what became of it: what a command does, which
// has no chores.
func (s *Switchboard) RunImport(ctx context.Context, id string) (client.Import, error) {
	row, err := s.Store.Import(ctx, id)
	if err != nil {
		return client.Import{}, err
	}
	if err := s.runImport(ctx, row); err != nil {
		return client.Import{}, err
	}
	row, err = s.Store.Import(ctx, id)
	return row.Import, err
}

// Imports does what waits: runs started imports, ends those that a crash left behind, forgets old
// ones.
func (s *Switchboard) Imports(ctx context.Context) error {
	queued, err := s.Store.Imports(ctx, client.ImportQueued)
	for _, row := range queued {
		if s.here(row.ID) {
			err = errors.Join(err, s.runImport(ctx, row))
		}
	}
	running, rerr := s.Store.Imports(ctx, client.ImportRunning)
	for _, row := range running {
		if s.silent(row) {
			rerr = errors.Join(rerr, s.abandon(ctx, row))
		}
	}
	binding, berr := s.Store.Imports(ctx, client.ImportBinding)
	for _, row := range binding {
		if s.silent(row) {
			berr = errors.Join(berr, s.resume(ctx, row))
		}
	}
	return errors.Join(err, rerr, berr, s.forgetImports(ctx))
}

func (s *Switchboard) silent(row store.ImportRow) bool {
	return s.Now().Sub(row.BeatAt) > importSilence
}

// here tells whether the file is on this machine: several servers may share a database.
func (s *Switchboard) here(id string) bool {
	_, err := os.Stat(s.importFile(id, uploadName))
	return err == nil
}

// forgetImports deletes files and reports whose time is over.
func (s *Switchboard) forgetImports(ctx context.Context) error {
	if s.Now().Sub(s.importsForgotten) < time.Hour {
		return nil
	}
	s.importsForgotten = s.Now()
	for _, state := range []string{client.ImportReady, client.ImportChecked, client.ImportDone, client.ImportFailed} {
		rows, err := s.Store.Imports(ctx, state)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if s.Now().Sub(row.CreatedAt) < importsKept {
				break
			}
			if err := s.dropImport(ctx, row.ID, func(*store.Tx, store.ImportRow) error { return nil }); err != nil && !errors.Is(err, ErrBusy) {
				return err
			}
		}
	}
	return s.sweepImports(ctx)
}

// sweepImports deletes files that lie here of imports that another node forgot, or that a crash left
// before their import was known. One that is still coming in is not known either, but young.
func (s *Switchboard) sweepImports(ctx context.Context) error {
	dirs, err := os.ReadDir(s.ImportsDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil // nothing was ever brought in here
	}
	if err != nil {
		return fmt.Errorf("looking through the files of imports: %w", err)
	}
	for _, dir := range dirs {
		info, err := dir.Info()
		if err != nil || s.Now().Sub(info.ModTime()) < uploadAtMost {
			continue
		}
		_, err = s.Store.Import(ctx, dir.Name())
		if errors.Is(err, store.ErrNotFound) {
			err = os.RemoveAll(s.importFile(dir.Name(), ""))
		}
		if err != nil {
			return fmt.Errorf("sweeping the files of an import: %w", err)
		}
	}
	return nil
}

// tellImport writes how far an import is and tells whoever runs it. The former state guards
// against two who work on the same one.
func (s *Switchboard) tellImport(ctx context.Context, from string, row store.ImportRow) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error { return s.noteImport(tx, from, row) })
}

func (s *Switchboard) noteImport(tx *store.Tx, from string, row store.ImportRow) error {
	if err := tx.SetImport(from, row); err != nil {
		return err
	}
	if row.EmployeeID == "" {
		return nil
	}
	// The preview stays behind: it is what is large, and whoever runs the import has it.
	told := row.Import
	told.Preview, told.Columns, told.Fields, told.Doubts = [][]string{}, []client.ImportColumn{}, []string{}, nil
	if row.State == client.ImportRunning {
		told.Notes = nil // they come with the end
	}
	return tx.Journal("import", stream.Employee(row.EmployeeID), told)
}

// importFailed writes down why an import came to nothing.
func (s *Switchboard) importFailed(ctx context.Context, row store.ImportRow, cause error) error {
	word := &client.ImportWord{
		Code: "internal",
		RU:   "На сервере случилась ошибка, ни одна строка не загружена. Попробуйте ещё раз; подробности в журнале сервера.",
		EN:   "The server had an error, not a single row was taken. Try again; the server's log tells more.",
	}
	var fault *table.Fault
	if errors.As(cause, &fault) {
		word = &client.ImportWord{Code: string(fault.Code), RU: fault.Words("ru"), EN: fault.Words("en")}
	}
	if errors.Is(cause, errInterrupted) {
		word = &client.ImportWord{
			Code: "interrupted",
			RU:   "Загрузка прервалась: сервер остановился. Ни одна строка не загружена, запустите её ещё раз.",
			EN:   "The import was interrupted: the server stopped. Not a single row was taken, start it again.",
		}
	}
	slog.Error("import came to nothing", "import", row.ID, "code", word.Code, "err", cause)
	now := s.Now().UTC()
	row.State, row.Problem, row.FinishedAt, row.Counts = client.ImportFailed, word, &now, client.ImportCounts{}
	return s.tellImport(ctx, client.ImportRunning, row)
}

var errInterrupted = errors.New("the server stopped in the middle of the import")
