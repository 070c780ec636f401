package mango

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// DisplayName shortens a name to what the header From/display-name carries: letters, digits,
// spaces, hyphens and full stops, MaxHeader bytes at most (a Cyrillic letter takes two). Mango
// drops a header that it does not like without a word (Mango VPBX API, appendix on SIP headers).
//
// It shortens as people do, each step only if the one before is still too long:
//
//	Иванова-Константинопольская Александра Владимировна
//	Иванова-Константинопольская Александра В.
//	Иванова-Константинопольская А. В.
//	Константинопольский-П. С. А.   the second half of a double surname as a letter
//
// and cuts inside a word only when a single word is left. A name without a letter or digit is "".
func DisplayName(name string) string {
	words := displayWords(name)
	if len(words) == 0 {
		return ""
	}
	for _, shorter := range []func([]string) []string{
		func(w []string) []string { return w },
		func(w []string) []string { return initialsFrom(w, 2) },
		func(w []string) []string { return initialsFrom(w, 1) },
		func(w []string) []string { return append([]string{halved(w[0])}, initialsFrom(w, 1)[1:]...) },
	} {
		if short := strings.Join(shorter(words), " "); len(short) <= MaxHeader {
			return short
		}
	}
	return cut(halved(words[0]), MaxHeader)
}

// maxPersonWords is how many words a person's name may have; a longer one is an organisation's,
// whose words mean nothing as initials.
const maxPersonWords = 4

// displayWords keeps what the header may hold. Letters and their accents are joined first
// (й may come as и and a breve), so that no cut can part them.
func displayWords(name string) []string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʼ', r == '`':
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '.':
			return r
		case r == '-', r == '‐', r == '‑', r == '–', r == '—':
			return '-'
		}
		return ' '
	}, norm.NFC.String(name))
	var words []string
	for _, w := range strings.Fields(clean) {
		if w = strings.TrimLeft(strings.TrimRight(w, "-"), "-."); strings.ContainsFunc(w, func(r rune) bool { return r != '.' && r != '-' }) {
			words = append(words, w)
		}
	}
	return words
}

// initialsFrom writes the words from i on as initials, or leaves them out where they are not a person's.
func initialsFrom(words []string, i int) []string {
	if len(words) <= i {
		return words
	}
	if len(words) > maxPersonWords {
		return fitting(words)
	}
	out := append([]string{}, words[:i]...)
	for _, w := range words[i:] {
		out = append(out, initial(w))
	}
	return out
}

// fitting keeps as many words as fit.
func fitting(words []string) []string {
	length := len(words[0])
	for i := 1; i < len(words); i++ {
		if length += 1 + len(words[i]); length > MaxHeader {
			return words[:i]
		}
	}
	return words
}

// initial is the first letter or digit with a full stop.
func initial(word string) string {
	at := strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if at < 0 {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(word[at:])
	return string(r) + "."
}

// halved writes the second half of a double surname as a letter.
func halved(surname string) string {
	first, second, double := strings.Cut(surname, "-")
	letter := initial(second)
	if !double || letter == "" {
		return surname
	}
	return first + "-" + letter
}

// cut shortens to a number of bytes without breaking a letter.
func cut(word string, limit int) string {
	for len(word) > limit {
		_, size := utf8.DecodeLastRuneInString(word)
		word = word[:len(word)-size]
	}
	return strings.TrimRight(word, "-. ")
}
