package person

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dozvon/app/phone"
)

// traces are by what a text is known to be about a person.
type traces struct {
	digits []string // the numbers without their country's beginning, as any spelling ends
	keys   []string // of the PBX, as they are and as a form's body has them
	words  []string // names, which stand by themselves: «1204» in a telephone number is no contract's
}

// national is by how many digits a number is known however its beginning is written.
const national = 10

// plainKey is from how many characters on a key is looked for wherever it stands; a shorter one stands alone in a
// field, or it is a part of something else.
const plainKey = 8

// digitsOf is how a number ends in every spelling: +7, 8 and nothing stand before the same ten digits.
func digitsOf(n phone.Number) string {
	d := n.Digits()
	if len(d) > national && strings.HasPrefix(d, "7") {
		return d[len(d)-national:]
	}
	return d
}

func tracesOf(numbers []phone.Number, keys []string) traces {
	var t traces
	for _, n := range numbers {
		if d := digitsOf(n); d != "" {
			t.digits = append(t.digits, d)
		}
	}
	for _, k := range keys {
		if k == "" {
			continue
		}
		if len(k) < plainKey {
			t.keys = append(t.keys, `"`+k+`"`, "%22"+url.QueryEscape(k)+"%22", ">"+k+"<")
			continue
		}
		t.keys = append(t.keys, k)
		if written := url.QueryEscape(k); written != k {
			t.keys = append(t.keys, written)
		}
	}
	return t
}

// in tells whether a text tells of the person.
func (t traces) in(text string) bool {
	find := func(trace string) bool { return strings.Contains(text, trace) }
	stands := func(word string) bool { return standsIn(text, word) }
	return slices.ContainsFunc(t.digits, find) || slices.ContainsFunc(t.keys, find) || slices.ContainsFunc(t.words, stands)
}

// standsIn tells whether a text has a word with no letter and no digit on either side of it.
func standsIn(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 || word == "" {
			return false
		}
		begin, end := at+i, at+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (!isOfWord(before) || escaped.MatchString(text[max(0, begin-longestEscape):begin])) && !isOfWord(after) {
			return true
		}
		at = begin + 1
	}
}

// escaped is the end of a text behind which JSON begins anew, although a letter or a digit stands there: «\n», «\u003c».
var escaped = regexp.MustCompile(`\\(?:[bfnrt]|u[0-9a-f]{4})$`)

const longestEscape = len(`\u003c`)

func isOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spellings are a text as it is, and as JSON has it where that differs.
func spellings(text string) []string {
	all := []string{text}
	for _, html := range []bool{true, false} {
		var out strings.Builder
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(html)
		if err := e.Encode(text); err != nil {
			continue // a text always can be
		}
		written := strings.TrimSuffix(out.String(), "\n")
		if written = written[1 : len(written)-1]; !slices.Contains(all, written) {
			all = append(all, written)
		}
	}
	return all
}

// longNumber is what may be somebody's telephone number: so many digits on end. Ten of them are one when they begin
// as a number of ours; a moment in seconds does not.
var longNumber = regexp.MustCompile(`\d{10,15}`)

// hidden stands for somebody else's number.
const hidden = "…"

// withoutOthers hides the telephone numbers in a text that are neither the person's nor the school's own.
func withoutOthers(text string, own []string) string {
	return longNumber.ReplaceAllStringFunc(text, func(digits string) string {
		mine := slices.ContainsFunc(own, func(n string) bool { return n != "" && strings.HasSuffix(digits, n) })
		if mine || len(digits) == national && !strings.ContainsRune("3489", rune(digits[0])) || len(digits) == 13 && digits[0] == '1' {
			return digits // ours, or a moment in seconds or milliseconds
		}
		return hidden
	})
}
