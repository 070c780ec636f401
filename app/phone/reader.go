package phone

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Reader reads what people write where a telephone is asked for: a cell of a table, a field of a
// form, a number to call. Its zero value knows no city.
type Reader struct {
	// CityCode is the school's own, without the country: "423", "4232" (CheckCityCode). A city's number
	// without a city gets it; empty: such a number is in doubt.
	CityCode string
}

// Doubt is why a person should look at an entry.
type Doubt string

// The doubts.
const (
	Sure Doubt = ""
	// NotANumber: kept as typed; nobody can be called by it.
	NotANumber Doubt = "not_a_number"
	// CityCodeMissing: kept as typed; a city's number without the city.
	CityCodeMissing Doubt = "city_code_missing"
	// Spoiled: kept as typed; a spreadsheet threw its last digits away.
	Spoiled Doubt = "spoiled"
	// DigitsBeside: the number was read, and digits beside it became its label.
	DigitsBeside Doubt = "digits_beside"
	// LettersRead: the number was read, letters that look like digits in it as digits.
	LettersRead Doubt = "letters_read"
)

// Entry is one telephone of a text.
type Entry struct {
	Number Number // empty when Text could not be read as one
	Text   string // what was typed as the number
	Ext    string // the extension behind it, digits
	Label  string // whose it is, and whatever else was written beside it: «мама», «после 6»
	Doubt  Doubt
}

// longestText is how many characters are read; a cell of a spreadsheet has 32,767 at most.
const longestText = 32_768

// shortestOdd is from how many digits on something that is no number is kept as a number somebody
// meant, apart from the label of its neighbour.
const shortestOdd = 7

// Read reads a text into its telephones, in their order; none when the text is blank. Nothing that
// was written is lost: it is a number, a label, or kept as typed.
func (r Reader) Read(text string) []Entry {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return nil
	}
	kept := Entry{Text: strings.TrimSpace(text), Doubt: NotANumber}
	if len(text) > longestText*4 || len([]rune(text)) > longestText {
		return []Entry{kept}
	}
	if isLink(text) {
		if e, err := r.Link(text); err == nil {
			return []Entry{e}
		}
	}
	shown, ok := fromSpreadsheet(strings.TrimSpace(text))
	if !ok {
		kept.Doubt = Spoiled
		return []Entry{kept}
	}
	s := scan(shown)
	found := r.items(s)
	if !worthParting(found) {
		return []Entry{kept}
	}
	s.label(found)
	out := make([]Entry, 0, len(found))
	for _, it := range found {
		out = append(out, it.entry)
	}
	return out
}

// One reads a text that must hold exactly one telephone: what somebody wants to call. Its errors
// are ErrNotANumber, ErrCityCodeMissing and ErrSeveral.
func (r Reader) One(text string) (Entry, error) {
	if isLink(text) {
		return r.Link(text)
	}
	all := r.Read(text)
	if len(all) == 0 {
		return Entry{}, fmt.Errorf("%w: there are no digits in it", ErrNotANumber)
	}
	first := all[0]
	for _, e := range all[1:] {
		if e.Number != first.Number || e.Number == "" {
			return Entry{}, fmt.Errorf("%w in one text: say which", ErrSeveral)
		}
	}
	switch {
	case first.Doubt == CityCodeMissing:
		return Entry{}, ErrCityCodeMissing
	case first.Number == "":
		return Entry{}, fmt.Errorf("%w: its digits are none that can be called", ErrNotANumber)
	}
	return first, nil
}

// Parse is One without what stands beside the number.
func (r Reader) Parse(text string) (Number, error) {
	if n, ok := written(text); ok {
		return n, nil
	}
	e, err := r.One(text)
	return e.Number, err
}

// CheckCityCode tells whether a text can be a school's own city code: three to five digits that the
// country has given out. An empty one is none.
func CheckCityCode(code string) bool {
	if code == "" {
		return true
	}
	if len(code) < 3 || len(code) > 5 || strings.Trim(code, "0123456789") != "" || !strings.ContainsRune("348", rune(code[0])) {
		return false
	}
	for _, local := range []string{"2222222", "5555555", "2000000"} {
		if _, ok := ours(code + local[:10-len(code)]); ok {
			return true
		}
	}
	return false
}

