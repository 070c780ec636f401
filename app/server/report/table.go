package report

import (
	"strconv"
	"strings"
	"time"

	"dozvon/client"
)

// headings of the table, in Russian and English.
var headings = [][2]string{
	{"Звонков", "Calls"},
	{"Принято", "Answered"},
	{"Пропущено", "Missed"},
	{"Пропущено, %", "Missed, %"},
	{"Исходящих", "Outgoing"},
	{"Исходящих с разговором", "Outgoing, answered"},
	{"Ответ, медиана, с", "Answer, median, s"},
	{"Ответ, 90 %, с", "Answer, 90%, s"},
	{"Разговоры, с", "Talk, s"},
	{"Разговор в среднем, с", "Talk on average, s"},
	{"Пропущено с номером", "Missed with a number"},
	{"Перезвонили за 5 мин", "Called back in 5 min"},
	{"Перезвонили за 15 мин", "Called back in 15 min"},
	{"Перезвонили за 60 мин", "Called back in 60 min"},
	{"Дозвонились за 60 мин", "Reached in 60 min"},
}

// first is the heading of what the lines stand for.
var first = map[client.ReportGroup][2]string{
	client.ByHour:        {"Час", "Hour"},
	client.ByDay:         {"День", "Day"},
	client.ByEmployee:    {"Сотрудник", "Employee"},
	client.ByLine:        {"Линия", "Line"},
	client.ByWeekdayHour: {"День недели и час", "Weekday and hour"},
}

var weekdays = [][2]string{{"пн", "Mon"}, {"вт", "Tue"}, {"ср", "Wed"}, {"чт", "Thu"}, {"пт", "Fri"}, {"сб", "Sat"}, {"вс", "Sun"}}

// Table is the report as a spreadsheet has it: headings, a line for each row, and the total last.
// What is not known is empty, not 0. Shares are in percent with one decimal and a point.
func Table(r client.Report, english bool) [][]string {
	n := 0
	if english {
		n = 1
	}
	head := []string{first[r.Group][n]}
	for _, h := range headings {
		head = append(head, h[n])
	}
	out := [][]string{head}
	for _, item := range r.Items {
		out = append(out, append([]string{name(item, r.Group, n)}, cells(item.CallFigures)...))
	}
	return append(out, append([]string{[]string{"Всего", "Total"}[n]}, cells(r.Total)...))
}

func name(item client.ReportRow, group client.ReportGroup, language int) string {
	switch group {
	case client.ByHour, client.ByDay:
		at, err := time.Parse(time.RFC3339, item.Key)
		if err != nil {
			return item.Key
		}
		if group == client.ByDay {
			return at.Format("2006-01-02")
		}
		return at.Format("2006-01-02 15:04")
	case client.ByWeekdayHour:
		day, hour, _ := strings.Cut(item.Key, "-")
		d, err := strconv.Atoi(day)
		if err != nil || d < 1 || d > 7 {
			return item.Key
		}
		return weekdays[d-1][language] + " " + hour + ":00"
	}
	switch {
	case item.Name != "" && group == client.ByLine:
		return item.Name + " " + item.Key
	case item.Name != "":
		return item.Name
	case item.Key == "":
		return "—"
	}
	return item.Key
}

func cells(f client.CallFigures) []string {
	known := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	out := []string{
		strconv.Itoa(f.Calls), strconv.Itoa(f.Answered), strconv.Itoa(f.Missed),
		strconv.FormatFloat(f.MissedShare*100, 'f', 1, 64), strconv.Itoa(f.Out), strconv.Itoa(f.OutAnswered),
		known(f.AnswerMedian), known(f.AnswerP90), strconv.Itoa(f.TalkSeconds), strconv.Itoa(f.TalkAverage),
	}
	b := f.CallBacks
	if b == nil {
		return append(out, "", "", "", "", "")
	}
	return append(out, strconv.Itoa(b.Of), strconv.Itoa(b.Within5), strconv.Itoa(b.Within15), strconv.Itoa(b.Within60), strconv.Itoa(b.Reached60))
}
