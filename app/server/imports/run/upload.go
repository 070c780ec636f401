package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dozvon/app/server/access"
	"dozvon/app/server/imports"
	"dozvon/app/server/plaintext"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Add takes a file in, looks through all of it and says how it was understood. *table.Fault
// says why a file is refused; then nothing is kept.
func (r *Runner) Add(ctx context.Context, by client.Employee, kind, name string, file io.Reader) (client.Import, error) {
	if _, ok := kinds[kind]; !ok {
		return client.Import{}, &BadInput{Faults: []texts.Message{texts.Of("import.wrong_kind")}}
	}
	id := r.NewID()
	im := client.Import{ID: id, Kind: kind, File: plaintext.Line(filepath.Base(name)), State: client.ImportReady, CreatedAt: r.Now().UTC()}
	err := r.keepUpload(id, file)
	if err == nil {
		err = r.inspect(&im)
	}
	if err == nil {
		err = r.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddImport(store.ImportRow{Import: im, EmployeeID: by.ID}); err != nil {
				return err
			}
			return r.Audit.Write(ctx, tx, by, access.ActionImportUpload, "import:"+id, map[string]string{"kind": kind, "file": truncated(im.File)})
		})
	}
	if err != nil {
		return client.Import{}, errors.Join(err, os.RemoveAll(r.file(id, "")))
	}
	return im, nil
}

// keepUpload writes the file down. One byte more than is allowed is read, so that the table's own
// bound says so.
func (r *Runner) keepUpload(id string, file io.Reader) error {
	if err := os.MkdirAll(r.file(id, ""), 0o700); err != nil {
		return fmt.Errorf("making a folder for an import: %w", err)
	}
	out, err := os.OpenFile(r.file(id, uploadName), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keeping an upload: %w", err)
	}
	_, err = io.Copy(out, io.LimitReader(file, table.MaxBytes+1))
	if err == nil {
		err = out.Sync() // half a file after a power cut would be taken for the whole
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("keeping an upload: %w", err)
	}
	return nil
}

// inspect opens the file and shows what is in it.
func (r *Runner) inspect(im *client.Import) error {
	kind := kinds[im.Kind]
	sheet, err := table.Open(r.file(im.ID, uploadName))
	if err != nil {
		return err
	}
	defer sheet.Close()
	var rows [][]string
	var lines []int
	widest := 0
	for len(rows) <= previewRows {
		row, err := sheet.Next()
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
	im.Format, im.Encoding, im.Delimiter, im.Sheet, im.Rows = sheet.Format.Kind, sheet.Format.Encoding, sheet.Format.Delimiter, sheet.Format.Sheet, sheet.Rows
	heading := make([]string, widest)
	if names, above := imports.Heading(kind, rows); above > 0 {
		copy(heading, names)
		im.Heading, im.HeadingLine = true, lines[above-1]
		rows, im.Rows = rows[above:], im.Rows-above
	}
	fields, doubts := imports.Guess(kind, heading, rows)
	for i, f := range fields {
		im.Columns = append(im.Columns, client.ImportColumn{Name: truncated(heading[i]), Guess: string(f)})
		im.Mapping = append(im.Mapping, string(f))
	}
	for _, d := range doubts {
		told := d.Text.Both()
		im.Doubts = append(im.Doubts, client.ImportWord{Code: string(d.Field), RU: told.RU, EN: told.EN})
	}
	for _, f := range imports.Fields(kind) {
		im.Fields = append(im.Fields, string(f))
	}
	im.Preview = [][]string{}
	for _, row := range rows[:min(len(rows), previewRows)] {
		shown := make([]string, len(row))
		for i, c := range row {
			shown[i] = truncated(c)
		}
		im.Preview = append(im.Preview, shown)
	}
	return nil
}

func truncated(text string) string {
	if runes := []rune(text); len(runes) > previewCell {
		return string(runes[:previewCell-1]) + "…"
	}
	return text
}
