package report

import (
	"strconv"
	"strings"
	"time"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// headings of the table, behind that of what its lines stand for.
var headings = []string{
	"calls", "answered", "missed", "missed_share", "out", "out_answered", "answer_median", "answer_p90", "talk_seconds", "talk_average",
	"missed_of", "within_5", "within_15", "within_60", "reached_60",
}

// Table is the report as a spreadsheet has it: headings, a line for each row, and the total last.
// What is not known is empty, not 0. Shares are in percent with one decimal and a point.
func Table(r client.Report, language string) [][]string {
	head := []string{texts.Of("report.by_" + string(r.Group)).In(language)}
	for _, h := range headings {
		head = append(head, texts.Of("report."+h).In(language))
	}
	out := [][]string{head}
	for _, item := range r.Items {
		out = append(out, append([]string{name(item, r.Group, language)}, cells(item.CallFigures)...))
	}
	return append(out, append([]string{texts.Of("report.total").In(language)}, cells(r.Total)...))
}

func name(item client.ReportRow, group client.ReportGroup, language string) string {
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
		return texts.Of("report.weekday_"+day).In(language) + " " + hour + ":00"
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
