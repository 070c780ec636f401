package present

import (
	"slices"
	"strconv"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// ImportLine is one figure of what an import did, or would do.
type ImportLine struct {
	Words string
	// Bad lines are of rows that do not come in; Good ones of those that do.
	Bad, Good bool
}

// ImportLines tells what became of the rows, figures of nothing left out.
func ImportLines(im client.Import, text *i18n.Text) []ImportLine {
	when := "imp.did."
	if im.DryRun {
		when = "imp.will."
	}
	n := im.Counts
	var out []ImportLine
	for _, l := range []struct {
		key       string
		n         int
		bad, good bool
	}{
		{"added", n.Added, false, true},
		{"changed", n.Changed, false, true},
		{"unchanged", n.Unchanged, false, false},
		{"questions", n.Questions, true, false},
		{"doubles", n.Doubles, true, false},
		{"faulty", n.Faulty, true, false},
		{"remarks", n.Remarks, true, false},
	} {
		if l.n > 0 {
			out = append(out, ImportLine{text.T(when+l.key, "n", Grouped(l.n)), l.bad, l.good})
		}
	}
	return out
}

// ImportNotes are the first lines of the report: which line of the file, and what is to be said of it.
func ImportNotes(im client.Import, text *i18n.Text) []string {
	var out []string
	for _, n := range im.Notes {
		out = append(out, text.T("imp.note", "line", Grouped(n.Line), "words", text.Either(n.RU, n.EN)))
	}
	return out
}

// ImportDoubts are the questions about columns that nobody has answered yet: whoever chooses a column for a
// field has.
func ImportDoubts(im client.Import, mapping []string, text *i18n.Text) []string {
	var out []string
	for _, d := range im.Doubts {
		if !slices.Contains(mapping, d.Code) {
			out = append(out, text.Either(d.RU, d.EN))
		}
	}
	return out
}

// ImportAbout is the file in a line: its name, its rows, and how it was read.
func ImportAbout(im client.Import, text *i18n.Text) string {
	about := im.File
	if about != "" {
		about += " · "
	}
	about += text.N("imp.rows", im.Rows, "rows", Grouped(im.Rows))
	if im.Format == "xlsx" {
		return about + " · " + text.T("imp.sheet", "sheet", im.Sheet)
	}
	delimiters := map[string]string{";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
	about += " · " + im.Encoding + ", "
	if key, known := delimiters[im.Delimiter]; known {
		return about + text.T("imp.delimiter."+key)
	}
	return about + "«" + im.Delimiter + "»" // what a file's own sep= line says may be anything
}

// ImportProgress is how far an import is, from 0 to 1.
func ImportProgress(im client.Import) float32 {
	switch {
	case im.State == client.ImportBinding, im.Done >= im.Rows:
		return 1
	case im.Rows == 0:
		return 0
	}
	return float32(im.Done) / float32(im.Rows)
}

// ImportWorks tells whether an import goes on.
func ImportWorks(im client.Import) bool {
	return im.State == client.ImportQueued || im.State == client.ImportRunning || im.State == client.ImportBinding
}

// Grouped is a number with its thousands apart: 96 120.
func Grouped(n int) string {
	digits := []rune{}
	text := []rune(strconv.Itoa(n))
	for i, d := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			digits = append(digits, '\u00a0')
		}
		digits = append(digits, d)
	}
	return string(digits)
}
