// Package phone holds telephone numbers: E.164 from any spelling, how people read
// them, and what a number's own metadata tells (region, local time). It never
// asks a network and never guesses: what cannot be parsed is an error.
package phone

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Number is a telephone number in E.164, e.g. "+79644399095"; empty means unknown or hidden.
type Number string

// ErrNotANumber says that the text is no telephone number we can call.
var ErrNotANumber = errors.New("not a telephone number")

// homeRegion reads numbers written without a country code: the school is in Russia.
const homeRegion = "RU"

// Parse reads a number as people type it: "8 (964) 439-90-95", "+7…", "964…", "tel:…",
// and as PBXs send it: digits with country code and no plus.
// An extension behind the number is left out; ParseExt tells it.
func Parse(text string) (Number, error) {
	n, _, err := ParseExt(text)
	return n, err
}

// ParseExt is Parse that also tells the extension behind a number, as in "8 (495) 123-45-67 доб. 12".
func ParseExt(text string) (n Number, ext string, err error) {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "tel:"), "//")
	if strings.ContainsAny(text, "@") {
		return "", "", fmt.Errorf("%w: an address is no number", ErrNotANumber)
	}
	if parsed, err := phonenumbers.Parse(text, homeRegion); err == nil && parsed.GetExtension() != "" {
		ext = parsed.GetExtension()
		parsed.Extension = nil
		n, err = checked(parsed)
		return n, ext, err
	}
	digits := digitsOf(text)
	if len(digits) < 7 || len(digits) > 17 {
		return "", "", fmt.Errorf("%w: %d digits in it, 7 to 15 expected", ErrNotANumber, len(digits))
	}
	parsed, err := phonenumbers.Parse(withPlus(text, digits), homeRegion)
	if err != nil {
		return "", "", fmt.Errorf("%w: %v", ErrNotANumber, err)
	}
	n, err = checked(parsed)
	return n, "", err
}

func checked(parsed *phonenumbers.PhoneNumber) (Number, error) {
	if !phonenumbers.IsPossibleNumber(parsed) {
		return "", fmt.Errorf("%w: its length does not fit its country", ErrNotANumber)
	}
	n := phonenumbers.Format(parsed, phonenumbers.E164)
	// What is stored is parsed again by whoever reads it, so it must mean itself: +20000000000
	// loses another zero each time.
	if again, err := phonenumbers.Parse(n, homeRegion); err != nil || phonenumbers.Format(again, phonenumbers.E164) != n {
		return "", fmt.Errorf("%w: its digits do not fit its country", ErrNotANumber)
	}
	return Number(n), nil
}

// withPlus turns the spellings without a plus into international ones. The prefixes are
// those of the Mango VPBX API reference, section 11: 8 and 8-10 are dialling prefixes.
func withPlus(text, digits string) string {
	switch {
	case strings.HasPrefix(text, "+"):
		return text
	case strings.HasPrefix(digits, "810") && len(digits) > 11:
		return "+" + digits[3:]
	case len(digits) == 11 && digits[0] == '8':
		return "+7" + digits[1:]
	case len(digits) >= 11:
		return "+" + digits
	}
	return text
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// Pretty is the number as people read it: "+7 914 555-01-48".
func (n Number) Pretty() string {
	parsed, err := phonenumbers.Parse(string(n), homeRegion)
	if err != nil {
		return string(n)
	}
	return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
}

// Masked is for logs: who reads them need not learn whom the school talks with.
func (n Number) Masked() string {
	if len(n) < 9 {
		return "•••"
	}
	return string(n[:5]) + "•••" + string(n[len(n)-4:])
}

// Digits is the number as PBXs want it: digits without a plus.
func (n Number) Digits() string { return strings.TrimPrefix(string(n), "+") }

// Region names where the number is registered, in "ru" or "en"; empty when unknown.
func (n Number) Region(lang string) string {
	parsed, err := phonenumbers.Parse(string(n), homeRegion)
	if err != nil {
		return ""
	}
	name, err := phonenumbers.GetGeocodingForNumber(parsed, lang)
	if err != nil {
		return ""
	}
	return name
}

// LocalTime is now where the number is registered. It answers false when the number's
// metadata names no zone, or several with different clocks.
func (n Number) LocalTime(now time.Time) (time.Time, bool) {
	zones, err := phonenumbers.GetTimezonesForPrefix(string(n))
	if err != nil || len(zones) == 0 {
		return time.Time{}, false
	}
	var local time.Time
	for i, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return time.Time{}, false
		}
		at := now.In(zone)
		if i > 0 && at.Format("15:04") != local.Format("15:04") {
			return time.Time{}, false
		}
		local = at
	}
	return local, true
}
