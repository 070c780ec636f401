package phone

import (
	"fmt"
	"regexp"
	"strings"
)

// ErrServiceCode says that the text is a service code, or holds one. It is an ErrNotANumber.
var ErrServiceCode = fmt.Errorf("%w: a service code is not called", ErrNotANumber)

// serviceCode is what a telephone sends to its network in place of a number or before it (3GPP TS 22.030,
// section 6.5.2): *21*NUMBER#, ##002#, #31#NUMBER; and codes of exchanges: *67 NUMBER.
var serviceCode = regexp.MustCompile(`^[\s+]*[*#]+\d{2,6}(?:\D|$)|[*#]\s*\d{1,6}\s*[*#]`)

// Dial is One for what is going to be called. The number inside a service code is not it: whoever wants to
// forward calls to somebody does not want to ring them. A lone sign stays what people write beside a number.
func (r Reader) Dial(text string) (Entry, error) {
	if !isLink(text) && serviceCode.MatchString(plainSigns(text)) {
		return Entry{}, ErrServiceCode
	}
	return r.One(text)
}

// plainSigns is a text with one kind of digits, blanks, stars and hashes, without what cannot be seen.
func plainSigns(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\uff0a\ufe61\u2217\u204e\u2731\u22c6", r):
			return '*'
		case strings.ContainsRune("\uff03\ufe5f\u266f", r):
			return '#'
		}
		if r = plainRune(r); r == ignored {
			return -1
		}
		return r
	}, text)
}

// Link is the number as a link that calls, its extension behind it (RFC 3966, section 3); without an extension
// the number alone.
func (e Entry) Link() string {
	if e.Ext == "" {
		return string(e.Number)
	}
	return "tel:" + string(e.Number) + ";ext=" + e.Ext
}
