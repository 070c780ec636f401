package phone_test

import (
	"fmt"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"dozvon/app/phone"
)

// TestRegion_isTheLibrarysForEveryCode: a mobile number is not looked for in its list of all cities of the
// world, and the answer is the same.
func TestRegion_isTheLibrarysForEveryCode(t *testing.T) {
	t.Parallel()
	for code := 300; code < 1000; code++ {
		for rest := 13; rest < 10_000_000; rest += 2_345_678 {
			written := fmt.Sprintf("+7%03d%07d", code, rest)
			parsed, err := phonenumbers.Parse(written, "RU")
			if err != nil {
				continue
			}
			for _, lang := range []string{"ru", "en"} {
				want, err := phonenumbers.GetGeocodingForNumber(parsed, lang)
				if err != nil {
					want = ""
				}
				if got := phone.Number(written).Region(lang); got != want {
					t.Errorf("%s in %s: %q, want %q", written, lang, got, want)
				}
			}
		}
	}
}
