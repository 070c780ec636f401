// Package phone holds telephone numbers: E.164 from any spelling, what people write around a
// number, how people read them, and what a number's own metadata tells (region, local time). It
// never asks a network and never guesses: what cannot be read for certain is an error, or kept as
// it was typed.
package phone

import (
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no zones of its own

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Number is a telephone number in E.164, e.g. "+79644399095"; empty means unknown or hidden.
type Number string

// ErrNotANumber says that the text is no telephone number we can call.
var ErrNotANumber = errors.New("not a telephone number")

// ErrCityCodeMissing says that the text is a city's number without the city: 255-02-08. Which city
// is meant nobody knows but the school, see Reader.
var ErrCityCodeMissing = errors.New("the city code is missing")

// ErrSeveral says that the text holds several numbers where one was asked for.
var ErrSeveral = errors.New("several telephone numbers")

// homeRegion reads numbers written without a country code: the school is in Russia.
const homeRegion = "RU"

// Parse reads one number as people type it: "8 (964) 439-90-95", "+7…", "964…", "tel:…",
// and as PBXs send it: digits with country code and no plus. Words around the number and an
// extension behind it are left out; Reader tells them, and knows the school's city.
func Parse(text string) (Number, error) {
	if n, ok := written(text); ok {
		return n, nil
	}
	e, err := Reader{}.One(text)
	return e.Number, err
}

// ParseExt is Parse that also tells the extension behind a number, as in "8 (495) 123-45-67 доб. 12".
func ParseExt(text string) (n Number, ext string, err error) {
	e, err := Reader{}.One(text)
	return e.Number, e.Ext, err
}

// written takes a number that is E.164 already, as everything stored is, without a scan.
func written(text string) (Number, bool) {
	if len(text) < 8 || len(text) > 16 || text[0] != '+' || strings.Trim(text[1:], "0123456789") != "" {
		return "", false
	}
	return plusDigits(text[1:], text[1:])
}

// international reads digits with a country code. It answers false unless their number fits the
// country.
func international(digits string) (Number, bool) {
	n, ok := possible("+" + digits)
	if !ok {
		return "", false
	}
	// What is stored is parsed again by whoever reads it, so it must mean itself: +20000000000
	// loses another zero each time.
	if again, ok := possible(n); !ok || again != n {
		return "", false
	}
	return Number(n), true
}

// possible is a number in E.164 whose length fits its country. A city's number without the city is
// "possible locally only": it can be called from nowhere else.
func possible(written string) (string, bool) {
	parsed, err := phonenumbers.Parse(written, homeRegion)
	if err != nil || phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		return "", false
	}
	return phonenumbers.Format(parsed, phonenumbers.E164), true
}

// assigned tells whether the number lies in a range that its country has given out.
func (n Number) assigned() bool {
	parsed, err := phonenumbers.Parse(string(n), homeRegion)
	return err == nil && phonenumbers.IsValidNumber(parsed)
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
	if parsed.GetCountryCode() == 7 && phonenumbers.GetNumberType(parsed) == phonenumbers.MOBILE {
		return countryName(parsed, lang) // what the library finds, too, but only in 16 MB of the whole world's cities
	}
	name, err := phonenumbers.GetGeocodingForNumber(parsed, lang)
	if err != nil {
		return ""
	}
	return name
}

func countryName(number *phonenumbers.PhoneNumber, lang string) string {
	region, err := language.ParseRegion(phonenumbers.GetRegionCodeForNumber(number))
	if err != nil {
		return ""
	}
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.English
	}
	return display.Regions(tag).Name(region)
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