var (
	// exponent is a long number after a spreadsheet has saved it as text: 7,96444E+10.
	exponent = regexp.MustCompile(`^(\d)[.,]?(\d*)[eEеЕ]\+?(\d+)$`)
	// thousands is a number as a spreadsheet shows it with a separator: 79,145,550,201.00.
	thousands = regexp.MustCompile(`^\+?\d{1,3}(?:[,'’.\s]\d{3}){3,4}(?:[.,]0{1,3})?$`)
	decimals  = regexp.MustCompile(`[.,]0{1,3}$`)
)

// fromSpreadsheet is a text without what a spreadsheet's format for amounts made of a number. It
// answers false when the format has lost digits.
func fromSpreadsheet(text string) (string, bool) {
	if m := exponent.FindStringSubmatch(text); m != nil {
		power, err := strconv.Atoi(m[3])
		if err != nil || power > 20 || len(m[2]) < power {
			return text, false
		}
		whole, _, err := big.ParseFloat(m[1]+"."+m[2]+"e"+m[3], 10, 100, big.ToNearestEven)
		if err != nil {
			return text, false
		}
		return whole.Text('f', 0), true
	}
	if thousands.MatchString(text) {
		text = strings.NewReplacer(",", " ", "'", " ", "’", " ").Replace(decimals.ReplaceAllString(text, ""))
	}
	return text, true
}

// item is one telephone of a scanned text, and where it stands in it.
type item struct {
	at, end int
	entry   Entry
}

// items finds the telephones of a text, and the digits that somebody meant as one.
func (r Reader) items(s *scanned) []*item {
	var out []*item
	for from := 0; from < len(s.groups); {
		to := s.run(from)
		for _, sp := range s.spans(from, to) {
			out = append(out, r.itemsOf(s, sp)...)
		}
		from = to
	}
	return out
}

func (r Reader) itemsOf(s *scanned, sp span) []*item {
	at, end := s.groups[sp.from].at, s.groups[sp.to-1].end
	it := &item{at: at, end: end, entry: Entry{Number: sp.number, Text: s.spelling(at, end)}}
	if sp.number != "" {
		if s.letters(at, end) {
			it.entry.Doubt = LettersRead
		}
		return []*item{it}
	}
	if sp.to-sp.from == 1 && !s.mailed(sp.from) {
		if several := stuck(s.groups[sp.from].digits); several != nil {
			return pieces(s, at, end, several)
		}
	}
	n, doubt := r.left(s, sp)
	it.entry.Number, it.entry.Doubt = n, doubt
	if n == "" && doubt == Sure {
		return nil
	}
	return []*item{it}
}

// pieces are numbers that were typed without a sign between them.
func pieces(s *scanned, at, end int, numbers []Number) []*item {
	out := make([]*item, len(numbers))
	size := (end - at) / len(numbers)
	for i, n := range numbers {
		from, to := at+i*size, at+(i+1)*size
		out[i] = &item{at: from, end: to, entry: Entry{Number: n, Text: s.text(from, to)}}
	}
	return out
}

// spelling is what was typed as a number, the plus or bracket before it included.
func (s *scanned) spelling(at, end int) string {
	for at > 0 && (s.norm[at-1] == '+' || s.norm[at-1] == '(') {
		at--
	}
	return s.text(at, end)
}

// letters tells whether letters were read as digits.
func (s *scanned) letters(at, end int) bool {
	for i := at; i < end; i++ {
		if isDigit(s.norm[i]) && unicode.IsLetter(s.src[i]) {
			return true
		}
	}
	return false
}

// worthParting tells whether a text holds a telephone, or a city's number that somebody meant as
// one; else it stays in one piece.
func worthParting(found []*item) bool {
	for _, it := range found {
		if it.entry.Number != "" || it.entry.Doubt == CityCodeMissing {
			return true
		}
	}
	return false
}
