package phone

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// How sure a reading is; a number more counts more than all of it.
const (
	weightPlus    = 130 // a plus before it
	weightPrefix  = 120 // a dialling prefix before it: 8, 8-10, 00, or the country's 7
	weightNothing = 110 // ten digits of ours
)

// readDigits reads digits that begin with group first as one number. Prefixes are those of the
// Russian numbering plan, as PBXs send them: 8 and 8-10 are dialling prefixes.
func readDigits(first group, digits string) (Number, int, bool) {
	// +683 4002 has seven.
	if len(digits) < 7 || len(digits) < 8 && !first.plus {
		return "", 0, false
	}
	if first.plus {
		n, ok := plusDigits(first.digits, digits)
		// Of a plan with several lengths the longest is meant.
		return n, weightPlus + len(digits), ok
	}
	switch {
	case strings.HasPrefix(digits, "00"):
		n, ok := afterExit(digits[2:])
		return n, weightPrefix, ok
	case strings.HasPrefix(digits, "810") && len(digits) > 11:
		n, ok := afterExit(digits[3:])
		return n, weightPrefix, ok
	case len(digits) == 11 && (digits[0] == '8' || digits[0] == '7'):
		n, ok := ours(digits[1:])
		return n, weightPrefix, ok
	case len(digits) == 12 && (strings.HasPrefix(digits, "789") || strings.HasPrefix(digits, "879")):
		n, ok := ours(digits[2:])
		return n, weightPrefix, ok
	case len(digits) == 10 && strings.ContainsRune("3489", rune(digits[0])):
		n, ok := ours(digits)
		return n, weightNothing, ok
	}
	return "", 0, false
}

// plusDigits reads digits behind a plus. People put it before the 8 too.
func plusDigits(first, digits string) (Number, bool) {
	if first == "8" && len(digits) == 11 || strings.HasPrefix(digits, "89") && len(digits) == 11 {
		if n, ok := ours(digits[1:]); ok {
			return n, true
		}
	}
	if len(digits) == 12 && strings.HasPrefix(digits, "789") {
		return ours(digits[2:])
	}
	if strings.HasPrefix(digits, "00") {
		return afterExit(digits[2:])
	}
	if strings.HasPrefix(digits, "810") && len(digits) > 11 {
		if n, ok := afterExit(digits[3:]); ok {
			return n, true
		}
	}
	if first != digits && !beginsCountry(first) {
		return "", false
	}
	n, ok := international(digits)
	if !ok && len(digits) == 11 && digits[0] == '8' {
		return ours(digits[1:])
	}
	// "+375 10…" is how numbers are written for people, whatever range their country gives out next.
	if ok && first != digits && len(first) > 3 && digits[0] != '7' && !n.assigned() {
		return "", false
	}
	if ok && len(digits) == 10 && (len(first) == 3 || !n.assigned()) {
		// +495 123-45-67, +914 555-02-61: somebody forgot the 7, or means Germany and India.
		_, forgot := ours(digits)
		return n, !forgot
	}
	return n, ok
}

// beginsCountry tells whether digits that stand apart behind a plus may begin a number: nobody parts a
// country code, so in UTC+9 8 914 555-02-61 they say something else.
func beginsCountry(first string) bool {
	if len(first) > 3 || first == "" || first[0] == '7' || first == "8" {
		return true
	}
	code, err := strconv.Atoi(first)
	return err == nil && phonenumbers.GetRegionCodeForCountryCode(code) != phonenumbers.UNKNOWN_REGION
}

// afterExit reads what stands behind 8-10 or 00: a country code, or our own 8.
func afterExit(digits string) (Number, bool) {
	if len(digits) == 11 && digits[0] == '8' {
		if n, ok := ours(digits[1:]); ok {
			return n, true
		}
	}
	n, ok := international(digits)
	return n, ok && n.assigned()
}

// ours reads ten digits of the numbering plan of +7. A range that nobody was given is no number:
// most ten digits of a contract or a passport lie in one.
func ours(ten string) (Number, bool) {
	if strings.ContainsRune("0125", rune(ten[0])) {
		return "", false
	}
	n, ok := international("7" + ten)
	return n, ok && n.assigned()
}

// neighbours are countries whose people live with us and write their numbers without a plus.
var neighbours = []string{"375", "380", "373", "374", "992", "993", "994", "995", "996", "998"}

// foreign reads a number of another country that has no plus: of a neighbour in any spelling, of
// any other in one piece.
func foreign(digits string, onePiece bool) (Number, bool) {
	if len(digits) < 11 || len(digits) > 15 || digits[0] == '8' || digits[0] == '7' || digits[0] == '0' || isTaxNumber(digits) {
		return "", false
	}
	neighbour := slices.ContainsFunc(neighbours, func(code string) bool { return strings.HasPrefix(digits, code) })
	if !neighbour {
		// 914555026112 is our number with two digits too many rather than one of India.
		if _, of := ours(digits[:10]); of || !onePiece || len(digits) < 12 {
			return "", false
		}
	}
	n, ok := international(digits)
	return n, ok && n.assigned()
}

// isTaxNumber checks the two last digits of a person's tax number (ИНН, 12 digits; order
// ММВ-7-6/435@ of the tax service, annex 2), which begins like numbers of other countries.
func isTaxNumber(digits string) bool {
	if len(digits) != 12 {
		return false
	}
	check := func(weights ...int) byte {
		sum := 0
		for i, w := range weights {
			sum += w * int(digits[i]-'0')
		}
		return byte(sum%11%10) + '0'
	}
	return digits[10] == check(7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && digits[11] == check(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

// stuck parts digits that hold several numbers without a sign between them: 22 are two.
func stuck(digits string) []Number {
	for _, length := range []int{11, 10} {
		if len(digits)%length != 0 || len(digits) < 2*length || len(digits) > 10*length {
			continue
		}
		var out []Number
		for at := 0; at < len(digits); at += length {
			one := digits[at : at+length]
			n, _, ok := readDigits(group{digits: one}, one)
			if !ok || length == 10 && one[0] != '9' {
				break
			}
			out = append(out, n)
		}
		if len(out)*length == len(digits) {
			return out
		}
	}
	return nil
}
