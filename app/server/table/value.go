package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

var (
	// scientific is a number with an exponent: 7.96E+10.
	scientific = regexp.MustCompile(`^-?\d(\.\d+)?[Ee]\+?\d+$`)
	// figure is a number in a format that only dresses it up: thousands apart, a currency's sign,
	// digits behind the point, the brackets of accountants.
	figure = regexp.MustCompile(`^[^\d\pL+:/%]*\d[\d,.'’ \x{a0}\x{202f}]*[^\d\pL:/%]*$`)
	// dateLike is what a date format makes of a number: 12/9/2025, 9-дек-25, 9 декабря 2025 г.
	dateLike = regexp.MustCompile(`\d[./-]\d{1,2}[./-]\d|\d[ -]?\p{L}{3,}`)
)

// cell tells a cell as people mean it, and its value without its number format. The two differ
// where a format says something itself: 00123, 50%, TRUE, a date, which stay as they are shown.
// What only dresses a number up (79,145,550,310.00) goes, and a date always reads 24.11.2026,
// for nobody can tell which part of 12/9/2026 is the month.
func (s *sheet) cell(shown, raw string) (meant, value string) {
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return shown, shown
	}
	if raw == shown && !scientific.MatchString(raw) {
		return shown, shown
	}
	if shown == "TRUE" || shown == "FALSE" {
		return shown, shown
	}
	value = plainNumberOf(raw, number)
	if date, ok := s.date(shown, number); ok {
		return date, value
	}
	if shown == "" || scientific.MatchString(shown) || figure.MatchString(shown) && !leadingZero(shown) {
		return value, value
	}
	return shown, value
}

// plainNumberOf writes a number without an exponent. One that was stored with fewer digits than it has
// places (8.91456E+10) stays as it is: its last digits are lost, and zeros would hide that.
func plainNumberOf(raw string, number float64) string {
	mantissa, exponent, found := strings.Cut(strings.ToLower(raw), "e")
	if found {
		_, behind, _ := strings.Cut(mantissa, ".")
		if places, err := strconv.Atoi(exponent); err != nil || places > len(behind) {
			return raw
		}
	}
	if number == math.Trunc(number) && math.Abs(number) < 1e17 {
		return strconv.FormatFloat(number, 'f', 0, 64)
	}
	// Excel itself keeps 15 digits; the rest of a double is noise: 0.30000000000000004.
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	if err != nil {
		return raw
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// leadingZero tells a format of zeros, which is part of what people mean: contract 00123.
func leadingZero(shown string) bool {
	return len(shown) > 1 && shown[0] == '0' && shown[1] >= '0' && shown[1] <= '9'
}

func (s *sheet) date(shown string, number float64) (string, bool) {
	if !dateLike.MatchString(shown) {
		return "", false
	}
	at, err := excelize.ExcelDateToTime(number, s.date1904)
	// A format like 00-00/0000 makes a contract's number look like a date; then the year is not in it.
	if err != nil || !strings.Contains(shown, at.Format("06")) || !strings.Contains(shown, strconv.Itoa(at.Day())) {
		return "", false
	}
	if at = at.Round(time.Second); at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.Format("02.01.2006"), true
	}
	return at.Format("02.01.2006 15:04"), true
}
