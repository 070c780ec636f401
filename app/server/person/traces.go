package person

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"dozvon/app/phone"
)

// traces are by what a text is known to be about a person.
type traces struct {
	digits []string // the numbers without their country's beginning, as any spelling ends
	keys   []string // of the PBX, as they are and as a form's body has them
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
	return slices.ContainsFunc(t.digits, find) || slices.ContainsFunc(t.keys, find)
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
