package imports

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Dates reads a file's dates. Its zero value reads them as in Russia, the day first; what See was shown
// before may teach it another order.
type Dates struct {
	// From1904 is of bare numbers in workbooks of old Macs.
	From1904 bool
	orders   [len(separators)]order
}

// separators part the numbers of a date. Each has an order of its own: 24.11.2026 is Russian, and says
// nothing of 11/24/2026 beside it.
const separators = "./- "

// order is what a file shows: dates whose second part can be no month have their months first.
type order struct{ dayFirst, monthFirst bool }

// See takes a cell of a column of dates into account.
func (d *Dates) See(cell string) {
	text := timeTail.ReplaceAllString(strings.ToLower(strings.TrimSpace(cell)), "")
	m := numeric.FindStringSubmatch(text)
	if m == nil || len(m[1]) > 2 {
		return
	}
	a, b, o := number(m[1]), number(m[2]), &d.orders[strings.IndexByte(separators, text[len(m[1])])]
	o.dayFirst = o.dayFirst || a > 12 && a <= 31 && b <= 12
	o.monthFirst = o.monthFirst || b > 12 && b <= 31 && a <= 12
}

// serials are the days since 1899-12-30 by which Excel counts, from 1954 to 2119; days1904 is how
// far the other beginning is from it.
const firstSerial, lastSerial, days1904 = 20_000, 80_000, 1462

var (
	serial   = regexp.MustCompile(`^(\d{5})([.,]\d+)?$`)
	numeric  = regexp.MustCompile(`^(\d{1,4})[./ -](\d{1,2})[./ -](\d{1,4})$`)
	dayWord  = regexp.MustCompile(`^(\d{1,2})[ .-]+(\pL{3,})[ .,-]+(\d{2,4})$`)
	wordDay  = regexp.MustCompile(`^(\pL{3,})[ .-]+(\d{1,2})[ .,-]+(\d{4})$`)
	timeTail = regexp.MustCompile(`(t|[ ,]+)\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?( ?(z|[+-]\d{2}:?\d{2}))?$`)
	yearTail = regexp.MustCompile(`[ ]*(г|год|года)\.?$`)
)

// months by the beginnings of their names, Russian in either case.
var months = map[string]int{
	"янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

func monthOf(word string) int { return months[string([]rune(word)[:3])] }

// read reads a date into YYYY-MM-DD; a time behind it is left out. A day that is not in the calendar
// is none.
func (d Dates) read(text string) (string, bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	text = yearTail.ReplaceAllString(timeTail.ReplaceAllString(text, ""), "")
	if m := serial.FindStringSubmatch(text); m != nil {
		return d.ofSerial(m[1])
	}
	if m := numeric.FindStringSubmatch(text); m != nil {
		return d.ofNumbers(m, d.orders[strings.IndexByte(separators, text[len(m[1])])])
	}
	if m := dayWord.FindStringSubmatch(text); m != nil {
		return day(whole(number(m[3]), len(m[3])), monthOf(m[2]), number(m[1]))
	}
	if m := wordDay.FindStringSubmatch(text); m != nil {
		return day(number(m[3]), monthOf(m[1]), number(m[2]))
	}
	return "", false
}

func (d Dates) ofSerial(text string) (string, bool) {
	n := number(text)
	if n < firstSerial || n > lastSerial {
		return "", false
	}
	if d.From1904 {
		n += days1904
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
}

// ofNumbers reads 2026-11-24, 24.11.2026, or 11/24/2026 where the column or the date itself says so.
// Where both orders were seen, 05/06/2026 may be either and is not read.
func (d Dates) ofNumbers(m []string, o order) (string, bool) {
	a, b, c, widthA, widthC := number(m[1]), number(m[2]), number(m[3]), len(m[1]), len(m[3])
	switch {
	case widthA == 4 && widthC <= 2:
		return day(a, b, c)
	case widthA > 2 || widthC != 2 && widthC != 4:
		return "", false
	case o.monthFirst && o.dayFirst && a <= 12 && b <= 12 && a != b:
		return "", false
	case o.monthFirst && !o.dayFirst || b > 12 && a <= 12:
		a, b = b, a
	}
	return day(whole(c, widthC), b, a)
}

// whole is a year of two digits in full: 69 and later were in the last century, as Excel reads them on.
func whole(year, width int) int {
	switch {
	case width > 2:
		return year
	case year >= 69:
		return 1900 + year
	}
	return 2000 + year
}

func day(year, month, day int) (string, bool) {
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if month < 1 || at.Month() != time.Month(month) || at.Day() != day || year <= 1900 || year >= 2200 {
		return "", false
	}
	return at.Format(time.DateOnly), true
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
