package mango

import "strings"

// IsSIP reports whether s is the address of a device or of one of our SIP lines,
// and so never a client's telephone.
func IsSIP(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(s, "sip:") || strings.HasPrefix(s, "sips:") ||
		strings.Contains(s, "@") || strings.Contains(s, "mangosip.ru")
}

// Digits returns an outside number the way Mango's live events write it: digits
// with the country code, no plus. A SIP address has none, so it gives "".
//
//	8 (999) 000-00-30  → 79990000030   domestic prefix
//	8107999000003x     → 7999000003x   international prefix before the country code
//	9990000030         → 79990000030   mobile without country code
//	+81 3 1234 5678    → 81312345678   a plus says that the country code is there
//
// Other lengths stay as they are: short service numbers and foreign numbers are real.
func Digits(s string) string {
	if IsSIP(s) {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	switch {
	case strings.HasPrefix(strings.TrimSpace(s), "+"):
		return digits
	case len(digits) == 11 && digits[0] == '8':
		return "7" + digits[1:]
	case len(digits) > 11 && strings.HasPrefix(digits, "810"):
		return digits[3:]
	case len(digits) == 10 && digits[0] == '9':
		return "7" + digits
	}
	return digits
}
