package phone

import (
	"regexp"
	"strings"
)

// span is groups from..to (exclusive) of a text that are read as one thing.
type span struct {
	from, to int
	number   Number // empty: digits that are no number
	weight   int
}

// longestNumber is how many groups and digits one number may have: "8 9 1 4 5 5 5 0 2 6 1" is a
// spelling, and "8 10" stands before 15 digits of E.164 at most.
const (
	longestNumberGroups = 15
	longestNumberDigits = 18
)

// run finds the end of the groups that may belong to one number with the group at from.
func (s *scanned) run(from int) int {
	to := from + 1
	for to < len(s.groups) && soft(s.gap(to)) {
		to++
	}
	return to
}

// spans parts a run of groups into numbers and the rest, so that as many numbers as possible are
// read, of the surest spelling, with the fewest groups left over. It is linear in the groups: a
// number has a bounded number of them.
func (s *scanned) spans(from, to int) []span {
	barred := s.barred(from, to)
	best := make([]int, to-from+1)    // of the groups from i on
	choice := make([]span, to-from+1) // what stands at i
	for i := to - 1; i >= from; i-- {
		best[i-from] = best[i+1-from] - 1
		choice[i-from] = span{from: i, to: i + 1}
		if i < barred {
			continue
		}
		for _, c := range s.candidates(i, to) {
			if w := c.weight + best[c.to-from]; w > best[i-from] {
				best[i-from], choice[i-from] = w, c
			}
		}
	}
	var out []span
	for i := from; i < to; i = choice[i-from].to {
		c := choice[i-from]
		if c.number == "" && len(out) > 0 && out[len(out)-1].number == "" {
			out[len(out)-1].to = c.to
			continue
		}
		out = append(out, c)
	}
	return out
}

// barred is the first group of a run that may belong to a telephone: what stands behind «ИНН»,
// «паспорт» or as a bank card does not.
func (s *scanned) barred(from, to int) int {
	before := s.gap(from)
	word := skeleton(before[max(0, len(before)-longestWords):])
	for _, id := range identity {
		if !id.word.MatchString(word) || s.groups[from].plus {
			continue
		}
		i, digits := from+1, len(s.groups[from].digits)
		for ; i < to && digits+len(s.groups[i].digits) <= id.digits; i++ {
			digits += len(s.groups[i].digits)
		}
		return i
	}
	if s.shapeOf(from, min(to, from+4)) == "4444" {
		i := from + 4
		if i < to && len(s.groups[i].digits) <= 3 {
			i++
		}
		return i
	}
	if s.glued(from) {
		return from + 1
	}
	return from
}

// longestWords is how much text before a number may say what it is.
const longestWords = 40

// glued tells that Latin letters stand at once before a group: a serial number, or part of an address.
func (s *scanned) glued(i int) bool {
	at := s.groups[i].at
	if at == 0 {
		return false
	}
	from := at
	for from > 0 && at-from < longestWords && s.norm[from-1] != ' ' && s.norm[from-1] != '\n' {
		from--
	}
	piece := strings.ToLower(string(s.norm[from:at]))
	if chatLink.MatchString(piece) {
		return false
	}
	if hyperlink.MatchString(piece) || strings.Contains(strings.TrimLeft(piece, "@"), "@") {
		return true
	}
	letters := latinTail.FindString(piece)
	return letters != "" && !calling.MatchString(letters)
}

var (
	latinTail = regexp.MustCompile(`[a-z]+$`)
	calling   = regexp.MustCompile(`^(?:tel|t|phone|mob|mobile|cell|whatsapp|wa|viber|telegram|tg|ext|x|max)$`)
)

// mailed tells that the group at i is the beginning of a mail or SIP address.
func (s *scanned) mailed(i int) bool {
	for k := s.groups[i].end; k < len(s.norm) && k < s.groups[i].end+longestWords; k++ {
		switch r := s.norm[k]; {
		case r == '@':
			return true
		case r == ' ' || r == '\n' || r == ',' || r == ';':
			return false
		}
	}
	return false
}

// shapeOf is how many digits each group has: "1322"; ten and more are "x".
func (s *scanned) shapeOf(from, to int) string {
	var b strings.Builder
	for _, g := range s.groups[from:to] {
		if len(g.digits) > 9 {
			b.WriteByte('x')
			continue
		}
		b.WriteByte('0' + byte(len(g.digits)))
	}
	return b.String()
}

