package imports

import (
	"strconv"
	"strings"
	"time"

	"dozvon/client"
)

// layouts are how dates are written; the day stands before the month, as in Russia.
var layouts = []string{
	"02.01.2006", "2.1.2006", "02.01.06", "2.1.06", "2006-01-02", "2006.01.02", "02/01/2006", "2/1/2006", "02-01-2006",
	"2 1 2006",
}

var months = strings.NewReplacer(
	"января", "1", "февраля", "2", "марта", "3", "апреля", "4", "мая", "5", "июня", "6",
	"июля", "7", "августа", "8", "сентября", "9", "октября", "10", "ноября", "11", "декабря", "12",
)

// serials are the days since 1899-12-30 by which Excel counts, from 1954 to 2119.
const firstSerial, lastSerial = 20_000, 80_000

// readDate reads a date in any spelling of layouts into YYYY-MM-DD; a time behind it is left out.
func readDate(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(text, "."), "г"))
	text = months.Replace(text)
	if n, err := strconv.Atoi(text); err == nil && n >= firstSerial && n <= lastSerial {
		return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
	}
	day, _, _ := strings.Cut(text, "t")
	if strings.Contains(day, ":") {
		day, _, _ = strings.Cut(day, " ")
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, day); err == nil && at.Year() > 1900 && at.Year() < 2200 {
			return at.Format(time.DateOnly), true
		}
	}
	return "", false
}

// statusWords are the statuses in people's words; by their beginnings.
var statusWords = map[client.SubjectKind][]struct{ begins, status string }{
	client.KindClient: {
		{"нов", client.StatusNew},
		{"new", client.StatusNew},
		{"связ", client.StatusContacted},
		{"созвон", client.StatusContacted},
		{"contacted", client.StatusContacted},
		{"дум", client.StatusThinking},
		{"thinking", client.StatusThinking},
		{"запис", client.StatusEnrolled},
		{"зачисл", client.StatusEnrolled},
		{"учится", client.StatusEnrolled},
		{"enrolled", client.StatusEnrolled},
		{"отказ", client.StatusRefused},
		{"refused", client.StatusRefused},
	},
	client.KindContract: {
		{"действ", client.StatusActive},
		{"актив", client.StatusActive},
		{"учится", client.StatusActive},
		{"открыт", client.StatusActive},
		{"active", client.StatusActive},
		{"заверш", client.StatusFinished},
		{"законч", client.StatusFinished},
		{"выпу", client.StatusFinished},
		{"исполн", client.StatusFinished},
		{"finished", client.StatusFinished},
		{"расторг", client.StatusCancelled},
		{"отмен", client.StatusCancelled},
		{"отчисл", client.StatusCancelled},
		{"cancelled", client.StatusCancelled},
	},
}

func readStatus(kind client.SubjectKind, text string) (string, bool) {
	text = plain(text)
	for _, w := range statusWords[kind] {
		if strings.HasPrefix(text, w.begins) {
			return w.status, true
		}
	}
	return "", false
}

func readKind(text string) (string, bool) {
	text = plain(text)
	switch {
	case strings.HasPrefix(text, "лид"), text == "lead":
		return "lead", true
	case strings.HasPrefix(text, "клиент"), text == "client":
		return "client", true
	}
	return "", false
}

func readTags(cell string) []string {
	var tags []string
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '#' }) {
		if part = strings.TrimSpace(part); part != "" {
			tags = append(tags, part)
		}
	}
	return tags
}
