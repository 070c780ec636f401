package form

import (
	"time"

	"dozvon/client"
)

// importForm is a file on its way in (imports.view).
type importForm struct {
	V           int            `json:"v,omitempty"`
	ID          string         `json:"id"`
	Kind        string         `json:"kind"`
	File        string         `json:"file,omitempty"`
	State       string         `json:"state"`
	Format      string         `json:"format"`
	Encoding    string         `json:"encoding,omitempty"`
	Delimiter   string         `json:"delimiter,omitempty"`
	Sheet       string         `json:"sheet,omitempty"`
	Heading     bool           `json:"heading"`
	HeadingLine int            `json:"heading_line,omitempty"`
	Columns     []importColumn `json:"columns"`
	Fields      []string       `json:"fields"`
	Preview     [][]string     `json:"preview"`
	Rows        int            `json:"rows"`
	Mapping     []string       `json:"mapping,omitempty"`
	Doubts      []importWord   `json:"doubts,omitempty"`
	Rule        string         `json:"rule,omitempty"`
	DryRun      bool           `json:"dry_run,omitempty"`
	Done        int            `json:"done"`
	Counts      importCounts   `json:"counts"`
	Notes       []importNote   `json:"notes,omitempty"`
	Report      bool           `json:"report,omitempty"`
	Problem     *importWord    `json:"problem,omitempty"`
	CreatedAt   time.Time      `json:"created_at"`
	FinishedAt  *time.Time     `json:"finished_at,omitempty"`
}

type importColumn struct {
	Name  string `json:"name"`
	Guess string `json:"guess"`
}

type importCounts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Doubles   int `json:"doubles"`
	Faulty    int `json:"faulty"`
	Remarks   int `json:"remarks"`
	Questions int `json:"questions"`
}

type importNote struct {
	Line int    `json:"line"`
	RU   string `json:"ru"`
	EN   string `json:"en"`
}

type importWord struct {
	Code string `json:"code"`
	RU   string `json:"ru"`
	EN   string `json:"en"`
}

func importWordOf(w client.ImportWord) importWord { return importWord{w.Code, w.RU, w.EN} }

func (w importWord) wire() client.ImportWord {
	return client.ImportWord{Code: w.Code, RU: w.RU, EN: w.EN}
}

// Import is what is kept of an import.
func Import(i client.Import) (string, error) {
	n := i.Counts
	return encode("import "+i.ID, importForm{
		V: version, ID: i.ID, Kind: i.Kind, File: i.File, State: i.State, Format: i.Format, Encoding: i.Encoding, Delimiter: i.Delimiter, Sheet: i.Sheet,
		Heading: i.Heading, HeadingLine: i.HeadingLine,
		Columns: each(i.Columns, func(c client.ImportColumn) importColumn { return importColumn{c.Name, c.Guess} }),
		Fields:  i.Fields, Preview: i.Preview, Rows: i.Rows, Mapping: i.Mapping, Doubts: each(i.Doubts, importWordOf), Rule: i.Rule, DryRun: i.DryRun,
		Done: i.Done, Counts: importCounts{n.Added, n.Changed, n.Unchanged, n.Doubles, n.Faulty, n.Remarks, n.Questions},
		Notes:  each(i.Notes, func(n client.ImportNote) importNote { return importNote{n.Line, n.RU, n.EN} }),
		Report: i.Report, Problem: perhaps(i.Problem, importWordOf), CreatedAt: i.CreatedAt, FinishedAt: i.FinishedAt,
	})
}

// ReadImport reads what Import wrote, also in former versions.
func ReadImport(raw string) (client.Import, error) {
	var f importForm
	if err := decode("an import", raw, &f); err != nil {
		return client.Import{}, err
	}
	n := f.Counts
	return client.Import{
		ID: f.ID, Kind: f.Kind, File: f.File, State: f.State, Format: f.Format, Encoding: f.Encoding, Delimiter: f.Delimiter, Sheet: f.Sheet,
		Heading: f.Heading, HeadingLine: f.HeadingLine,
		Columns: each(f.Columns, func(c importColumn) client.ImportColumn { return client.ImportColumn{Name: c.Name, Guess: c.Guess} }),
		Fields:  f.Fields, Preview: f.Preview, Rows: f.Rows, Mapping: f.Mapping, Doubts: each(f.Doubts, importWord.wire), Rule: f.Rule, DryRun: f.DryRun,
		Done: f.Done,
		Counts: client.ImportCounts{
			Added: n.Added, Changed: n.Changed, Unchanged: n.Unchanged, Doubles: n.Doubles, Faulty: n.Faulty, Remarks: n.Remarks, Questions: n.Questions,
		},
		Notes:  each(f.Notes, func(n importNote) client.ImportNote { return client.ImportNote{Line: n.Line, RU: n.RU, EN: n.EN} }),
		Report: f.Report, Problem: perhaps(f.Problem, importWord.wire), CreatedAt: f.CreatedAt, FinishedAt: f.FinishedAt,
	}, readable("import "+f.ID, f.V)
}
