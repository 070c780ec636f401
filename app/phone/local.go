package phone

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// localShapes are how people group a city's number without the city, by its digits.
var localShapes = map[int][]string{
	7: {"7", "34", "43", "322", "1222", "223", "133"},
	6: {"6", "222", "33", "24", "42"},
	5: {"5", "122", "221", "23", "32"},
}

// day is a date, which has as many digits as a city's number.
var day = regexp.MustCompile(`^(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d\d|(?:19|20)\d\d\s*[-–/]\s*(?:19|20)\d\d)$`)

// left reads digits in which no whole number was found. No number and no doubt: they say something
// else, a flat, a price, and stay in the text.
func (r Reader) left(s *scanned, sp span) (Number, Doubt) {
	digits := ""
	for _, g := range s.groups[sp.from:sp.to] {
		digits += g.digits
	}
	at, end := s.groups[sp.from].at, s.groups[sp.to-1].end
	written := string(s.norm[at:end])
	if day.MatchString(written) || s.amount(end, written) || s.barred(sp.from, sp.to) > sp.from || s.mailed(sp.from) {
		return "", Sure
	}
	if local, country, ok := s.local(sp, digits); ok && !s.broken(sp) {
		if country || len(r.CityCode)+len(local) != 10 {
			return "", CityCodeMissing
		}
		if n, ok := ours(r.CityCode + local); ok {
			return n, Sure
		}
		return "", NotANumber
	}
	if len(digits) >= shortestOdd {
		return "", NotANumber
	}
	return "", Sure
}

// broken tells that digits stand beside a span with nothing but signs between: a number that a line
// break or a star has parted, whose end is no city's number.
func (s *scanned) broken(sp span) bool {
	apart := func(gap []rune) bool {
		return strings.ContainsFunc(string(gap), func(r rune) bool { return unicode.IsLetter(r) || strings.ContainsRune(",;|(/", r) })
	}
	if sp.from > 0 && !soft(s.gap(sp.from)) && !apart(s.gap(sp.from)) && s.digitsOf(max(0, sp.from-longestNumberGroups), sp.from) < 7 {
		return true
	}
	if sp.to == len(s.groups) || soft(s.gap(sp.to)) || apart(s.gap(sp.to)) {
		return false
	}
	return s.digitsOf(sp.to, min(len(s.groups), sp.to+longestNumberGroups)) < 7
}

// digitsOf is how many digits some groups have.
func (s *scanned) digitsOf(from, to int) int {
	n := 0
	for _, g := range s.groups[from:to] {
		n += len(g.digits)
	}
	return n
}

// amount tells that a unit stands behind digits that are grouped as an amount is.
func (s *scanned) amount(end int, written string) bool {
	return !strings.Contains(written, "-") && unit.MatchString(skeleton(s.norm[end:min(len(s.norm), end+longestWords)]))
}

// local tells whether a span is a city's number without its city; country says that it was written
// with 8 or +7, so that the city was forgotten rather than left out.
func (s *scanned) local(sp span, digits string) (local string, country, ok bool) {
	first := s.groups[sp.from]
	shape := s.shapeOf(sp.from, sp.to)
	if len(digits) == 8 && (first.plus && digits[0] == '7' || first.digits == "8" || first.digits == "7") {
		return digits[1:], true, first.plus || slices.Contains(localShapes[7], shape[1:])
	}
	if first.plus || !slices.Contains(localShapes[len(digits)], shape) || digits[0] == '0' || digits[0] == '8' {
		return "", false, false
	}
	if len(digits) < 7 && (sp.to-sp.from < len(s.groups) || shape == string('0'+byte(len(digits))) && s.hasWords()) {
		return "", false, false
	}
	return digits, false, true
}

// hasWords tells whether letters stand in the text that say more than that it is a telephone.
func (s *scanned) hasWords() bool {
	before, after := tidyLabel(string(s.gap(0))), tidyLabel(string(s.gap(len(s.groups))))
	return strings.ContainsFunc(before+after, unicode.IsLetter)
}
