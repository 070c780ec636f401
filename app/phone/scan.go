package phone

import (
	"strings"
	"unicode"
)

// group is digits that stand together; at and end are rune offsets in the text.
type group struct {
	at, end int
	digits  string
	plus    bool // a plus stands before it
}

// scanned is a text with what differs from keyboard to keyboard made one: blanks, dashes, kinds of
// digits. norm has a rune for each of src, so that an offset means the same in both.
type scanned struct {
	src, norm []rune
	groups    []group
}

func scan(text string) *scanned {
	s := &scanned{src: []rune(text)}
	s.norm = make([]rune, len(s.src))
	for i, r := range s.src {
		s.norm[i] = plainRune(r)
	}
	s.readLookalikes()
	s.findGroups()
	return s
}

// ignored stands for a rune that cannot be seen, as word processors leave them.
const ignored = '\u2060'

func plainRune(r rune) rune {
	switch {
	case r < 0x80:
		if r == '\t' || r == '\v' || r == '\f' {
			return ' '
		}
		return r
	case strings.ContainsRune("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f", r):
		return ignored
	case strings.ContainsRune("\u2028\u2029\u0085", r):
		return '\n'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Pd, r), strings.ContainsRune("\u2212\u00b7\u2022\u30fc", r):
		return '-'
	case strings.ContainsRune("\uff0b\ufe62\u2795", r):
		return '+'
	case strings.ContainsRune("\u2044\u2215\uff0f", r):
		return '/'
	case r == '\uff08':
		return '('
	case r == '\uff09':
		return ')'
	case unicode.Is(unicode.Nd, r):
		return digitOf(r)
	}
	return r
}

// digitOf is a digit of any script: each script has its ten in a row, the zero first.
func digitOf(r rune) rune {
	for d := range rune(10) {
		if !unicode.Is(unicode.Nd, r-d-1) || d == 9 {
			return '0' + d
		}
	}
	return r
}

// lookalikes are letters that are typed for digits.
var lookalikes = map[rune]rune{
	'O': '0', 'o': '0', 'О': '0', 'о': '0', 'l': '1', 'I': '1', 'І': '1', 'З': '3', 'з': '3',
}

// readLookalikes turns letters into digits in pieces that hold digits and no other letter: 9l4,
// 555-О2-61. A letter alone is a word.
func (s *scanned) readLookalikes() {
	for i := 0; i < len(s.norm); {
		if !pieceRune(s.norm[i]) {
			i++
			continue
		}
		at, digits, letters, others := i, 0, 0, 0
		for ; i < len(s.norm) && pieceRune(s.norm[i]); i++ {
			switch r := s.norm[i]; {
			case isDigit(r):
				digits++
			case lookalikes[r] != 0:
				letters++
			case unicode.IsLetter(r):
				others++
			}
		}
		if letters == 0 || others > 0 || digits < letters {
			continue
		}
		for k := at; k < i; k++ {
			if d := lookalikes[s.norm[k]]; d != 0 {
				s.norm[k] = d
			}
		}
	}
}

// pieceRune tells what does not end a piece of a number.
func pieceRune(r rune) bool {
	return isDigit(r) || unicode.IsLetter(r) || strings.ContainsRune("+-().", r) || r == ignored
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func (s *scanned) findGroups() {
	for i := 0; i < len(s.norm); {
		if !isDigit(s.norm[i]) {
			i++
			continue
		}
		g := group{at: i}
		var digits strings.Builder
		for ; i < len(s.norm) && (isDigit(s.norm[i]) || s.norm[i] == ignored); i++ {
			if isDigit(s.norm[i]) {
				digits.WriteRune(s.norm[i])
				g.end = i + 1
			}
		}
		g.digits = digits.String()
		if s.isFraction(g) {
			continue
		}
		for k := g.at - 1; k >= 0 && k >= g.at-3 && !g.plus; k-- {
			g.plus = s.norm[k] == '+'
			if !g.plus && s.norm[k] != ' ' && s.norm[k] != '(' && s.norm[k] != ignored {
				break
			}
		}
		s.groups = append(s.groups, g)
	}
}

// isFraction tells the ",00" that a spreadsheet writes behind a long number, and blanks it.
func (s *scanned) isFraction(g group) bool {
	if len(s.groups) == 0 || len(g.digits) > 3 || strings.Trim(g.digits, "0") != "" {
		return false
	}
	last := s.groups[len(s.groups)-1]
	gap := s.norm[last.end:g.at]
	if len(last.digits) < 10 || len(gap) != 1 || gap[0] != '.' && gap[0] != ',' {
		return false
	}
	if g.end < len(s.norm) && (s.norm[g.end] == '-' || s.norm[g.end] == '.') && g.end+1 < len(s.norm) && isDigit(s.norm[g.end+1]) {
		return false
	}
	for k := last.end; k < g.end; k++ {
		s.norm[k] = ' '
		s.src[k] = ' '
	}
	return true
}

// gap is what stands between two neighbouring groups.
func (s *scanned) gap(before int) []rune {
	from := 0
	if before > 0 {
		from = s.groups[before-1].end
	}
	to := len(s.norm)
	if before < len(s.groups) {
		to = s.groups[before].at
	}
	return s.norm[from:to]
}

// longestGap is how many signs may stand between two pieces of one number: ") - ".
const longestGap = 6

// soft tells whether a gap may lie inside a number.
func soft(gap []rune) bool {
	if len(gap) > longestGap {
		return false
	}
	slashes := 0
	for _, r := range gap {
		if !strings.ContainsRune(" -.()/~+", r) && r != ignored {
			return false
		}
		if r == '/' {
			slashes++
		}
	}
	return slashes < 2
}

// text is what was typed between two offsets.
func (s *scanned) text(from, to int) string { return string(s.src[from:to]) }
