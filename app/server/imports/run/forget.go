package run

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"dozvon/app/server/store"
	"dozvon/app/server/table"
)

// Forget drops the imports whose file or preview tells of somebody, and those whose file lies on another node, which
// deletes it when it finds that nobody knows the import. It tells how many those were.
func (r *Runner) Forget(ctx context.Context, tells func(text string) bool) (dropped int, err error) {
	rows, err := r.Store.AllImports(ctx)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if !r.tellsOf(row, tells) {
			continue
		}
		err := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.DeleteImport(row) })
		if errors.Is(err, store.ErrLostClaim) {
			return dropped, ErrBusy // somebody has just begun to run it
		}
		if err == nil {
			err = os.RemoveAll(r.file(row.ID, ""))
		}
		if err != nil {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
}

func (r *Runner) tellsOf(row store.ImportRow, tells func(string) bool) bool {
	shown := append(slices.Clone(row.Preview), []string{row.File})
	for _, note := range row.Notes {
		shown = append(shown, []string{note.RU, note.EN})
	}
	if slices.ContainsFunc(shown, func(cells []string) bool { return tellsCells(cells, tells) }) {
		return true
	}
	found, err := fileTells(r.file(row.ID, uploadName), tells)
	return found || err != nil // of what cannot be read nobody knows what it tells
}

// fileTells looks through a table.
func fileTells(path string, tells func(string) bool) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return true, nil // it lies on another node
	}
	sheet, err := table.Open(path)
	if err != nil {
		return false, err
	}
	defer sheet.Close()
	for {
		row, err := sheet.Next()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil || tellsCells(row.Cells, tells) {
			return err == nil, err
		}
	}
}

// tellsCells also looks at a cell's digits alone: numbers are written in many ways.
func tellsCells(cells []string, tells func(string) bool) bool {
	return slices.ContainsFunc(cells, func(cell string) bool {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, cell)
		return tells(cell) || tells(digits)
	})
}
