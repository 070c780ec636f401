package itoolabs

import (
	"strings"

	"dozvon/app/itoolabs"
	"dozvon/app/phone"
)

// longestExtension is how many digits an extension has at most; the shortest outside number that calls
// a school has more, but for services like 112.
const longestExtension = 5

// extension is the text if it is an internal number, else empty.
func extension(s string) string {
	if s == "" || len(s) > longestExtension+3 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// longestNumber is more digits than any number has, with the prefixes that people dial before it.
const longestNumber = 20

// digitsOf are the digits of a number in any spelling, also of a SIP address; empty where it is none.
func digitsOf(text string) string {
	text, _, _ = strings.Cut(strings.TrimPrefix(strings.ToLower(text), "sip:"), "@")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	if len(digits) > longestNumber {
		return ""
	}
	return digits
}

// number is E.164 where the text can be parsed, else the digits as they came; "anonymous" has none
// (sections 3.1 and 13).
func number(text string) phone.Number {
	digits := digitsOf(text)
	if digits == "" {
		return ""
	}
	for _, spelling := range []string{"+" + digits, digits} {
		if n, err := phone.Parse(spelling); err == nil {
			return n
		}
	}
	return phone.Number(digits)
}

// colleague tells whose extension a call's other party is, empty for an outside one. A short number
// that is nobody's in the PBX's list is one of a service.
func (s *staff) colleague(text, direction string) string {
	ext := extension(strings.TrimSpace(text))
	if ext == "" || len(ext) > longestExtension {
		return ""
	}
	known := s.known().byExt
	if _, listed := known[ext]; listed || direction == itoolabs.DirectionInternal || len(known) == 0 && len(ext) <= 4 {
		return ext
	}
	return ""
}
