package table

import "fmt"

// Code names a reason to refuse a file. Codes are stable; what people are told
// of each is their business who open the file.
type Code string

// Why a file is refused.
const (
	Empty          Code = "empty_file"
	NotATable      Code = "not_a_table"
	OldExcel       Code = "old_excel"
	TooBig         Code = "file_too_big"
	TooManyRows    Code = "too_many_rows"
	TooManyColumns Code = "too_many_columns"
	CellTooLong    Code = "cell_too_long"
	MixedEncodings Code = "mixed_encodings"
	OpenQuote      Code = "open_quote"
	BrokenExcel    Code = "broken_excel"
	Bomb           Code = "unpacks_too_big"
	NoValue        Code = "formula_without_value"
)

// Fault is a file that cannot be read as a table, and where.
type Fault struct {
	Code   Code
	What   string // what the file is instead, one of Kinds; "" when that is not known
	Line   int    // 0: the whole file
	Column int    // 0: the whole line
}

func (f *Fault) Error() string {
	text := "the file is no table that can be read: " + string(f.Code)
	if f.What != "" {
		text += ", it is " + f.What
	}
	switch {
	case f.Line == 0:
		return text
	case f.Column == 0:
		return fmt.Sprintf("%s, line %d", text, f.Line)
	}
	return fmt.Sprintf("%s, line %d, column %d", text, f.Line, f.Column)
}
