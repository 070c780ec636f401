package search

import (
	"strings"
	"unicode"

	"dozvon/app/phone"
)

const (
	// fragmentLeast is from how many digits on a fragment of a number is looked for, namedLeast among
	// words: three figures beside a name are a contract's number or a group.
	fragmentLeast = 3
	namedLeast    = 4
	// longestFragment is how many digits E.164 has at most.
	longestFragment = 15
	// longestNumber is how many digits our numbers have.
	longestNumber = 11
	// namedMost is how many numbers among words are looked for.
	namedMost = 3
)

// Query is what a person looks for.
type Query struct {
	// Words must all be there, each as the beginning of a word.
	Words []string
	// Fragment is a part of a telephone number, when nothing but a number was typed.
	Fragment string
	// Named is another reading, of which what is found counts too; nil when there is none.
	Named *Named
}

// Named are words with telephone numbers among them: «Гусева 8 (914) 555-02-61», in any order.
type Named struct {
	Words []string
	// Numbers must all be there, each as a part of a telephone number or the beginning of a word.
	Numbers []string
}

// Empty tells whether everything is to be found.
func (q Query) Empty() bool { return len(q.Words) == 0 && q.Fragment == "" }

// Parse reads what was typed.
func Parse(typed string) Query {
	q := Query{Words: Words(typed)}
	if number, ok := numberOf(typed); ok && len(number) >= fragmentLeast && len(number) <= longestFragment {
		q.Fragment = number
		// A number in one of its spellings is one thing, not four words.
		q.Words = []string{number}
		return q
	}
	q.Named = named(typed)
	return q
}

// named parts the numbers from the words; nil when there are none, or too many.
func named(typed string) *Named {
	var n Named
	var words strings.Builder
	for _, piece := range pieces(typed) {
		number, ok := numberOf(piece)
		if !ok || len(number) < namedLeast {
			words.WriteString(piece)
			words.WriteByte(' ')
			continue
		}
		// 77/26 8 914 555-02-61: whole numbers part what is too long for one.
		if whole := wholeNumbers(piece); len(number) > longestNumber && len(whole) > 0 {
			for _, e := range whole {
				n.Numbers = append(n.Numbers, e.Number.Digits())
				words.WriteString(e.Label + " ")
			}
			continue
		}
		n.Numbers = append(n.Numbers, number)
	}
	if len(n.Numbers) == 0 || len(n.Numbers) > namedMost {
		return nil
	}
	n.Words = Words(words.String())
	return &n
}

// wholeNumbers are the telephone numbers of a piece; none when something of it is no number.
func wholeNumbers(piece string) []phone.Entry {
	all := phone.Reader{}.Read(piece)
	for _, e := range all {
		if e.Number == "" {
			return nil
		}
	}
	return all
}

// pieces cuts a text where signs of a number and others meet.
func pieces(typed string) []string {
	var out []string
	from, inside := 0, false
	for i, r := range typed {
		if is := isDigit(r) || isSeparator(r); is != inside {
			out, from, inside = append(out, typed[from:i]), i, is
		}
	}
	return append(out, typed[from:])
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isSeparator tells the signs that stand between the digits of a telephone number.
func isSeparator(r rune) bool {
	return strings.ContainsRune("+-().~\u2212", r) || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}

// numberOf reads digits in the spellings of a telephone number; false when there is anything else.
func numberOf(typed string) (string, bool) {
	var b strings.Builder
	for _, r := range typed {
		switch {
		case isDigit(r):
			b.WriteRune(r)
		case !isSeparator(r):
			return "", false
		}
	}
	digits := b.String()
	// 8 is how people dial at home what is stored with +7; the beginning of a mobile counts too.
	if len(digits) > 1 && digits[0] == '8' && (len(digits) == 11 || digits[1] == '9') {
		digits = "7" + digits[1:]
	}
	return digits, digits != ""
}
