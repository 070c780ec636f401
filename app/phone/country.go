package phone

import "github.com/nyaruka/phonenumbers"

// Country is where a number is dialled to, as ISO 3166 ("RU", "KZ"); for a number that no country has
// given out, the first of those with its calling code. Empty when unknown.
func (n Number) Country() string {
	parsed, err := phonenumbers.Parse(string(n), homeRegion)
	if err != nil {
		return ""
	}
	if region := phonenumbers.GetRegionCodeForNumber(parsed); region != "" && region != "ZZ" {
		return region
	}
	return phonenumbers.GetRegionCodeForCountryCode(int(parsed.GetCountryCode()))
}

// Home is the country of numbers that are written without one.
func Home() string { return homeRegion }