// documents are shapes of a passport (45 08 123456) and of a SNILS (112-233-445 95).
var documents = map[string]bool{"46": true, "226": true, "3332": true}

// natural tells whether people part a number of so many digits so: nobody parts the code of a city or
// a mobile network, so 9-18 255-02-08 is a time and a number, and not 918 255-02-08. Pairs and
// single digits throughout are another way.
func natural(shape string, digits int) bool {
	code := shape
	if digits == 11 && shape[0] == '1' {
		code = shape[1:]
	}
	if digits > 11 || digits < 10 || len(code) < 2 || digits == 11 && code == shape {
		return true
	}
	return code[0] > '2' || strings.Trim(code, "12") == ""
}

// candidates are the numbers that begin with group i.
func (s *scanned) candidates(i, to int) []span {
	first := s.groups[i]
	if s.mailed(i) || s.ofTime(i) || len(first.digits) > longestNumberDigits {
		return nil
	}
	var out []span
	digits := ""
	for j := i; j < to && j < i+longestNumberGroups; j++ {
		if j > i && !s.inside(i, j, len(digits)) {
			break
		}
		digits += s.groups[j].digits
		if len(digits) > longestNumberDigits {
			break
		}
		shape := s.shapeOf(i, j+1)
		if !first.plus && (documents[shape] && !s.bracketed(i) || !natural(shape, len(digits))) {
			continue
		}
		if n, weight, ok := readDigits(first, digits); ok && s.bounded(i, j+1, to) {
			out = append(out, span{i, j + 1, n, weight})
		}
	}
	if n, ok := s.alone(i, to); ok {
		out = append(out, span{i, to, n, 101})
	}
	return out
}

// ofTime tells that the group at i is the minutes of a time: 18:00.
func (s *scanned) ofTime(i int) bool {
	at := s.groups[i].at
	return len(s.groups[i].digits) == 2 && at > 1 && s.norm[at-1] == ':' && isDigit(s.norm[at-2])
}

// inside tells whether group j may continue the number that began at i and has so many digits:
// no second plus, and no bracket behind the area code, as in "914 555-02-62 (2)".
func (s *scanned) inside(i, j, digits int) bool {
	if s.groups[j].plus {
		// "8 +7 914": the plus begins the number.
		return false
	}
	for _, r := range s.gap(j) {
		if r == '(' && digits > 6 {
			return false
		}
	}
	return j > i
}

func (s *scanned) bracketed(i int) bool {
	at := s.groups[i].at
	return at > 0 && s.norm[at-1] == '('
}

// bounded tells whether the groups from..to of a run stand apart from what is beside them: in
// 914-555-02-61-12 nobody knows which digits are too many.
func (s *scanned) bounded(from, to, end int) bool {
	if to-from == 1 {
		return true
	}
	tight := func(gap []rune) bool { return string(gap) == "-" || string(gap) == "." }
	if to < end && tight(s.gap(to)) && !s.begins(to) {
		return false
	}
	return from == 0 || !tight(s.gap(from)) || len(s.groups[from-1].digits) == 4 || s.ends(from)
}

// begins tells whether a number of its own may begin with a group, ends whether one may end before it.
func (s *scanned) begins(i int) bool {
	d := s.groups[i].digits
	return d == "8" || d == "7" || len(d) >= 10 || s.groups[i].plus
}

func (s *scanned) ends(i int) bool {
	digits := 0
	for k := i - 1; k >= 0 && k >= i-longestNumberGroups; k-- {
		digits += len(s.groups[k].digits)
		if digits >= 10 {
			return true
		}
	}
	return false
}

// alone reads a number of another country without a plus, as PBXs and other programs write it. It
// must be the whole text, and no number of ours with some digits too many.
func (s *scanned) alone(i, to int) (Number, bool) {
	if i != 0 || to != len(s.groups) || s.groups[0].plus || s.hasLetters() {
		return "", false
	}
	digits := ""
	for _, g := range s.groups {
		if digits += g.digits; len(digits) > 15 {
			return "", false
		}
	}
	return foreign(digits, to-i == 1)
}

func (s *scanned) hasLetters() bool {
	return strings.ContainsFunc(string(s.norm), func(r rune) bool { return !isDigit(r) && !strings.ContainsRune(" +-().~/\n", r) && r != ignored })
}
