package table

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A spreadsheet takes a text that begins with one of these for a formula: a client named
// =HYPERLINK(…) would send who opens the file to anywhere. The wide ones are those of East Asian
// keyboards.
const formulaSigns = "=+-@＝＋－＠"

// separators part cells, ours or those of a spreadsheet that opens the file by other ones: in a
// file with semicolons «a,=1+1» is one cell, and two for Excel in English.
const separators = ",;\t\r\n"

// controls at the beginning of a cell are skipped by some spreadsheets, which then see a formula.
const controls = "\t\r\n"

// plainNumber is a telephone number or a plain figure; it means the same as a formula.
var plainNumber = regexp.MustCompile(`^[+-]?\d[\d ()-]*([.,]\d+)?$`)

// guarded puts an apostrophe, which spreadsheets take for "this is text", before whatever could be a
// formula: at the beginning of the cell and behind every separator in it. Numbers stay as they are,
// one or a list of them, and behind a text.
func guarded(cell string) string {
	numbers := areNumbers(cell)
	safe := pieces(cell, func(signs int, rest string, begins bool) int {
		if signs == 0 && isNumber(rest) && (numbers || !begins) {
			return 0
		}
		return signs + 1
	})
	if rest := strings.TrimLeft(cell, "'"); rest != "" && strings.ContainsAny(rest[:1], controls) {
		return "'" + safe
	}
	return safe
}

func isNumber(piece string) bool { return plainNumber.MatchString(strings.Trim(piece, ` "`)) }

// areNumbers tells a list of numbers, such as the telephones of a card.
func areNumbers(cell string) bool {
	all := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(separators, r) })
	return !slices.ContainsFunc(all, func(piece string) bool { return !isNumber(piece) })
}

// unguarded takes the apostrophes away again, so that what we wrote reads as it was.
func unguarded(cell string) string {
	if rest := strings.TrimLeft(cell, "'"); rest != cell && rest != "" && strings.ContainsAny(rest[:1], controls) {
		cell = cell[1:]
	}
	return pieces(cell, func(signs int, _ string, _ bool) int { return max(0, signs-1) })
}

// pieces gives every piece of a cell that begins with a formula's sign as many apostrophes before
// it as change says; it is told how many there are, the piece behind them, and whether it begins the cell.
func pieces(cell string, change func(apostrophes int, rest string, begins bool) int) string {
	if !strings.ContainsAny(cell, formulaSigns) {
		return cell
	}
	var all strings.Builder
	begins := true
	for cell != "" {
		end := strings.IndexAny(cell, separators)
		if end < 0 {
			end = len(cell)
		}
		piece := cell[:end]
		// Blanks and quotes before a sign do not keep every spreadsheet from taking it for one.
		begin := len(piece) - len(strings.TrimLeft(piece, ` "`))
		rest := strings.TrimLeft(piece[begin:], "'")
		first, _ := utf8.DecodeRuneInString(rest)
		if rest != "" && strings.ContainsRune(formulaSigns, first) {
			signs := len(piece) - begin - len(rest)
			piece = piece[:begin] + strings.Repeat("'", change(signs, rest, begins)) + rest
		}
		all.WriteString(piece)
		if end < len(cell) {
			all.WriteByte(cell[end])
			end++
		}
		cell, begins = cell[end:], false
	}
	return all.String()
}
