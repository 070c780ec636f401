package run

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
)

// reportFile is the file of every row that was skipped or taken with a remark.
type reportFile struct {
	file     *os.File
	out      table.Writer
	language string
	rows     int
}

// begin makes the file of a run. Those of earlier runs of the import are deleted: who still writes one was
// taken for dead.
func (r *reportFile) begin(path string, row store.ImportRow) error {
	dropReports(filepath.Dir(path))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("beginning a report: %w", err)
	}
	r.file, r.language = f, row.Language
	var heading []string
	for _, column := range []string{"line", "result", "why"} {
		heading = append(heading, texts.Of("import.report_"+column).In(row.Language))
	}
	for _, c := range row.Columns {
		heading = append(heading, c.Name)
	}
	if r.out, err = table.NewWriter(f, "csv", "", heading); err != nil {
		f.Close()
		r.file = nil
		return err
	}
	return nil
}

// dropReports deletes the reports in the folder of an import. One that stays is read by nobody, and goes with
// the folder.
func dropReports(dir string) {
	files, err := os.ReadDir(dir)
	for _, file := range files {
		if strings.HasPrefix(file.Name(), reportPrefix) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, file.Name())))
		}
	}
	if err != nil {
		slog.Warn("former reports of an import not deleted", "err", err)
	}
}

func (r *reportFile) asked(line int, cells []string, why []texts.Message) (texts.Message, error) {
	return r.write(line, texts.Of("import.report_asked"), cells, why)
}

func (r *reportFile) skipped(line int, cells []string, why []texts.Message) (texts.Message, error) {
	return r.write(line, resultSkipped, cells, why)
}

func (r *reportFile) remarked(line int, cells []string, why []texts.Message) (texts.Message, error) {
	return r.write(line, texts.Of("import.report_remarked"), cells, why)
}

func (r *reportFile) write(line int, result texts.Message, cells []string, why []texts.Message) (texts.Message, error) {
	r.rows++
	told := make([]string, len(why))
	for i, w := range why {
		told[i] = w.In(r.language)
	}
	return result, r.out.Write(append([]string{strconv.Itoa(line), result.In(r.language), strings.Join(told, "; ")}, cells...))
}

// close may be called again, and on a report that never began.
func (r *reportFile) close() error {
	if r.file == nil {
		return nil
	}
	err := errors.Join(r.out.Close(), r.file.Close())
	r.file = nil
	return err
}
